"""What each parameter of the operations that send does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.conftest import FIXTURES
from tests.vendors.mfax.bodies import CONTACT, MESSAGES, TAG, WEBHOOK, fax
from tests.vendors.mfax.cases.case import LETTER, Case, cover
from tests.vendors.mfax.conftest import NUMBER, Mfax, error
from tests.vendors.mfax.world import COVER_PAGE, Call, workbook

NEW = 2
"""Which fax of the sandbox a call makes: the stock has one."""
OTHER = "+12125550199"
SHORT = {"uuid": COVER_PAGE, "name": "Short", "template": "For ${tokens.recipientFax}."}


def stock(mfax: Mfax, pdf: bytes) -> None:
    """Make what the calls refer to: a cover page, a tag, a contact, a webhook, a fax."""
    mfax.control.vendor("mfax", profile={"cover_pages": [SHORT]})
    mfax.post("/v1/tag", name="Urgent")
    mfax.post("/v1/contacts", name="Ada", faxNumber=NUMBER)
    mfax.post("/webhooks", name="Mine", url="http://127.0.0.1:9/", events="{}")
    mfax.send(pdf)


def part(name: str) -> tuple[str, tuple[str, bytes]]:
    return ("attachments", (name, (FIXTURES / "documents" / name).read_bytes()))


FILE = (part("one-page.pdf"),)
DRAWN: dict[str, dict[str, Any]] = {
    "recipientName": {"recipientName": "Ada"},
    "senderName": {},
    "subject": {"subject": "Engines"},
    "callerId": {"faxCallerId": "5094570000"},
    "notes": {},
}
"""Parameters that a cover page shows, and what they change in a fax."""
WRITTEN = {
    "recipientName": "Ada",
    "senderName": "Charles",
    "subject": "Engines",
    "callerId": "5094570000",
    "notes": "Read this.",
}


def both(
    parameter: str, call: Call, /, pages: tuple[str, ...] | None = (LETTER,), **changes: Any
) -> Iterator[Case]:
    """Make the case of a send and that of a send to many: they take the same."""
    sent = (changes.get("faxNumber", NUMBER),)
    yield Case("send", parameter, call, fax("send", NEW, **changes), pages, sent)
    one = fax("send-multiple", NEW, **changes)
    yield Case("send-multiple", parameter, call, {"success": [one], "errors": []}, pages, sent)


def to(**fields: str) -> Call:
    """Make a call with a file."""
    return Call({"recipientFax": NUMBER, **fields}, FILE)


def alone(**fields: str) -> Call:
    """Make a call without one."""
    return Call({"recipientFax": NUMBER, **fields})


def shared() -> Iterator[Case]:
    yield from both("recipientFax", to(recipientFax="(212) 555-0199"), faxNumber=OTHER)
    contact = Call({"recipientContacts": CONTACT["uuid"]}, FILE)
    yield from both("recipientContacts", contact, contacts=[CONTACT], recipientName="Ada")
    files = Call({"recipientFax": NUMBER}, (part("one-page.pdf"), part("letter.txt")))
    yield from both("attachments", files, None, pagesCount=3)
    yield from both("coverPage", alone(coverPage="true"), (cover(recipientFax=NUMBER),))
    short = alone(coverPage="true", coverPageId=COVER_PAGE)
    yield from both("coverPageId", short, (f"For {NUMBER}.",))
    yield from both("tags", to(tags=TAG["uuid"]), tags=[TAG])
    yield from both("cf", to(cf='{"case": "7"}'), cf={"case": "7"})
    yield from both("scheduledDate", to(scheduledDate="2026-03-03T00:00:00Z"), status="scheduled")
    yield from both("webhookId", to(webhookId=WEBHOOK["uuid"]))
    for name, changes in DRAWN.items():
        page = cover(recipientFax=NUMBER, **{name: WRITTEN[name]})
        yield from both(name, alone(coverPage="true", **{name: WRITTEN[name]}), (page,), **changes)


def several() -> Iterator[Case]:
    """Make the cases in which a send and a send to many differ: several destinations."""
    call, sent = to(recipientFax=f"{NUMBER}, {OTHER}"), (NUMBER, OTHER)
    yield Case("send", "recipientFax", call, fax("send", NEW), (LETTER,), sent)
    many = [fax("send-multiple", NEW), fax("send-multiple", NEW + 1, faxNumber=OTHER)]
    yield Case("send-multiple", "recipientFax", call, {"success": many, "errors": []}, (LETTER,), sent)


def only_send() -> Iterator[Case]:
    name = Call({"faxNumber": OTHER}, FILE)
    yield Case("send", "faxNumber", name, fax("send", NEW, faxNumber=OTHER), (LETTER,), (OTHER,))
    body = {"messageId": MESSAGES[NEW - 1]}
    yield Case("send", "async", to(**{"async": "true"}), body, (LETTER,), (NUMBER,))
    yield Case("send", "optimizeFax", to(optimizeFax="image"), fax("send", NEW), (LETTER,), (NUMBER,))
    urls = to(attachmentUrls="http://127.0.0.1:9/a.pdf")
    stored = to(fileIds=COVER_PAGE)
    nothing = error("InvalidInputError", "fileIds: File not found.")
    yield Case("send", "fileIds", stored, nothing, status=400)
    yield Case("send", "attachmentUrls", urls, fax("send", NEW), None, (NUMBER,))


def previews() -> Iterator[Case]:
    yield Case("preview", "attachments", Call({}, FILE), None, (LETTER,))
    yield Case("preview", "coverPage", Call({"coverPage": "true"}, FILE), None, (cover(2), LETTER))
    short = Call({"coverPage": "true", "coverPageId": COVER_PAGE}, FILE)
    yield Case("preview", "coverPageId", short, None, ("For .", LETTER))
    for name in DRAWN:
        call = Call({"coverPage": "true", name: WRITTEN[name]}, FILE)
        yield Case("preview", name, call, None, (cover(2, **{name: WRITTEN[name]}), LETTER))


def blasts() -> Iterator[Case]:
    wrong = {"error": "InvalidInputError: Invalid fax number.", "recipientFax": "x"}
    rows = workbook(("Name", "Fax"), ("Ada", OTHER), ("Bob", "x"))
    listed = ("recipient", ("list.xlsx", rows))
    body = {"success": [fax("blast", NEW, faxNumber=OTHER)], "errors": [wrong]}
    yield Case("blast", "recipient", Call({}, (listed, *FILE)), body, (LETTER,), (OTHER,))
    page = cover(recipientFax=OTHER, recipientName="Ada")
    yield Case("blast", "coverPage", Call({"coverPage": "true"}, (listed,)), body, (page,), (OTHER,))
    short = Call({"coverPage": "true", "coverPageId": COVER_PAGE}, (listed,))
    yield Case("blast", "coverPageId", short, body, (f"For {OTHER}.",), (OTHER,))


def resends() -> Iterator[Case]:
    again = {"success": [fax("resend", NEW)], "errors": []}
    call = Call({"messageId": MESSAGES[0]})
    yield Case("resend", "messageId", call, again, (LETTER,), (NUMBER,))
    elsewhere = {"success": [fax("resend", NEW, faxNumber=OTHER)], "errors": []}
    yield Case("resend", "recipientFax", call.having(recipientFax=OTHER), elsewhere, (LETTER,), (OTHER,))


CASES = (*shared(), *several(), *only_send(), *previews(), *blasts(), *resends())
