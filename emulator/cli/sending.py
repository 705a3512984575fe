"""`localfax send` and `localfax receive`, with a line that follows the fax's states."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click

from emulator.cli.printing import print_json, say_unheard
from emulator.cli.session import Exit, Failure, check_vendor, json_option, with_sandbox
from localfax import Fax, Sandbox
from localfax.ladder import heading
from localfax.submission import THEIR_NUMBER, Document

_FINAL = ("delivered", "failed", "cancelled", "arrived")
_PAUSE = 0.05
"""Real seconds between two looks at a fax."""

follow_options = (
    click.option("--wait/--no-wait", default=True, show_default=True, help="Follow the fax to its end."),
    click.option("--timeout", default=120.0, show_default=True, help="Seconds to follow it at most."),
)
number_options = (
    click.option("--from", "sender", help="The number that faxes."),
    click.option("--pages", type=click.IntRange(1, 100), help="Without FILE: a document of so many pages."),
)
file_argument = click.argument(
    "file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)


@click.command()
@click.argument("vendor")
@file_argument
@click.option("--to", required=True, help="The number that is faxed.")
@number_options[0]
@number_options[1]
@follow_options[0]
@follow_options[1]
@json_option
@with_sandbox
def send(
    sandbox: Sandbox, vendor: str, file: Path | None, to: str, sender: str | None, pages: int | None,
    wait: bool, timeout: float, as_json: bool,
) -> None:  # fmt: skip
    """Send FILE through a VENDOR's own API and follow the fax to its end.

    Ends with 1 when the vendor refuses, with 4 when the fax is not delivered (or not in time).
    """
    document = Document.of_file(file) if file else None
    check_vendor(vendor, sandbox.vendors)
    sent = sandbox.send(vendor, to, document=document, pages=pages or 1, sender=sender)
    if sent.fax is None:
        raise Failure(
            f"{vendor} made no fax: {sent.status or 'no answer'} {sent.answer}".strip(), Exit.failed
        )
    _follow(sandbox, sent.fax, wait, timeout, as_json)


@click.command()
@click.argument("vendor")
@file_argument
@click.option("--to", help="Our number; without it the account's first.")
@click.option("--force", is_flag=True, default=None, help="Ring though the account has not that number.")
@number_options[0]
@number_options[1]
@click.option("--csid", help="The sender's station id.")
@click.option("--scenario", help="The outcome of the call, like line_error, or a scenario's name.")
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write the received PDF here."
)
@follow_options[0]
@follow_options[1]
@json_option
@with_sandbox
def receive(
    sandbox: Sandbox, vendor: str, file: Path | None, to: str | None, sender: str | None, force: bool | None,
    pages: int | None, csid: str | None, scenario: str | None, output: Path | None, wait: bool,
    timeout: float, as_json: bool,
) -> None:  # fmt: skip
    """Let somebody fax us FILE at a VENDOR's number and follow the fax.

    Ends with 4 when the fax does not arrive (or not in time).
    """
    check_vendor(vendor, sandbox.vendors)
    fax = sandbox.receive(
        vendor, to, sender or THEIR_NUMBER, pages=pages, csid=csid, scenario=scenario, force=force,
        document=file.read_bytes() if file else None,
    )  # fmt: skip
    if output:
        output.write_bytes(sandbox.document(fax.id))
    _follow(sandbox, fax.id, wait, timeout, as_json)


def _follow(sandbox: Sandbox, fax_id: str, wait: bool, timeout: float, as_json: bool) -> None:
    stands = sandbox.clock()["mode"] == "manual"
    deadline = time.monotonic() + (timeout if wait and not stands else 0)
    with _Line() as line:
        line.says(fax := sandbox.fax(fax_id))
        while fax.state not in _FINAL and time.monotonic() < deadline:
            time.sleep(_PAUSE)
            line.says(fax := sandbox.fax(fax_id))
    if as_json:
        print_json(fax.data)
    else:
        click.echo(heading(fax))
    if fax.state in _FINAL:
        say_unheard(sandbox, [fax])
    if stands:
        click.echo("The sandbox's clock stands still: `localfax settle` plays on.", err=True)
    elif wait and fax.state not in ("delivered", "arrived"):
        raise SystemExit(Exit.not_as_wanted)


class _Line:
    """One line on stderr: at a terminal it shows the present state, elsewhere it grows with each state."""

    def __init__(self) -> None:
        from rich.console import Console

        self.console = Console(stderr=True, highlight=False)
        self.status = self.console.status("") if sys.stderr.isatty() else None
        self.seen = 0

    def __enter__(self) -> _Line:
        if self.status:
            self.status.start()
        return self

    def __exit__(self, *error: object) -> None:
        if self.status:
            self.status.stop()
        else:
            click.echo(err=True)

    def says(self, fax: Fax) -> None:
        states = [entry.what for entry in fax.timeline if entry.kind == "state"]
        if self.status:
            page = f", {fax.pages_sent} of {fax.pages} pages" if fax.state == "transmitting" else ""
            self.status.update(f"{fax.id} {fax.state}{page}, call {len(fax.attempts)}")
        else:
            fresh = [*([""] if self.seen else []), *states[self.seen :]]
            click.echo(" > ".join(fresh) if len(fresh) > 1 or not self.seen else "", err=True, nl=False)
        self.seen = len(states)
