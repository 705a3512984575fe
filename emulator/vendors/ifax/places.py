"""Countries, areas and numbers for sale, from public reference data; the same for every sandbox."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from emulator.vendors.countries import all_countries, table
from emulator.vendors.ifax.tables import FOR_SALE


class SaleArea(NamedTuple):
    """An area of a country; its id is its calling code and prefix."""

    id: str
    prefix: str
    name: str
    country: str


@cache
def _library() -> Any:
    """The library of numbers is large, so it is imported when a client first asks."""
    import phonenumbers

    return phonenumbers


@cache
def countries() -> dict[str, tuple[str, int]]:
    """Name and calling code of all countries that have telephone numbers, by ISO code in order of names."""
    lib = _library()
    known = sorted((each.name, each.alpha2) for each in all_countries())
    return {
        region: (name, lib.country_code_for_region(region))
        for name, region in known
        if region in lib.SUPPORTED_REGIONS
    }


@cache
def areas(abbreviation: str) -> tuple[SaleArea, ...]:
    """The areas of a country: in North America its area codes, elsewhere that of its example number."""
    (country, code), names = countries()[abbreviation], _names()
    prefixes = _north_american(abbreviation) if code == 1 else _example_prefix(abbreviation)
    return tuple(
        SaleArea(f"{code}{prefix}", prefix, names.get((abbreviation, prefix), country), abbreviation)
        for prefix in prefixes
    )


def find_area(area_id: str) -> SaleArea | None:
    """Find an area by its id, which says the country by its calling code."""
    codes = [int(area_id[:length] or 0) for length in (1, 2, 3)]
    regions = [region for code in codes for region in _library().COUNTRY_CODE_TO_REGION_CODE.get(code, ())]
    known = (each for region in regions if region in countries() for each in areas(region))
    return next((each for each in known if each.id == area_id), None)


@cache
def for_sale(area_id: str) -> tuple[str, ...]:
    """The numbers of an area: in North America 555-01NN, which nobody has, else beside the example."""
    found = find_area(area_id)
    if found is None:
        return ()
    if found.id.startswith("1"):
        return tuple(f"+1{found.prefix}55501{last:02}" for last in range(FOR_SALE))
    return tuple(_near_example(found.country))


def is_offered(number: str) -> bool:
    """Tell whether a number, in E.164, is for sale in its area."""
    if number.startswith("+1"):
        return number in for_sale(number[1:5])
    region = _region(number)
    return region in countries() and any(number in for_sale(each.id) for each in areas(region or ""))


def has_country(number: str) -> bool:
    """Tell whether a number begins with the calling code of a country."""
    return any(int(number[1:end]) in _library().COUNTRY_CODE_TO_REGION_CODE for end in (2, 3, 4))


def in_us_or_canada(number: str) -> bool:
    """Tell whether a number is, or may be, one of the United States or Canada."""
    return number.startswith("+1") and _region(number) in ("US", "CA", None)


def _region(number: str) -> str | None:
    lib = _library()
    try:
        region: str | None = lib.region_code_for_number(lib.parse(number))
    except lib.NumberParseException:
        return None
    return region


def _north_american(region: str) -> Sequence[str]:
    codes = (str(number) for number in range(200, 1000) if number % 100 != 11)
    return [code for code in codes if _region(f"+1{code}5550100") == region and not _is_service(code)]


def _is_service(code: str) -> bool:
    """Tell the codes of services, which belong to no place; in a place 555 may be of any kind."""
    lib = _library()
    kind = lib.PhoneNumberType
    services = (kind.TOLL_FREE, kind.PREMIUM_RATE, kind.PERSONAL_NUMBER, kind.VOIP)
    return lib.number_type(lib.parse(f"+1{code}5550100")) in services


def _example(region: str) -> str:
    lib = _library()
    found = lib.example_number_for_type(region, lib.PhoneNumberType.FIXED_LINE) or lib.example_number(region)
    return str(lib.format_number(found, lib.PhoneNumberFormat.E164)) if found else ""


def _example_prefix(region: str) -> Sequence[str]:
    lib = _library()
    if not (example := _example(region)):
        return []
    number = lib.parse(example)
    return [lib.national_significant_number(number)[: lib.length_of_geographical_area_code(number) or 2]]


def _near_example(region: str) -> Sequence[str]:
    lib, example = _library(), _example(region)
    near = (f"{example[:-2]}{last:02}" for last in range(100))
    return [each for each in near if lib.is_valid_number(lib.parse(each))][:FOR_SALE]


@cache
def _names() -> dict[tuple[str, str], str]:
    rows = table(Path(__file__).with_name("areas.tsv"))
    return {(country, prefix): name for country, prefix, name in rows}
