"""Faxes as the emulator sees them: listed, waited for, counted, read, cancelled as a portal's user would."""

from __future__ import annotations

from collections import Counter
from itertools import islice

from flask import Response, jsonify

from emulator.control import views
from emulator.control.answers import body, query, the_world
from emulator.control.held import hold
from emulator.control.requests import newest_first
from emulator.control.route import Route
from emulator.control.schemas import MOST, CountQuery, FaxListQuery, FullQuery, NoBody
from emulator.control.search import LOOKED_AT, FoundFaxes, Search
from emulator.core.engine.counts import read_counts
from emulator.core.engine.engine import LivingWorld
from emulator.core.errors import Conflict
from emulator.core.faxes.machine import State
from emulator.core.item import Add
from emulator.core.webhooks.delivery import Delivery, DeliveryState, pending
from emulator.watch.refusals import is_refused

RECENT = 100
"""Requests and webhooks that are looked at for what went wrong of late."""
FAILING = (DeliveryState.pending, DeliveryState.sending, DeliveryState.failed)


def list_faxes(sandbox: str) -> Response:
    world = the_world(sandbox)
    search = Search(world, query(FaxListQuery))
    found = search.page(most=None if "wait" in search.wanted else LOOKED_AT)
    if not found.faxes and search.wanted.get("wait"):
        found = _wait(search) or found
    full = search.wanted["full"]
    shown = [views.fax_view(world, fax, full) for fax in found.faxes]
    after = None if found.next is None else str(found.next)
    return jsonify({"faxes": shown, "next": after} | ({"looked_at": found.looked_at} if full else {}))


def read_fax(sandbox: str, fax: str) -> Response:
    world = the_world(sandbox)
    return jsonify(views.fax_view(world, world.fax(fax), query(FullQuery)["full"]))


def cancel_fax(sandbox: str, fax: str) -> Response:
    body(NoBody)
    world = the_world(sandbox)
    return jsonify(views.fax_view(world, world.cancel(fax)))


def count_faxes(sandbox: str) -> Response:
    world = the_world(sandbox)
    wanted = query(CountQuery)
    full = wanted.pop("full")
    states: Counter[str] = Counter()
    for kind, count in read_counts(world.store.numbers()).items():
        if all(getattr(kind, name) == value for name, value in wanted.items()):
            states[kind.state] += count
    ordered = {state.value: states[state.value] for state in State if states[state.value]}
    return jsonify({"total": states.total(), "states": ordered, **(_count_trouble(world) if full else {})})


def _count_trouble(world: LivingWorld) -> dict[str, int]:
    """Count what went wrong of late: requests refused, and webhooks that were tried and have not arrived."""
    asked = islice(newest_first(world.store), RECENT)
    posted = world.list(Delivery, Delivery.kind, limit=RECENT)
    return {
        "refused": sum(is_refused(entry) for _, entry in asked),
        "failing": sum(bool(each.attempts) and each.state in FAILING for each in posted),
    }


def delete_fax(sandbox: str, fax: str) -> tuple[str, int]:
    world = the_world(sandbox)
    world.retry(lambda: _delete(world, fax), fax)
    return "", 204


def _delete(world: LivingWorld, fax_id: str) -> None:
    """Delete a fax with its webhooks; raise Conflict while something is still to become of it."""
    fax = world.fax(fax_id)
    posts = world.list(Delivery, f"{Delivery.kind}/{fax.id}", limit=MOST)
    if not fax.final or pending(posts):
        raise Conflict(f"{fax.id} is on its way: cancel it, or let the clock go on")
    world.commit(adds=[Add(fax.counter, -1)], deletes=[fax, *posts])
    world.tell("sandbox", "fax_deleted")


def _wait(search: Search) -> FoundFaxes | None:
    """Hold the answer until a fax matches or the time is up."""

    def look() -> FoundFaxes | None:
        found = search.page(most=None)
        return found if found.faxes else None

    wait = search.wanted["wait"]
    return hold(search.world.id, wait, "fax", look, lambda news: search.fits(news[1][1]))


FAX = "/sandboxes/<sandbox>/faxes/<fax>"

ROUTES = (
    Route(
        "GET", "/sandboxes/<sandbox>/faxes", list_faxes,
        f"List faxes, newest first, or wait for one. A call looks at {LOOKED_AT:,} faxes at most: "
        "`next` goes on behind them.",
        query=FaxListQuery, statuses=(200, 400, 404, 503), slow_with="wait",
    ),
    Route(
        "GET", "/sandboxes/<sandbox>/counts", count_faxes,
        f"Count the faxes by state; `full` adds those refused among the newest {RECENT} requests, and those "
        "tried and not arrived among as many webhooks.",
        query=CountQuery, statuses=(200, 400, 404),
    ),
    Route(
        "GET", FAX, read_fax, "Read a fax with its calls and its timeline.",
        query=FullQuery, statuses=(200, 400, 404),
    ),
    Route(
        "DELETE", FAX, delete_fax, "Forget a fax that has ended, and its webhooks.", statuses=(204, 404, 409)
    ),
    Route(
        "POST", f"{FAX}/cancel", cancel_fax, "Cancel a fax, as a user of the vendor's portal would.",
        body=NoBody, statuses=(200, 400, 404, 409),
    ),
)  # fmt: skip
