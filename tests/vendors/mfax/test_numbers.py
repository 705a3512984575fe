"""The account's numbers: what it has, who uses them, and how it gets and gives up some."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.vendors.mfax.conftest import Mfax, error, refused

UNKNOWN = "d1077489-5ea1-4db1-9760-853f175e8288"
STORAGE = (
    '{"protocol":"ftp", "host":"example.com","outputDirPath":"uploads/","password":"p","user":"u","port":21}'
)


@pytest.fixture
def accounts(mfax: Mfax) -> list[dict[str, Any]]:
    """The master account and its sub-account, as numbers show them."""
    return list(mfax.get("/v1/accounts").json()["rows"])


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


def test_numbers_are_searched_by_area_code(mfax: Mfax) -> None:
    answer = mfax.get("/v1/numbers/provision/search", npa=702, limit=2)
    body = answer.json()
    first, second = (offer["number_e164"] for offer in body["result"])
    place = {"country_iso": "US", "rate_center": "LAS VEGAS", "state": "NV"}
    assert answer.status_code == 200
    assert body == {
        "result": [
            {"number_e164": first, "regional_data": place, "preferable": True},
            {"number_e164": second, "regional_data": place, "preferable": True},
        ],
        "limit": 2,
    }
    assert first != second
    assert first.startswith("+1702555")
    assert mfax.get("/v1/numbers/provision/search", npa=702, limit=2).json() == body
    exchange = mfax.get("/v1/numbers/provision/search", npa=702, nxx=321).json()
    assert len(exchange["result"]) == exchange["limit"] == 10
    assert all(offer["number_e164"].startswith("+1702321") for offer in exchange["result"])


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ({"city": "las vegas"}, {("LAS VEGAS", "NV")}),
        ({"city": "Portland", "state": "ME"}, {("PORTLAND", "ME")}),
        ({"city": "Portland", "state": "oregon"}, {("PORTLAND", "OR")}),
        ({"zipcode": "89101"}, {("LAS VEGAS", "NV"), ("RENO", "NV")}),
        ({"zipcode": "89101-0001", "npa": "775"}, {("RENO", "NV")}),
        ({"npa": "888"}, {("TOLL FREE", "")}),
        ({"npa": "212", "state": "NV"}, set()),
        ({"npa": "999"}, set()),
        ({"city": "Atlantis"}, set()),
    ],
)
def test_numbers_are_searched_by_place(
    mfax: Mfax, query: dict[str, str], places: set[tuple[str, str]]
) -> None:
    result = mfax.get("/v1/numbers/provision/search", **query).json()["result"]
    found = [offer["regional_data"] for offer in result]
    assert {(place["rate_center"], place["state"]) for place in found} == places


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({}, "At least one of npa, city, zipcode is required."),
        ({"nxx": 555, "state": "NV", "npa": ""}, "At least one of npa, city, zipcode is required."),
        ({"npa": "70"}, "npa: String does not match expected pattern."),
        ({"npa": 702, "nxx": "1"}, "nxx: String does not match expected pattern."),
        ({"zipcode": "89"}, "zipcode: String does not match expected pattern."),
        ({"npa": 702, "limit": 1001}, "limit: Must be a whole number from 1 to 1000."),
    ],
)
def test_a_search_that_cannot_be_made_is_said(mfax: Mfax, query: dict[str, Any], message: str) -> None:
    answer = mfax.get("/v1/numbers/provision/search", **query)
    assert (answer.status_code, answer.json()) == (400, error("InvalidInputError", message))


def test_searched_numbers_are_ordered(mfax: Mfax, accounts: list[dict[str, Any]]) -> None:
    offers = mfax.get("/v1/numbers/provision/search", npa=702, limit=3).json()["result"]
    first, second, third = (offer["number_e164"] for offer in offers)
    answer = mfax.post("/v1/numbers/provision", type="order", numbers=f"{first},{second}", storage=STORAGE)
    body = answer.json()
    common = {
        "pendingUntil": None,
        "ownedBy": accounts[0]["uuid"],
        "managedBy": accounts[0]["uuid"],
        "createdAt": body[0]["createdAt"],
        "owner": accounts[0],
        "manager": accounts[0],
    }
    assert answer.status_code == 200
    assert body == [
        {"uuid": body[0]["uuid"], "number": first[2:], **common},
        {"uuid": body[1]["uuid"], "number": second[2:], **common},
    ]
    keys = ["uuid", "number", "pendingUntil", "ownedBy", "managedBy", "createdAt", "owner", "manager"]
    assert list(body[0]) == keys
    assert mfax.get(f"/v1/numbers/{body[1]['uuid']}").json()["storage"] == STORAGE
    assert mfax.get("/v1/numbers").json()["count"] == 3
    left = mfax.get("/v1/numbers/provision/search", npa=702, limit=1).json()["result"]
    assert left[0]["number_e164"] == third
    again = mfax.post("/v1/numbers/provision", type="order", numbers=first)
    assert refused(again) == (400, "InvalidInputError", f"numbers: {first} is taken.")


def test_an_order_needs_a_search_of_the_last_day(mfax: Mfax) -> None:
    never = mfax.post("/v1/numbers/provision", type="order", numbers="+17025550199")
    message = "numbers: +17025550199 was in no search of the last 24 hours."
    assert (never.status_code, never.json()) == (400, error("InvalidInputError", message))
    found = mfax.get("/v1/numbers/provision/search", npa=702, limit=2).json()["result"]
    first, second = (offer["number_e164"] for offer in found)
    mfax.control.advance(by="24h")
    assert mfax.post("/v1/numbers/provision", type="order", numbers=first).status_code == 200
    mfax.control.advance(by="1s")
    assert mfax.post("/v1/numbers/provision", type="order", numbers=second).status_code == 400


def test_random_toll_free_numbers_are_provisioned(mfax: Mfax) -> None:
    assert len(mfax.post("/v1/numbers/provision", type="toll-free").json()) == 1
    numbers = mfax.post("/v1/numbers/provision", type="toll-free", quantity=20).json()
    assert len({each["number"] for each in numbers}) == 20
    assert {each["number"][:3] for each in numbers} <= {"800", "833", "844", "855", "866", "877", "888"}
    chosen = mfax.post("/v1/numbers/provision", type="toll-free", numbers="+18885550199").json()
    assert chosen[0]["number"] == "8885550199"


def test_local_numbers_are_provisioned_for_a_sub_account(mfax: Mfax, accounts: list[dict[str, Any]]) -> None:
    customer = accounts[1]["uuid"]
    (named,) = mfax.post(
        "/v1/numbers/provision", type="local", numbers="+17025550199", accountId=customer
    ).json()
    assert (named["number"], named["ownedBy"], named["managedBy"]) == (
        "7025550199",
        accounts[0]["uuid"],
        customer,
    )
    assert (named["owner"], named["manager"]) == (accounts[0], accounts[1])
    (any_one,) = mfax.post("/v1/numbers/provision", type="local").json()
    assert any_one["number"][:3] in ("509", "702")


def test_a_thousand_numbers_are_provisioned_at_most(mfax: Mfax) -> None:
    thousand = [f"+1702555{line:04d}" for line in range(1000)]
    answer = mfax.post("/v1/numbers/provision", type="local", numbers=",".join(thousand))
    assert (answer.status_code, len(answer.json())) == (200, 1000)
    more = ",".join([*thousand, "+17025559999"])
    answer = mfax.post("/v1/numbers/provision", type="local", numbers=more)
    message = "numbers: at most 1000 numbers are provisioned per call."
    assert (answer.status_code, answer.json()) == (400, error("InvalidInputError", message))


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({}, "type: Missing data for required field."),
        ({"type": "gift"}, "type: Must be one of: order, local, toll-free."),
        ({"type": "order"}, "numbers: an order names its numbers."),
        ({"type": "local", "numbers": "+44207"}, "numbers: +44207 is not a number in E.164."),
        ({"type": "local", "numbers": "+18885550199"}, "numbers: a toll-free number is not local."),
        (
            {"type": "toll-free", "numbers": "+17025550199"},
            "numbers: only toll-free numbers are taken with this type.",
        ),
        ({"type": "toll-free", "quantity": 0}, "quantity: Must be a whole number from 1 to 1000."),
        ({"type": "toll-free", "quantity": 1001}, "quantity: Must be a whole number from 1 to 1000."),
        ({"type": "toll-free", "storage": json.dumps([1])}, "storage: Must be a JSON object."),
    ],
)
def test_what_cannot_be_provisioned_is_said(mfax: Mfax, form: dict[str, Any], message: str) -> None:
    answer = mfax.post("/v1/numbers/provision", **form)
    assert (answer.status_code, answer.json()) == (400, error("InvalidInputError", message))
    assert mfax.get("/v1/numbers").json()["count"] == 1


@pytest.mark.parametrize(
    ("number", "country", "valid"),
    [
        ("2125550123", "US", True),
        ("+442079460123", "us", True),
        ("020 7946 0123", "GB", True),
        ("020 7946 0123", "US", False),
        ("example", "US", False),
        ("2125550123", "ZZ", False),
        ("1" * 250, "US", False),
    ],
)
def test_numbers_are_validated(mfax: Mfax, number: str, country: str, valid: bool) -> None:
    answer = mfax.get("/v1/numbers/validate", number=number, country=country)
    assert (answer.status_code, answer.json()) == (200, {"isValid": valid})


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"country": "US"}, "number: Missing data for required field."),
        ({"number": "2125550123"}, "country: Missing data for required field."),
        ({"number": "2125550123", "country": "USA"}, "country: String does not match expected pattern."),
    ],
)
def test_validation_needs_number_and_country(mfax: Mfax, query: dict[str, str], message: str) -> None:
    answer = mfax.get("/v1/numbers/validate", **query)
    assert (answer.status_code, answer.json()) == (400, error("InvalidInputError", message))
