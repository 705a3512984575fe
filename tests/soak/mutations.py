"""Snapshots of a sandbox in which all sorts of things have happened, changed in one or a few places."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from random import Random
from typing import Any

from tests.conftest import Control
from tests.sending import VENDORS, send

ODD: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 2, 7.5, 1e18, 2**31, 2**40, 2**53, -(2**53), 1e-300),
    *("", "x", "0", "-1", "null", "fax-1", "../..", "1970-01-01T00:00:00Z", "é\x00\n", "\U0001f4e0" * 3),
    *([], {}, [None], [[]], [1, "x"], {"x": None}, {"": {}}, "http://[", "x" * 5000),
)
"""What may come in the place of anything."""


def rich_sandbox(server: Control, hook: str) -> Control:
    """Make a sandbox with faxes of all vendors in many states, webhooks, rules, records and journals."""
    control = server.create(
        webhooks={vendor: {"outbound": hook, "inbound": hook} for vendor in VENDORS}, balance=100
    )
    for vendor in VENDORS:
        for to in ("+12125550123", "+15005550001", "+15005550003"):
            send(control, vendor, to, count=2)
    control.advance(by="3m")
    control.call(
        "POST", f"/sandboxes/{control.id}/scenarios", json={"name": "r", "attempts": ["busy", "delivered"]}
    )
    control.call(
        "POST", f"/sandboxes/{control.id}/scenarios/next", json={"name": "n", "match": {"from": "+1999*"}}
    )
    for vendor in VENDORS:
        control.call(
            "POST",
            f"/sandboxes/{control.id}/inbound",
            json={"vendor": vendor, "from": "+13105550123", "to": "+12125550100", "force": True},
        )
        send(control, vendor)
    control.advance(by="10s")
    return control


def places(data: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Give the way to every value in plain data."""
    rows = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, part in rows:
        yield (*way, key)
        yield from places(part, (*way, key))


def mutate(data: Any, ways: list[tuple[Any, ...]], random: Random) -> tuple[Any, list[str]]:
    """Change a copy in one to three places; give it, and what was done."""
    changed, told = copy.deepcopy(data), []
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        way = random.choice(ways)
        try:
            told.append(_change(changed, data, way, ways, random))
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change has taken away what was to be changed
    return changed, told


def _change(
    changed: Any, data: Any, way: tuple[Any, ...], ways: list[tuple[Any, ...]], random: Random
) -> str:
    holder = _at(changed, way[:-1])
    kind = random.random()
    if kind < 0.15:
        del holder[way[-1]]
        return f"{way} gone"
    if kind < 0.2 and isinstance(holder, list):
        holder.append(copy.deepcopy(holder[way[-1]]))
        return f"{way} twice"
    new = _at(data, random.choice(ways)) if kind < 0.45 else random.choice(ODD)
    if kind > 0.9 and isinstance(holder, dict):
        holder[str(random.choice(ODD))[:20]] = new
        return f"{way[:-1]} and {new!r:.60}"
    holder[way[-1]] = copy.deepcopy(new)
    return f"{way} = {new!r:.60}"


def _at(data: Any, way: tuple[Any, ...]) -> Any:
    for key in way:
        data = data[key]
    return data
