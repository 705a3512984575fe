"""Numbers that can be had: made up, the same for the same search, placed by area code.

Area codes, states and main places are those of the North American plan; which numbers are free is made up.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, islice, zip_longest
from pathlib import Path
from typing import Any

from emulator.vendors.mfax import inventory
from emulator.vendors.mfax.errors import invalid
from emulator.vendors.mfax.tables import SEEN_FOR
from emulator.vendors.mfax.tenant import NAME, Tenant, rewritten

TOLL_FREE = ("800", "833", "844", "855", "866", "877", "888")
EXCHANGE = "555"
"""The exchange of numbers that are asked for without one: it belongs to nobody."""

LINES = 10_000
MOST_SEEN = 20_000


@dataclass(frozen=True)
class Area:
    """An area code: its state (two letters, empty for toll-free) and main place."""

    npa: str
    state: str
    place: str
    state_name: str
    zips: tuple[str, ...]
    """First three digits of ZIP codes, as ranges `from-to`."""


@cache
def areas() -> tuple[Area, ...]:
    """Read the area codes."""
    folder = Path(__file__).parent
    with (folder / "states.csv").open(encoding="utf-8") as rows:
        states = {row["state"]: row for row in csv.DictReader(rows)}
    with (folder / "areas.csv").open(encoding="utf-8") as rows:
        local = [
            Area(
                row["npa"],
                row["state"],
                row["place"],
                states[row["state"]]["name"],
                tuple(states[row["state"]]["zips"].split()),
            )
            for row in csv.DictReader(rows)
        ]
    return (*local, *(Area(npa, "", "TOLL FREE", "", ()) for npa in TOLL_FREE))


def search(tenant: Tenant, wanted: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Find free numbers for npa, nxx, state, city, zipcode (all given ones hold); they count as seen."""
    if not any(wanted.get(name) for name in ("npa", "city", "zipcode")):
        raise invalid("At least one of npa, city, zipcode is required.")
    fitting = [area for area in areas() if _fits(area, wanted)]
    taken = {record.data["number"] for record in inventory.numbers(tenant)}
    offered = _offered(tenant, fitting, wanted.get("nxx", EXCHANGE), taken)
    found = list(islice(offered, wanted["limit"]))
    tenant.anew(lambda: _remember(tenant, [number for number, _ in found]))
    return [_offer(number, area) for number, area in found]


def free(tenant: Tenant, npas: Collection[str], quantity: int, taken: set[str]) -> list[str]:
    """Give so many numbers of these area codes that are not taken."""
    fitting = [area for area in areas() if area.npa in npas]
    return [number for number, _ in islice(_offered(tenant, fitting, EXCHANGE, taken), quantity)]


def seen(tenant: Tenant) -> Mapping[str, float]:
    """Give the numbers that were in a search within the last 24 hours, with the instant."""
    return _fresh(tenant, tenant.note("searches").data)


def _fresh(tenant: Tenant, found: Mapping[str, float]) -> dict[str, float]:
    return {number: at for number, at in found.items() if at >= tenant.now - SEEN_FOR}


def _remember(tenant: Tenant, numbers: Sequence[str]) -> None:
    note = tenant.note("searches")
    known = {number: at for number, at in _fresh(tenant, note.data).items() if number not in numbers}
    data = {**known, **dict.fromkeys(numbers, tenant.now)}
    tenant.commit(rewritten(note, dict(list(data.items())[-MOST_SEEN:])))


def _fits(area: Area, wanted: Mapping[str, Any]) -> bool:
    state, city = wanted.get("state", "").strip().upper(), wanted.get("city", "").strip().upper()
    return (
        wanted.get("npa", area.npa) == area.npa
        and state in ("", area.state, area.state_name.upper())
        and city in ("", area.place)
        and ("zipcode" not in wanted or _has_zip(area, wanted["zipcode"][:3]))
    )


def _has_zip(area: Area, beginning: str) -> bool:
    return any(low <= beginning <= high for low, _, high in (each.partition("-") for each in area.zips))


def _offered(
    tenant: Tenant, fitting: Sequence[Area], exchange: str, taken: set[str]
) -> Iterator[tuple[str, Area]]:
    """Give free numbers, one of each area in turn."""
    turns = zip_longest(*(_lines(tenant, area, exchange) for area in fitting))
    return (pair for pair in chain.from_iterable(turns) if pair is not None and pair[0] not in taken)


def _lines(tenant: Tenant, area: Area, exchange: str) -> Iterator[tuple[str, Area]]:
    chance = tenant.sandbox.ids.draw(f"{NAME}/market/{area.npa}{exchange}", 0)
    # A step without a factor in common with the number of lines visits each of them once.
    start, step = chance.randrange(LINES), 10 * chance.randrange(LINES // 10) + 3
    return ((f"+1{area.npa}{exchange}{(start + turn * step) % LINES:04d}", area) for turn in range(LINES))


def _offer(number: str, area: Area) -> dict[str, Any]:
    place = {"country_iso": "US", "rate_center": area.place, "state": area.state}
    return {"number_e164": number, "regional_data": place, "preferable": True}
