"""The history: lists of faxes that cost the same at any size, and filters over them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from math import ceil
from typing import Any

from flask import Response

from emulator.core.faxes.fax import Fax
from emulator.core.world import World
from emulator.vendors.dialect import context
from emulator.vendors.mfax import parameters
from emulator.vendors.mfax.account import caller, choose_account, is_admin, note, rewrite, switch
from emulator.vendors.mfax.errors import MfaxError, answer_with
from emulator.vendors.mfax.parameters import load
from emulator.vendors.mfax.tables import HISTORY_CALLS, HISTORY_WINDOW, REFUSALS, TOO_MANY_CALLS
from emulator.vendors.mfax.words import (
    ANY,
    LIST_KEYS,
    NO_OBJECTS,
    NO_USERS,
    folder_of,
    show_fax,
    status_of,
    user_folder,
)

_BATCH = 500
"""Faxes that are read at a time where filters have to look at each."""

Filter = Callable[[Fax], bool]


def read_history() -> Response:
    """List faxes; at most eight calls a minute."""
    world = context().world
    world.retry(lambda: _count_call(world, caller()["uuid"]))
    wanted = load(parameters.ReadHistory)
    count, rows = _read(world, choose_account(wanted["accountId"]), wanted)
    left_out = {name: value for name, value in NO_OBJECTS.items() if name not in wanted["include"]}
    return answer_with(
        {
            "count": count if switch(context().settings, "history_count_number") else str(count),
            "rows": [show_fax(world, fax, LIST_KEYS, {**left_out, **NO_USERS}) for fax in rows],
            "query": {"limit": wanted["limit"], "offset": wanted["offset"]},
        }
    )


def _count_call(world: World, user: str) -> None:
    """Count a call of the user's; raise the rate limit's error when the window has had its calls."""
    known, now = note(world, f"history/{user}"), world.now
    window = known.data
    if not window or now - window["since"] >= HISTORY_WINDOW:
        window = {"since": now, "calls": 0}
    if window["calls"] >= HISTORY_CALLS:
        raise _too_many(world, window["since"] + HISTORY_WINDOW)
    world.commit((rewrite(known, {**window, "calls": window["calls"] + 1}),))


def _too_many(world: World, until: float) -> MfaxError:
    clock, real = world.clock, world.real()
    seconds, stands = ceil(until - clock.now(real)), ", which stands" if clock.stands else ""
    message = TOO_MANY_CALLS.format(most=HISTORY_CALLS, seconds=seconds, stands=stands)
    return MfaxError(REFUSALS["rate_limited"][0], message, retry_after=clock.seconds_until(until, real))


def is_visible(fax: Fax) -> bool:
    """Tell whether the caller may see a fax: an admin all, others those that they sent or that are theirs.

    That inbound faxes are for the users of the number is documented.
    """
    return is_admin() or caller()["uuid"] in fax.details["users"]


def _read(world: World, account: str, wanted: Mapping[str, Any]) -> tuple[int, list[Fax]]:
    """Read how many faxes fit and the page of them that is wanted, newest first if `order` is not set."""
    direction, word = wanted["direction"], wanted["status"]
    filters = [make(wanted[name]) for name, make in HISTORY_FILTERS.items() if name in wanted]
    folder = folder_of(account, direction, word)
    if (user := wanted.get("userId") if is_admin() else caller()["uuid"]) is not None:
        folder = user_folder(user)
        filters += [
            lambda fax: fax.details["account"] == account,
            lambda fax: direction in (ANY, fax.direction.value) and word in (ANY, status_of(fax)),
        ]
    descending = wanted["order"].lower().endswith("desc")
    if filters:
        return _filter(world, folder, filters, descending, wanted["offset"], wanted["limit"])
    rows = world.list(Fax, folder, offset=wanted["offset"], limit=wanted["limit"], descending=descending)
    return world.store.count(folder), rows


def _filter(
    world: World, folder: str, filters: list[Filter], descending: bool, offset: int, limit: int
) -> tuple[int, list[Fax]]:
    count, rows = 0, []
    for fax in _walk(world, folder, descending):
        if all(fits(fax) for fits in filters):
            if offset <= count < offset + limit:
                rows.append(fax)
            count += 1
    return count, rows


def _walk(world: World, folder: str, descending: bool) -> Iterator[Fax]:
    after: int | None = None
    while page := world.list(Fax, folder, after=after, limit=_BATCH, descending=descending):
        yield from page
        after = page[-1].sequence


def _texts(fax: Fax) -> Iterator[str]:
    """The texts that `query` searches (documented)."""
    details = fax.details
    yield from (fax.to, fax.sender, fax.vendor_id, "mFax" if fax.direction == "outbound" else "")
    yield from (str(details.get(name) or "") for name in ("callerId", "subject", "recipientName"))
    yield from (str(value) for value in details["cf"].values())
    yield from (call.csid or "" for call in fax.attempts)


HISTORY_FILTERS: Mapping[str, Callable[[Any], Filter]] = {
    "fromDate": lambda at: lambda fax: fax.created_at >= at,
    "toDate": lambda at: lambda fax: fax.created_at < at,
    "userId": lambda user: lambda fax: user in fax.details["users"],
    "query": lambda text: lambda fax: any(text.lower() in each.lower() for each in _texts(fax)),
    "tags": lambda tags: lambda fax: not set(tags).isdisjoint(fax.details["tags"]),
    "isArchived": lambda wanted: lambda fax: not wanted or bool(fax.details.get("isArchived")),
}
"""A filter's parameter to what it asks of a fax. A fax with one of several tags fits (assumed)."""
