"""`localfax exec -- COMMAND`."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from emulator.cli.child import run_child, wait_for_end
from emulator.cli.options import ca_option, intercept_host_option, profile_option, webhook_option
from emulator.cli.run_facts import measured
from emulator.cli.session import Exit, Failure, explain_errors
from emulator.cli.snapshots import new_file, old_file, read_snapshot, save_snapshot
from localfax import Localfax

_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command("exec", context_settings={"ignore_unknown_options": True})
@click.option("--port", type=click.IntRange(0, 65_535), default=0, help="Port to listen on (any free one).")
@click.option("--speed", help="Virtual seconds a real second for the default sandbox, or max (20).")
@click.option("--seed", help="Seed of the default sandbox's ids (random).")
@webhook_option
@profile_option
@click.option("--scenarios", multiple=True, help="A directory of scenario files; may be repeated.")
@click.option("--import", "start", type=old_file, help="A snapshot that the default sandbox begins with.")
@click.option("--export-on-exit", "end", type=new_file, help="File for a snapshot of it in the end.")
@click.option(
    "--report", type=_FOLDER, help="Folder for ladders, recordings, requests and a page on failure."
)
@click.option("--report-always", is_flag=True, help="Write the report when the command succeeds, too.")
@click.option(
    "--intercept", is_flag=True, help="Have the vendors' real hosts answered here, with nothing configured."
)
@intercept_host_option
@click.option(
    "--any-credentials", is_flag=True, help="Let credentials that open no sandbox open the default one."
)
@click.option("--allow-target", multiple=True, help="A further host that may be reached by name.")
@click.option("--allow-egress", is_flag=True, help="Let what is for other hosts go to the internet.")
@ca_option
@click.option("--keep", is_flag=True, help="Leave the server after the command, until Ctrl-C.")
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def exec_(
    command: tuple[str, ...], port: int, start: Path | None, end: Path | None, report: Path | None,
    report_always: bool, keep: bool, intercept: bool, **flags: Any,
) -> None:  # fmt: skip
    """Start a server on a free port and run a COMMAND against it; ends with the command's own code.

    The command finds LOCALFAX_URL and, for each vendor, its base URL and keys in its environment, like
    LOCALFAX_IFAX_BASE_URL and LOCALFAX_IFAX_ACCESS_TOKEN. With --intercept it needs none of them: what it and
    its children ask of api.ifaxapp.com, fax.to and so on is answered here.
    """
    if report_always and report is None:
        raise click.UsageError("--report-always needs --report DIR")
    with explain_errors(), _server(port, flags) as server:
        sandbox = server.sandbox()
        if start is not None:
            sandbox.load(read_snapshot(start))
        told = {} if report is None else {"LOCALFAX_REPORT": str(report)}
        surroundings = _intercepting(server) if intercept else nullcontext(dict(os.environ))
        with surroundings as environ, measured() as facts:
            code = run_child(command, {**environ, **told, **sandbox.environ})
        if report is not None and (code or report_always):
            _report(server, report, command, code, {**facts, "Seed": sandbox.seed})
        if keep:
            wait_for_end(f"localfax exec: the server stays at {server.url}; Ctrl-C ends it")
        if end is not None:
            save_snapshot(sandbox, end)
    raise SystemExit(code)


@contextmanager
def _server(port: int, flags: Mapping[str, Any]) -> Iterator[Localfax]:
    from emulator.app import App
    from emulator.cli.serve import cannot_listen
    from emulator.config import load
    from emulator.server.http_server import in_process

    given = {name: value for name, value in flags.items() if value not in (None, (), False)}
    try:
        app = App(load(given))
    except ValueError as wrong:
        raise click.UsageError(str(wrong)) from None
    with closing(app), ExitStack() as stack:
        try:
            running = stack.enter_context(in_process(app, threads=app.config.threads, port=port))
        except OSError as wrong:
            raise Failure(cannot_listen(wrong), Exit.failed) from None
        yield stack.enter_context(Localfax(running.url))


@contextmanager
def _intercepting(server: Localfax) -> Iterator[dict[str, str]]:
    """Make the environment in which each runtime comes here by itself; say in a line what for."""
    from localfax.interception.environment import explain, intercept

    found = server.interception()
    with TemporaryDirectory(prefix="localfax-") as folder:
        environ = intercept(
            Path(folder), server.url, found["hosts"], found["certificate"], egress=found["egress"]
        )
        click.echo(f"localfax exec: {explain(found['hosts'], server.url)}", err=True)
        yield environ


def _report(
    server: Localfax, folder: Path, command: Sequence[str], code: int, facts: Mapping[str, str]
) -> None:
    from emulator.replay.evidence import write_evidence

    def say(text: str) -> None:
        click.echo(f"localfax exec: {text}", err=True)

    write_evidence(server, folder, f"{shlex.join(command)} ended with {code}", facts, say=say)
    click.echo(f"localfax exec: see {folder / 'index.html'}", err=True)
