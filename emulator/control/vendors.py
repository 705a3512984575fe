"""A vendor's portal settings in one sandbox."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Response, jsonify

from emulator.control import views
from emulator.control.answers import body, the_program, the_world
from emulator.control.profiles import read_profile
from emulator.control.route import Route
from emulator.control.schemas import VendorSchema
from emulator.core.sandbox import OVERLAY, Settings


def read_vendor(sandbox: str, vendor: str) -> Response:
    return jsonify(views.account_view(the_world(sandbox), vendor))


def change_vendor(sandbox: str, vendor: str) -> Response:
    scene, wanted = the_world(sandbox).scene(vendor), body(VendorSchema)
    usual = None
    if "profile" in wanted:
        if isinstance(wanted["profile"], str):
            usual = scene.vendor.beginning(scene.world.clock).get("profile", {})
        wanted["profile"] = read_profile(scene.vendor, wanted["profile"])
    balance = wanted.pop("balance", None)
    change = lambda held: _changed(held, wanted, usual)  # noqa: E731
    the_program().sandboxes.set_vendor(sandbox, vendor, change, balance=balance)
    return read_vendor(sandbox, vendor)


def _changed(held: Settings, wanted: Mapping[str, Any], usual: Mapping[str, Any] | None) -> dict[str, Any]:
    """What a PATCH makes of the settings: of those with parts, it changes the parts that it names.

    A profile that is named takes the place of all switches but the `usual` ones.
    """
    made = dict(wanted)
    for side, hook in made.pop("webhooks", {}).items():
        made[side] = replace(getattr(held, side), **hook)
    if "rates" in made:
        made["rates"] = replace(held.rates, **made["rates"])
    if "profile" in made:
        kept = {name: held.profile[name] for name in (OVERLAY,) if name in held.profile}
        switches = {**(held.profile if usual is None else {**usual, **kept}), **made["profile"]}
        made["profile"] = {name: value for name, value in switches.items() if value is not None}
    for name in made.keys() & {"numbers", "restricted_numbers"}:
        made[name] = tuple(made[name])
    if "numbers" in made:
        made["numberless"] = not made["numbers"]
    return made


PATH = "/sandboxes/<sandbox>/vendors/<vendor>"

ROUTES = (
    Route("GET", PATH, read_vendor, "Read what the vendor's portal would set.", statuses=(200, 404)),
    Route(
        "PATCH", PATH, change_vendor,
        "Change what the vendor's portal would set; a switch of the profile that is null goes.",
        body=VendorSchema, statuses=(200, 400, 404, 409),
    ),
)  # fmt: skip
