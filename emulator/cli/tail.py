"""`localfax tail`: requests, faxes and webhooks as they happen, from wherever one is."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

import click

from emulator.cli.session import Exit, Failure, json_option, with_sandbox
from localfax import Sandbox
from localfax.ladder import phrase
from localfax.things import entry_of

JSON = dict[str, Any]


@click.command()
@click.option("--count", type=int, help="End after so many lines.")
@json_option
@with_sandbox
def tail(sandbox: Sandbox, count: int | None, as_json: bool) -> None:
    """Follow a sandbox: a line for each request, each state of a fax and each webhook, until Ctrl-C."""
    colours = sys.stdout.isatty()
    try:
        for number, event in enumerate(_events(sandbox), start=1):
            click.echo(json.dumps(event, ensure_ascii=False) if as_json else _line(event, colours))
            if number == count:
                return
    except KeyboardInterrupt:
        return
    raise Failure("the server has ended", Exit.unreachable)


def _events(sandbox: Sandbox) -> Iterator[JSON]:
    for line in sandbox.connection.lines(f"/sandboxes/{sandbox.id}/events"):
        if line.startswith(": listening"):
            click.echo(f"Following {sandbox.id}; the times are its clock's.", err=True)
        elif line.startswith("data: "):
            yield json.loads(line.removeprefix("data: "))


def _line(event: JSON, colours: bool) -> str:
    from emulator.watch.console import mask, write_text

    if event["kind"] == "request":
        masked = {name: mask(event.get(name) or "") for name in ("path", "why")}
        return write_text({**event, **masked}, colours)
    if event["kind"] == "webhook":
        return write_text({**event, "event": event["what"], "url": mask(event["url"])}, colours)
    about = " ".join(filter(None, (event.get("vendor"), event.get("fax"))))
    happened = phrase(entry_of({"fax": None, "at": "", "what": event["kind"], **event})).strip()
    return f"{event.get('at', '')[11:19]} {about} {happened}".strip()
