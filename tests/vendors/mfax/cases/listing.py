"""What each parameter of the history does, and of the other operations on faxes that are there already."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.vendors.mfax.bodies import (
    BASE,
    CONTACT,
    CUSTOMER,
    MASTER,
    MESSAGES,
    TAG,
    fax,
    inbound,
    listed,
)
from tests.vendors.mfax.cases.case import LETTER, Case
from tests.vendors.mfax.conftest import NUMBER, Mfax
from tests.vendors.mfax.world import Call

OTHER = "+12125550199"


def stock(mfax: Mfax, pdf: bytes) -> None:
    """Make a fax a day: a failed one, one with everything, another user's, an inbound one, a new one."""
    base_user = Mfax(mfax.control, "baseApiKey")
    tag = mfax.post("/v1/tag", name="Urgent").json()["uuid"]
    contact = mfax.post("/v1/contacts", name="Ada", faxNumber=NUMBER).json()["uuid"]
    mfax.send(pdf, "15005550008")
    _set(mfax, "2026-03-03T12:00:00Z")
    wanted = {"recipientContacts": contact, "tags": tag, "cf": '{"case": "Babbage"}', "subject": "Engines"}
    wanted["recipientName"] = "Lovelace"
    mfax.upload("/v1/faxes", ("a.pdf", pdf), **wanted, callerId="5094570000")
    mfax.patch(f"/v1/fax/{MESSAGES[1]}", isArchived="true")
    _set(mfax, "2026-03-04T12:00:00Z")
    base_user.send(pdf, OTHER)
    _set(mfax, "2026-03-05T12:00:00Z")
    body = {"vendor": "mfax", "to": "+15095550100", "from": "+12125550188", "pages": 2, "csid": "ACME"}
    mfax.control.call("POST", f"/sandboxes/{mfax.control.id}/inbound", 201, json=body)
    _set(mfax, "2026-03-06T12:00:00Z")
    mfax.send(pdf)


def _set(mfax: Mfax, now: str) -> None:
    mfax.control.advance()
    mfax.control.call("PATCH", f"/sandboxes/{mfax.control.id}/clock", json={"now": now})


def on(day: int, end: str = "12:00:35.986") -> dict[str, str]:
    """Give the instants of a fax that was made on a day of March and came to its end then."""
    return {"createdAt": f"2026-03-{day:02d}T12:00:00.000Z", "resolvedDate": f"2026-03-{day:02d}T{end}Z"}


FAILED = fax("history", 1, "failed", faxNumber="+15005550008")
FULL = fax(
    "history", 2, "success", faxCallerId="5094570000", isArchived=True, cf={"case": "Babbage"}, **on(3)
)
BASES = fax("history", 3, "success", faxNumber=OTHER, **on(4))
INBOUND = inbound("history", 4, faxCallerId="2125550188", **on(5, "12:00:57.167"))
FRESH = fax("history", 5, createdAt="2026-03-06T12:00:00.000Z")
ROWS = (FRESH, INBOUND, BASES, FULL, FAILED)

FILTERED: tuple[tuple[Mapping[str, str], tuple[dict[str, Any], ...]], ...] = (
    ({"accountId": MASTER["uuid"]}, ROWS),
    ({"accountId": CUSTOMER["uuid"]}, ()),
    ({"direction": "all"}, ROWS),
    ({"direction": "inbound"}, (INBOUND,)),
    ({"direction": "outbound"}, (FRESH, BASES, FULL, FAILED)),
    ({"status": "all"}, ROWS),
    ({"status": "failed"}, (FAILED,)),
    ({"status": "success"}, (INBOUND, BASES, FULL)),
    ({"status": "processing"}, (FRESH,)),
    ({"status": "cancelled"}, ()),
    ({"fromDate": "2026-03-04"}, (FRESH, INBOUND, BASES)),
    ({"fromDate": "2026-03-04T12:00:01Z"}, (FRESH, INBOUND)),
    ({"toDate": "2026-03-03"}, (FULL, FAILED)),
    ({"userId": BASE["uuid"]}, (BASES,)),
    ({"query": "acme"}, (INBOUND,)),
    ({"query": "50945"}, (FULL,)),
    ({"query": "+1500555"}, (FAILED,)),
    ({"query": MESSAGES[2]}, (BASES,)),
    ({"query": "engine"}, (FULL,)),
    ({"query": "LOVELACE"}, (FULL,)),
    ({"query": "babbage"}, (FULL,)),
    ({"query": "nothing like it"}, ()),
    ({"tags": f"other,{TAG['uuid']}"}, (FULL,)),
    ({"isArchived": "true"}, (FULL,)),
    ({"isArchived": "false"}, ROWS),
    ({"include": "tags"}, (FRESH, INBOUND, BASES, {**FULL, "tags": [TAG]}, FAILED)),
    ({"include": "contacts"}, (FRESH, INBOUND, BASES, {**FULL, "contacts": [CONTACT]}, FAILED)),
    (
        {"include": "tags,contacts"},
        (FRESH, INBOUND, BASES, {**FULL, "tags": [TAG], "contacts": [CONTACT]}, FAILED),
    ),
)


def histories() -> Iterator[Case]:
    for query, rows in FILTERED:
        yield Case("history", next(iter(query)), Call(query, place="query"), listed(*rows))
    page = listed(FULL, FAILED, offset=3, count=5)
    yield Case("history", "offset", Call({"offset": "3"}, place="query"), page)
    page = listed(FRESH, INBOUND, limit=2, count=5)
    yield Case("history", "limit", Call({"limit": "2"}, place="query"), page)


def of_one() -> Iterator[Case]:
    at = {"messageId": MESSAGES[1]}
    full = {"faxCallerId": "5094570000", "tags": [TAG], "contacts": [CONTACT], **on(3)}
    for wanted in (True, False):
        body = fax("update", 2, "success", **full, isArchived=wanted)
        yield Case("update", "isArchived", Call({"isArchived": str(wanted).lower()}, at=at), body)
    yield Case("download", "format", Call({"format": "pdf"}, at=at, place="query"), None, (LETTER,))


CASES = (*histories(), *of_one())
