"""The settings of a sandbox as a recording keeps them: only what is not as in every new one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.core.codec import decode
from emulator.core.fax import Fax
from emulator.core.sandbox import Settings, balance_of
from emulator.core.vendor import Vendor
from emulator.fields import MICROS
from emulator.vendors import all_vendors

JSON = dict[str, Any]


def world(snapshot: Mapping[str, Any], faxes: list[Fax]) -> dict[str, JSON]:
    """Give each vendor's settings that are not usual; the balance as it was before all charges."""
    found = {}
    for item in snapshot["items"]:
        if item["kind"] != "settings":
            continue
        settings = decode(Settings, {name: value for name, value in item.items() if name != "kind"})
        vendor = all_vendors()[settings.id]
        charged = sum(fax.charged for fax in faxes if fax.vendor == vendor.name)
        balance = snapshot["counters"].get(balance_of(vendor.name), 0) + charged
        if changed := _changed(settings, vendor) | (
            {} if balance == vendor.balance else {"balance": balance / MICROS}
        ):
            found[vendor.name] = changed
    return found


def _changed(settings: Settings, vendor: Vendor) -> JSON:
    usual = Settings(id=vendor.name, **vendor.settings)
    shown, before = _shown(settings), _shown(usual)
    return {name: value for name, value in shown.items() if value != before[name]}


def _shown(settings: Settings) -> JSON:
    """Show settings as PATCH takes them; webhooks are the replay's own affair."""
    return {
        "active": settings.active,
        "numbers": list(settings.numbers),
        "restricted_numbers": list(settings.restricted_numbers),
        "lines": settings.lines,
        "rates": {"page": settings.rates.page / MICROS, "minute": settings.rates.minute / MICROS},
        "max_attempts": settings.max_attempts,
        "profile": dict(settings.profile),
    }
