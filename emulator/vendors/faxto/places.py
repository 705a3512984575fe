"""Countries, their states, and the area codes and cities of North America, read from public reference data.

Numbers can be had in the United States and Canada, where an area code belongs to one state (assumed).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

SERVED = {"USA": "US", "CAN": "CA"}
NAMED_OTHERWISE = {
    "Washington State": "Washington",
    "Washington D.C.": "District of Columbia",
    "British Colombia": "British Columbia",
}
"""How the numbering data spells some states, and their names."""

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
    import pycountry

    found = {}
    for each in pycountry.countries:
        dial_code = phonenumbers.country_code_for_region(each.alpha_2)
        if dial_code:
            name = getattr(each, "common_name", each.name)
            found[each.alpha_3] = Country(name, each.alpha_2, each.alpha_3, int(each.numeric), str(dial_code))
    return dict(sorted(found.items(), key=lambda item: item[1].name))


@cache
def states(country: Country) -> tuple[State, ...]:
    """Give the states (provinces, regions …) directly below a country."""
    import pycountry

    every: Iterable[Any] = pycountry.subdivisions.get(country_code=country.alpha2) or ()  # type: ignore[no-untyped-call]
    direct = sorted((_plain(each.name), each.code.partition("-")[2]) for each in every if _below(each))
    return tuple(State(index, name, code) for index, (name, code) in enumerate(direct, 1))


def _below(subdivision: Any) -> bool:
    # Outlying areas have a telephone code and a row among the countries.
    return not subdivision.parent_code and subdivision.type != "Outlying area"


def _plain(name: str) -> str:
    """Leave out what follows a name in brackets, as in `Wales [Cymru GB-CYM]`."""
    return name.partition(" [")[0]


def area_codes(country: Country, state: State) -> list[str]:
    """Give the area codes of a state."""
    groups_ = groups(country)
    return sorted({group.area_code for group in groups_ if state.code in group.states})


@cache
def groups(country: Country) -> tuple[Group, ...]:
    """Give the groups of a country's numbers, by area code and city."""
    if country.alpha3 not in SERVED:
        return ()
    rows: set[tuple[str, str, frozenset[str]]] = set()
    for area_code, names in _areas(country.alpha2).items():
        codes = _codes(country, names)
        rows |= {(area_code, *city) for city in _cities(names, codes)}
    ordered = sorted(rows, key=lambda row: (row[0], row[1], sorted(row[2])))
    first = country.numeric * GROUPS_OF_A_COUNTRY + 1
    return tuple(
        Group(first + index, code, city or None, of) for index, (code, city, of) in enumerate(ordered)
    )


def _areas(alpha2: str) -> dict[str, list[str]]:
    """Give the names that the numbering data has within each geographic area code of a country."""
    import phonenumbers
    from phonenumbers.geodata import GEOCODE_DATA

    found: dict[str, list[str]] = {}
    for prefix, names in GEOCODE_DATA.items():
        if prefix.startswith("1") and "en" in names:
            found.setdefault(prefix[1:4], []).append(names["en"])
    return {
        code: names
        for code, names in found.items()
        if phonenumbers.is_valid_number_for_region(_number(code), alpha2)
    }


def _number(area_code: str) -> Any:
    import phonenumbers

    return phonenumbers.PhoneNumber(country_code=1, national_number=int(f"{area_code}5552345"))


def _codes(country: Country, names: Iterable[str]) -> frozenset[str]:
    """Tell which states an area code lies in: those it is named after, else that of most of its cities."""
    by_name = {state.name: state.code for state in states(country)}
    named = {by_name[name] for name in _state_names(names) if name in by_name}
    if named:
        return frozenset(named)
    known = set(by_name.values())
    endings = Counter(ending for name in names if (ending := name.rpartition(", ")[2]) in known)
    return frozenset(code for code, _ in endings.most_common(1))


def _state_names(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        for part in name.split("/"):
            yield NAMED_OTHERWISE.get(part, part)


def _cities(names: Iterable[str], codes: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """Give the cities of names like `Albany, NY` that lie in one of the states; a state has no city."""
    for name in names:
        city, _, ending = name.rpartition(", ")
        if not city:
            yield "", codes
        elif ending in codes:
            yield city, frozenset({ending})
