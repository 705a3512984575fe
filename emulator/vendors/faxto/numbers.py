"""The account's numbers, and how it gets more of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Response

from emulator.core.faxes.numbers import normalise
from emulator.core.instants import spell
from emulator.core.item import Record
from emulator.core.sandbox import Ids
from emulator.vendors.dialect import RequestContext, context
from emulator.vendors.faxto import parameters, places
from emulator.vendors.faxto.errors import FaxtoError, success
from emulator.vendors.faxto.parameters import RowsAsked, load
from emulator.vendors.faxto.places import GROUPS_OF_A_COUNTRY, Country, Group
from emulator.vendors.faxto.tables import PAID, PROVISIONED

GROUP = "faxto/numbers"


def number_id(ids: Ids, number: str) -> int:
    """The id of a number of the account's; it follows from the number alone."""
    return int(ids.hex(f"faxto/number/{number}", 0, 6), 16)


def list_numbers() -> Response:
    """List the account's numbers."""
    here, page = context(), RowsAsked.read()
    owned = here.settings.numbers
    rows = [_shown(here, normalise(each)) for each in owned[page.offset : page.offset + page.limit]]
    return success(numbers=rows, meta=page.meta(len(owned), len(rows)))


def _shown(here: RequestContext, number: str) -> dict[str, Any]:
    country, area_code = _place(number)
    record = here.world.record(f"{GROUP}/{number}")
    of_all = {"city_name": None, "did_group_id": country.numeric * GROUPS_OF_A_COUNTRY if country else 0}
    known: Mapping[str, Any] = record.data if record else {**of_all, "since": 0.0}
    expires = here.now - (here.now - known["since"]) % PAID + PAID
    return {
        "id": number_id(here.ids, number),
        "order_reference": None,
        "country_code": country.alpha3 if country else "",
        "country": country.name.upper() if country else "",
        "city_name": known["city_name"],
        "area_code": area_code,
        "did_group_id": known["did_group_id"],
        "did_number": number,
        "expiration_date": spell(expires)[:10],
        "status": "Active",
    }


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


def provision_named() -> Response:
    """Get a number of a group that a field names."""
    return provision(load(parameters.WhichGroup)["did_group_id"])


def provision(did_group_id: str) -> Response:
    """Get a number of a group."""
    here, (country, group) = context(), places.group_of(did_group_id)
    number = here.world.retry(lambda: _take(here, group), "the numbers")
    own = number_id(here.ids, number)
    data = {
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
    return success(message=PROVISIONED, data=data)


def _take(here: RequestContext, group: Group) -> str:
    """Add a free number of a group to the account's; raise FaxtoError when there is none."""
    settings = here.world.settings("faxto")
    number = _free(group.area_code, set(map(normalise, settings.numbers)))
    old = here.world.record(f"{GROUP}/{number}")
    record = Record(
        id=f"{GROUP}/{number}",
        version=old.version + 1 if old else 1,
        sequence=here.next("number"),
        group=GROUP,
        data={"did_group_id": group.id, "city_name": group.city, "since": here.now},
    )
    more = replace(settings, version=settings.version + 1, numbers=(*settings.numbers, number))
    here.world.commit((more, record))
    return number


def _free(area_code: str, taken: set[str]) -> str:
    """Find a number among those that are reserved for fiction: nobody is called by mistake."""
    for line in range(100):
        if (number := f"+1{area_code}55501{line:02}") not in taken:
            return number
    raise FaxtoError(404, "No number of this group is left")
