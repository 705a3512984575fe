"""Sandboxes: made, read, listed, emptied, removed."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from flask import Response, jsonify, request

from emulator.control import views
from emulator.control.acts import log_beginning
from emulator.control.answers import body, no_vendor, query, the_program, the_world
from emulator.control.hooks import read_webhooks
from emulator.control.profiles import read_given, read_profile
from emulator.control.route import Route
from emulator.control.schemas import NoBody, SandboxListQuery, SandboxSchema
from emulator.core.engine.sandboxes import DEFAULT
from emulator.core.errors import Conflict, Invalid, NotFound
from emulator.core.sandbox import Hook


def list_sandboxes() -> Response:
    wanted = query(SandboxListQuery)
    limit = wanted["limit"]
    rows = the_program().engine.store.sandboxes(wanted.get("after"), limit + 1)
    shown = []
    for row in rows[:limit]:
        with suppress(NotFound):  # removed meanwhile
            shown.append(_sandbox(row.id))
    return jsonify({"sandboxes": shown, "next": rows[limit - 1].id if len(rows) > limit else None})


def create_sandbox() -> tuple[Response, int]:
    wanted = body(SandboxSchema)
    clock, hooks = wanted.pop("clock", {}), _hooks(wanted.pop("webhooks", {}))
    profiles = {name: _profile(name, given) for name, given in wanted.pop("profiles", {}).items()}
    if (overlay := wanted.pop("overlay", None)) is not None:
        for name, switches in read_given(overlay, the_program().vendors, "overlay").items():
            profiles[name] = {
                **switches,
                **profiles.get(name, the_program().sandboxes.profiles.get(name, {})),
            }
    made = the_program().sandboxes.create(**wanted, **clock, hooks=hooks, profiles=profiles)
    log_beginning(the_world(made.id))
    return jsonify(_sandbox(made.id)), 201


def _hooks(wanted: Any) -> dict[str, dict[str, Hook]]:
    vendors = the_program().vendors
    if isinstance(wanted, str):
        return read_webhooks(vendors, [wanted])
    if unknown := [name for name in wanted if name not in vendors]:
        raise Invalid(no_vendor(unknown[0]), f"webhooks.{unknown[0]}")
    return {name: {side: Hook(**hook) for side, hook in both.items()} for name, both in wanted.items()}


def _profile(vendor: str, given: Any) -> dict[str, Any]:
    if vendor not in the_program().vendors:
        raise Invalid(no_vendor(vendor), f"profiles.{vendor}")
    return read_profile(the_program().vendors[vendor], given, f"profiles.{vendor}")


def read_sandbox(sandbox: str) -> Response:
    return jsonify(_sandbox(sandbox))


def delete_sandbox(sandbox: str) -> tuple[str, int]:
    if sandbox == DEFAULT:
        raise Conflict("the default sandbox stays; reset it instead")
    the_program().sandboxes.remove(sandbox)
    return "", 204


def reset_sandbox(sandbox: str) -> Response:
    body(NoBody)
    the_program().sandboxes.reset(sandbox)
    log_beginning(the_world(sandbox))
    return jsonify(_sandbox(sandbox))


def _sandbox(sandbox_id: str) -> dict[str, Any]:
    origin = request.host_url.rstrip("/")
    urls = {name: f"{origin}/{name}" for name in the_program().vendors}
    return views.sandbox_view(the_world(sandbox_id), urls)


ROUTES = (
    Route("GET", "/sandboxes", list_sandboxes, "List all.", query=SandboxListQuery, statuses=(200, 400)),
    Route("POST", "/sandboxes", create_sandbox, "Make one.", body=SandboxSchema, statuses=(201, 400)),
    Route("GET", "/sandboxes/<sandbox>", read_sandbox, "Read a sandbox.", statuses=(200, 404)),
    Route("DELETE", "/sandboxes/<sandbox>", delete_sandbox, "Remove a sandbox.", statuses=(204, 404, 409)),
    Route(
        "POST", "/sandboxes/<sandbox>/reset", reset_sandbox,
        "Forget faxes, journals and queued scenarios; keep credentials and settings.",
        body=NoBody, statuses=(200, 400, 404),
    ),
)  # fmt: skip
