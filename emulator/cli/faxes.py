"""`localfax faxes`, `show` and `timeline`."""

from __future__ import annotations

import click

from emulator.cli.printing import print_found, print_json, print_table, say_unheard
from emulator.cli.session import json_option, with_sandbox
from localfax import Attempt, Fax, Sandbox
from localfax.ladder import ladder, span

_COLUMNS = (
    *("fax", "vendor", "direction", "to", "from", "state", "outcome", "pages", "calls", "vendor's id"),
    "created",
)
_CALLS = ("", "outcome", "started", "pages", "bit/s", "station id", "ring", "connected")


@click.command()
@click.option("--vendor", help="Only of this vendor.")
@click.option("--direction", type=click.Choice(["outbound", "inbound"]), help="Only of this direction.")
@click.option("--to", help="Only to this number; * stands for any digits.")
@click.option("--from", "sender", help="Only from this number; * stands for any digits.")
@click.option("--state", help="Only in this neutral state.")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="Faxes at most.")
@json_option
@with_sandbox
def faxes(sandbox: Sandbox, as_json: bool, limit: int, **filters: str | None) -> None:
    """List the faxes, newest first."""
    print_found(sandbox.faxes(most=limit, **filters), as_json, _COLUMNS, _row, "No faxes.")


def _row(fax: Fax) -> tuple[object, ...]:
    pages = f"{fax.pages_sent}/{fax.pages}"
    calls = len(fax.attempts)
    numbers = (fax.to, fax.sender)
    return (
        fax.id, fax.vendor, fax.direction, *numbers, fax.state, fax.outcome, pages, calls, fax.vendor_id,
        fax.created_at,
    )  # fmt: skip


@click.command()
@click.argument("fax_id", metavar="FAX")
@json_option
@with_sandbox
def show(sandbox: Sandbox, fax_id: str, as_json: bool) -> None:
    """Show one fax, by its id of the first column of `localfax faxes`."""
    fax = sandbox.fax(fax_id)
    if as_json:
        print_json(fax.data)
        return
    print_table(("fax", fax.id), _facts(fax), "")
    if fax.attempts:
        print_table(_CALLS, map(_call, fax.attempts), "")


def _call(call: Attempt) -> tuple[object, ...]:
    heard = (call.speed, call.csid, span(call.ring), span(call.duration))
    return (f"call {call.number}", call.outcome, call.started_at, call.pages_sent, *heard)


def _facts(fax: Fax) -> list[tuple[str, object]]:
    own = " ".join(filter(None, (fax.vendor_state, fax.vendor_code, fax.vendor_text)))
    return [
        ("vendor", f"{fax.vendor}, its id {fax.vendor_id}"),
        ("direction", fax.direction),
        ("to", fax.to),
        ("from", fax.sender),
        ("state", f"{fax.state}; the vendor says: {own}"),
        ("outcome", fax.outcome),
        ("pages", f"{fax.pages_sent} of {fax.pages} sent"),
        ("scenario", fax.scenario),
        ("cost", fax.cost),
        ("created", fax.created_at),
        ("finished", fax.finished_at),
    ]


@click.command()
@click.argument("fax_id", metavar="[FAX]", required=False)
@json_option
@with_sandbox
def timeline(sandbox: Sandbox, fax_id: str | None, as_json: bool) -> None:
    """Show a fax's life as a ladder: states, calls, webhooks with their tries; without FAX the latest one."""
    found = [sandbox.fax(fax_id)] if fax_id else sandbox.faxes(most=1)
    if as_json:
        print_json([entry for fax in found for entry in fax.data["timeline"]])
    else:
        click.echo("\n".join(map(ladder, found)) or "No faxes.")
        say_unheard(sandbox, found)
