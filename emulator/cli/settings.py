"""`localfax settings VENDOR`: what the vendor's portal would set."""

from __future__ import annotations

from typing import Any

import click

from emulator.cli.options import read_profile
from emulator.cli.printing import print_json
from emulator.cli.session import check_vendor, json_option, with_sandbox
from localfax import Sandbox


@click.command()
@click.argument("vendor")
@click.option("--webhook", metavar="URL", help="Where the vendor posts of sent faxes; empty for nowhere.")
@click.option("--inbound-webhook", metavar="URL", help="Where it posts of received ones; empty for nowhere.")
@click.option("--balance", type=float, help="The account's balance.")
@click.option("--numbers", metavar="NUMBER,…", help="The account's numbers; empty for none.")
@click.option(
    "--profile", multiple=True, metavar="NAME",
    help="How the vendor answers: the name of a profile, or SWITCH=VALUE as often as wanted.",
)  # fmt: skip
@click.option("--active/--inactive", default=None, help="Whether the account may be used.")
@json_option
@with_sandbox
def settings(sandbox: Sandbox, vendor: str, as_json: bool, **given: Any) -> None:
    """Show a VENDOR's settings, and first set what is given."""
    check_vendor(vendor, sandbox.vendors)
    shown = sandbox.settings(vendor, **_changes(**given))
    if as_json:
        print_json(shown)
        return
    for name, value in _rows(shown):
        click.echo(f"{name:<20} {value}")


def _changes(
    webhook: str | None,
    inbound_webhook: str | None,
    numbers: str | None,
    profile: tuple[str, ...],
    **plain: Any,
) -> dict[str, Any]:
    hooks = {"outbound": webhook, "inbound": inbound_webhook}
    wanted = {
        **plain,
        "webhooks": {side: {"url": url or None} for side, url in hooks.items() if url is not None} or None,
        "numbers": None if numbers is None else [each.strip() for each in numbers.split(",") if each.strip()],
        "profile": read_profile(profile),
    }
    return {name: value for name, value in wanted.items() if value is not None}


def _rows(shown: dict[str, Any]) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for name, value in shown.items():
        if name == "webhooks":
            rows += [(f"webhook {side}", str(hook["url"] or "none")) for side, hook in value.items()]
        elif name == "profile" and not value:
            rows.append((name, "documented"))
        elif isinstance(value, dict):
            rows += [(f"{name} {part}", str(each)) for part, each in value.items()]
        else:
            told = ", ".join(value) if isinstance(value, list) else value
            rows.append((name, "none" if told in ("", None) else str(told)))
    return rows
