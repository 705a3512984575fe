"""Fax numbers: those of the account, and the way from countries over areas to one that is bought."""

from __future__ import annotations

from typing import Any

from flask import Response

from emulator.vendors.dialect import Call, call
from emulator.vendors.ifax import places
from emulator.vendors.ifax.answers import Failure, done, success
from emulator.vendors.ifax.body import body
from emulator.vendors.ifax.codes import TEXTS
from emulator.vendors.ifax.owned import Owned, add, find_owned, owned, owned_numbers, remove
from emulator.vendors.ifax.schemas import (
    AreaSchema,
    BuySchema,
    CountrySchema,
    NumberIdSchema,
    OfferSchema,
    load,
)

_country, _area, _offer, _buy, _number = (
    CountrySchema(),
    AreaSchema(),
    OfferSchema(),
    BuySchema(),
    NumberIdSchema(),
)


def number_list() -> Response:
    """List the account's numbers (`inbound/number-list`)."""
    return success(TEXTS[12036], [_row(each) for each in owned(call())])


def country_list() -> Response:
    """List the countries (`inbound/country-list`); what stands beside the abbreviation is assumed."""
    rows = [
        {"abbreviation": each.abbreviation, "name": each.name, "dialCode": f"+{each.code}"}
        for each in places.countries().values()
    ]
    return success(TEXTS[12104], rows)


def area_list() -> Response:
    """List the areas of a country (`inbound/area-list`)."""
    abbreviation = load(_country, body())["country"].upper()
    if abbreviation not in places.countries():
        raise Failure(12127)
    rows = [{"id": each.id, "prefix": each.prefix, "name": each.name} for each in places.areas(abbreviation)]
    return success(TEXTS[12109], rows)


def numbers() -> Response:
    """List the numbers for sale in an area (`inbound/numbers`)."""
    here, wanted = call(), load(_area, body())
    if places.area(wanted["area"]) is None:
        raise Failure(12117)
    taken = owned_numbers(here)
    free = [{"faxNumber": number} for number in places.for_sale(wanted["area"]) if number not in taken]
    if not free:
        raise Failure(12134)
    return success(TEXTS[12110], free)


def search() -> Response:
    """Tell whether one number is for sale (`inbound/search`)."""
    number = load(_offer, body())["number"]
    if number in owned_numbers(call()):
        raise Failure(12129)
    if not places.offered(number):
        raise Failure(12134)
    return done(12110)


def buy() -> Response:
    """Buy a number (`inbound/buy`)."""
    here, number = call(), load(_buy, body())["number"]
    if number not in owned_numbers(here):
        _check_offer(here, number)
    bought = add(here, number)
    return success(TEXTS[12112], {"numberId": bought.number_id, "orderId": bought.order_id})


def _check_offer(here: Call, number: str) -> None:
    if not places.offered(number):
        raise Failure(12113)
    if here.profile("upfront_cost"):
        raise Failure(12136)


def number_delete() -> Response:
    """Let a number go (`inbound/number-delete`)."""
    here, wanted = call(), load(_number, body())
    remove(here, find_owned(here, wanted["number"], wanted["order_id"]))
    return done(12115)


def _row(number: Owned) -> dict[str, Any]:
    return {"numberId": number.number_id, "orderId": number.order_id, "faxNumber": number.number}
