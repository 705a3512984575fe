"""`localfax compare`: recorded traffic against the emulator."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from emulator.cli.options import profile_option, read_profiles
from emulator.cli.printing import print_json
from emulator.cli.session import Exit, Failure, check_vendor, explain_errors, json_option

if TYPE_CHECKING:
    from emulator.comparison.report import Compared

_OUT = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument(
    "files", metavar="FILE...", nargs=-1, required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)  # fmt: skip
@click.option("--vendor", help="Whose the exchanges are that nothing else tells of.")
@profile_option
@click.option(
    "--overlay", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Compare with it."
)
@click.option(
    "--fit/--no-fit", default=True, help="Try the vendor's switches, and compare with the best (yes)."
)
@click.option("--teach", "teach", type=_OUT, help="Write what is left as an overlay here.")
@click.option("--junit", "junit", type=_OUT, help="Write JUnit XML here.")
@click.option("--html", "html", type=_OUT, help="Write one HTML page here.")
@json_option
def compare(
    files: tuple[Path, ...], vendor: str | None, profile: tuple[str, ...], overlay: Path | None, fit: bool,
    teach: Path | None, junit: Path | None, html: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Play recorded traffic (HAR, vcrpy cassettes) against the emulator and tell every difference.

    Nothing goes out: a fresh sandbox answers, on virtual time. Ends with 4 when something differs.
    """
    from emulator.comparison import report

    if teach is not None and overlay is not None:
        raise click.UsageError("--teach writes all that differs: leave out --overlay")
    with explain_errors():
        found = _compared(files, vendor, read_profiles(profile), overlay, fit)
        writers = ((junit, report.write_junit), (html, report.write_html), (teach, _overlay))
        for path, write in writers:
            if path is not None:
                path.write_text(write(found), encoding="utf-8")
    if as_json:
        print_json(report.describe(found))
    else:
        click.echo(report.write_text(found), nl=False)
        if teach is not None:
            click.echo(f"\nUse what it taught: localfax serve --overlay {teach}")
    if any(each.differs for each in found):
        raise SystemExit(Exit.not_as_wanted)


def _compared(
    files: Sequence[Path], vendor: str | None, profiles: dict[str, Any], overlay: Path | None, fit: bool
) -> list[Compared]:
    from emulator.traffic.files import NoRecording, read_recordings
    from emulator.vendors import all_vendors
    from localfax.local_server import run_server

    if vendor is not None:
        check_vendor(vendor, all_vendors())
    try:
        recordings = read_recordings(files, vendor)
    except NoRecording as wrong:
        raise Failure(str(wrong), Exit.failed) from None
    taught = _taught(overlay)
    with run_server(repeatable=True) as server:
        return [
            _one(server, each, profiles.get(each.vendor), taught.get(each.vendor), fit) for each in recordings
        ]


def _taught(overlay: Path | None) -> dict[str, Any]:
    """Read an overlay file, by vendor as plain data; raise Failure with file and line."""
    from emulator.overlays.file import load_overlays
    from emulator.scenarios.mistakes import ScenarioError
    from emulator.vendors import all_vendors

    try:
        found = load_overlays([str(overlay)], all_vendors()) if overlay else {}
    except ScenarioError as wrong:
        raise Failure(str(wrong), Exit.failed) from None
    return {name: each.data for name, each in found.items()}


def _one(server: Any, recording: Any, profile: Any, overlay: Any, fit: bool) -> Compared:
    from emulator.comparison import fitting
    from emulator.comparison.judgement import judge
    from emulator.comparison.playback import Setting
    from emulator.comparison.report import Compared

    plain = judge(server, recording, Setting(profile, overlay))
    if not fit or profile is not None or overlay is not None:
        return Compared(plain, None)
    fitted, judgement = fitting.fit(server, recording, plain)
    return Compared(judgement, fitted)


def _overlay(found: Sequence[Compared]) -> str:
    from emulator.comparison.teaching import write_overlay

    switches = [dict(each.fitted.switches) if each.fitted else {} for each in found]
    return write_overlay([each.judgement for each in found], switches)
