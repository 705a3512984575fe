"""The caller, users, accounts, cover pages, tags, contacts, custom fields."""

from __future__ import annotations

import requests

from tests.vendors.mfax.conftest import NUMBER, Mfax, error, refused


def test_ping_asks_for_no_key(mfax: Mfax) -> None:
    answer = requests.get(f"{mfax.base}/ping", timeout=10)
    assert (answer.status_code, answer.text) == (200, "OK")


def test_me_shows_whose_key_it_is(mfax: Mfax, base_user: Mfax) -> None:
    me = mfax.me()
    assert me == {
        "uuid": me["uuid"],
        "email": "test.tester@example.com",
        "firstName": "Test",
        "lastName": "Tester",
        "userRole": "admin",
        "timezone": "UTC",
        "phoneVerified": True,
        "account": {"accountName": mfax.control.sandbox["name"], "accountType": "master", "allowApi": True},
        "accountId": me["accountId"],
    }
    other = base_user.me()
    assert (other["userRole"], other["accountId"]) == ("base", me["accountId"])
    assert other["uuid"] != me["uuid"]


def test_the_default_cover_page_is_listed(mfax: Mfax) -> None:
    answer = mfax.get("/coverpages")
    uuid = "00000000-0000-0000-0000-000000000000"
    page = {
        "uuid": uuid,
        "name": "Default",
        "template": answer.json()[0]["template"],
        "accountId": None,
        "userId": None,
        "isPublic": True,
        "previewLink": f"https://storage.googleapis.com/drenfax-storage/coverpages/{uuid}.png",
    }
    assert (answer.status_code, answer.json()) == (200, [page])
    assert list(answer.json()[0]) == list(page)
    names = ["recipientName", "senderName", "recipientFax", "callerId", "subject", "date", "pages", "notes"]
    assert all(f"${{tokens.{name}}}" in page["template"] for name in names)


def test_tags_are_made_listed_and_removed(mfax: Mfax) -> None:
    me, answer = mfax.me(), mfax.post("/v1/tag", name="Urgent", color="#ff0000", isPublic="true")
    tag = {
        "uuid": answer.json()["uuid"],
        "name": "Urgent",
        "color": "#ff0000",
        "isPublic": True,
        "type": "custom",
        "accountId": me["accountId"],
        "createdBy": me["uuid"],
        "createdAt": answer.json()["createdAt"],
        "updatedAt": answer.json()["createdAt"],
    }
    assert (answer.status_code, answer.json()) == (200, tag)
    assert list(answer.json()) == list(tag)
    second = mfax.call("POST", "/v1/tags", json={"name": "Later"}).json()
    assert (second["color"], second["isPublic"]) == ("#000000", False)
    listed = mfax.get("/v1/tags")
    query = {"limit": 50, "offset": 0}
    assert (listed.status_code, listed.json()) == (200, {"count": 2, "rows": [tag, second], "query": query})
    assert mfax.get("/v1/tags", limit=1, offset=1).json()["rows"] == [second]
    removed = mfax.delete(f"/v1/tag/{tag['uuid']}")
    assert (removed.status_code, removed.text) == (200, "OK")
    assert refused(mfax.delete(f"/v1/tag/{tag['uuid']}")) == (404, "NotFoundError", "Tag not found.")
    assert mfax.get("/v1/tags").json()["count"] == 1


def test_a_tag_that_cannot_be_made_is_said(mfax: Mfax) -> None:
    answer = mfax.post("/v1/tag", color="red")
    assert answer.status_code == 400
    assert answer.json()["error"]["name"] == "InvalidInputError"
    colour = mfax.post("/v1/tag", name="x", color="red")
    assert colour.json() == error("InvalidInputError", "color: String does not match expected pattern.")


