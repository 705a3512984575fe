"""A sandbox in which every operation of mFax has something to work on, and a good call of each of them."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import requests
from openpyxl import Workbook

from tests.vendors.mfax.conftest import NUMBER, Mfax

COVER_PAGE = "d1077489-5ea1-4db1-9760-853f175e8288"


@dataclass(frozen=True)
class Call:
    """The fields of one call, by name, and its files; `at` fills the variables of the path."""

    fields: Mapping[str, str] = field(default_factory=dict)
    files: tuple[tuple[str, tuple[str, bytes]], ...] = ()
    at: Mapping[str, str] = field(default_factory=dict)
    place: str = "form"

    @property
    def names(self) -> set[str]:
        """Name everything that the call carries."""
        return {*self.fields, *(name for name, _ in self.files)}

    def without(self, name: str) -> Call:
        """Leave a parameter out."""
        fields = {each: value for each, value in self.fields.items() if each != name}
        return Call(fields, tuple(part for part in self.files if part[0] != name), self.at, self.place)

    def having(self, **fields: str) -> Call:
        """Set parameters."""
        return Call({**self.fields, **fields}, self.files, self.at, self.place)

    def make(self, mfax: Mfax, method: str, path: str) -> requests.Response:
        """Send the call."""
        for name, value in self.at.items():
            path = path.replace(f"{{{name}}}", value)
        if self.place == "query":
            return mfax.call(method, path, params=self.fields)
        if not self.files:
            return mfax.call(method, path, data=self.fields)
        parts = [(name, (None, value)) for name, value in self.fields.items()]
        return mfax.call(method, path, files=[*self.files, *parts])


class World:
    """Makes what the calls of one sandbox refer to."""

    def __init__(self, mfax: Mfax, pdf: bytes) -> None:
        self.mfax = mfax
        self.pdf = pdf
        page = {"uuid": COVER_PAGE, "name": "Short", "template": "${tokens.notes}"}
        mfax.control.vendor("mfax", profile={"faxbridge": True, "cover_pages": [page]})
        self.me = mfax.me()
        self.number = mfax.get("/v1/numbers").json()["rows"][0]["uuid"]
        mfax.post(f"/v1/numbers/{self.number}/user/{self.me['uuid']}")
        self.customer = mfax.get("/v1/accounts").json()["rows"][1]["uuid"]

    def fax(self) -> str:
        return str(self.mfax.send(self.pdf)["messageId"])

    def contact(self) -> str:
        return str(self.mfax.post("/v1/contacts", name="Ada", faxNumber=NUMBER).json()["uuid"])

    def tag(self) -> str:
        return str(self.mfax.post("/v1/tag", name="Urgent").json()["uuid"])

    def webhook(self) -> str:
        return str(
            self.mfax.post("/webhooks", name="Mine", url="http://127.0.0.1:9/", events="{}").json()["uuid"]
        )

    def field(self) -> str:
        return str(self.mfax.post("/v1/custom-fields", label="Case", apiName="case").json()["uuid"])

    def user(self) -> str:
        return str(self.mfax.post("/v1/users", email="ada@example.com").json()["uuid"])

    def offered(self) -> str:
        found = self.mfax.get("/v1/numbers/provision/search", npa="702", limit=1).json()["result"]
        return str(found[0]["number_e164"])

    def shared(self) -> dict[str, str]:
        """Give the parameters that every call which sends has."""
        return self.drawn() | {
            "recipientContacts": self.contact(),
            "tags": self.tag(),
            "cf": '{"case": "7"}',
            "scheduledDate": "2020-01-01T00:00:00.000Z",
            "webhookId": self.webhook(),
        }

    def drawn(self) -> dict[str, str]:
        """Give the parameters that a cover page shows."""
        return {
            "coverPage": "true",
            "coverPageId": COVER_PAGE,
            "recipientName": "Ada",
            "senderName": "Charles",
            "subject": "Engines",
            "callerId": "5094570000",
            "notes": "Read this.",
        }

    def file(self) -> tuple[tuple[str, tuple[str, bytes]], ...]:
        return (("attachments", ("fax.pdf", self.pdf)),)

    def call(self, operation: str) -> Call:
        """Give a good call of an operation, with every parameter that it has."""
        return CALLS[operation](self)


def workbook(*rows: tuple[Any, ...]) -> bytes:
    """Make an Excel file of these rows."""
    book, content = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(content)
    return content.getvalue()


def _blast(world: World) -> Call:
    files = (("recipient", ("list.xlsx", workbook((NUMBER,)))),)
    return Call({"coverPage": "true", "coverPageId": COVER_PAGE}, files)


def _history(world: World) -> Call:
    world.mfax.control.advance(by="60s")
    sent = world.mfax.send(world.pdf, tags=world.tag())
    world.mfax.patch(f"/v1/fax/{sent['messageId']}", isArchived="true")
    fields = {
        "accountId": world.me["accountId"],
        "offset": "0",
        "limit": "500",
        "direction": "outbound",
        "status": "processing",
        "fromDate": "2020-01-01",
        "toDate": "2099-01-01",
        "userId": world.me["uuid"],
        "query": "mFax",
        "tags": sent["tags"][0]["uuid"],
        "isArchived": "true",
        "include": "tags,contacts",
    }
    return Call(fields, place="query")


def _of_fax(world: World, **fields: str) -> Call:
    return Call(fields, at={"messageId": world.fax()})


def _of_number(world: World, **fields: str) -> Call:
    return Call(fields, at={"numberId": world.number})


def _of_user(world: World) -> Call:
    return Call(at={"numberId": world.number, "userId": world.me["uuid"]})


def _listing(make: Callable[[], str], **more: str) -> Call:
    make()
    return Call({"offset": "0", "limit": "50", **more}, place="query")


ADA = {
    "name": "Ada",
    "email": "ada@example.com",
    "faxNumber": NUMBER,
    "phoneNumber": "+12125550100",
    "organizationId": COVER_PAGE,
}
CONTACT = ADA | dict.fromkeys(("isPublic", "isOrganization", "publicEditable"), "true")
FIELD = {
    "label": "Case",
    "apiName": "case",
    "entity": "fax",
    "displayUI": "true",
    "displayUITable": "true",
    "hint": "Four digits",
}
STORAGE = '{"protocol":"ftp","host":"example.com"}'
WEBHOOK = {
    "name": "Mine",
    "url": "http://127.0.0.1:9/",
    "events": json.dumps({"fax.inbound": True}),
    "auth": "user:secret",
    "attachmentEnabled": "true",
    "notificationEmails": "ada@example.com",
}

CALLS: Mapping[str, Callable[[World], Call]] = {
    "send": lambda world: Call(
        {
            **world.shared(),
            "recipientFax": NUMBER,
            "faxNumber": NUMBER,
            "attachmentUrls": "http://127.0.0.1:9/a.pdf",
            "fileIds": "",
            "async": "false",
            "optimizeFax": "text",
        },
        world.file(),
    ),
    "send-multiple": lambda world: Call({**world.shared(), "recipientFax": f"{NUMBER},12"}, world.file()),
    "fax-send": lambda world: Call(
        {**world.shared(), "recipientFax": f"{NUMBER},12", "faxNumber": NUMBER}, world.file()
    ),
    "resend": lambda world: Call({"messageId": world.fax(), "recipientFax": NUMBER}),
    "preview": lambda world: Call(world.drawn(), world.file()),
    "blast": _blast,
    "cancel": _of_fax,
    "update": lambda world: _of_fax(world, isArchived="true"),
    "download": lambda world: Call({"format": "pdf"}, at={"messageId": world.fax()}, place="query"),
    "history": _history,
    "info": _of_fax,
    "delete": _of_fax,
    "cover-pages": lambda world: Call(),
    "numbers": lambda world: Call(
        {
            "accountId": world.me["accountId"],
            "type": "assigned",
            "offset": "0",
            "limit": "30",
            "query": "509",
        },
        place="query",
    ),
    "number-user-add": _of_user,
    "number-user-remove": _of_user,
    "provision": lambda world: Call(
        {
            "type": "order",
            "numbers": world.offered(),
            "quantity": "1",
            "accountId": world.customer,
            "storage": STORAGE,
        }
    ),
    "number-search": lambda world: Call(
        {"npa": "702", "nxx": "555", "state": "NV", "city": "Las Vegas", "zipcode": "89101", "limit": "10"},
        place="query",
    ),
    "number-update": lambda world: _of_number(world, storage=STORAGE, managedBy=world.me["accountId"]),
    "number-release": _of_number,
    "number-validate": lambda world: Call({"number": NUMBER, "country": "US"}, place="query"),
    "number-read": _of_number,
    "ping": lambda world: Call(),
    "me": lambda world: Call(),
    "tags": lambda world: _listing(world.tag),
    "tag-create": lambda world: Call({"name": "Urgent", "color": "#ff0000", "isPublic": "true"}),
    "tag-update": lambda world: Call({"name": "Later", "color": "#00ff00"}, at={"tagId": world.tag()}),
    "tag-delete": lambda world: Call(at={"tagId": world.tag()}),
    "fax-tag": lambda world: _of_fax(world, tagId=world.tag()),
    "webhook-create": lambda world: Call(
        {**WEBHOOK, "accountId": world.me["accountId"], "numberId": world.number}
    ),
    "webhook-list": lambda world: Call(
        {
            "accountId": world.mfax.post("/webhooks", **WEBHOOK, numberId=world.number).json()["accountId"],
            "numberId": world.number,
        },
        place="query",
    ),
    "webhook-read": lambda world: Call(at={"webhookId": world.webhook()}),
    "webhook-update": lambda world: Call(WEBHOOK, at={"webhookId": world.webhook()}),
    "webhook-delete": lambda world: Call(at={"webhookId": world.webhook()}),
    "contacts": lambda world: _listing(
        world.contact, userId=world.me["uuid"], order="name desc", query="ada"
    ),
    "contact-create": lambda world: Call(CONTACT),
    "contact-read": lambda world: Call(at={"contactId": world.contact()}),
    "contact-update": lambda world: Call(CONTACT, at={"contactId": world.contact()}),
    "contact-delete": lambda world: Call(at={"contactId": world.contact()}),
    "custom-fields": lambda world: _listing(world.field, entity="fax"),
    "custom-field-create": lambda world: Call(FIELD),
    "custom-field-update": lambda world: Call(
        FIELD | {"label": "File", "isArchived": "true"}, at={"customFieldId": world.field()}
    ),
    "custom-field-delete": lambda world: Call(at={"customFieldId": world.field()}),
    "users": lambda world: Call(place="query"),
    "user-create": lambda world: Call(
        {
            "email": "ada@example.com",
            "firstName": "Ada",
            "lastName": "Lovelace",
            "userRole": "admin",
            "accountId": world.customer,
        }
    ),
    "user-delete": lambda world: Call(at={"userId": world.user()}),
    "accounts": lambda world: Call(place="query"),
}
