"""Countries, areas and numbers for sale, from public reference data; the same for every sandbox.

The library is large, so it is imported when a client first asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from emulator.vendors.countries import all_countries, table

FOR_SALE = 10
"""Numbers offered in an area (assumed)."""


@dataclass(frozen=True)
class Country:
    """A country with fax numbers for sale: ISO 3166 code, name, calling code."""

    abbreviation: str
    name: str
    code: int


@dataclass(frozen=True)
class Area:
    """An area of a country; its id is its calling code and prefix."""

    id: str
    prefix: str
    name: str
    country: str


@cache
def countries() -> dict[str, Country]:
    """Give all countries that have telephone numbers, by ISO code in order of their names."""
    import phonenumbers

    known = [each for each in all_countries() if each.alpha2 in phonenumbers.SUPPORTED_REGIONS]
    rows = sorted((each.name, each.alpha2) for each in known)
    return {
        region: Country(region, name, phonenumbers.country_code_for_region(region)) for name, region in rows
    }


@cache
def areas(abbreviation: str) -> tuple[Area, ...]:
    """Give the areas of a country: in North America its area codes, elsewhere that of its example number."""
    country, names = countries()[abbreviation], _names()
    prefixes = _north_american(abbreviation) if country.code == 1 else _example_prefix(abbreviation)
    return tuple(
        Area(f"{country.code}{prefix}", prefix, names.get((abbreviation, prefix), country.name), abbreviation)
        for prefix in prefixes
    )


def area(area_id: str) -> Area | None:
    """Give an area by its id, which says the country by its calling code."""
    import phonenumbers

    for length in (1, 2, 3):
        code = area_id[:length]
        for region in phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(int(code or 0), ()):
            found = (
                (each for each in areas(region) if each.id == area_id) if region in countries() else iter(())
            )
            if (match := next(found, None)) is not None:
                return match
    return None


@cache
def for_sale(area_id: str) -> tuple[str, ...]:
    """Give the numbers of an area: in North America 555-01NN, which nobody has, else beside the example."""
    found = area(area_id)
    if found is None:
        return ()
    if found.id.startswith("1"):
        return tuple(f"+1{found.prefix}55501{last:02}" for last in range(FOR_SALE))
    return tuple(_near_example(found.country))


def offered(number: str) -> bool:
    """Tell whether a number, in E.164, is for sale in its area."""
    if number.startswith("+1"):
        return number in for_sale(number[1:5])
    region = _region(number)
    return region in countries() and any(number in for_sale(each.id) for each in areas(region or ""))


def has_country(number: str) -> bool:
    """Tell whether a number begins with the calling code of a country."""
    import phonenumbers

    return any(int(number[1:end]) in phonenumbers.COUNTRY_CODE_TO_REGION_CODE for end in (2, 3, 4))


def in_us_or_canada(number: str) -> bool:
    """Tell whether a number is, or may be, one of the United States or Canada."""
    return number.startswith("+1") and _region(number) in ("US", "CA", None)


def _region(number: str) -> str | None:
    import phonenumbers

    try:
        region: str | None = phonenumbers.region_code_for_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return None
    return region


def _north_american(region: str) -> Sequence[str]:
    codes = (str(number) for number in range(200, 1000) if number % 100 != 11)
    return [code for code in codes if _region(f"+1{code}5550100") == region and not _is_service(code)]


def _is_service(code: str) -> bool:
    """Tell the codes of services, which belong to no place; in a place 555 may be of any kind."""
    import phonenumbers

    kind = phonenumbers.PhoneNumberType
    services = (kind.TOLL_FREE, kind.PREMIUM_RATE, kind.PERSONAL_NUMBER, kind.VOIP)
    return phonenumbers.number_type(phonenumbers.parse(f"+1{code}5550100")) in services


def _example(region: str) -> str:
    import phonenumbers

    found = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.FIXED_LINE)
    found = found or phonenumbers.example_number(region)
    return str(phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)) if found else ""


def _example_prefix(region: str) -> Sequence[str]:
    import phonenumbers

    if not (example := _example(region)):
        return []
    number = phonenumbers.parse(example)
    length = phonenumbers.length_of_geographical_area_code(number) or 2
    return [phonenumbers.national_significant_number(number)[:length]]


def _near_example(region: str) -> Sequence[str]:
    import phonenumbers

    example = _example(region)
    near = (f"{example[:-2]}{last:02}" for last in range(100))
    valid = [each for each in near if phonenumbers.is_valid_number(phonenumbers.parse(each))]
    return valid[:FOR_SALE]


@cache
def _names() -> dict[tuple[str, str], str]:
    rows = table(Path(__file__).with_name("areas.tsv"))
    return {(country, prefix): name for country, prefix, name in rows}
