"""The e-mails and short messages that a vendor would have sent: who was told what, and why."""

from __future__ import annotations

from flask import Response, jsonify

from emulator.control.answers import query, the_world
from emulator.control.route import Route
from emulator.control.schemas import NotificationListQuery
from emulator.core.instants import iso

ALL = 1_000_000
"""More than any journal keeps."""


def list_notifications(sandbox: str) -> Response:
    world = the_world(sandbox)
    wanted = query(NotificationListQuery)
    kept = world.store.journal("notifications", limit=ALL)
    rows = [
        {"id": number, **entry, "at": iso(entry["at"])}
        for number, entry in reversed(kept.entries)
        if number < wanted.get("after", number + 1) and wanted.get("vendor") in (None, entry["vendor"])
    ]
    limit = wanted["limit"]
    more = str(rows[limit - 1]["id"]) if len(rows) > limit else None
    return jsonify({"notifications": rows[:limit], "next": more, "dropped": kept.dropped})


ROUTES = (
    Route(
        "GET", "/sandboxes/<sandbox>/notifications", list_notifications,
        "List the e-mails and short messages that vendors would have sent, newest first.",
        query=NotificationListQuery, statuses=(200, 400, 404),
    ),
)  # fmt: skip
