"""The caller, users, accounts, cover pages, tags, contacts, custom fields."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from tests.conftest import WAIT
from tests.vendors.mfax.bodies import (
    ADMIN,
    BASE,
    BODIES,
    CONTACT,
    CUSTOMER,
    CUSTOMERS,
    MASTER,
    TAG,
    number,
    whole,
)
from tests.vendors.mfax.conftest import NUMBER, UNKNOWN, Mfax, error

SECOND_TAG = "43adc6cb-bd45-48d9-95a1-48dafafed202"
LATER = "2026-03-02T12:00:05.000Z"


def rows(
    *shown: dict[str, Any], offset: int = 0, limit: int = 50, count: int | None = None
) -> dict[str, Any]:
    """Give the body of a list."""
    query = {"limit": limit, "offset": offset}
    return {"count": len(shown) if count is None else count, "rows": list(shown), "query": query}


def test_ping_asks_for_no_key(mfax: Mfax) -> None:
    whole(requests.get(f"{mfax.base}/ping", timeout=WAIT), "OK")


def test_me_shows_whose_key_it_is(mfax: Mfax, base_user: Mfax) -> None:
    whole(mfax.get("/v1/me"), BODIES["me"])
    own = {name: BASE[name] for name in ("uuid", "email", "firstName", "lastName", "userRole")}
    whole(base_user.get("/v1/me"), {**BODIES["me"], **own})


def test_the_default_cover_page_is_listed(mfax: Mfax) -> None:
    whole(mfax.get("/coverpages"), [BODIES["cover_page"]])


def test_tags_are_made_listed_and_removed(mfax: Mfax) -> None:
    first = {**TAG, "color": "#ff0000", "isPublic": True}
    second = {**TAG, "uuid": SECOND_TAG, "name": "Later"}
    whole(mfax.post("/v1/tag", name="Urgent", color="#ff0000", isPublic="true"), first)
    whole(mfax.call("POST", "/v1/tags", json={"name": "Later"}), second)
    whole(mfax.get("/v1/tags"), rows(first, second))
    whole(mfax.get("/v1/tags", limit=1, offset=1), rows(second, limit=1, offset=1, count=2))
    path = f"/v1/tag/{TAG['uuid']}"
    whole(mfax.delete(path), "OK")
    whole(mfax.delete(path), error("NotFoundError", "Tag not found."), 404)
    whole(mfax.get("/v1/tags"), rows(second))


def test_a_tag_that_cannot_be_made_is_said(mfax: Mfax) -> None:
    nameless = error("InvalidInputError", "name: Missing data for required field.")
    whole(mfax.post("/v1/tag", color="#ff0000"), nameless, 400)
    colour = error("InvalidInputError", "color: Must be a colour: #rrggbb.")
    whole(mfax.post("/v1/tag", name="x", color="red"), colour, 400)


def test_contacts_are_made_changed_and_removed(mfax: Mfax) -> None:
    path = f"/v1/contacts/{CONTACT['uuid']}"
    whole(mfax.post("/v1/contacts", name="Ada", faxNumber=NUMBER), CONTACT)
    whole(mfax.get("/v1/contacts"), rows(CONTACT))
    whole(mfax.get(path), CONTACT)
    mfax.control.advance(by="5s")
    changed = {**CONTACT, "name": "Lovelace", "updatedAt": LATER}
    whole(mfax.patch(path, name="Lovelace"), changed)
    invalid = error("InvalidInputError", "Invalid fax number.")
    whole(mfax.patch(path, faxNumber="x"), invalid, 400)
    whole(mfax.post("/v1/contacts", faxNumber="x"), invalid, 400)
    whole(mfax.get(path), changed)
    whole(mfax.delete(path), "OK")
    whole(mfax.get(path), error("NotFoundError", "Contact not found."), 404)


PEOPLE: list[dict[str, Any]] = [
    {"name": "bob", "email": "bob@example.com", "faxNumber": "+12125550124"},
    {"name": "Ada", "phoneNumber": "+442079460123"},
    {"name": "Charles", "organizationId": UNKNOWN, "isPublic": "true"},
    {},
]
"""What contacts are made with: none of it is required (documented)."""


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, ["", "Ada", "bob", "Charles"]),
        ({"order": "name desc"}, ["Charles", "bob", "Ada", ""]),
        ({"order": "createdAt ASC"}, ["bob", "Ada", "Charles", ""]),
        ({"query": "ADA"}, ["Ada"]),
        ({"query": "0124"}, ["bob"]),
        ({"query": "+4420"}, ["Ada"]),
        ({"query": "example.com"}, ["bob"]),
        ({"query": "nobody"}, []),
        ({"userId": ADMIN["uuid"]}, ["", "Ada", "bob", "Charles"]),
        ({"userId": BASE["uuid"]}, []),
    ],
)
def test_contacts_are_searched_and_ordered(mfax: Mfax, query: dict[str, str], names: list[str]) -> None:
    made = [mfax.post("/v1/contacts", **each).json() for each in PEOPLE]
    by_name = {each["name"]: each for each in made}
    whole(mfax.get("/v1/contacts", **query), rows(*(by_name[name] for name in names)))


def test_a_contact_of_an_older_snapshot_is_listed_and_faxed(mfax: Mfax, pdf: bytes) -> None:
    mfax.post("/v1/contacts", name="Ada", faxNumber=NUMBER)
    saved = mfax.control.call("GET", f"/sandboxes/{mfax.control.id}/snapshot")
    (contact,) = (each for each in saved["items"] if each.get("group") == "mfax/contacts")
    for name in ("name", "userId", "isPublic"):
        del contact["data"][name]
    mfax.control.call("POST", f"/sandboxes/{mfax.control.id}/snapshot", json=saved)
    (row,) = mfax.get("/v1/contacts").json()["rows"]
    assert row == {name: CONTACT[name] for name in CONTACT if name in row}
    assert mfax.get("/v1/contacts", query="ada", userId=ADMIN["uuid"]).json()["count"] == 0
    answer = mfax.upload("/v1/faxes", ("a.pdf", pdf), recipientContacts=row["uuid"])
    assert answer.json()["faxNumber"] == NUMBER


def test_a_list_of_contacts_that_cannot_be_had_is_said(mfax: Mfax) -> None:
    order = "order: Must be name, email, faxNumber, phoneNumber, createdAt or updatedAt, and asc or desc."
    whole(mfax.get("/v1/contacts", order="size asc"), error("InvalidInputError", order), 400)


def test_a_contact_without_a_fax_number_is_an_error_of_that_recipient(mfax: Mfax, pdf: bytes) -> None:
    own = mfax.post("/v1/contacts", name="Ada").json()["uuid"]
    answer = mfax.upload("/v1/faxes/multiple", ("a.pdf", pdf), recipientContacts=own)
    wrong = {"error": f"InvalidInputError: Contact {own} has no fax number.", "recipientFax": ""}
    whole(answer, {"success": [], "errors": [wrong]})


def test_custom_fields_are_made_listed_and_removed(mfax: Mfax) -> None:
    field = BODIES["field"]
    path = f"/v1/custom-fields/{field['uuid']}"
    whole(mfax.post("/v1/custom-fields", label="Case", apiName="case"), field)
    whole(mfax.get("/v1/custom-fields"), rows(field))
    whole(mfax.get("/v1/custom-fields", entity="user"), rows())
    whole(mfax.get("/v1/custom-fields", entity="fax"), rows(field))
    archived = {**field, "isArchived": True}
    whole(mfax.patch(path, isArchived="true"), archived)
    whole(mfax.get("/v1/custom-fields"), rows(archived))
    wrong = mfax.post("/v1/custom-fields", label="x", apiName="x", entity="number")
    whole(wrong, error("InvalidInputError", "entity: Must be one of: fax, account, user."), 400)
    whole(mfax.delete(path), "OK")
    whole(mfax.delete(path), error("NotFoundError", "Custom field not found."), 404)


def test_users_are_made_and_removed(mfax: Mfax) -> None:
    whole(mfax.get("/v1/accounts"), rows(MASTER, CUSTOMER))
    whole(mfax.get("/v1/users"), rows(ADMIN, BASE, CUSTOMERS))
    user = {**BODIES["user"], "accountId": CUSTOMER["uuid"]}
    form = {"email": "ada@example.com", "firstName": "Ada", "accountId": CUSTOMER["uuid"]}
    whole(mfax.post("/v1/users", **form), user)
    whole(mfax.get("/v1/users", offset=3), rows(user, offset=3, count=4))
    path = f"/v1/users/{user['uuid']}"
    whole(mfax.delete(path), "OK")
    whole(mfax.delete(path), error("NotFoundError", "User not found."), 404)
    stays = "test.tester@example.com came with the account and stays."
    whole(mfax.delete(f"/v1/users/{ADMIN['uuid']}"), error("InvalidInputError", stays), 400)
    wrong = error("InvalidInputError", "email: Not a valid email address.")
    whole(mfax.post("/v1/users", email="nobody"), wrong, 400)


def test_a_kind_of_object_has_a_bound(mfax: Mfax) -> None:
    statuses = {mfax.post("/v1/tag", name="x").status_code for _ in range(1000)}
    assert statuses == {200}
    most = error("InvalidInputError", "Tag: an account has at most 1000.")
    whole(mfax.post("/v1/tag", name="x"), most, 400)


def test_a_reset_forgets_what_the_account_made(mfax: Mfax) -> None:
    mfax.post("/v1/tag", name="Urgent")
    mfax.post("/v1/numbers/provision", type="toll-free")
    mfax.control.call("POST", f"/sandboxes/{mfax.control.id}/reset")
    whole(mfax.get("/v1/me"), BODIES["me"])
    whole(mfax.get("/v1/tags"), rows())
    own = {"rows": [number("numbers")], "count": 1, "limit": 30, "offset": 0}
    whole(mfax.get("/v1/numbers"), own)
