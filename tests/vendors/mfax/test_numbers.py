"""The account's numbers: what it has, who uses them, and how it gets and gives up some."""

from __future__ import annotations

from typing import Any

import pytest

from tests.vendors.mfax.conftest import UNKNOWN, Mfax, error, refused

STORAGE = (
    '{"protocol":"ftp", "host":"example.com","outputDirPath":"uploads/","password":"p","user":"u","port":21}'
)


def number(mfax: Mfax) -> dict[str, Any]:
    return dict(mfax.get("/v1/numbers").json()["rows"][0])


def user_of(mfax: Mfax, email: str) -> dict[str, Any]:
    return next(user for user in mfax.get("/v1/users").json()["rows"] if user["email"] == email)


@pytest.mark.parametrize("path", ["/v1/numbers", "/v1/numbers/"])
def test_the_portals_numbers_are_listed(mfax: Mfax, accounts: list[dict[str, Any]], path: str) -> None:
    answer = mfax.get(path)
    row = {
        "uuid": number(mfax)["uuid"],
        "number": "5095550100",
        "pendingUntil": None,
        "ownedBy": accounts[0]["uuid"],
        "managedBy": accounts[0]["uuid"],
        "faxbridge": None,
        "users": [],
        "owner": accounts[0],
        "manager": accounts[0],
    }
    assert answer.status_code == 200
    assert answer.json() == {"rows": [row], "count": 1, "limit": 30, "offset": 0}
    assert list(answer.json()["rows"][0]) == list(row)
    mfax.control.vendor("mfax", profile={"faxbridge": True})
    assert number(mfax)["faxbridge"] == {"deviceCode": "210000000000", "name": "FaxBridge"}


def test_the_list_follows_the_portal(mfax: Mfax) -> None:
    first = number(mfax)["uuid"]
    mfax.control.vendor("mfax", numbers=["+15095550100", "+442079460123"])
    rows = mfax.get("/v1/numbers").json()["rows"]
    assert [row["number"] for row in rows] == ["5095550100", "442079460123"]
    assert rows[0]["uuid"] == first
    mfax.control.vendor("mfax", numbers=[])
    assert mfax.get("/v1/numbers").json() == {"rows": [], "count": 0, "limit": 30, "offset": 0}


def test_numbers_are_paged_searched_and_filtered(mfax: Mfax, accounts: list[dict[str, Any]]) -> None:
    mfax.control.vendor("mfax", numbers=[f"+1509555010{digit}" for digit in range(5)])
    rows = mfax.get("/v1/numbers").json()["rows"]
    page = mfax.get("/v1/numbers", offset=3, limit=2).json()
    assert (page["rows"], page["count"], page["limit"], page["offset"]) == (rows[3:], 5, 2, 3)
    assert mfax.get("/v1/numbers", query="555-0102").json()["rows"] == [rows[2]]
    assert mfax.get("/v1/numbers", query="nothing").json()["rows"] == []
    mfax.post(f"/v1/numbers/{rows[0]['uuid']}/user/{mfax.me()['uuid']}")
    mfax.delete(f"/v1/numbers/{rows[1]['uuid']}/release")
    mfax.patch(f"/v1/numbers/{rows[2]['uuid']}", managedBy=accounts[1]["uuid"])
    kinds = {"assigned": ["0"], "pending": ["1"], "available": ["2", "3", "4"]}
    for kind, found in kinds.items():
        shown = mfax.get("/v1/numbers", type=kind).json()["rows"]
        assert [row["number"][-1] for row in shown] == found
    shown = mfax.get("/v1/numbers", accountId=accounts[1]["uuid"]).json()["rows"]
    assert [row["number"][-1] for row in shown] == ["2"]


@pytest.mark.parametrize(
    ("query", "status", "name", "message"),
    [
        ({"type": "lost"}, 400, "InvalidInputError", "type: Must be one of: available, assigned, pending."),
        ({"limit": 0}, 400, "InvalidInputError", "limit: Must be a whole number from 1 to 1000."),
        ({"accountId": "x"}, 400, "InvalidInputError", "accountId: Not a valid UUID."),
        ({"accountId": UNKNOWN}, 404, "NotFoundError", "Account not found."),
    ],
)
def test_a_list_that_cannot_be_had_is_said(
    mfax: Mfax, query: dict[str, Any], status: int, name: str, message: str
) -> None:
    answer = mfax.get("/v1/numbers", **query)
    assert (answer.status_code, answer.json()) == (status, error(name, message))


def test_users_are_added_to_a_number_and_removed(mfax: Mfax, accounts: list[dict[str, Any]]) -> None:
    row, me = mfax.get(f"/v1/numbers/{number(mfax)['uuid']}").json(), mfax.me()
    path = f"/v1/numbers/{row['uuid']}/user/{me['uuid']}"
    expected = {
        "uuid": row["uuid"],
        "number": "5095550100",
        "pendingUntil": None,
        "ownedBy": accounts[0]["uuid"],
        "createdAt": row["createdAt"],
        "users": [
            {
                "userId": me["uuid"],
                "accountId": me["accountId"],
                "email": "test.tester@example.com",
                "firstName": "Test",
                "lastName": "Tester",
                "avatarUrl": None,
            }
        ],
        "manager": accounts[0],
    }
    for _ in range(2):
        answer = mfax.call("POST", path, headers={"Content-Type": "application/json"})
        assert (answer.status_code, answer.json()) == (200, expected)
    assert list(answer.json()) == list(expected)
    assert number(mfax)["users"] == expected["users"]
    removed = mfax.delete(path)
    assert (removed.status_code, removed.text) == (200, "OK")
    assert number(mfax)["users"] == []
    assert refused(mfax.delete(path)) == (404, "NotFoundError", "User not found.")


