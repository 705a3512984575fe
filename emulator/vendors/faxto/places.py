"""Countries, their states, and the area codes and cities of North America, from public reference data.

Numbers can be had in the United States and Canada, where an area code belongs to one state (assumed).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from emulator.vendors.countries import all_countries, table

GROUPS_OF_A_COUNTRY = 100_000


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
class State:
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
    """Give the countries that have a telephone code, by their three letters, in the order of their names."""
    import phonenumbers

    found = {}
    for each in all_countries():
        dial_code = phonenumbers.country_code_for_region(each.alpha2)
        if dial_code:
            name = each.common_name or each.name
            found[each.alpha3] = Country(name, each.alpha2, each.alpha3, int(each.numeric), str(dial_code))
    return dict(sorted(found.items(), key=lambda item: item[1].name))


@cache
def states(country: Country) -> tuple[State, ...]:
    """Give the states (provinces, regions …) directly below a country."""
    direct = sorted((name, code) for alpha2, code, name in _rows("states") if alpha2 == country.alpha2)
    return tuple(State(index, name, code) for index, (name, code) in enumerate(direct, 1))


def area_codes(country: Country, state: State) -> list[str]:
    """Give the area codes of a state."""
    groups_ = groups(country)
    return sorted({group.area_code for group in groups_ if state.code in group.states})


@cache
def groups(country: Country) -> tuple[Group, ...]:
    """Give the groups of a country's numbers, by area code and city."""
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
