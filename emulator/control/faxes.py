"""Faxes as the emulator sees them: listed, waited for, read, cancelled as a portal's user would."""

from __future__ import annotations

import time
from collections.abc import Iterator
from fnmatch import fnmatchcase
from itertools import islice
from typing import Any

from flask import Response, jsonify

from emulator.control import views
from emulator.control.answers import aside, body, page, query, the_app
from emulator.control.route import Route
from emulator.control.schemas import FaxListQuery, NoBody
from emulator.core.fax import Fax
from emulator.core.numbers import normalise

READ_AHEAD = 200
"""Faxes read from the store at a time while filtering."""
GLANCE = 1.0
"""Real seconds after which an answer that is held looks again: what another process did may go unheard."""

Wanted = dict[str, Any]


def list_faxes(sandbox: str) -> Response:
    app = the_app()
    app.engine.clock(sandbox)
    wanted = query(FaxListQuery)
    limit = wanted["limit"]
    found = _first(sandbox, wanted, limit + 1)
    if not found and wanted.get("wait"):
        found = _wait(sandbox, wanted, limit + 1)
    return page("faxes", found, limit, lambda fax: views.fax_view(app.engine, sandbox, fax))


def read_fax(sandbox: str, fax: str) -> Response:
    engine = the_app().engine
    return jsonify(views.fax_view(engine, sandbox, engine.fax(sandbox, fax)))


def cancel_fax(sandbox: str, fax: str) -> Response:
    engine = the_app().engine
    body(NoBody)
    cancelled = engine.cancel(engine.store.sandbox(sandbox), fax)
    return jsonify(views.fax_view(engine, sandbox, cancelled))


def _wait(sandbox: str, wanted: Wanted, count: int) -> list[Fax]:
    """Hold the answer until a fax matches or the time is up."""
    deadline = time.monotonic() + wanted["wait"]
    with the_app().feed.subscribe(sandbox, kinds={"fax", "sandbox"}) as news, aside():
        while not (found := _first(sandbox, wanted, count)) and not news.closed:
            if (left := deadline - time.monotonic()) <= 0:
                break
            news.take(min(left, GLANCE))
        return found


def _first(sandbox: str, wanted: Wanted, count: int) -> list[Fax]:
    return list(islice(_matching(sandbox, wanted), count))


def _matching(sandbox: str, wanted: Wanted) -> Iterator[Fax]:
    name = f"fax/{wanted['vendor']}" if "vendor" in wanted else Fax.kind
    after = wanted.get("after")
    while rows := the_app().store.list(sandbox, Fax, name, after=after, limit=READ_AHEAD):
        yield from (fax for fax in rows if _fits(fax, wanted))
        after = rows[-1].sequence


def _fits(fax: Fax, wanted: Wanted) -> bool:
    return (
        wanted.get("direction") in (None, fax.direction)
        and wanted.get("state") in (None, fax.state)
        and fax.created_at >= wanted.get("since", fax.created_at)
        and _like(wanted.get("to"), fax.to)
        and _like(wanted.get("sender"), fax.sender)
    )


def _like(wanted: str | None, number: str) -> bool:
    if wanted is None or wanted == number:
        return True
    return fnmatchcase(number, wanted) if set(wanted) & set("*?[") else normalise(wanted) == number


FAX = "/sandboxes/<sandbox>/faxes/<fax>"

ROUTES = (
    Route(
        "GET", "/sandboxes/<sandbox>/faxes", list_faxes, "List faxes, newest first, or wait for one.",
        query=FaxListQuery, statuses=(200, 400, 404, 503),
    ),
    Route("GET", FAX, read_fax, "Read a fax with its calls and its timeline.", statuses=(200, 404)),
    Route(
        "POST", f"{FAX}/cancel", cancel_fax, "Cancel a fax, as a user of the vendor's portal would.",
        body=NoBody, statuses=(200, 400, 404, 409),
    ),
)  # fmt: skip
