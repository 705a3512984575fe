"""`localfax advance` and `settle`."""

from __future__ import annotations

import click

from emulator.cli.printing import print_json
from emulator.cli.session import json_option, with_sandbox
from localfax import Entry, Sandbox
from localfax.ladder import phrase


@click.command()
@click.argument("by", required=False)
@click.option("--to", help="Advance to this instant, ISO 8601.")
@click.option("--fax", help="Advance until this fax is in --state.")
@click.option("--state", help="The neutral state that --fax must come to.")
@json_option
@with_sandbox
def advance(
    sandbox: Sandbox, by: str | None, to: str | None, fax: str | None, state: str | None, as_json: bool
) -> None:
    """Advance the clock BY a duration (90s, 5m, 48h) and play everything on the way, webhooks included."""
    if bool(fax) != bool(state):
        raise click.UsageError("--fax and --state go together")
    until = {"fax": fax, "state": state} if fax else None
    if sum(each is not None for each in (by, to, until)) != 1:
        raise click.UsageError("give one of BY, --to, or --fax with --state; `localfax settle` plays all")
    _print(sandbox, sandbox.advance(by, to=to, until=until), as_json)


@click.command()
@json_option
@with_sandbox
def settle(sandbox: Sandbox, as_json: bool) -> None:
    """Play everything until nothing is left to happen: every call, every webhook, every retry."""
    _print(sandbox, sandbox.settle(), as_json)


def _print(sandbox: Sandbox, played: list[Entry], as_json: bool) -> None:
    now = sandbox.clock()["now"]
    if as_json:
        shown = [
            {"at": each.at, "kind": each.kind, "fax": each.fax, "what": each.what, **each.detail}
            for each in played
        ]
        print_json({"now": now, "timeline": shown})
        return
    for entry in played:
        click.echo(f"{entry.at}  {entry.fax or '-':<8}  {phrase(entry)}")
    click.echo(f"It is {now}.")
