"""The journal of requests to vendors: asked, answered, what was matched, what was nearly right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice, takewhile
from typing import Any

from flask import Response, jsonify

from emulator.control.answers import query, refuse_unknown_fax, the_world
from emulator.control.held import hold
from emulator.control.route import Route
from emulator.control.schemas import RequestListQuery
from emulator.core.engine.engine import LivingWorld
from emulator.core.errors import NotFound
from emulator.core.faxes.fax import Fax
from emulator.core.instants import iso
from emulator.core.storage.store import SandboxStore
from emulator.watch.near import misses_of
from emulator.watch.refusals import is_refused

CHUNK = 200
"""Entries of the journal read at a time, so that a page of a long one costs no more than of a short one."""

LAST = 2**53
"""More entries than any journal has seen."""

Row = tuple[int, Mapping[str, Any]]


def list_requests(sandbox: str) -> Response:
    world = the_world(sandbox)
    wanted = query(RequestListQuery)
    limit = wanted["limit"]
    rows = _find_all(world, wanted)
    if not rows and wanted.get("wait"):
        rows = _wait(world, wanted)
    if not rows:
        refuse_unknown_fax(world, wanted.get("fax"))
    return jsonify(
        {
            "requests": [_view(world, row) for row in rows[:limit]],
            "next": str(rows[limit - 1][0]) if len(rows) > limit else None,
            "dropped": world.store.journal("requests", limit=1).dropped,
        }
    )


def read_request(sandbox: str, number: int) -> Response:
    world = the_world(sandbox)
    return jsonify(_view(world, _find(world, number)))


def read_body(sandbox: str, number: int) -> Response:
    world = the_world(sandbox)
    _, entry = _find(world, number)
    digest, shown = entry["original"], entry["body"]
    content = shown.encode() if digest is None and isinstance(shown, str) else world.blob(digest or None)
    if content is None:
        raise NotFound(f"the body of request {number} is not kept whole")
    answer = Response(content, content_type="application/octet-stream")
    answer.headers["Content-Disposition"] = f'attachment; filename="request-{number}"'
    return answer


def _find_all(world: LivingWorld, wanted: Mapping[str, Any]) -> list[Row]:
    """Find a page of the requests that fit, and one more when there is one."""
    oldest = wanted.get("newer_than", -1)
    newer = takewhile(lambda row: row[0] > oldest, newest_first(world.store, wanted.get("after")))
    return list(islice((row for row in newer if _fits(row[1], wanted)), wanted["limit"] + 1))


def _wait(world: LivingWorld, wanted: Mapping[str, Any]) -> list[Row]:
    """Hold the answer until a request fits or the time is up."""
    found = hold(
        world.id, wanted["wait"], "request", lambda: _find_all(world, wanted) or None,
        lambda news: _fits(news[1], wanted),
    )  # fmt: skip
    return found or []


def _find(world: LivingWorld, number: int) -> Row:
    place = min(max(0, number - 1), LAST)
    for row in world.store.journal("requests", after=place, limit=1).entries:
        if row[0] == number:
            return row
    raise NotFound(f"no request {number}")


def newest_first(store: SandboxStore, before: int | None = None) -> Iterator[Row]:
    """Read the journal of requests backwards, from its end or from before an entry."""
    while before is None or before > 1:
        start = None if before is None else max(0, before - 1 - CHUNK)
        page = store.journal("requests", after=start, limit=CHUNK, newest=start is None)
        rows = [row for row in page.entries if before is None or row[0] < before]
        yield from reversed(rows)
        if not rows:
            return
        before = rows[0][0]


def _fits(entry: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    return (
        wanted.get("vendor") in (None, entry["vendor"])
        and wanted.get("fax") in (None, entry["fax"])
        and wanted.get("status") in (None, entry["status"])
        and wanted.get("refused") in (None, is_refused(entry))
    )


def _view(world: LivingWorld, row: Row) -> dict[str, Any]:
    number, entry = row
    fax = world.store.get(Fax, entry["fax"]) if entry["fax"] else None
    return {
        "id": number,
        "at": iso(entry["at"]),
        "real_at": iso(entry["real_at"]),
        "vendor": entry["vendor"],
        "sandbox": None if entry.get("stranger") else world.id,
        "method": entry["method"],
        "path": entry["path"],
        "query": entry["query"],
        "headers": entry["headers"],
        "body": entry["body"],
        "matched": {
            "endpoint": entry["endpoint"],
            "fax": entry["fax"],
            "scenario": entry.get("scenario") or (fax and fax.scenario),
            "fault": entry.get("fault"),
        },
        "made": entry.get("made", []),
        "status": entry["status"],
        "refused": is_refused(entry),
        "answer_headers": entry["answer_headers"],
        "answer": entry["answer"],
        "seconds": entry["seconds"],
        "cut": entry.get("cut", {}),
        "near_misses": misses_of(world, entry),
    }


REQUEST = "/sandboxes/<sandbox>/requests/<int:number>"

ROUTES = (
    Route(
        "GET", "/sandboxes/<sandbox>/requests", list_requests,
        "List vendor calls, newest first, or wait for one; those whose credentials are of nobody are the "
        "default sandbox's.",
        query=RequestListQuery, statuses=(200, 400, 404, 503), slow_with="wait",
    ),
    Route("GET", REQUEST, read_request, "Read one.", statuses=(200, 404)),
    Route(
        "GET", f"{REQUEST}/body", read_body, "Give the body of a request as it came, while it is kept.",
        statuses=(200, 404), media=("application/octet-stream",),
    ),
)  # fmt: skip
