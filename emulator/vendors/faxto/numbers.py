"""The account's numbers, and how it gets more of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from emulator.core.faxes.numbers import normalise
from emulator.core.instants import spell
from emulator.core.item import Record
from emulator.core.sandboxes.sandbox import Sandbox
from emulator.vendors.dialect import Call
from emulator.vendors.faxto import places
from emulator.vendors.faxto.errors import FaxtoError
from emulator.vendors.faxto.places import GROUPS_OF_A_COUNTRY, Country, Group

GROUP = "faxto/numbers"
PERIOD = 30 * 86_400.0
"""Seconds for which a number is paid, from when it was provisioned; it renews itself (assumed)."""


def number_id(sandbox: Sandbox, number: str) -> int:
    """Give the id of a number of the account's; it follows from the number alone."""
    return int(sandbox.ids.hex(f"faxto/number/{number}", 0, 6), 16)


def shown(here: Call, number: str) -> dict[str, Any]:
    """Give a row of the list of numbers."""
    number = normalise(number)
    country, area_code = _place(number)
    details = _details(here, number, country)
    paid = here.now - details["since"]
    expires = here.now - paid % PERIOD + PERIOD
    return {
        "id": number_id(here.sandbox, number),
        "order_reference": None,
        "country_code": country.alpha3 if country else "",
        "country": country.name.upper() if country else "",
        "city_name": details["city_name"],
        "area_code": area_code,
        "did_group_id": details["did_group_id"],
        "did_number": number,
        "expiration_date": spell(expires)[:10],
        "status": "Active",
    }


def _details(here: Call, number: str, country: Country | None) -> Mapping[str, Any]:
    record = here.world.store.get(Record, f"{GROUP}/{number}")
    if record is not None:
        return record.data
    group_id = country.numeric * GROUPS_OF_A_COUNTRY if country else 0
    return {"city_name": None, "did_group_id": group_id, "since": 0.0}


def _place(number: str) -> tuple[Country | None, str]:
    """Tell country and area code of a number; what is no number has neither."""
    import phonenumbers

    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return None, ""
    region = phonenumbers.region_code_for_number(parsed)
    country = next((each for each in places.countries().values() if each.alpha2 == region), None)
    length = phonenumbers.length_of_geographical_area_code(parsed)
    return country, phonenumbers.national_significant_number(parsed)[:length]


def provision(here: Call, country: Country, group: Group) -> dict[str, Any]:
    """Give the account a free number of a group; raise FaxtoError when there is none."""

    def once() -> dict[str, Any]:
        settings = here.world.settings(here.vendor.name)
        number = _free(group, {normalise(each) for each in settings.numbers})
        record = Record(
            id=f"{GROUP}/{number}",
            sequence=here.next("number"),
            group=GROUP,
            data={"did_group_id": group.id, "city_name": group.city, "since": here.now},
        )
        old = here.world.store.get(Record, record.id)
        record = record.evolve(version=old.version + 1) if old else record
        more = replace(settings, version=settings.version + 1, numbers=(*settings.numbers, number))
        here.world.commit(more, record)
        return _provisioned(here, country, group, number)

    return here.world.retry(once, "the numbers")


def _free(group: Group, taken: set[str]) -> str:
    for number in _fictitious(group.area_code):
        if number not in taken:
            return number
    raise FaxtoError(404, "No number of this group is left")


def _fictitious(area_code: str) -> Iterator[str]:
    """Give the numbers of an area that are reserved for fiction: nobody is called by mistake."""
    return (f"+1{area_code}55501{line:02}" for line in range(100))


def _provisioned(here: Call, country: Country, group: Group, number: str) -> dict[str, Any]:
    own = number_id(here.sandbox, number)
    return {
        "id": own,
        "didid": own,
        "did_group_id": group.id,
        "country_code": country.alpha3,
        "city_name": group.city,
        "area_code": group.area_code,
        "number": number,
        "type": "GEOGRAPHIC",
        "trunk_id": here.ids.serial("faxto/trunk", 0, 5),
    }
