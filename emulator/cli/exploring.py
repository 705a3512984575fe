"""`localfax explore`."""

from __future__ import annotations

import secrets
import signal
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from emulator.cli.printing import print_json, print_table
from emulator.cli.session import Exit, Failure, check_vendor, explain_errors, json_option, with_sandbox

if TYPE_CHECKING:
    from emulator.core.scripting.combinations import Combination
    from emulator.explore.exploration import Tried
    from emulator.explore.session import Session
    from localfax import Sandbox

_FILE = click.Path(dir_okay=False, path_type=Path)
_FOLDER = click.Path(file_okay=False, path_type=Path)
_COMMAND = "COMMAND"
_STOPPED = 130
"""What shells say of a command that Ctrl-C ended."""


@click.command()
@click.option("--vendor", required=True, help="Whose API your application uses.")
@click.option("--send", metavar=_COMMAND, help="Has your application send a fax to {to}, for the {order}.")
@click.option("--wait", is_flag=True, help="Your application sends by itself.")
@click.option("--state", required=True, metavar=_COMMAND, help="Asks it what became of the fax to {to}.")
@click.option(
    "--word",
    multiple=True,
    metavar="STATE=WORDS",
    help="What it calls a state: delivered=sent,done; "
    "delivered=.fax.status:sent; failed=/no answer/. May be repeated.",
)
@click.option(
    "--count",
    metavar=_COMMAND,
    help="Asks it how many faxes it counts for {to}; or a path in what --state gives, like .faxes.",
)
@click.option(
    "--effects",
    metavar=_COMMAND,
    help="Asks it how often its side effect happened, which must be 1; or a path, like .effects.",
)
@click.option("--poll", metavar=_COMMAND, help="Has it ask the vendor for the status (as --state does).")
@click.option("--pairs/--no-pairs", default=True, help="Also two adversities at a time.")
@click.option("--only", metavar="TEXT", help="Only combinations whose name has this text.")
@click.option(
    "--orders",
    type=click.IntRange(0, 10_000),
    default=60,
    show_default=True,
    help="At most so many orders of the events of one fax.",
)
@click.option("--seed", help="What the numbers and the orders' names follow from (random).")
@click.option(
    "--minutes",
    type=click.FloatRange(0, min_open=True),
    default=5.0,
    show_default=True,
    help="Real minutes after which no further combination is begun.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(0, min_open=True),
    default=10.0,
    show_default=True,
    help="Real seconds that a command may take.",
)
@click.option(
    "--patience",
    type=click.FloatRange(0),
    default=1.0,
    show_default=True,
    help="Real seconds that your application may need to catch up.",
)
@click.option(
    "--findings",
    type=_FOLDER,
    default=".localfax/explore",
    show_default=True,
    help="Folder for the scenario files that play findings again.",
)
@click.option("--junit", "junit_path", type=_FILE, help="Write JUnit XML here.")
@click.option("--html", "html_path", type=_FILE, help="Write one HTML page here.")
@json_option
@with_sandbox
def explore(
    sandbox: Sandbox, vendor: str, findings: Path, junit_path: Path | None, html_path: Path | None,
    as_json: bool, pairs: bool, orders: int, only: str | None, minutes: float, **options: Any,
) -> None:  # fmt: skip
    """Run your application through everything that can go wrong with a fax, smallest first.

    It must be running, use this sandbox and hear its webhooks. Each run gives it an order to a number of its
    own, plays what befalls it on virtual time, and compares what the application says with what the vendor
    did. Ends with 4 when something did not hold.
    """
    from emulator.explore import report
    from emulator.explore.exploration import explore as try_all
    from emulator.explore.session import Dead, standing

    check_vendor(vendor, sandbox.vendors)
    deadline = time.monotonic() + 60 * minutes
    session = _session(sandbox, vendor, **options)
    with explain_errors(), _ending(), standing(sandbox):
        for path in filter(None, (junit_path, html_path)):
            path.parent.mkdir(parents=True, exist_ok=True)
        try:
            usual = session.begin()
        except Dead as dead:
            raise Failure(str(dead), Exit.not_as_wanted) from None
        wanted = _choose(session.combinations(usual, pairs=pairs, orders=orders), only)
        with _progress(len(wanted), as_json) as show:
            trying = try_all(wanted, session.play, deadline=deadline, die=session.die)
            results, stopped = _collect(map(show, trying))
        files = _write_findings(session, results, findings)
    texts = {name: path.read_text(encoding="utf-8") for name, path in files.items()}
    facts = {"Vendor": vendor, "Server": sandbox.connection.url, "Sandbox": sandbox.id, "Seed": session.seed}
    if junit_path is not None:
        junit_path.write_text(report.write_junit(results, vendor), encoding="utf-8")
    if html_path is not None:
        html_path.write_text(report.write_html(results, facts, texts), encoding="utf-8")
    _print(results, {name: str(path) for name, path in files.items()}, session, as_json)
    if stopped:
        raise Failure(f"stopped before {len(wanted) - len(results)} of {len(wanted)} were tried", _STOPPED)
    if report.findings(results):
        raise SystemExit(Exit.not_as_wanted)