def test_only_users_of_the_managing_account_are_added(mfax: Mfax, accounts: list[dict[str, Any]]) -> None:
    uuid = number(mfax)["uuid"]
    customer = user_of(mfax, "customer.tester@example.com")["uuid"]
    path = f"/v1/numbers/{uuid}/user/{customer}"
    message = "Only users of the account that manages the number can be assigned."
    assert mfax.post(path).status_code == 403
    assert mfax.post(path).json() == error("NotAllowedError", message)
    mfax.patch(f"/v1/numbers/{uuid}", managedBy=accounts[1]["uuid"])
    assert mfax.post(path).json()["manager"] == accounts[1]


def test_users_of_the_former_manager_lose_the_number(mfax: Mfax, accounts: list[dict[str, Any]]) -> None:
    uuid = number(mfax)["uuid"]
    mfax.post(f"/v1/numbers/{uuid}/user/{mfax.me()['uuid']}")
    assert len(mfax.patch(f"/v1/numbers/{uuid}", storage=STORAGE).json()["users"]) == 1
    answer = mfax.patch(f"/v1/numbers/{uuid}", managedBy=accounts[1]["uuid"])
    assert (answer.json()["users"], answer.json()["manager"]) == ([], accounts[1])


def test_a_number_whose_user_was_removed_is_available(mfax: Mfax) -> None:
    row = number(mfax)
    user = mfax.post("/v1/users", email="ada@example.com").json()["uuid"]
    mfax.post(f"/v1/numbers/{row['uuid']}/user/{user}")
    assert mfax.get("/v1/numbers", type="assigned").json()["count"] == 1
    mfax.delete(f"/v1/users/{user}")
    assert mfax.get("/v1/numbers", type="available").json()["rows"] == [row]


def test_ids_are_known_in_upper_case_too(mfax: Mfax) -> None:
    uuid, user = number(mfax)["uuid"], mfax.me()["uuid"]
    path = f"/v1/numbers/{uuid.upper()}/user/{user.upper()}"
    assert [each["userId"] for each in mfax.post(path).json()["users"]] == [user]
    assert mfax.delete(path).status_code == 200
    assert number(mfax)["users"] == []


def test_unknown_numbers_and_users_are_not_found(mfax: Mfax) -> None:
    uuid, me = number(mfax)["uuid"], mfax.me()["uuid"]
    for method, path in (
        ("POST", f"/v1/numbers/{UNKNOWN}/user/{me}"),
        ("DELETE", f"/v1/numbers/{UNKNOWN}/user/{me}"),
        ("PATCH", f"/v1/numbers/{UNKNOWN}"),
        ("DELETE", f"/v1/numbers/{UNKNOWN}/release"),
        ("GET", f"/v1/numbers/{UNKNOWN}"),
    ):
        assert refused(mfax.call(method, path)) == (404, "NotFoundError", "Number not found.")
    for method in ("POST", "DELETE"):
        answer = mfax.call(method, f"/v1/numbers/{uuid}/user/{UNKNOWN}")
        assert refused(answer) == (404, "NotFoundError", "User not found.")


def test_storage_is_kept_as_it_was_written(mfax: Mfax, accounts: list[dict[str, Any]]) -> None:
    row = mfax.get(f"/v1/numbers/{number(mfax)['uuid']}").json()
    answer = mfax.patch(f"/v1/numbers/{row['uuid']}", storage=STORAGE)
    expected = {
        "uuid": row["uuid"],
        "number": "5095550100",
        "pendingUntil": None,
        "storage": STORAGE,
        "ownedBy": accounts[0]["uuid"],
        "createdAt": row["createdAt"],
        "users": [],
        "manager": accounts[0],
    }
    assert (answer.status_code, answer.json()) == (200, expected)
    assert list(answer.json()) == list(expected)
    assert mfax.get(f"/v1/numbers/{row['uuid']}").json()["storage"] == STORAGE
    wrong = mfax.patch(f"/v1/numbers/{row['uuid']}", storage="ftp://example.com")
    assert refused(wrong) == (400, "InvalidInputError", "storage: Not valid JSON.")
    nobody = mfax.patch(f"/v1/numbers/{row['uuid']}", managedBy=UNKNOWN)
    assert refused(nobody) == (404, "NotFoundError", "Account not found.")


def test_a_released_number_is_pending(mfax: Mfax) -> None:
    row = mfax.get(f"/v1/numbers/{number(mfax)['uuid']}").json()
    answer = mfax.delete(f"/v1/numbers/{row['uuid']}/release")
    assert (answer.status_code, answer.content) == (204, b"")
    shown = mfax.get(f"/v1/numbers/{row['uuid']}").json()
    assert shown == {**row, "pendingUntil": shown["pendingUntil"]}
    assert shown["pendingUntil"] > mfax.control.now()
    again = mfax.delete(f"/v1/numbers/{row['uuid']}/release")
    assert refused(again) == (400, "InvalidInputError", "The number was released already.")


def test_a_provisioned_number_leaves_the_account_after_its_time_as_pending(mfax: Mfax) -> None:
    (new,) = mfax.post("/v1/numbers/provision", type="toll-free").json()
    mfax.delete(f"/v1/numbers/{new['uuid']}/release")
    mfax.control.advance(by="719h")
    assert mfax.get("/v1/numbers", type="pending").json()["count"] == 1
    mfax.control.advance(by="1h")
    assert mfax.get("/v1/numbers").json()["count"] == 1
    assert mfax.get(f"/v1/numbers/{new['uuid']}").status_code == 404
