"""Countries, their states, and the area codes and cities of North America, from public reference data.

Numbers can be had in the United States and Canada, where an area code belongs to one state (assumed).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from flask import Response

from emulator.vendors.countries import all_countries, table
from emulator.vendors.faxto import parameters
from emulator.vendors.faxto.errors import found, success
from emulator.vendors.faxto.parameters import load

GROUPS_OF_A_COUNTRY = 100_000

_PATTERN = str.maketrans({"%": "*", "*": "[*]", "?": "[?]", "[": "[[]"})
"""A city pattern as the vendor writes it (% is any ending) to one of fnmatch."""


@dataclass(frozen=True)
class Country:
    """A country as the vendor lists it; `numeric` is its ISO number."""

    name: str
    alpha2: str
    alpha3: str
    numeric: int
    dial_code: str

    @property
    def slug(self) -> str:
        plain = unicodedata.normalize("NFKD", self.name).encode("ascii", "ignore").decode().lower()
        return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


@dataclass(frozen=True)
class Subdivision:
    """A state by its place in the alphabet of its country."""

    id: int
    name: str
    code: str


@dataclass(frozen=True)
class Group:
    """Numbers of one area code and city; without a city they are of the whole area."""

    id: int
    area_code: str
    city: str | None
    states: frozenset[str]


@cache
def countries() -> Mapping[str, Country]:
    """The countries that have a telephone code, by their three letters, in the order of their names."""
    import phonenumbers

    dialled = [
        Country(each.common_name or each.name, each.alpha2, each.alpha3, int(each.numeric), str(dial_code))
        for each in all_countries()
        if (dial_code := phonenumbers.country_code_for_region(each.alpha2))
    ]
    return {country.alpha3: country for country in sorted(dialled, key=lambda each: each.name)}


@cache
def states(country: Country) -> tuple[Subdivision, ...]:
    """The states (provinces, regions …) directly below a country."""
    direct = sorted((name, code) for alpha2, code, name in _rows("states") if alpha2 == country.alpha2)
    return tuple(Subdivision(index, name, code) for index, (name, code) in enumerate(direct, 1))


@cache
def groups(country: Country) -> tuple[Group, ...]:
    """The groups of a country's numbers, by area code and city."""
    rows = [
        (area_code, city, of.split())
        for alpha2, area_code, of, cities in _rows("cities")
        if alpha2 == country.alpha2
        for city in cities.split(";")
    ]
    first = country.numeric * GROUPS_OF_A_COUNTRY + 1
    return tuple(
        Group(first + index, area_code, city or None, frozenset(of))
        for index, (area_code, city, of) in enumerate(sorted(rows))
    )


@cache
def _rows(name: str) -> list[list[str]]:
    return table(Path(__file__).with_name(f"{name}.tsv"))


def group_of(text: str) -> tuple[Country, Group]:
    """Find a group of numbers by its id, and its country, or raise the documented 404."""
    number = int(parameters.number_in_path(text))
    of_country = number // GROUPS_OF_A_COUNTRY
    country = found(next((each for each in countries().values() if each.numeric == of_country), None))
    return country, found(next((group for group in groups(country) if group.id == number), None))


def list_countries() -> Response:
    """List the countries."""
    rows = [
        {"country": each.name, "slug": each.slug, "a2_code": each.alpha2, "dial_code": each.dial_code}
        for each in countries().values()
    ]
    return success(data=rows)


def list_states(alpha3: str) -> Response:
    """List the states of a country."""
    states_ = states(_country(alpha3))
    return success(states=[{"id": str(each.id), "name": each.name, "code": each.code} for each in states_])


def list_area_codes(alpha3: str, state_id: str) -> Response:
    """List the area codes of a state."""
    country = _country(alpha3)
    state = _state(country, state_id)
    codes = sorted({group.area_code for group in groups(country) if state.code in group.states})
    rows = [{"country_code": country.alpha3, "state_id": state.id, "area_code": each} for each in codes]
    return success(areacodes=rows)


def list_groups(alpha3: str) -> Response:
    """List the groups of numbers that can be had."""
    country, wanted = _country(alpha3), load(parameters.GroupFilter)
    state = _state(country, wanted["state"]) if wanted["state"] else None
    ids = set(filter(None, (text.strip() for text in wanted["ids"].split(","))))
    city = wanted["city"].lower().translate(_PATTERN)
    rows = [
        {"did_group_id": group.id, "area_code": group.area_code, "city_name": group.city}
        for group in groups(country)
        if (not ids or str(group.id) in ids)
        and (state is None or state.code in group.states)
        and (not city or fnmatchcase((group.city or "").lower(), city))
        and wanted["area_code"] in ("", group.area_code)
    ]
    return success(data=rows)


def _country(alpha3: str) -> Country:
    return found(countries().get(alpha3.upper()))


def _state(country: Country, state_id: str) -> Subdivision:
    return found(next((state for state in states(country) if str(state.id) == state_id), None))
