"""The endpoints of places and numbers: countries, states, area codes, groups, the account's numbers."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

from flask import Response

from emulator.vendors.dialect import call
from emulator.vendors.faxto import numbers, parameters, places, schemas
from emulator.vendors.faxto.errors import answer, not_found
from emulator.vendors.faxto.parameters import load
from emulator.vendors.faxto.places import GROUPS_OF_A_COUNTRY, Country, Group, State
from emulator.vendors.faxto.tables import PROVISIONED

_PATTERN = str.maketrans({"%": "*", "*": "[*]", "?": "[?]", "[": "[[]"})
"""A city pattern as the vendor writes it (% is any ending) to one of fnmatch."""


def countries() -> Response:
    rows = [
        {"country": each.name, "slug": each.slug, "a2_code": each.alpha2, "dial_code": each.dial_code}
        for each in places.countries().values()
    ]
    return answer({"status": "success", "data": rows})


def states(alpha3: str) -> Response:
    found = places.states(_country(alpha3))
    rows = [{"id": str(state.id), "name": state.name, "code": state.code} for state in found]
    return answer({"status": "success", "states": rows})


def area_codes(alpha3: str, state_id: str) -> Response:
    country = _country(alpha3)
    state = _state(country, state_id)
    if state is None:
        raise not_found()
    rows = [
        {"country_code": country.alpha3, "state_id": state.id, "area_code": area_code}
        for area_code in places.area_codes(country, state)
    ]
    return answer({"status": "success", "areacodes": rows})


def groups(alpha3: str) -> Response:
    country, wanted = _country(alpha3), load(schemas.GroupFilter)
    state = _state(country, wanted["state"]) if wanted["state"] else None
    if wanted["state"] and state is None:
        raise not_found()
    ids = set(filter(None, (text.strip() for text in wanted["ids"].split(","))))
    city = wanted["city"].lower().translate(_PATTERN)
    rows = [
        {"did_group_id": group.id, "area_code": group.area_code, "city_name": group.city}
        for group in places.groups(country)
        if (not ids or str(group.id) in ids)
        and (state is None or state.code in group.states)
        and (not city or fnmatchcase((group.city or "").lower(), city))
        and wanted["area_code"] in ("", group.area_code)
    ]
    return answer({"status": "success", "data": rows})


def provision(did_group_id: str) -> Response:
    country, group = _group(did_group_id)
    data = numbers.provision(call(), country, group)
    return answer({"status": "success", "message": PROVISIONED, "data": data})


def provision_named() -> Response:
    return provision(load(schemas.WhichGroup)["did_group_id"])


def own_numbers() -> Response:
    here, wanted = call(), parameters.page()
    owned = here.settings.numbers
    rows: list[dict[str, Any]] = [
        numbers.shown(here, number) for number in owned[wanted.offset : wanted.offset + wanted.limit]
    ]
    meta = parameters.meta(wanted, len(owned), len(rows))
    return answer({"status": "success", "numbers": rows, "meta": meta})


def _country(alpha3: str) -> Country:
    country = places.countries().get(alpha3.upper())
    if country is None:
        raise not_found()
    return country


def _state(country: Country, state_id: str) -> State | None:
    return next((state for state in places.states(country) if str(state.id) == state_id), None)


def _group(did_group_id: str) -> tuple[Country, Group]:
    number = int(schemas.number_in_path(did_group_id))
    for country in places.countries().values():
        if country.numeric == number // GROUPS_OF_A_COUNTRY:
            for group in places.groups(country):
                if group.id == number:
                    return country, group
    raise not_found()
