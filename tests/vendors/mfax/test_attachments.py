"""What a fax shows: files in their order, cover pages, and the ways in which clients write a form."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from emulator import documents
from tests.vendors.mfax.bodies import MESSAGES, TAG, fax, listed, whole
from tests.vendors.mfax.conftest import NUMBER, Mfax, error, texts

NO_FILES = error("InvalidInputError", "No files and cover page in to send.")


def test_files_are_rendered_in_the_order_in_which_they_were_added(
    mfax: Mfax, document: Callable[[str], bytes]
) -> None:
    answer = mfax.upload(
        "/v1/faxes",
        ("a.txt", b"first letter"),
        ("b.pdf", document("three-pages.pdf")),
        ("c.txt", b"last letter"),
        faxNumber=NUMBER,
    )
    whole(answer, fax("send", pagesCount=5))
    three = documents.text_of(document("three-pages.pdf"))
    assert texts(mfax) == ["first letter", *three, "last letter"]


@pytest.mark.parametrize(
    ("name", "pages"), [("photo.png", 1), ("photo.jpg", 1), ("scan.tiff", 2), ("letter.txt", 2)]
)
def test_pictures_and_text_become_pages(
    mfax: Mfax, document: Callable[[str], bytes], name: str, pages: int
) -> None:
    answer = mfax.upload("/v1/faxes", (name, document(name)), faxNumber=NUMBER)
    whole(answer, fax("send", pagesCount=pages))
    content = mfax.get(f"/v1/fax/{MESSAGES[0]}/download").content
    assert (content[:5], documents.inspect(content).pages) == (b"%PDF-", pages)


def test_a_cover_page_is_drawn_from_the_template(mfax: Mfax, pdf: bytes) -> None:
    answer = mfax.upload(
        "/v1/faxes",
        ("a.pdf", pdf),
        faxNumber=NUMBER,
        coverPage="true",
        recipientName="Ada Lovelace",
        senderName="Charles",
        subject="Engines",
        notes="Read this.\nAnd this.",
        callerId="5094570000",
    )
    written = {"recipientName": "Ada Lovelace", "subject": "Engines", "faxCallerId": "5094570000"}
    whole(answer, fax("send", pagesCount=2, **written))
    cover, *pages = texts(mfax)
    assert pages == documents.text_of(pdf)
    assert cover.splitlines() == [
        "Fax Transmission",
        "To: Ada Lovelace",
        "From: Charles",
        "Fax: +12125550123",
        "Fax: 5094570000",
        "RE: Engines",
        "Date: 2026-03-02",
        "Pages: 2",
        "Comments: Read this.",
        "And this.",
    ]


def test_a_cover_page_alone_is_a_fax(mfax: Mfax) -> None:
    answer = mfax.upload("/v1/faxes", faxNumber=NUMBER, coverPage="true", notes="x" * 400)
    whole(answer, fax("send"))


def test_long_notes_flow_on_to_a_second_cover_page(mfax: Mfax, pdf: bytes) -> None:
    words = " ".join(f"word{number}" for number in range(500))[:4000]
    answer = mfax.upload("/v1/faxes", ("a.pdf", pdf), faxNumber=NUMBER, coverPage="true", notes=words)
    assert answer.json()["pagesCount"] == 3
    first, second, _ = texts(mfax)
    assert "Pages: 3" in first
    assert [*first.partition("Comments: ")[2].split(), *second.split()] == words.split()


def test_a_cover_page_of_the_portal_is_used_by_its_id(mfax: Mfax) -> None:
    uuid = "d1077489-5ea1-4db1-9760-853f175e8288"
    page = {"uuid": uuid, "name": "Short", "template": "For ${tokens.recipientName}${tokens.unknown}!"}
    mfax.control.vendor("mfax", profile={"cover_pages": [page]})
    answer = mfax.upload(
        "/v1/faxes", faxNumber=NUMBER, coverPage="true", coverPageId=uuid, recipientName="Ada"
    )
    whole(answer, fax("send", recipientName="Ada"))
    assert texts(mfax) == ["For Ada!"]
    unknown = mfax.upload("/v1/faxes", faxNumber=NUMBER, coverPage="true", coverPageId=MESSAGES[0])
    whole(unknown, error("InvalidInputError", "coverPageId: Cover page not found."), 400)


def test_without_file_and_cover_page_there_is_nothing_to_send(mfax: Mfax) -> None:
    answer = mfax.upload("/v1/faxes", faxNumber=NUMBER, coverPage="false")
    whole(answer, NO_FILES, 400)
    assert mfax.control.faxes() == []


def test_the_vendors_own_example_is_accepted(mfax: Mfax, pdf: bytes) -> None:
    """The values of the reference's PHP sample: unknown tags and ids, a date long past."""
    answer = mfax.upload(
        "/v1/faxes",
        ("a.pdf", pdf),
        faxNumber="11234567890",
        coverPage="false",
        coverPageId="d1077489-5ea1-4db1-9760-853f175e8288",
        tags="example",
        recipientName="example",
        senderName="example",
        subject="example",
        callerId="example",
        notes="example",
        cf='{"example": "value"}',
        scheduledDate="2020-01-01T00:00:00.000Z",
        webhookId="d1077489-5ea1-4db1-9760-853f175e8288",
    )
    example = dict.fromkeys(("recipientName", "subject", "faxCallerId"), "example")
    whole(answer, fax("send", faxNumber="+11234567890", cf={"example": "value"}, **example))


