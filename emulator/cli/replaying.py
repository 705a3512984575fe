"""`localfax record` and `localfax replay`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from emulator.cli.printing import print_json
from emulator.cli.run_facts import measured
from emulator.cli.scenarios import all_files, files_argument, nothing_in, read_file
from emulator.cli.session import Exit, Failure, check_vendor, explain_errors, json_option, with_sandbox
from localfax import Localfax, Sandbox

if TYPE_CHECKING:
    from emulator.replay.account import Album
    from emulator.replay.play import Result
    from emulator.reports import ReportPart

path_option = click.Path(dir_okay=False, path_type=Path)
_HOW_TO_WAIT = (
    "A replay sends by itself and plays the vendor's side: your application took no part. To let it send,\n"
    "start `localfax serve`, then `localfax replay FILE --wait --url URL --sandbox default`, then that."
)


@click.command()
@click.option("--output", "-o", type=path_option, help="Write here instead of to stdout.")
@click.option("--name", default="recording", show_default=True, help="The scenario's name.")
@with_sandbox
def record(sandbox: Sandbox, output: Path | None, name: str) -> None:
    """Write a sandbox's history as a scenario file: the same faxes, lives and instants from the same seed.

    Kept are all vendor calls, faxes received, cancels, settings, webhooks and how they were answered.
    """
    from emulator.replay.recording import write_recording

    text = write_recording(sandbox, name)
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8")


@click.command()
@files_argument
@click.option(
    "--url", envvar="LOCALFAX_URL", help="A running server; without it one is started for the replay."
)
@click.option("--sandbox", "sandbox_id", help="Play in this sandbox, which is emptied, not in a fresh one.")
@click.option("--vendor", help="The vendor where a scenario is for any.")
@click.option("--wait", is_flag=True, help="Wait for the application under test to send, instead of sending.")
@click.option(
    "--timeout", default=60.0, show_default=True, help="Seconds to wait for each fax of the application."
)
@click.option("--junit", "junit_path", type=path_option, help="Write JUnit XML here.")
@click.option("--html", "html_path", type=path_option, help="Write one HTML page of everything here.")
@click.option(
    "--journal", "journal_path", type=path_option, help="Write the journals, without wall-clock fields."
)
@json_option
def replay(
    files: tuple[Path, ...], url: str | None, as_json: bool,
    junit_path: Path | None, html_path: Path | None, journal_path: Path | None, **options: Any,
) -> None:  # fmt: skip
    """Play scenario FILEs (or directories): do their steps, advance the clock, check what they expect.

    Each plays in a fresh sandbox. Ends with 4 when something is not as expected.
    """
    from emulator.replay.account import Album
    from emulator.replay.report import write_html, write_junit
    from emulator.vendors import all_vendors

    if options["vendor"]:
        check_vendor(options["vendor"], all_vendors())
    if options["wait"] and not (url and options["sandbox_id"]):
        raise click.UsageError("--wait needs --url and --sandbox: those that the application uses")
    with explain_errors():
        album = Album() if html_path else None
        with measured() as facts:
            results = list(_results(all_files(files), url, album, **options))
        html = partial(write_html, facts=facts)
        for path, write in ((junit_path, write_junit), (html_path, html), (journal_path, _journals)):
            if path is not None:
                path.write_text(write(results), encoding="utf-8")
    _print(results, as_json, options["wait"])
    if not all(each.passed for each in results):
        raise SystemExit(Exit.not_as_wanted)


def _journals(results: Sequence[Result]) -> str:
    return "".join(each.journal for each in results)


def _results(
    paths: Iterable[Path],
    url: str | None,
    album: Album | None,
    sandbox_id: str | None,
    vendor: str | None,
    wait: bool,
    timeout: float,
) -> Iterator[Result]:
    from emulator.replay.journal_text import write_journal
    from emulator.replay.play import make_sandbox, names_of, play, vendor_of
    from localfax.local_server import run_server
    from localfax.receiver import Receiver

    scenarios = [(path, scenario) for path in paths for scenario in _read(path)]
    with ExitStack() as stack:
        server = stack.enter_context(Localfax(url) if url else run_server(repeatable=True))
        for path, scenario in scenarios:
            chosen = vendor if vendor and "vendor" not in scenario.get("match", {}) else vendor_of(scenario)
            with Receiver() as receiver:
                own = _empty(server, sandbox_id) if sandbox_id else None
                sandbox = own or make_sandbox(server, scenario, receiver)
                result = play(sandbox, scenario, chosen, receiver, timeout if wait else None, _say)
                journal = write_journal(sandbox, names_of(sandbox, receiver))
                parts = _parts(sandbox, result, album) if album else ()
            yield replace(result, file=str(path), journal=journal, parts=parts)
            if own is None:
                sandbox.delete()


def _say(text: str) -> None:
    click.echo(text, err=True)


def _parts(sandbox: Sandbox, result: Result, album: Album) -> tuple[ReportPart, ...]:
    from emulator.replay.account import tell

    return tell(sandbox, result.faxes, sandbox.requests(), sandbox.webhooks(), album)


def _read(path: Path) -> list[dict[str, Any]]:
    from emulator.replay.playable import read_playable
    from emulator.scenarios import ScenarioError, write_scenario
    from emulator.vendors import all_vendors

    try:
        found = read_playable(read_file(path), all_vendors(), str(path))
        if not found:
            raise Failure(nothing_in(path), Exit.failed)
        return [write_scenario(each) for each in found]
    except ScenarioError as wrong:
        raise Failure(str(wrong), Exit.failed) from None


def _empty(server: Localfax, sandbox_id: str) -> Sandbox:
    sandbox = server.sandbox(sandbox_id)
    sandbox.reset()
    sandbox.clear_scenarios()
    sandbox.clock(mode="manual")
    return sandbox


def _print(results: Sequence[Result], as_json: bool, waits: bool) -> None:
    from localfax.ladder import ladders

    if as_json:
        names = ("file", "name", "vendor", "passed", "problems")
        rows = [{name: getattr(each, name) for name in names} for each in results]
        faxes = [{"faxes": [fax.data for fax in each.faxes]} for each in results]
        print_json([row | own for row, own in zip(rows, faxes, strict=True)])
        return
    for result in results:
        click.echo(f"{'ok    ' if result.passed else 'FAILED'}  {result.name} ({result.vendor})")
        if not result.passed:
            click.echo("\n".join([*(f"        {each}" for each in result.problems), ladders(result.faxes)]))
    failed = sum(not each.passed for each in results)
    click.echo(f"{len(results)} scenarios, {failed} not as expected.")
    if failed and not waits:
        click.echo(_HOW_TO_WAIT, err=True)
