"""How the account gets numbers: search, order, local, toll-free; and validation."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.vendors.mfax.bodies import BODIES, CUSTOMER, number, offer, whole
from tests.vendors.mfax.conftest import Mfax, error

FIRST, SECOND, THIRD, *_ = BODIES["offers"]
STORAGE = '{"protocol":"ftp", "host":"example.com"}'


SEARCH = "/v1/numbers/provision/search"
PROVISION = "/v1/numbers/provision"


def found(*offers: dict[str, Any], limit: int = 2) -> dict[str, Any]:
    """Give the body of a search."""
    return {"result": list(offers), "limit": limit}


def test_the_same_search_finds_the_same_numbers(mfax: Mfax) -> None:
    for _ in range(2):
        whole(mfax.get(SEARCH, npa=702, limit=2), found(offer(FIRST), offer(SECOND)))
    whole(mfax.get(SEARCH, npa=702), found(*(offer(each) for each in BODIES["offers"]), limit=10))


@pytest.mark.parametrize(
    ("query", "offers"),
    [
        ({"city": "las vegas"}, [offer(FIRST), offer("+17255551495")]),
        (
            {"city": "Portland", "state": "ME"},
            [offer("+12075556223", "PORTLAND", "ME"), offer("+12075550576", "PORTLAND", "ME")],
        ),
        (
            {"city": "Portland", "state": "oregon"},
            [offer("+15035554620", "PORTLAND", "OR"), offer("+19715556562", "PORTLAND", "OR")],
        ),
        ({"zipcode": "89101-0001", "npa": "725"}, [offer("+17255551495"), offer("+17255556798")]),
        ({"zipcode": "89101", "npa": "775"}, []),
        (
            {"zipcode": "14604"},
            [offer("+15855556529", "ROCHESTER", "NY"), offer("+15855552432", "ROCHESTER", "NY")],
        ),
        (
            {"zipcode": "10001", "npa": "212"},
            [offer("+12125553578", "NEW YORK", "NY"), offer("+12125554331", "NEW YORK", "NY")],
        ),
        (
            {"zipcode": "12207", "city": "albany", "npa": "518"},
            [offer("+15185551996", "ALBANY", "NY"), offer("+15185554409", "ALBANY", "NY")],
        ),
        ({"zipcode": "12207", "city": "New York"}, []),
        ({"zipcode": "00000"}, []),
        (
            {"npa": "888"},
            [offer("+18885552793", "TOLL FREE", ""), offer("+18885553066", "TOLL FREE", "")],
        ),
        ({"npa": "212", "state": "NV"}, []),
        ({"npa": "999"}, []),
        ({"city": "Atlantis"}, []),
    ],
)
def test_numbers_are_searched_by_place(
    mfax: Mfax, query: dict[str, str], offers: list[dict[str, Any]]
) -> None:
    whole(mfax.get(SEARCH, **query, limit=2), found(*offers))


@pytest.mark.parametrize(
    ("zip_code", "city", "state", "area_codes"),
    [
        ("90210", "BEVERLY HILLS", "CA", {"310", "424"}),
        ("11201", "BROOKLYN", "NY", {"347", "718", "917", "929"}),
        ("10451", "BRONX", "NY", {"347", "718", "917", "929"}),
        ("10004", "NEW YORK", "NY", {"212", "332", "646", "917"}),
        ("60601", "CHICAGO", "IL", {"312", "872"}),
        ("07102", "NEWARK", "NJ", {"862", "973"}),
        ("20016", "WASHINGTON", "DC", {"202", "771"}),
        ("01001", "AGAWAM", "MA", {"413"}),
        ("91316", "ENCINO", "CA", {"747", "818"}),
        ("99501", "ANCHORAGE", "AK", {"907"}),
    ],
)
def test_a_zip_code_gives_its_own_city_and_the_area_codes_that_serve_it(
    mfax: Mfax, zip_code: str, city: str, state: str, area_codes: set[str]
) -> None:
    result = mfax.get(SEARCH, zipcode=zip_code, limit=50).json()["result"]
    assert {each["number_e164"][2:5] for each in result} == area_codes
    places = {(each["regional_data"]["rate_center"], each["regional_data"]["state"]) for each in result}
    assert places == {(city, state)}


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({}, "At least one of npa, city, zipcode is required."),
        ({"nxx": 555, "state": "NV", "npa": ""}, "At least one of npa, city, zipcode is required."),
        ({"npa": "70"}, "npa: Must be three digits that begin with 2 to 9."),
        ({"npa": 702, "nxx": "1"}, "nxx: Must be three digits that begin with 2 to 9."),
        ({"zipcode": "89"}, "zipcode: Must be a ZIP code: 89101 or 89101-1234."),
        ({"npa": 702, "limit": 1001}, "limit: Must be a whole number from 1 to 1000."),
    ],
)
def test_a_search_that_cannot_be_made_is_said(mfax: Mfax, query: dict[str, Any], message: str) -> None:
    answer = mfax.get("/v1/numbers/provision/search", **query)
    whole(answer, error("InvalidInputError", message), 400)


def new(place: int, digits: str, **changes: Any) -> dict[str, Any]:
    """Give a number as it is provisioned, the `place`-th after the one of the portal."""
    return number("provision", uuid=BODIES["provisioned"][place], number=digits, **changes)


def test_searched_numbers_are_ordered(mfax: Mfax) -> None:
    mfax.get("/v1/numbers")
    mfax.get(SEARCH, npa=702, limit=3)
    answer = mfax.post(PROVISION, type="order", numbers=f"{FIRST},{SECOND}", storage=STORAGE)
    whole(answer, [new(0, FIRST[2:]), new(1, SECOND[2:])])
    own = BODIES["provisioned"][1]
    settled = number("number-read", uuid=own, number=SECOND[2:], storage=STORAGE)
    whole(mfax.get(f"/v1/numbers/{own}"), settled)
    whole(mfax.get(SEARCH, npa=702, limit=1), found(offer(THIRD), limit=1))
    again = mfax.post(PROVISION, type="order", numbers=FIRST)
    whole(again, error("InvalidInputError", f"numbers: {FIRST} is taken."), 400)


def test_an_order_needs_a_search_of_the_last_day(mfax: Mfax) -> None:
    mfax.get("/v1/numbers")
    unseen = "numbers: {} was in no search of the last 24 hours."
    never = mfax.post(PROVISION, type="order", numbers="+17025550199")
    whole(never, error("InvalidInputError", unseen.format("+17025550199")), 400)
    mfax.get(SEARCH, npa=702, limit=2)
    mfax.control.advance(by="24h")
    tomorrow = {"createdAt": "2026-03-03T12:00:00.000Z"}
    whole(mfax.post(PROVISION, type="order", numbers=FIRST), [new(0, FIRST[2:], **tomorrow)])
    mfax.control.advance(by="1s")
    late = mfax.post(PROVISION, type="order", numbers=SECOND)
    whole(late, error("InvalidInputError", unseen.format(SECOND)), 400)


def test_random_toll_free_numbers_are_provisioned(mfax: Mfax) -> None:
    mfax.get("/v1/numbers")
    whole(mfax.post(PROVISION, type="toll-free"), [new(0, "8005559721")])
    whole(mfax.post(PROVISION, type="toll-free", quantity=2), [new(1, "8335551872"), new(2, "8445552189")])
    whole(mfax.post(PROVISION, type="toll-free", numbers="+18885550199"), [new(3, "8885550199")])


def test_local_numbers_are_provisioned_for_a_sub_account(mfax: Mfax) -> None:
    mfax.get("/v1/numbers")
    theirs = {"managedBy": CUSTOMER["uuid"], "manager": CUSTOMER}
    form = {"numbers": "+17025550199", "accountId": CUSTOMER["uuid"]}
    whole(mfax.post(PROVISION, type="local", **form), [new(0, "7025550199", **theirs)])
    whole(mfax.post(PROVISION, type="local"), [new(1, "5095557525")])


def test_an_account_without_local_numbers_gets_one_all_the_same(mfax: Mfax) -> None:
    mfax.control.vendor("mfax", numbers=["+442079460123"])
    mfax.get("/v1/numbers")
    whole(mfax.post(PROVISION, type="local"), [new(0, FIRST[2:])])


def test_a_thousand_numbers_are_provisioned_at_most(mfax: Mfax) -> None:
    thousand = [f"+1702555{line:04d}" for line in range(1000)]
    answer = mfax.post(PROVISION, type="local", numbers=",".join(thousand))
    made = [each["uuid"] for each in answer.json()]
    expected = [
        number("provision", uuid=uuid, number=each[2:]) for uuid, each in zip(made, thousand, strict=True)
    ]
    whole(answer, expected)
    assert len(set(made)) == 1000
    more = ",".join([*thousand, "+17025559999"])
    answer = mfax.post(PROVISION, type="local", numbers=more)
    message = "numbers: at most 1000 numbers are provisioned per call."
    whole(answer, error("InvalidInputError", message), 400)


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({}, "type: Missing data for required field."),
        ({"type": "gift"}, "type: Must be one of: order, local, toll-free."),
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
    whole(answer, error("InvalidInputError", message), 400)
    own = {"rows": [number("numbers")], "count": 1, "limit": 30, "offset": 0}
    whole(mfax.get("/v1/numbers"), own)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"country": "US"}, "number: Missing data for required field."),
        ({"number": "2125550123"}, "country: Missing data for required field."),
        ({"number": "2125550123", "country": "USA"}, "country: Must be an alpha-2 country code: US."),
    ],
)
def test_validation_needs_number_and_country(mfax: Mfax, query: dict[str, str], message: str) -> None:
    answer = mfax.get("/v1/numbers/validate", **query)
    whole(answer, error("InvalidInputError", message), 400)


def test_the_references_order_without_numbers_gets_a_toll_free_one(mfax: Mfax) -> None:
    mfax.get("/v1/numbers")
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = mfax.call("POST", PROVISION, data="type=order", headers=form)
    whole(answer, [new(0, "8005559721")])
