"""What each parameter of contacts, custom fields and webhooks does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.vendors.mfax.bodies import ADMIN, BASE, BODIES, CONTACT, MASTER, WEBHOOK
from tests.vendors.mfax.cases.case import Case
from tests.vendors.mfax.conftest import UNKNOWN, Mfax
from tests.vendors.mfax.world import Call

FIELD = BODIES["field"]


def stock(mfax: Mfax, pdf: bytes) -> None:
    """Have a contact, a custom field and a number."""
    mfax.post("/v1/contacts", name="Ada", faxNumber=CONTACT["faxNumber"])
    mfax.post("/v1/custom-fields", label="Case", apiName="case")
    mfax.get("/v1/numbers")


CONTACTS: Mapping[str, Any] = {
    "name": "Charles",
    "email": "ada@example.com",
    "faxNumber": "+12125550199",
    "phoneNumber": "+12125550100",
    "organizationId": UNKNOWN,
    "isPublic": True,
    "isOrganization": True,
    "publicEditable": True,
}
FIELDS: Mapping[str, Any] = {
    "label": "File",
    "apiName": "file",
    "entity": "user",
    "displayUI": True,
    "displayUITable": True,
    "hint": "Four digits",
    "isArchived": True,
}


def changes() -> Iterator[Case]:
    at = {"contactId": CONTACT["uuid"]}
    for name, value in CONTACTS.items():
        yield Case("contact-update", name, Call(_form(name, value), at=at), {**CONTACT, name: value})
    at = {"customFieldId": FIELD["uuid"]}
    for name, value in FIELDS.items():
        yield Case("custom-field-update", name, Call(_form(name, value), at=at), {**FIELD, name: value})


def _form(name: str, value: Any) -> dict[str, str]:
    return {name: value if isinstance(value, str) else "true"}


def _new(kind: str) -> str:
    return str(BODIES["second"][kind])


def creations() -> Iterator[Case]:
    blank = {**CONTACT, "uuid": _new("contact"), "name": "", "faxNumber": ""}
    for name, value in CONTACTS.items():
        yield Case("contact-create", name, Call(_form(name, value)), {**blank, name: value})
    needed = {"label": "Case", "apiName": "case"}
    for name, value in FIELDS.items():
        if name != "isArchived":
            shown = {**FIELD, "uuid": _new("field"), name: value}
            yield Case("custom-field-create", name, Call(needed | _form(name, value)), shown)


def lists() -> Iterator[Case]:
    def case(operation: str, name: str, value: str, *rows: Any, limit: int = 50, offset: int = 0) -> Case:
        body = {
            "count": max(len(rows), offset),
            "rows": list(rows),
            "query": {"limit": limit, "offset": offset},
        }
        return Case(operation, name, Call({name: value}, place="query"), body)

    yield case("contacts", "query", "ada", CONTACT)
    yield case("contacts", "query", "nobody")
    yield case("contacts", "order", "name desc", CONTACT)
    yield case("contacts", "userId", ADMIN["uuid"], CONTACT)
    yield case("contacts", "userId", BASE["uuid"])
    yield case("custom-fields", "entity", "fax", FIELD)
    yield case("custom-fields", "entity", "account")
    for operation, row in (("contacts", CONTACT), ("custom-fields", FIELD)):
        yield case(operation, "limit", "1", row, limit=1)
        yield case(operation, "offset", "1", offset=1)


WEBHOOKS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "name": ("Yours", {"name": "Yours"}),
    "url": ("http://127.0.0.1:9/x", {"url": "http://127.0.0.1:9/x"}),
    "events": ('{"fax.inbound": true}', {}),
    "auth": ("user:secret", {"authType": "basic"}),
    "accountId": (MASTER["uuid"], {}),
    "numberId": (BODIES["number"]["uuid"], {}),
    "attachmentEnabled": ("true", {"attachmentEnabled": True}),
    "notificationEmails": ("ada@example.com", {}),
}


def webhooks() -> Iterator[Case]:
    needed = {"name": "Mine", "url": WEBHOOK["url"]}
    plain = {**WEBHOOK, "attachmentEnabled": False, "authType": None}
    for name, (value, shown) in WEBHOOKS.items():
        yield Case("webhook-create", name, Call(needed | {name: value}), {**plain, **shown})


CASES = (*changes(), *creations(), *lists(), *webhooks())