def test_empty_fields_count_as_not_sent(mfax: Mfax, pdf: bytes) -> None:
    empty = (
        "coverPageId",
        "coverPage",
        "tags",
        "notes",
        "cf",
        "scheduledDate",
        "webhookId",
        "async",
        "callerId",
    )
    answer = mfax.upload("/v1/faxes", ("a.pdf", pdf), faxNumber=NUMBER, **dict.fromkeys(empty, ""))
    whole(answer, fax("send"))


def test_parts_that_claim_to_be_multipart_themselves_are_fields(mfax: Mfax, pdf: bytes) -> None:
    parts = [
        ("faxNumber", (None, NUMBER, "multipart/form-data")),
        ("cf[case]", (None, "7", "multipart/form-data")),
        ("recipientName", (None, "Ada", "multipart/form-data")),
        ("attachments", ("fax.pdf", pdf, "multipart/form-data")),
    ]
    answer = mfax.call("POST", "/v1/faxes", files=parts)
    whole(answer, fax("send", recipientName="Ada", cf={"case": "7"}))
    assert texts(mfax) == documents.text_of(pdf)


@pytest.mark.parametrize("name", ["'attachments'", "letter.pdf", "file"])
def test_a_file_part_of_any_name_is_an_attachment(mfax: Mfax, pdf: bytes, name: str) -> None:
    answer = mfax.upload("/v1/faxes", ("letter.pdf", pdf), part=name, faxNumber=NUMBER)
    whole(answer, fax("send"))
    assert texts(mfax) == documents.text_of(pdf)


def test_lists_may_come_in_brackets(mfax: Mfax, pdf: bytes) -> None:
    tags = [mfax.post("/v1/tag", name=name).json() for name in ("Urgent", "Later")]
    assert tags == [TAG, {**TAG, "uuid": "43adc6cb-bd45-48d9-95a1-48dafafed202", "name": "Later"}]
    parts = [("attachments", ("a.pdf", pdf)), ("faxNumber", (None, NUMBER))]
    parts += [("tags[]", (None, tag["uuid"])) for tag in tags]
    whole(mfax.call("POST", "/v1/faxes", files=parts), fax("send", tags=tags))


def test_a_destination_under_both_its_names_gets_one_fax(mfax: Mfax, pdf: bytes) -> None:
    to = {"faxNumber": "+12125550199", "recipientFax": NUMBER}
    whole(mfax.upload("/v1/faxes", ("a.pdf", pdf), **to), fax("send"))
    whole(mfax.get("/v1/fax/history"), listed(fax("history")))


def test_a_list_may_be_numbered_as_php_does(mfax: Mfax, pdf: bytes) -> None:
    fields = {"recipientFax[0]": "+12125550124", "recipientFax[1]": NUMBER, "cf[0]": "7"}
    answer = mfax.upload("/v1/faxes", ("a.pdf", pdf), part="attachments[0]", **fields)
    first = {"faxNumber": "+12125550124", "cf": {"0": "7"}}
    whole(answer, fax("send", **first))
    whole(mfax.get("/v1/fax/history"), listed(fax("history", 2, cf={"0": "7"}), fax("history", **first)))
    named = mfax.upload("/v1/faxes", ("a.pdf", pdf), **{"recipientFax[me]": NUMBER})
    message = "recipientFax: Must be a comma separated list."
    whole(named, error("InvalidInputError", message), 400)


def test_too_many_files_are_refused(mfax: Mfax) -> None:
    answer = mfax.upload("/v1/faxes", *[("a.txt", b"a")] * 51, faxNumber=NUMBER)
    whole(answer, error("InvalidInputError", "attachments: at most 50 files are sent."), 400)
