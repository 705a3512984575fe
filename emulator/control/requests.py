"""The journal of requests to vendors: asked, answered, what was matched, what was nearly right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, jsonify

from emulator.control.answers import query, the_world
from emulator.control.near import near_misses
from emulator.control.route import Route
from emulator.control.schemas import RequestListQuery
from emulator.core.engine.engine import LivingWorld
from emulator.core.faxes.fax import Fax
from emulator.core.instants import iso

ALL = 1_000_000
"""More than any journal keeps."""

Row = tuple[int, Mapping[str, Any]]


def list_requests(sandbox: str) -> Response:
    world = the_world(sandbox)
    wanted = query(RequestListQuery)
    kept = world.store.journal("requests", limit=ALL)
    rows = [row for row in reversed(kept.entries) if _fits(row, wanted)]
    limit = wanted["limit"]
    return jsonify(
        {
            "requests": [_view(world, row) for row in rows[:limit]],
            "next": str(rows[limit - 1][0]) if len(rows) > limit else None,
            "dropped": kept.dropped,
        }
    )


def _fits(row: Row, wanted: Mapping[str, Any]) -> bool:
    number, entry = row
    return (
        number < wanted.get("after", number + 1)
        and wanted.get("vendor") in (None, entry["vendor"])
        and wanted.get("fax") in (None, entry["fax"])
        and wanted.get("status") in (None, entry["status"])
    )


def _view(world: LivingWorld, row: Row) -> dict[str, Any]:
    number, entry = row
    fax = world.store.get(Fax, entry["fax"]) if entry["fax"] else None
    vendor = world.vendors.get(entry["vendor"])
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
        "status": entry["status"],
        "answer_headers": entry["answer_headers"],
        "answer": entry["answer"],
        "seconds": entry["seconds"],
        "cut": entry.get("cut", {}),
        "near_misses": near_misses(vendor.endpoints if vendor else (), entry),
    }


ROUTES = (
    Route(
        "GET", "/sandboxes/<sandbox>/requests", list_requests,
        "List vendor calls, newest first; those whose credentials are of nobody are the default sandbox's.",
        query=RequestListQuery, statuses=(200, 400, 404),
    ),
)  # fmt: skip
