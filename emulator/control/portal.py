"""What can be set of a vendor, as rows: its profiles, its portal's settings, what each switch decides."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from emulator.control.views import settings_view
from emulator.core.dialect.vendor import Vendor
from emulator.core.dialect.words import ASSUMED, Word
from emulator.core.sandbox import Settings

OWN = "this emulator's"

SETTINGS: Mapping[str, str] = {
    "balance": "what the account has, in its currency",
    "active": "false: the account may not be used",
    "webhooks": "where the vendor posts, outbound and inbound: a url, and auth as user:password; nowhere",
    "numbers": "the account's numbers",
    "restricted_numbers": "numbers that the vendor refuses to fax",
    "lines": "calls at one time; null is no limit",
    "rates": "the price of a page, and of a minute",
    "max_attempts": "calls of a fax, where its client does not say",
    "profile": "the switches that are set",
}
"""What the portal sets, by the key of the vendor's settings."""


def list_settings(vendor: Vendor) -> tuple[Word, ...]:
    """List the portal's settings and how an account of the vendor is made with them."""
    usual = settings_view(Settings(id=vendor.name, **vendor.settings), vendor.balance)
    del usual["webhooks"]
    told = {name: f"; {json.dumps(value)}" for name, value in usual.items()}
    return tuple(
        Word(name, f"{text}{told.get(name, '')} unless set", ASSUMED, OWN) for name, text in SETTINGS.items()
    )


def list_profiles(vendor: Vendor) -> tuple[Word, ...]:
    """List the profiles that have a name of their own, each with the switches that it sets."""
    return tuple(
        replace(row, text=f"{row.text}; {_set(vendor.profiles[row.word])}")
        for row in vendor.tables.get("profiles", ())
    )


def _set(switches: Mapping[str, object]) -> str:
    if not switches:
        return "sets no switch"
    return "sets " + ", ".join(f"{name}={_told(value)}" for name, value in switches.items())


def _told(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def list_choices(vendor: Vendor) -> tuple[Word, ...]:
    """List what was decided, each with the switches that decide otherwise, or that there is none."""
    return tuple(
        replace(row, text=f"{row.text} ({_decided(row.switches)})")
        for row in vendor.tables.get("choices", ())
    )


def _decided(switches: Sequence[str]) -> str:
    return f"switch {', '.join(switches)}" if switches else "no switch"


def all_tables(vendor: Vendor) -> Mapping[str, Sequence[Word]]:
    """List the whole vocabulary by table, and with it what can be set."""
    profiles = list_profiles(vendor)
    made = {"choices": list_choices(vendor), "settings": list_settings(vendor)}
    return {**vendor.tables, **made, **({"profiles": profiles} if profiles else {})}