def test_contacts_are_made_changed_and_removed(mfax: Mfax) -> None:
    answer = mfax.post("/v1/contacts", firstName="Ada", faxNumber=NUMBER)
    contact = {
        "uuid": answer.json()["uuid"],
        "firstName": "Ada",
        "lastName": "",
        "companyName": "",
        "email": "",
        "phoneNumber": "",
        "faxNumber": NUMBER,
        "accountId": mfax.me()["accountId"],
        "createdAt": answer.json()["createdAt"],
        "updatedAt": answer.json()["createdAt"],
    }
    path = f"/v1/contacts/{contact['uuid']}"
    assert (answer.status_code, answer.json()) == (200, contact)
    query = {"limit": 50, "offset": 0}
    assert mfax.get("/v1/contacts").json() == {"count": 1, "rows": [contact], "query": query}
    assert mfax.get(path).json() == contact
    mfax.control.advance(by="5s")
    changed = mfax.patch(path, lastName="Lovelace").json()
    assert changed == {**contact, "lastName": "Lovelace", "updatedAt": changed["updatedAt"]}
    assert changed["updatedAt"] > contact["updatedAt"]
    wrong = mfax.patch(path, faxNumber="x")
    assert refused(wrong) == (400, "InvalidInputError", "Invalid fax number.")
    removed = mfax.delete(path)
    assert (removed.status_code, removed.text) == (200, "OK")
    assert refused(mfax.get(path)) == (404, "NotFoundError", "Contact not found.")
    missing = mfax.post("/v1/contacts", firstName="Ada")
    assert refused(missing) == (400, "InvalidInputError", "faxNumber: Missing data for required field.")


def test_custom_fields_are_made_listed_and_removed(mfax: Mfax) -> None:
    answer = mfax.post("/v1/custom-fields", label="Case", apiName="case")
    field = {
        "uuid": answer.json()["uuid"],
        "label": "Case",
        "apiName": "case",
        "entity": "fax",
        "accountId": mfax.me()["accountId"],
        "createdAt": answer.json()["createdAt"],
        "updatedAt": answer.json()["createdAt"],
    }
    assert (answer.status_code, answer.json()) == (200, field)
    query = {"limit": 50, "offset": 0}
    assert mfax.get("/v1/custom-fields").json() == {"count": 1, "rows": [field], "query": query}
    wrong = mfax.post("/v1/custom-fields", label="x", apiName="x", entity="number")
    assert refused(wrong) == (400, "InvalidInputError", "entity: Must be one of: fax, account, user.")
    path = f"/v1/custom-fields/{field['uuid']}"
    assert mfax.delete(path).text == "OK"
    assert refused(mfax.delete(path)) == (404, "NotFoundError", "Custom field not found.")


def test_users_are_made_and_removed(mfax: Mfax) -> None:
    own, customer = mfax.get("/v1/accounts").json()["rows"]
    staff = mfax.get("/v1/users").json()
    assert [user["accountId"] for user in staff["rows"]] == [own["uuid"], own["uuid"], customer["uuid"]]
    answer = mfax.post("/v1/users", email="ada@example.com", firstName="Ada", accountId=customer["uuid"])
    user = {
        "uuid": answer.json()["uuid"],
        "email": "ada@example.com",
        "firstName": "Ada",
        "lastName": "",
        "userRole": "base",
        "accountId": customer["uuid"],
    }
    assert (answer.status_code, answer.json()) == (200, user)
    assert mfax.get("/v1/users", offset=3).json() == {
        "count": 4,
        "rows": [user],
        "query": {"limit": 50, "offset": 3},
    }
    assert mfax.delete(f"/v1/users/{user['uuid']}").text == "OK"
    gone = mfax.delete(f"/v1/users/{user['uuid']}")
    assert refused(gone) == (404, "NotFoundError", "User not found.")
    stays = mfax.delete(f"/v1/users/{mfax.me()['uuid']}")
    message = "test.tester@example.com came with the account and stays."
    assert refused(stays) == (400, "InvalidInputError", message)
    wrong = mfax.post("/v1/users", email="nobody")
    assert refused(wrong) == (400, "InvalidInputError", "email: Not a valid email address.")


def test_a_kind_of_object_has_a_bound(mfax: Mfax) -> None:
    statuses = {mfax.post("/v1/tag", name="x").status_code for _ in range(1000)}
    assert statuses == {200}
    answer = mfax.post("/v1/tag", name="x")
    assert refused(answer) == (400, "InvalidInputError", "Tag: an account has at most 1000.")


def test_a_reset_forgets_what_the_account_made(mfax: Mfax) -> None:
    mfax.post("/v1/tag", name="Urgent")
    mfax.post("/v1/numbers/provision", type="toll-free")
    before = mfax.me()
    mfax.control.call("POST", f"/sandboxes/{mfax.control.id}/reset")
    assert mfax.me() == before
    assert mfax.get("/v1/tags").json()["count"] == 0
    assert mfax.get("/v1/numbers").json()["count"] == 1
