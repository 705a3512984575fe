"""Profiles: which of a vendor's switches are on, by the name of a whole set or one by one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from emulator.core.dialect.vendor import Vendor
from emulator.core.errors import Invalid
from emulator.core.sandbox import OVERLAY, Settings
from emulator.scenarios.mistakes import ScenarioError
from emulator.scenarios.profile import check_switches

Switches = dict[str, Any]
DOCUMENTED_NAME = "documented"
"""The profile that every vendor has: as its document says, no switch is set."""


def profiles_of(vendor: Vendor) -> Mapping[str, Mapping[str, Any]]:
    """The vendor's profiles by name."""
    return {DOCUMENTED_NAME: {}, **vendor.profiles}


def read_profile(vendor: Vendor, wanted: Any, field: str = "profile") -> Switches:
    """The switches of a name, or of a table; raises Invalid for an unknown name, switch or value."""
    if isinstance(wanted, Mapping):
        own = {name: value for name, value in wanted.items() if name != OVERLAY}
        for wrong in check_switches(vendor, own):
            raise Invalid(wrong.message, f"{field}.{wrong.field}")
        return dict(wanted) | _overlay(vendor, wanted, field)
    named = profiles_of(vendor)
    if not isinstance(wanted, str) or wanted not in named:
        raise Invalid(f"no profile {wanted} of {vendor.name}; there are {', '.join(named)}", field)
    return dict(named[wanted])


def _overlay(vendor: Vendor, wanted: Mapping[str, Any], field: str) -> Switches:
    """Check an overlay that stands among the switches, as JSON text or an object; null takes it away."""
    if wanted.get(OVERLAY) is None:
        return {}
    found = read_given(wanted[OVERLAY], {vendor.name: vendor}, f"{field}.{OVERLAY}")
    return found.get(vendor.name, {})


def read_given(given: Any, vendors: Mapping[str, Vendor], field: str) -> dict[str, Switches]:
    """Read overlays as YAML or JSON text, an object or a list: by vendor its switches; raises Invalid."""
    from emulator.overlays.file import read_overlays

    each = given if isinstance(given, list) else [given]
    text = given if isinstance(given, str) else "\n---\n".join(map(json.dumps, each))
    try:
        return {name: found.switches for name, found in read_overlays(text, vendors).items()}
    except ScenarioError as wrong:
        raise Invalid("; ".join(map(str, wrong.problems)), field) from None


def check_overlay(settings: Settings, vendors: Mapping[str, Vendor]) -> None:
    """Check the overlay that settings hold, if they do; raise Invalid."""
    if (text := settings.profile.get(OVERLAY)) is None:
        return
    try:
        found = read_given(json.loads(text), vendors, f"profile.{OVERLAY}")
    except (TypeError, ValueError):
        raise Invalid("an overlay is kept as JSON text", f"profile.{OVERLAY}") from None
    if [*found] != [settings.id]:
        raise Invalid(f"this is no overlay of {settings.id}", f"profile.{OVERLAY}")


def read_flags(vendors: Mapping[str, Vendor], texts: Iterable[str]) -> dict[str, Switches]:
    """Read `VENDOR=NAME` and `VENDOR.SWITCH=VALUE`, the later ones over the earlier; raise Invalid."""
    found: dict[str, Switches] = {}
    for text in texts:
        place, equals, value = text.partition("=")
        name, dot, switch = place.strip().partition(".")
        if not equals or name not in vendors:
            ways = "VENDOR=NAME or VENDOR.SWITCH=VALUE"
            raise Invalid(f"{text!r} is not {ways}; vendors are {', '.join(vendors)}", "profile")
        wanted = {switch: _value(value)} if dot else value.strip()
        held = found.setdefault(name, {})
        held |= read_profile(vendors[name], wanted)
    return found


def _value(text: str) -> Any:
    """A number, true, false or null as JSON has it, a list or an object; else text."""
    try:
        return json.loads(text)
    except ValueError:
        return text.strip()