def _choose(combinations: list[Combination], only: str | None) -> list[Combination]:
    """Choose those that are asked for; raise a usage error when there are none."""
    wanted = [each for each in combinations if only is None or only in each.name]
    if not wanted:
        raise click.UsageError(f"--only {only}: no combination is called so; they are like webhook:twice")
    return wanted


@contextmanager
def _ending() -> Iterator[None]:
    """Take SIGTERM as Ctrl-C, so that no command of the application goes on running."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _collect(trying: Iterable[Tried]) -> tuple[list[Tried], bool]:
    """Collect what is tried up to Ctrl-C, and say whether that came."""
    results: list[Tried] = []
    try:
        for each in trying:
            results.append(each)
    except KeyboardInterrupt:
        return results, True
    return results, False


def _session(
    sandbox: Sandbox, vendor: str, send: str | None, wait: bool, state: str, word: tuple[str, ...],
    count: str | None, effects: str | None, poll: str | None, seed: str | None, timeout: float,
    patience: float,
) -> Session:  # fmt: skip
    from emulator.explore.application import Commands
    from emulator.explore.session import Session
    from emulator.explore.trial import Waits
    from emulator.explore.words import BadWord, read_picks

    arrives = any(each.startswith("arrived=") for each in word)
    if (wait and send) or not (wait or send or arrives):
        ways = "--send COMMAND, --wait when it sends by itself, or --word arrived=… when it only receives"
        raise click.UsageError(f"say how your application comes to a fax: {ways}")
    try:
        picks = read_picks(word)
    except BadWord as wrong:
        raise click.UsageError(str(wrong)) from None
    return Session(
        sandbox,
        vendor,
        Commands(state, send, count, effects, poll),
        picks,
        seed or secrets.token_hex(4),
        Waits(timeout, patience),
        inbound=arrives,
        sends=bool(wait or send),
    )


@contextmanager
def _progress(total: int, quiet: bool) -> Iterator[Any]:
    """Show on stderr which combination is next, and what did not hold so far."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(file=sys.stderr, highlight=False)
    with Progress(*columns, console=console, transient=True, disable=quiet) as bar:
        task = bar.add_task("explore", total=total)

        def show(result: Tried) -> Tried:
            bar.update(task, advance=1, description=result.combination.name)
            if result.problems:
                said = f"{result.combination.name}: {result.problems[0].text}"
                bar.console.print(said, markup=False, soft_wrap=True)
            return result

        yield show


def _write_findings(session: Session, results: list[Tried], folder: Path) -> dict[str, Path]:
    from emulator.explore.finding import file_name
    from emulator.explore.report import findings

    found: dict[str, Path] = {}
    for each in findings(results):
        if each.story is not None:
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / file_name(each.story)
            path.write_text(session.write(each.story, each.problems, str(path)), encoding="utf-8")
            found[each.combination.name] = path
    return found


def _print(results: list[Tried], files: dict[str, str], session: Session, as_json: bool) -> None:
    from emulator.explore import report

    if as_json:
        print_json({"seed": session.seed, **report.as_data(results, files)})
        return
    print_table(report.COLUMNS, report.table(results), "no combination fits")
    told = [(each.combination.name, each.problems[0].text) for each in results if each.problems]
    if orders := [row for row in told if row[0].startswith("order:")]:
        print_table(("order", "what did not hold"), orders, "")
    for place, each in enumerate(report.findings(results)):
        if each.story is not None and place < _MOST_TOLD:
            again = _again(each.combination, session.sandbox, files[each.combination.name])
            click.echo("\n".join(["", *(f"{one.kind}: {one.text}" for one in each.problems),
                                  each.story.tell(), *again]))  # fmt: skip
    click.echo(f"\n{report.sum_up(results)} Seed {session.seed}.")


def _again(combination: Combination, sandbox: Sandbox, file: str) -> list[str]:
    """Say how to come to a finding once more, alone."""
    alone = f"--only {combination.name}{' --no-pairs' if len(combination.parts) == 1 else ''}"
    where = f"--url {sandbox.connection.url} --sandbox {sandbox.id}"
    return [
        f"explore it alone with: {alone}",
        f"play it again while you look, as the head of the file tells: localfax replay --wait {where} {file}",
    ]


_MOST_TOLD = 5
"""Findings whose whole story is printed; the others have their line in the table, and their file."""
