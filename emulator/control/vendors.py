"""A vendor's portal settings in one sandbox."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from flask import Response, jsonify

from emulator.control import views
from emulator.control.answers import body, the_program, the_world
from emulator.control.route import Route
from emulator.control.schemas import VendorSchema
from emulator.core.dialect.vendor import Vendor
from emulator.core.errors import Invalid
from emulator.core.sandbox import Settings
from emulator.scenarios.mistakes import suggest


def read_vendor(sandbox: str, vendor: str) -> Response:
    return jsonify(views.account_view(the_world(sandbox), vendor))


def change_vendor(sandbox: str, vendor: str) -> Response:
    the_world(sandbox).settings(vendor)
    wanted = body(VendorSchema)
    _check_switches(the_program().vendors[vendor], wanted.get("profile", {}))
    balance = wanted.pop("balance", None)
    the_program().sandboxes.set_vendor(sandbox, vendor, lambda held: _changed(held, wanted), balance=balance)
    return read_vendor(sandbox, vendor)


def _check_switches(vendor: Vendor, wanted: Iterable[str]) -> None:
    known = [row.word for row in vendor.tables.get("switches", ())]
    for name in wanted:
        if name not in known:
            raise Invalid(f"no switch {name} of {vendor.name}{suggest(name, known)}", f"profile.{name}")


def _changed(held: Settings, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """What a PATCH makes of the settings: of those with parts, it changes the parts that it names."""
    made = dict(wanted)
    for side, hook in made.pop("webhooks", {}).items():
        made[side] = replace(getattr(held, side), **hook)
    if "rates" in made:
        made["rates"] = replace(held.rates, **made["rates"])
    if "profile" in made:
        switches = {**held.profile, **made["profile"]}
        made["profile"] = {name: value for name, value in switches.items() if value is not None}
    for name in made.keys() & {"numbers", "restricted_numbers"}:
        made[name] = tuple(made[name])
    return made


PATH = "/sandboxes/<sandbox>/vendors/<vendor>"

ROUTES = (
    Route("GET", PATH, read_vendor, "Read what the vendor's portal would set.", statuses=(200, 404)),
    Route(
        "PATCH", PATH, change_vendor,
        "Change what the vendor's portal would set. A switch of the profile that is null goes.",
        body=VendorSchema, statuses=(200, 400, 404, 409),
    ),
)  # fmt: skip
