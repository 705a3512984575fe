"""Write the tables of countries, states, areas, cities and ZIP codes from three libraries; see make-places.

These hold far more than the vendors tell: geodata of the whole world, languages, currencies.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

import phonenumbers
import pycountry
import zipcodes
from phonenumbers import geocoder
from phonenumbers.geodata import GEOCODE_DATA

VENDORS = Path(__file__).parent.parent / "emulator" / "vendors"
SERVED = ("CA", "US")
NAMED_OTHERWISE = {
    "Washington State": "Washington",
    "Washington D.C.": "District of Columbia",
    "British Colombia": "British Columbia",
}
"""How the numbering data spells some states, and their names."""

Row = tuple[str, ...]


def countries() -> Iterator[Row]:
    """Give the letters of each country, its number, its name and its common name where that is another."""
    for each in pycountry.countries:
        yield each.alpha_2, each.alpha_3, each.numeric, each.name, getattr(each, "common_name", "")


def states() -> Iterator[Row]:
    """Give country, code and name of what lies directly below a country; outlying areas are countries too."""
    for each in pycountry.subdivisions:
        if not each.parent_code and each.type != "Outlying area":
            # What follows a name in brackets, as in `Wales [Cymru GB-CYM]`, is left out.
            yield each.country_code, each.code.partition("-")[2], each.name.partition(" [")[0]


def areas() -> Iterator[Row]:
    """Give country, prefix and place of the areas that the numbering data names."""
    for region in phonenumbers.SUPPORTED_REGIONS:
        for number in _numbers(region):
            north_american = number.country_code == 1
            length = 3 if north_american else phonenumbers.length_of_geographical_area_code(number) or 2
            prefix = phonenumbers.national_significant_number(number)[:length]
            if place := geocoder.description_for_number(number, "en"):
                yield region, prefix, place


def _numbers(region: str) -> Iterator[phonenumbers.PhoneNumber]:
    if phonenumbers.country_code_for_region(region) != 1:
        example = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.FIXED_LINE)
        yield from filter(None, [example or phonenumbers.example_number(region)])
        return
    for code in range(200, 1000):
        number = phonenumbers.parse(f"+1{code}5550100")
        if phonenumbers.region_code_for_number(number) == region:
            yield number


def cities() -> Iterator[Row]:
    """Give country, area code, its states, and the cities that lie in these; an empty one is all of it."""
    for country in SERVED:
        known = {name: code for alpha2, code, name in states() if alpha2 == country}
        for area_code, names in _areas(country).items():
            codes = _codes(known, names)
            found: dict[frozenset[str], set[str]] = defaultdict(set)
            for city, of in _cities(names, codes):
                found[of].add(city)
            for of, inside in found.items():
                yield country, area_code, " ".join(sorted(of)), ";".join(sorted(inside))


def _areas(country: str) -> dict[str, list[str]]:
    """Give the names that the numbering data has within each geographic area code of a country."""
    found: dict[str, list[str]] = defaultdict(list)
    for prefix, names in GEOCODE_DATA.items():
        if prefix.startswith("1") and "en" in names:
            found[prefix[1:4]].append(names["en"])
    return {code: names for code, names in found.items() if _lies_in(country, code)}


def _lies_in(country: str, area_code: str) -> bool:
    return phonenumbers.is_valid_number_for_region(phonenumbers.parse(f"+1{area_code}5552345"), country)


def _codes(known: dict[str, str], names: Iterable[str]) -> frozenset[str]:
    """Tell which states an area code lies in: those it is named after, else that of most of its cities."""
    parts = (NAMED_OTHERWISE.get(part, part) for name in names for part in name.split("/"))
    if named := {known[part] for part in parts if part in known}:
        return frozenset(named)
    endings = Counter(ending for name in names if (ending := name.rpartition(", ")[2]) in known.values())
    return frozenset(code for code, _ in endings.most_common(1))


def _cities(names: Iterable[str], codes: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """Give the cities of names like `Albany, NY` that lie in one of the states; a state has no city."""
    for name in names:
        city, _, ending = name.rpartition(", ")
        if not city:
            yield "", codes
        elif ending in codes:
            yield city, frozenset({ending})


def zips() -> Iterator[Row]:
    """Give ZIP codes, as ranges, with their city, state and the area codes of the numbers there."""
    areas = {line.partition("\t")[0] for line in _lines("mfax/objects/areas.tsv")}
    states = {line.partition("\t")[0] for line in _lines("mfax/objects/states.tsv")}
    found: dict[Row, list[int]] = defaultdict(list)
    for each in zipcodes.list_all():
        codes = [code for code in each["area_codes"] if code in areas]
        if each["state"] in states and codes:
            found[each["city"].upper(), each["state"], " ".join(codes)].append(int(each["zip_code"]))
    for place, numbers in found.items():
        yield " ".join(_ranges(sorted(numbers))), *place


def _lines(path: str) -> list[str]:
    return (VENDORS / path).read_text(encoding="utf-8").splitlines()


def _ranges(numbers: list[int]) -> Iterator[str]:
    """Give rising numbers as `from-to`, one that stands alone as it is."""
    for _, group in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        first, *more = [f"{number:05}" for _, number in group]
        yield f"{first}-{more[-1]}" if more else first


def write(path: str, rows: Iterable[Row]) -> None:
    lines = sorted("\t".join(row) for row in rows)
    (VENDORS / path).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    print(f"emulator/vendors/{path}: {len(lines)} rows")


if __name__ == "__main__":
    write("countries.tsv", countries())
    write("ifax/areas.tsv", areas())
    write("faxto/states.tsv", states())
    write("faxto/cities.tsv", cities())
    write("mfax/objects/zips.tsv", zips())
