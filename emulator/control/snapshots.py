"""A sandbox as one JSON document, and back."""

from __future__ import annotations

import base64
from typing import Any

from flask import Response, jsonify

from emulator.control.answers import body, the_program, the_world
from emulator.control.route import Route
from emulator.control.schemas import SnapshotSchema
from emulator.core.engine.snapshot import FORMAT, KINDS, Snapshot, load, take
from emulator.core.errors import Invalid
from emulator.core.item import Item
from emulator.core.storage.codec import decode, encode
from emulator.core.webhooks.delivery import Delivery


def read_snapshot(sandbox: str) -> Response:
    world = the_world(sandbox)
    snapshot, known = take(world), world.sandbox
    return jsonify(
        {
            "format": FORMAT,
            "sandbox": {"id": known.id, "name": known.name, "seed": known.seed},
            "items": [{"kind": item.kind, **encode(item)} for item in snapshot.items],
            "counters": dict(snapshot.counters),
            "documents": {
                digest: base64.b64encode(content).decode() for digest, content in snapshot.documents.items()
            },
            "journals": {name: [dict(entry) for entry in rows] for name, rows in snapshot.journals.items()},
            "dropped": dict(snapshot.dropped),
        }
    )


def load_snapshot(sandbox: str) -> Response:
    world = the_world(sandbox)
    wanted = body(SnapshotSchema)
    if wanted["format"] > FORMAT:
        raise Invalid(f"this program reads snapshots of format {FORMAT} and before", "format")
    given = wanted["items"] if wanted["format"] == FORMAT else map(_upgraded, wanted["items"])
    items = [_item(place, each) for place, each in enumerate(given)]
    rest = (wanted[name] for name in ("counters", "documents", "journals", "dropped"))
    load(world, Snapshot(items, *rest))
    return jsonify({"items": len(items), "documents": len(wanted["documents"])})


def _upgraded(data: dict[str, Any]) -> dict[str, Any]:
    """An item of format 1 as it is written now: its webhooks named a retry rule of their vendor."""
    vendor = the_program().vendors.get(str(data.get("vendor")))
    rule = vendor and vendor.old_rule(str(data.get("rule")))
    return {**data, "rule": encode(rule)} if data.get("kind") == Delivery.kind and rule else data


def _item(place: int, data: dict[str, Any]) -> Item:
    kind = KINDS.get(str(data.get("kind")))
    if kind is None:
        raise Invalid(f"no kind {data.get('kind')!r}; there are {', '.join(KINDS)}", f"items[{place}].kind")
    try:
        return decode(kind, {name: value for name, value in data.items() if name != "kind"})
    except Invalid as wrong:
        raise Invalid(str(wrong), f"items[{place}].{wrong.field or ''}".rstrip(".")) from None


ROUTES = (
    Route(
        "GET", "/sandboxes/<sandbox>/snapshot", read_snapshot,
        "Give everything of the sandbox but its credentials as one document.", statuses=(200, 404),
    ),
    Route(
        "POST", "/sandboxes/<sandbox>/snapshot", load_snapshot,
        "Put a snapshot in place of everything of the sandbox but its credentials.",
        body=SnapshotSchema, statuses=(200, 400, 404, 409),
    ),
)  # fmt: skip
