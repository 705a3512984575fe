"""Every operation, called with all of its parameters: the whole answer."""

from __future__ import annotations

from typing import Any

import pytest

from emulator import documents
from tests.vendors.mfax.bodies import (
    ADMIN,
    BASE,
    BODIES,
    BRIDGE,
    CONTACT,
    CUSTOMER,
    CUSTOMERS,
    MASTER,
    TAG,
    WEBHOOK,
    fax,
    listed,
    number,
    offer,
    whole,
)
from tests.vendors.mfax.facts import ENDPOINTS, parts_at
from tests.vendors.mfax.world import ADA, COVER_PAGE, STORAGE, World

DRAWN: dict[str, Any] = {
    "pagesCount": 2,
    "faxCallerId": "5094570000",
    "tags": [TAG],
    "cf": {"case": "7"},
    **BRIDGE,
}
LATER = "2026-03-02T12:01:00.000Z"
USED = {
    "users": [BODIES["number_user"]],
    "faxbridge": {"deviceCode": "210000000000", "name": "FaxBridge"},
}
PAGING = {"limit": 50, "offset": 0}
INVALID = {"error": "InvalidInputError: Invalid fax number.", "recipientFax": "12"}
SHOWN_FIELD = {**BODIES["field"], "displayUI": True, "displayUITable": True, "hint": "Four digits"}
COVERS = [
    BODIES["cover_page"],
    {
        **BODIES["cover_page"],
        "uuid": COVER_PAGE,
        "name": "Short",
        "template": "${tokens.notes}",
        "previewLink": f"https://storage.googleapis.com/drenfax-storage/coverpages/{COVER_PAGE}.png",
    },
]

BODY: dict[str, Any] = {
    "send": fax("send", recipientName="Ada", subject="Engines", **DRAWN),
    "send-multiple": {
        "success": [
            fax("send-multiple", **DRAWN),
            fax("send-multiple", 2, contacts=[CONTACT], **DRAWN),
        ],
        "errors": [INVALID],
    },
    "fax-send": {
        "success": [fax("fax-send", **DRAWN), fax("fax-send", 2, contacts=[CONTACT], **DRAWN)],
        "errors": [INVALID],
    },
    "resend": {"success": [fax("resend", 2, **BRIDGE)], "errors": []},
    "blast": {"success": [fax("blast", **BRIDGE)], "errors": []},
    "cancel": fax("cancel", 1, "cancelled", **BRIDGE),
    "update": fax("update", isArchived=True, **BRIDGE),
    "history": listed(
        fax(
            "history",
            createdAt=LATER,
            isArchived=True,
            tags=[{**TAG, "createdAt": LATER, "updatedAt": LATER}],
            **BRIDGE,
        ),
        limit=500,
    ),
    "info": fax("info", **BRIDGE),
    "delete": "OK",
    "cover-pages": COVERS,
    "numbers": {"rows": [number("numbers", **USED)], "count": 1, "limit": 30, "offset": 0},
    "number-user-add": number("number-user-add", **USED),
    "number-user-remove": "OK",
    "provision": [
        number(
            "provision",
            uuid=BODIES["provisioned"][0],
            number="7025552071",
            managedBy=CUSTOMER["uuid"],
            manager=CUSTOMER,
        )
    ],
    "number-search": {"result": [offer(each) for each in BODIES["offers"]], "limit": 10},
    "number-update": number("number-update", storage=STORAGE, **USED),
    "number-validate": {"isValid": True},
    "number-read": number("number-read", **USED),
    "ping": "OK",
    "me": BODIES["me"],
    "tags": {"count": 1, "rows": [TAG], "query": PAGING},
    "tag-create": {**TAG, "color": "#ff0000", "isPublic": True},
    "tag-update": {**TAG, "name": "Later", "color": "#00ff00"},
    "tag-delete": "OK",
    "fax-tag": fax("fax-tag", tags=[TAG], **BRIDGE),
    "webhook-create": WEBHOOK,
    "webhook-list": {"count": 1, "rows": [WEBHOOK]},
    "webhook-read": {**WEBHOOK, "attachmentEnabled": False, "authType": None},
    "webhook-update": WEBHOOK,
    "webhook-delete": "OK",
    "contacts": {"count": 1, "rows": [CONTACT], "query": PAGING},
    "contact-create": {**CONTACT, **ADA, "isPublic": True, "isOrganization": True, "publicEditable": True},
    "contact-read": CONTACT,
    "contact-update": {**CONTACT, **ADA, "isPublic": True, "isOrganization": True, "publicEditable": True},
    "contact-delete": "OK",
    "custom-fields": {"count": 1, "rows": [BODIES["field"]], "query": PAGING},
    "custom-field-create": SHOWN_FIELD,
    "custom-field-update": {**SHOWN_FIELD, "label": "File", "isArchived": True},
    "custom-field-delete": "OK",
    "users": {"count": 3, "rows": [ADMIN, BASE, CUSTOMERS], "query": PAGING},
    "user-create": {
        **BODIES["user"],
        "lastName": "Lovelace",
        "userRole": "admin",
        "accountId": CUSTOMER["uuid"],
    },
    "user-delete": "OK",
    "accounts": {"count": 2, "rows": [MASTER, CUSTOMER], "query": PAGING},
}


@pytest.mark.parametrize("name", BODY)
def test_an_operation_answers_as_documented(world: World, name: str) -> None:
    known = ENDPOINTS[name]
    answer = world.call(name).make(world.mfax, known["method"], known["path"])
    whole(answer, BODY[name], known["success"]["status"])
    for path, keys in known["success"]["keys"].items():
        assert {tuple(each) for each in parts_at(answer.json(), path)} == {tuple(keys)}, path


@pytest.mark.parametrize("name", [name for name, known in ENDPOINTS.items() if "also_path" in known])
def test_an_operation_answers_the_same_at_its_other_path(world: World, name: str) -> None:
    known = ENDPOINTS[name]
    answer = world.call(name).make(world.mfax, known["method"], known["also_path"])
    whole(answer, BODY[name], known["success"]["status"])


def test_a_preview_is_the_pdf_that_would_be_sent(world: World) -> None:
    answer = world.call("preview").make(world.mfax, "POST", "/v1/fax/preview")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    assert documents.text_of(answer.content) == ["Read this.", *documents.text_of(world.pdf)]
    assert world.mfax.control.faxes() == []


def test_a_download_is_the_pdf_that_was_sent(world: World) -> None:
    answer = world.call("download").make(world.mfax, "GET", "/v1/fax/{messageId}/download")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    assert answer.content == world.pdf


def test_a_release_has_no_content(world: World) -> None:
    answer = world.call("number-release").make(world.mfax, "DELETE", "/v1/numbers/{numberId}/release")
    assert (answer.status_code, answer.content, "Content-Type" in answer.headers) == (204, b"", False)


def test_every_operation_has_its_answer_here() -> None:
    assert {*BODY, "preview", "download", "number-release"} == set(ENDPOINTS)
