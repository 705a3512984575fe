"""How the account gets numbers: search, order, local, toll-free; and validation."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.vendors.mfax.conftest import Mfax, error, refused

STORAGE = '{"protocol":"ftp", "host":"example.com"}'


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


def test_an_account_without_local_numbers_gets_one_all_the_same(mfax: Mfax) -> None:
    mfax.control.vendor("mfax", numbers=["+442079460123"])
    (number,) = mfax.post("/v1/numbers/provision", type="local").json()
    assert number["number"].startswith("702555")


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
