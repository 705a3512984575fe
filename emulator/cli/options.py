"""Options that several commands have, and how their values are read."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import click

profile_option = click.option(
    "--profile",
    multiple=True,
    metavar="VENDOR=NAME",
    help="How a vendor answers: the name of a profile (ifax=live), or a switch (kazoo.live_status=true); "
    "may be repeated.",
)


webhook_option = click.option(
    "--webhook",
    multiple=True,
    metavar="[VENDOR=]URL",
    help="Where vendors post, outbound and inbound: one URL for all, or one for a vendor; may be repeated.",
)

ca_option = click.option(
    "--ca-dir", help="Folder of the authority that signs certificates (in the user's data folder)."
)
intercept_host_option = click.option(
    "--intercept-host",
    multiple=True,
    metavar="HOST=VENDOR",
    help="A further host that a vendor answers for; may be repeated.",
)


def read_webhooks(vendors: Iterable[str], texts: Iterable[str]) -> dict[str, Any] | None:
    """Read `URL` and `VENDOR=URL`: by vendor what a sandbox is made with; None for nothing."""
    known, found = list(vendors), dict[str, Any]()
    for text in texts:
        vendor, equals, url = text.partition("=")
        named = bool(equals) and "/" not in vendor
        if named and vendor not in known:
            raise click.UsageError(f"no vendor {vendor!r}; there are {', '.join(known)}")
        both = dict.fromkeys(("outbound", "inbound"), url if named else text)
        found |= dict.fromkeys([vendor] if named else known, both)
    return found or None


def read_profiles(texts: Iterable[str]) -> dict[str, Any]:
    """Read `VENDOR=NAME` and `VENDOR.SWITCH=VALUE`: by vendor a name, or a table of switches."""
    found: dict[str, Any] = {}
    for text in texts:
        place, equals, value = text.partition("=")
        vendor, dot, switch = place.strip().partition(".")
        if not equals or not vendor:
            raise click.UsageError(f"--profile is VENDOR=NAME or VENDOR.SWITCH=VALUE, not {text!r}")
        found[vendor] = _with(found.get(vendor), f"{switch}={value}" if dot else value)
    return found


def read_profile(texts: Iterable[str]) -> Any:
    """Read `NAME`, or `SWITCH=VALUE` as often as wanted; None for nothing."""
    found = None
    for text in texts:
        found = _with(found, text)
    return found


def _with(held: Any, text: str) -> Any:
    switch, equals, value = text.partition("=")
    if (held is not None) and (isinstance(held, str) or not equals):
        raise click.UsageError("give the name of one profile, or switches, for each vendor")
    return {**(held or {}), switch.strip(): _value(value)} if equals else text.strip()


def _value(text: str) -> Any:
    """A number, true, false, null, a list or an object as JSON has them; else text."""
    try:
        return json.loads(text)
    except ValueError:
        return text.strip()
