"""Countries, states, area codes, groups of numbers, provisioning."""

from __future__ import annotations

from typing import Any

import phonenumbers
import pycountry
import pytest

from tests.vendors.faxto.conftest import Faxto


def state_id(faxto: Faxto, country: str, code: str) -> str:
    states = faxto.get(f"/states/{country}")["states"]
    return str(next(state["id"] for state in states if state["code"] == code))


def test_every_country_with_a_telephone_code_is_listed(faxto: Faxto) -> None:
    body = faxto.get("/countries")
    assert list(body) == ["status", "data"]
    rows = {row["a2_code"]: row for row in body["data"]}
    wanted = {
        each.alpha_2: str(code)
        for each in pycountry.countries
        if (code := phonenumbers.country_code_for_region(each.alpha_2))
    }
    assert {code: row["dial_code"] for code, row in rows.items()} == wanted
    us = {"country": "United States", "slug": "united-states", "a2_code": "US", "dial_code": "1"}
    assert rows["US"] == us
    assert rows["CI"]["slug"] == "cote-d-ivoire"


def test_states_of_the_united_states_and_canada_are_complete(faxto: Faxto) -> None:
    states = faxto.get("/states/USA")["states"]
    assert len(states) == 51
    assert states[0] == {"id": "1", "name": "Alabama", "code": "AL"}
    assert [state["id"] for state in states] == [str(number) for number in range(1, 52)]
    assert len(faxto.get("/states/CAN")["states"]) == 13
    assert {state["name"] for state in faxto.get("/states/gbr")["states"]} >= {"Scotland", "Wales"}


@pytest.mark.parametrize(("country", "region"), [("USA", "US"), ("CAN", "CA")])
def test_every_geographic_area_code_lies_in_a_state(faxto: Faxto, country: str, region: str) -> None:
    found: set[str] = set()
    for state in faxto.get(f"/states/{country}")["states"]:
        rows = faxto.get(f"/areacodes/{country}/{state['id']}")["areacodes"]
        assert rows
        assert all(
            list(row.items())[:2] == [("country_code", country), ("state_id", int(state["id"]))]
            for row in rows
        )
        found |= {row["area_code"] for row in rows}
    numbers = {str(code): phonenumbers.parse(f"+1{code}5552345") for code in range(200, 1000)}
    wanted = {
        code
        for code, number in numbers.items()
        if phonenumbers.is_valid_number_for_region(number, region)
        and phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE
    }
    assert found == wanted


def test_area_codes_of_a_state_are_the_real_ones(faxto: Faxto) -> None:
    def codes(country: str, state: str) -> set[str]:
        body = faxto.get(f"/areacodes/{country}/{state_id(faxto, country, state)}")
        assert list(body) == ["status", "areacodes"]
        return {row["area_code"] for row in body["areacodes"]}

    assert codes("USA", "DC") == {"202", "771"}
    assert codes("USA", "WY") == {"307"}
    assert codes("CAN", "MB") == {"204", "431", "584"}
    assert codes("CAN", "YT") == codes("CAN", "NU") == {"867"}
    assert codes("CAN", "PE") == {"782", "902"}
    assert "201" not in codes("USA", "NY")


def test_groups_are_found_by_city_pattern_area_code_state_and_id(faxto: Faxto) -> None:
    def groups(**params: Any) -> list[dict[str, Any]]:
        return list(faxto.get("/countries/USA/didgroups", **params)["data"])

    york = groups(cityNamePattern="New York%")
    assert {row["city_name"] for row in york} == {"New York", "New York Mills"}
    assert list(york[0]) == ["did_group_id", "area_code", "city_name"]
    assert {row["city_name"] for row in groups(cityNamePattern="new york")} == {"New York"}
    assert {row["area_code"] for row in groups(areaCode="212")} == {"212"}
    state = state_id(faxto, "USA", "MN")
    assert {row["city_name"] for row in groups(cityNamePattern="New York%", stateId=state)} == {
        "New York Mills"
    }
    ids = [york[0]["did_group_id"], york[-1]["did_group_id"]]
    assert groups(didGroupIds=",".join(map(str, ids))) == [york[0], york[-1]]
    path = "/countries/USA/didgroups"
    for name in ("cityNamePattern", "didGroupIds"):
        assert faxto.fail("GET", path, 400, params={name: "9" * 3000}) == f"The {name} is not valid"
    assert groups(cityNamePattern="[N]ew York") == groups(cityNamePattern="?ew York") == []


