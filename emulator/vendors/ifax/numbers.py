"""Fax numbers: the account's, and the way from countries over areas to one that is bought."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from flask import Response

from emulator.core.errors import Conflict
from emulator.core.faxes.numbers import normalise
from emulator.core.item import Record
from emulator.vendors.dialect import RequestContext, context
from emulator.vendors.ifax import parameters, places
from emulator.vendors.ifax.errors import IfaxError, success

GROUP = "ifax/numbers"


class OwnedNumber(NamedTuple):
    """A number with the two ids that other operations ask for, and what is known of its purchase."""

    number: str
    number_id: str
    order_id: str
    record: Record | None = None


def _owned(here: RequestContext) -> list[OwnedNumber]:
    """List the account's numbers in their order: a bought one stands among the portal's from then on."""
    listed = [normalise(number) for number in here.world.settings("ifax").numbers]
    bought = {record.id: record for record in here.world.list(Record, GROUP, limit=10_000)}
    return [_identified(here, number, bought.get(_record_id(number))) for number in listed]


def _record_id(number: str) -> str:
    return f"{GROUP}/{number}"


def _identified(here: RequestContext, number: str, record: Record | None = None) -> OwnedNumber:
    drawn = here.ids.draw(f"number/{number}", record.sequence if record else 0)
    ids = str(drawn.randrange(10**8, 10**9)), str(drawn.randrange(10**18, 10**19))
    return OwnedNumber(number, *ids, record)


def owned_numbers(here: RequestContext) -> set[str]:
    """The account's numbers in E.164."""
    return {each.number for each in _owned(here)}


def find_owned(here: RequestContext, wanted: Mapping[str, Any]) -> OwnedNumber:
    """Find an owned number by both its ids; raise IfaxError 12135 when there is none."""
    for each in _owned(here):
        if (each.number_id, each.order_id) == (wanted["number"], wanted["order_id"]):
            return each
    raise IfaxError(12135)


def number_list() -> Response:
    """List the account's numbers (`inbound/number-list`)."""
    rows = [
        {"numberId": each.number_id, "orderId": each.order_id, "faxNumber": each.number}
        for each in _owned(context())
    ]
    return success(12036, data=rows)


def country_list() -> Response:
    """List the countries (`inbound/country-list`); what stands beside the abbreviation is assumed."""
    rows = [
        {"abbreviation": region, "name": name, "dialCode": f"+{code}"}
        for region, (name, code) in places.countries().items()
    ]
    return success(12104, data=rows)


def area_list() -> Response:
    """List the areas of a country (`inbound/area-list`)."""
    abbreviation = parameters.load(parameters.OfCountry)["country"].upper()
    if abbreviation not in places.countries():
        raise IfaxError(12127)
    rows = [{"id": each.id, "prefix": each.prefix, "name": each.name} for each in places.areas(abbreviation)]
    return success(12109, data=rows)


def list_for_sale() -> Response:
    """List the numbers for sale in an area (`inbound/numbers`)."""
    here, area = context(), parameters.load(parameters.OfArea)["area"]
    if places.find_area(area) is None:
        raise IfaxError(12117)
    taken = owned_numbers(here)
    free = [{"faxNumber": number} for number in places.for_sale(area) if number not in taken]
    if not free:
        raise IfaxError(12134)
    return success(12110, data=free)


def search() -> Response:
    """Tell whether one number is for sale (`inbound/search`)."""
    number = parameters.load(parameters.Offer)["number"]
    if number in owned_numbers(context()):
        raise IfaxError(12129)
    if not places.is_offered(number):
        raise IfaxError(12134)
    return success(12110)


def buy() -> Response:
    """Buy a number (`inbound/buy`)."""
    here, number = context(), parameters.load(parameters.Buy)["number"]
    has = number in owned_numbers(here)
    if not has and not places.is_offered(number):
        raise IfaxError(12113)
    if not has and here.profile("upfront_cost"):
        raise IfaxError(12136)
    if has:
        raise IfaxError(12129)
    bought = here.world.retry(lambda: _take(here, number), "the numbers")
    return success(12112, data={"numberId": bought.number_id, "orderId": bought.order_id})


def _take(here: RequestContext, number: str) -> OwnedNumber:
    settings = here.world.settings("ifax")
    if number in map(normalise, settings.numbers):
        raise IfaxError(12129)
    old = here.world.record(_record_id(number))
    record = Record(
        id=_record_id(number),
        version=old.version + 1 if old else 1,
        sequence=here.next("number"),
        group=GROUP,
        data={"boughtAt": here.now},
    )
    more = replace(settings, version=settings.version + 1, numbers=(*settings.numbers, number))
    here.world.commit((more, record))
    return _identified(here, number, record)


def number_delete() -> Response:
    """Let a number go (`inbound/number-delete`)."""
    here = context()
    number = find_owned(here, parameters.load(parameters.NumberId))
    settings = here.world.settings("ifax")
    kept = tuple(each for each in settings.numbers if normalise(each) != number.number)
    gone = () if number.record is None else (number.record,)
    try:
        if kept == settings.numbers:
            raise Conflict
        left = replace(settings, numbers=kept, numberless=not kept, version=settings.version + 1)
        here.world.commit((left,), deletes=gone)
    except Conflict:
        raise IfaxError(12114) from None
    return success(12115)
