"""Numbers that can be had: made up, the same for the same search, placed by area code; and taking them.

Area codes, states and main places are those of the North American plan; which numbers are free is made up.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import chain, islice, zip_longest
from pathlib import Path
from typing import Any

from flask import Response

from emulator.core.faxes.numbers import normalise
from emulator.core.item import Record
from emulator.core.world import World
from emulator.vendors.countries import table
from emulator.vendors.dialect import context
from emulator.vendors.mfax import parameters
from emulator.vendors.mfax.account import choose_account, note, rewrite
from emulator.vendors.mfax.errors import answer_with, invalid
from emulator.vendors.mfax.objects.numbers import (
    PROVISION_KEYS,
    announce_numbers,
    list_numbers,
    make_number,
    next_turn,
    show_number,
)
from emulator.vendors.mfax.parameters import load
from emulator.vendors.mfax.tables import MOST_PROVISIONED, SEEN_FOR

TOLL_FREE = ("800", "833", "844", "855", "866", "877", "888")
_EXCHANGE = "555"
"""The exchange of numbers that are asked for without one: it belongs to nobody."""

_NORTH_AMERICAN = re.compile(r"\+1[0-9]{10}")
_LINES = 10_000
_MOST_SEEN = 20_000


@dataclass(frozen=True)
class AreaCode:
    """An area code: its state (two letters and name, empty for toll-free) and main place."""

    npa: str
    place: str
    state: str = ""
    state_name: str = ""


@cache
def all_areas() -> tuple[AreaCode, ...]:
    """Read the area codes."""
    here = Path(__file__)
    states = {state: (state, name) for state, name in table(here.with_name("states.tsv"))}
    local = (AreaCode(npa, place, *states[state]) for npa, state, place in table(here.with_name("areas.tsv")))
    return (*local, *(AreaCode(npa, "TOLL FREE") for npa in TOLL_FREE))


@lru_cache(maxsize=1000)
def areas_of(zip_code: str) -> tuple[AreaCode, ...]:
    """The area codes that serve a ZIP code, with its own city instead of their main places."""
    for ranges, city, state, npas in table(Path(__file__).with_name("zips.tsv")):
        pairs = (each.partition("-") for each in ranges.split())
        if any(first <= zip_code <= (last or first) for first, _, last in pairs):
            known = {area.npa: area for area in all_areas()}
            return tuple(replace(known[npa], place=city, state=state) for npa in npas.split())
    return ()


def find_numbers() -> Response:
    """Find numbers that can be provisioned."""
    world, wanted = context().world, load(parameters.NumberSearch)
    if not any(wanted.get(name) for name in ("npa", "city", "zipcode")):
        raise invalid("At least one of npa, city, zipcode is required.")
    areas = areas_of(wanted["zipcode"][:5]) if "zipcode" in wanted else all_areas()
    fitting = [area for area in areas if _fits(area, wanted)]
    taken = {record.data["number"] for record in list_numbers(world)}
    found = list(islice(_offer(world, fitting, wanted.get("nxx", _EXCHANGE), taken), wanted["limit"]))
    world.retry(lambda: _remember(world, [number for number, _ in found]))
    shown = [_show_offer(number, area) for number, area in found]
    return answer_with({"result": shown, "limit": wanted["limit"]})


def _seen(world: World) -> dict[str, float]:
    """The numbers that were in a search within the last 24 hours, with the instant."""
    since = world.now - SEEN_FOR
    return {number: at for number, at in note(world, "searches").data.items() if at >= since}


def _remember(world: World, numbers: Sequence[str]) -> None:
    searches = note(world, "searches")
    known = {number: at for number, at in _seen(world).items() if number not in numbers}
    data = {**known, **dict.fromkeys(numbers, world.now)}
    world.commit((rewrite(searches, dict(list(data.items())[-_MOST_SEEN:])),))


def _fits(area: AreaCode, wanted: Mapping[str, Any]) -> bool:
    state, city = wanted.get("state", "").strip().upper(), wanted.get("city", "").strip().upper()
    return (
        wanted.get("npa", area.npa) == area.npa
        and state in ("", area.state, area.state_name.upper())
        and city in ("", area.place)
    )


def _offer(
    world: World, fitting: Sequence[AreaCode], exchange: str, taken: set[str]
) -> Iterator[tuple[str, AreaCode]]:
    """Offer free numbers, one of each area in turn."""
    turns = zip_longest(*(_lines(world, area, exchange) for area in fitting))
    return (pair for pair in chain.from_iterable(turns) if pair is not None and pair[0] not in taken)


def _lines(world: World, area: AreaCode, exchange: str) -> Iterator[tuple[str, AreaCode]]:
    chance = world.ids.draw(f"mfax/market/{area.npa}{exchange}", 0)
    # A step without a factor in common with the number of lines visits each of them once.
    start, step = chance.randrange(_LINES), 10 * chance.randrange(_LINES // 10) + 3
    return ((f"+1{area.npa}{exchange}{(start + turn * step) % _LINES:04d}", area) for turn in range(_LINES))


def _show_offer(number: str, area: AreaCode) -> dict[str, Any]:
    place = {"country_iso": "US", "rate_center": area.place, "state": area.state}
    return {"number_e164": number, "regional_data": place, "preferable": True}


def provision() -> Response:
    """Add numbers to the account: all of a call or none."""
    world, wanted = context().world, load(parameters.Provision)
    if len(wanted["numbers"]) > MOST_PROVISIONED:
        raise invalid(f"numbers: at most {MOST_PROVISIONED} numbers are provisioned per call.")
    account = choose_account(wanted["accountId"])
    new = world.retry(lambda: _provision(world, wanted, account))
    return answer_with([show_number(world, record.data, PROVISION_KEYS) for record in new])


def _provision(world: World, wanted: Mapping[str, Any], account: str) -> list[Record]:
    turn = next_turn(world)
    taken = {record.data["number"] for record in list_numbers(world)}
    chosen = WAYS[wanted["type"]](world, wanted, taken)
    if again := next((number for number in chosen if number in taken), None):
        raise invalid(f"numbers: {again} is taken.")
    storage = wanted.get("storage")
    new = [
        make_number(world, number, origin="provision", account=account, storage=storage) for number in chosen
    ]
    world.commit((*new, turn, *announce_numbers(world, "number.add", new)))
    return new


def _ordered(world: World, wanted: Mapping[str, Any], taken: set[str]) -> list[str]:
    """Take numbers that were found by a search of the last 24 hours (documented).

    The reference's own example names none and gets a toll-free one: so does everybody (assumed).
    """
    numbers, seen = _read_numbers(wanted), _seen(world)
    if unseen := next((number for number in numbers if number not in seen), None):
        raise invalid(f"numbers: {unseen} was in no search of the last 24 hours.")
    return numbers or _find_free(world, wanted, TOLL_FREE, taken)


def _local(world: World, wanted: Mapping[str, Any], taken: set[str]) -> list[str]:
    """Take the numbers named, else free ones of the area codes that the account has (assumed)."""
    numbers = _read_numbers(wanted)
    if any(number[2:5] in TOLL_FREE for number in numbers):
        raise invalid("numbers: a toll-free number is not local.")
    areas = {number[2:5] for number in taken if number.startswith("+1")}.difference(TOLL_FREE)
    return numbers or _find_free(world, wanted, areas or {"702"}, taken)


def _toll_free(world: World, wanted: Mapping[str, Any], taken: set[str]) -> list[str]:
    """Take the numbers named, else `quantity` random toll-free ones (documented)."""
    numbers = _read_numbers(wanted)
    if any(number[2:5] not in TOLL_FREE for number in numbers):
        raise invalid("numbers: only toll-free numbers are taken with this type.")
    return numbers or _find_free(world, wanted, TOLL_FREE, taken)


WAYS = {"order": _ordered, "local": _local, "toll-free": _toll_free}


def _read_numbers(wanted: Mapping[str, Any]) -> list[str]:
    numbers = [normalise(number) for number in wanted["numbers"]]
    if wrong := next((number for number in numbers if not _NORTH_AMERICAN.fullmatch(number)), None):
        raise invalid(f"numbers: {wrong} is not a number in E.164.")
    return list(dict.fromkeys(numbers))


def _find_free(world: World, wanted: Mapping[str, Any], npas: Collection[str], taken: set[str]) -> list[str]:
    fitting = [area for area in all_areas() if area.npa in npas]
    offered = _offer(world, fitting, _EXCHANGE, taken)
    numbers = [number for number, _ in islice(offered, wanted["quantity"])]
    if len(numbers) < wanted["quantity"]:
        raise invalid("quantity: there are not so many free numbers.")
    return numbers
