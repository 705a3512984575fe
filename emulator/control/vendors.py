"""A vendor's portal settings in one sandbox."""

from __future__ import annotations

from dataclasses import replace

from flask import Response, jsonify

from emulator.control import views
from emulator.control.answers import body, the_app
from emulator.control.route import Route
from emulator.control.schemas import VendorSchema


def read_vendor(sandbox: str, vendor: str) -> Response:
    engine = the_app().engine
    settings = engine.settings(sandbox, vendor)
    return jsonify(views.settings_view(settings, engine.balance(sandbox, vendor)))


def change_vendor(sandbox: str, vendor: str) -> Response:
    settings = the_app().engine.settings(sandbox, vendor)
    wanted = body(VendorSchema)
    for side, hook in wanted.pop("webhooks", {}).items():
        wanted[side] = replace(getattr(settings, side), **hook)
    if "rates" in wanted:
        wanted["rates"] = replace(settings.rates, **wanted["rates"])
    if "profile" in wanted:
        wanted["profile"] = {**settings.profile, **wanted["profile"]}
    for name in ("numbers", "restricted_numbers"):
        if name in wanted:
            wanted[name] = tuple(wanted[name])
    the_app().sandboxes.set_vendor(sandbox, vendor, **wanted)
    return read_vendor(sandbox, vendor)


PATH = "/sandboxes/<sandbox>/vendors/<vendor>"

ROUTES = (
    Route("GET", PATH, read_vendor, "Read what the vendor's portal would set.", statuses=(200, 404)),
    Route(
        "PATCH", PATH, change_vendor, "Change what the vendor's portal would set.",
        body=VendorSchema, statuses=(200, 400, 404, 409),
    ),
)  # fmt: skip
