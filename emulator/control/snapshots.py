"""A sandbox as one JSON document, and back."""

from __future__ import annotations

import base64
from typing import Any

from flask import Response, jsonify
from marshmallow import ValidationError

from emulator.control.answers import body, the_program, the_world
from emulator.control.profiles import check_overlay
from emulator.control.route import Route
from emulator.control.schemas import SnapshotSchema, VendorSchema
from emulator.control.views import settings_view
from emulator.core.engine.snapshot import FORMAT, KINDS, Snapshot, load, take
from emulator.core.engine.soundness import check_counters, check_numbers
from emulator.core.errors import Invalid
from emulator.core.item import Item
from emulator.core.sandbox import OVERLAY, Settings
from emulator.core.scripting.scenario import OneShot, Rule
from emulator.core.storage.codec import decode, encode
from emulator.core.webhooks.delivery import Delivery
from emulator.scenarios import ScenarioError, read_scenario, write_scenario
from emulator.scenarios.mistakes import list_mistakes


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
    check_counters(wanted["counters"])
    rest = (wanted[name] for name in ("counters", "documents", "journals", "dropped"))
    snapshot = Snapshot(items, *rest)
    the_program().rehearse(world.sandbox, snapshot)
    load(world, snapshot)
    overlaid = (OVERLAY in item.profile for item in items if isinstance(item, Settings))
    the_program().engine.heeds_overlays |= any(overlaid)
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
        item = decode(kind, {name: value for name, value in data.items() if name != "kind"})
        check_numbers(item)
        _check_said(item)
    except Invalid as wrong:
        raise Invalid(str(wrong), f"items[{place}].{wrong.field or ''}".rstrip(".")) from None
    return item


def _check_said(item: Item) -> None:
    """Check what clients say by the schemas that they say it to: settings, and scenarios."""
    try:
        if isinstance(item, Settings):
            check_overlay(item, the_program().vendors)
            VendorSchema().load(settings_view(item, 0))
        if isinstance(item, (Rule, OneShot)):
            read_scenario(write_scenario(item.scenario), the_program().vendors, name=item.scenario.name)
    except ValidationError as wrong:
        first = list_mistakes(wrong)[0]
        raise Invalid(first.message, first.field) from None
    except ScenarioError as wrong:
        raise Invalid(str(wrong), "scenario") from None


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
