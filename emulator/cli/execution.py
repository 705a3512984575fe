"""`localfax exec -- COMMAND`."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click

from emulator.cli.options import profile_option, webhook_option

NOT_RUNNABLE, NOT_FOUND, KILLED = 126, 127, 128
"""What shells say of a command that cannot be run, is not there, was ended by a signal (plus its number)."""


@click.command("exec", context_settings={"ignore_unknown_options": True})
@click.option("--speed", help="Virtual seconds a real second for the default sandbox, or max (20).")
@click.option("--seed", help="Seed of the default sandbox's ids (random).")
@webhook_option
@profile_option
@click.option("--scenarios", multiple=True, help="A directory of scenario files; may be repeated.")
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def exec_(command: tuple[str, ...], **flags: Any) -> None:
    """Start a server on a free port and run a COMMAND against it; ends with the command's own code.

    The command finds LOCALFAX_URL and, for each vendor, its base URL and keys in its environment, like
    LOCALFAX_IFAX_BASE_URL and LOCALFAX_IFAX_ACCESS_TOKEN.
    """
    from emulator.app import App
    from emulator.client import Localfax
    from emulator.config import load
    from emulator.server.http_server import in_process

    given = {name: value for name, value in flags.items() if value not in (None, ())}
    try:
        app = App(load(given))
    except ValueError as wrong:
        raise click.UsageError(str(wrong)) from None
    try:
        with in_process(app, threads=app.config.threads) as running, Localfax(running.url) as server:
            code = _run(command, {**os.environ, **server.sandbox().environ})
    finally:
        app.close()
    raise SystemExit(code)


def _run(command: Sequence[str], environ: dict[str, str]) -> int:
    try:
        process = subprocess.Popen(command, env=environ)
    except FileNotFoundError:
        click.echo(f"localfax exec: no such command: {command[0]}", err=True)
        return NOT_FOUND
    except OSError as wrong:
        click.echo(f"localfax exec: {command[0]}: {wrong.strerror}", err=True)
        return NOT_RUNNABLE
    with _passing_on(process):
        code = process.wait()
    return code if code >= 0 else KILLED - code


@contextmanager
def _passing_on(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Pass SIGTERM on; Ctrl-C comes to the whole terminal group by itself."""
    before = {
        signal.SIGTERM: signal.signal(signal.SIGTERM, lambda *_: process.terminate()),
        signal.SIGINT: signal.signal(signal.SIGINT, lambda *_: None),
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