def test_city_pattern_of_many_wildcards_is_answered(faxto: Faxto) -> None:
    """Tried in every way it would take for ever, and the call would hang."""
    body = faxto.get("/countries/USA/didgroups", cityNamePattern="%a" * 49 + "!")
    assert body == {"status": "success", "data": []}


def test_countries_without_numbers_to_be_had_have_no_groups(faxto: Faxto) -> None:
    assert faxto.get("/countries/DEU/didgroups") == {"status": "success", "data": []}
    assert faxto.get(f"/areacodes/DEU/{faxto.get('/states/DEU')['states'][0]['id']}")["areacodes"] == []


@pytest.mark.parametrize(
    "path",
    [
        "/states/XXX",
        "/states/US",
        "/states/%F0%9F%93%A0",
        "/areacodes/XXX/1",
        "/areacodes/USA/0",
        "/areacodes/USA/x",
        "/countries/XXX/didgroups",
        "/countries/USA/didgroups?stateId=99",
        "/countries/didgroups/1/provision",
        "/countries/didgroups/84099999/provision",
        "/countries/didgroups/x/provision",
        "/countries/didgroups/99999999999999999999/provision",
    ],
)
def test_unknown_place_or_group_is_not_found(faxto: Faxto, path: str) -> None:
    assert faxto.fail("GET", path, 404) == "Resource not found"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_provisioned_number_is_the_accounts_own(faxto: Faxto, method: str) -> None:
    [group] = faxto.get("/countries/CAN/didgroups", cityNamePattern="Brandon", areaCode="204")["data"]
    body = faxto.call(method, f"/countries/didgroups/{group['did_group_id']}/provision")
    data = body["data"]
    assert body == {"status": "success", "message": "Number has been provisioned.", "data": data}
    assert data == {
        "id": data["id"],
        "didid": data["id"],
        "did_group_id": group["did_group_id"],
        "country_code": "CAN",
        "city_name": "Brandon",
        "area_code": "204",
        "number": "+12045550100",
        "type": "GEOGRAPHIC",
        "trunk_id": data["trunk_id"],
    }
    assert faxto.control.vendor("faxto")["numbers"] == ["+12048134699", "+12045550100"]
    row = faxto.get("/numbers")["numbers"][1]
    expires = row.pop("expiration_date")
    assert expires > faxto.control.now()[:10]
    assert row == {
        "id": data["id"],
        "order_reference": None,
        "country_code": "CAN",
        "country": "CANADA",
        "city_name": "Brandon",
        "area_code": "204",
        "did_group_id": group["did_group_id"],
        "did_number": "+12045550100",
        "status": "Active",
    }


def test_numbers_are_given_once_until_none_is_left(faxto: Faxto) -> None:
    group = faxto.get("/countries/CAN/didgroups", areaCode="204")["data"][0]["did_group_id"]
    path = f"/countries/didgroups/{group}/provision"
    numbers = [faxto.call("POST", path)["data"]["number"] for _ in range(100)]
    assert len(set(numbers)) == 100
    assert faxto.fail("POST", path, 404) == "No number of this group is left"


def test_number_asked_for_by_a_field_needs_a_group(faxto: Faxto) -> None:
    for fields, message in (
        ({}, "The did_group_id is required"),
        ({"did_group_id": "x"}, "The did_group_id is not valid"),
        ({"did_group_id": [1]}, "The did_group_id is not valid"),
    ):
        assert faxto.fail("POST", "/provision-numbers", 400, json=fields) == message


def test_numbers_are_listed_by_page(faxto: Faxto) -> None:
    owned = ["+12048134699", "+918111922311", "+442079460123", "+12", "no number"]
    faxto.control.vendor("faxto", numbers=owned)
    body = faxto.get("/numbers")
    assert list(body) == ["status", "numbers", "meta"]
    shown = [(row["did_number"], row["country_code"], row["area_code"]) for row in body["numbers"]]
    assert shown[:3] == [
        ("+12048134699", "CAN", "204"),
        ("+918111922311", "IND", ""),
        ("+442079460123", "GBR", "20"),
    ]
    assert [row[1] for row in shown[3:]] == ["", ""]
    second = faxto.get("/numbers", limit=2, page=2)
    assert [row["did_number"] for row in second["numbers"]] == [*owned[2:3], "+12"]
    assert second["meta"]["pagination"]["total_pages"] == 3
    assert len({row["id"] for row in body["numbers"]}) == 5
