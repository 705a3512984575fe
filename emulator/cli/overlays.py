"""`localfax overlay check|schema`."""

from __future__ import annotations

from pathlib import Path

import click

from emulator.cli.scenarios import files_argument
from emulator.cli.session import Exit, explain_errors


@click.group()
def overlay() -> None:
    """Check overlays, which say what an account was seen to answer; write their JSON Schema."""


@overlay.command()
@files_argument
def check(files: tuple[Path, ...]) -> None:
    """Check overlay files without a server; says file and line of what is wrong, and ends with 4 then."""
    from emulator.overlays.file import load_overlays
    from emulator.scenarios.mistakes import ScenarioError
    from emulator.vendors import all_vendors

    problems: list[str] = []
    for path in files:
        with explain_errors():
            try:
                load_overlays([str(path)], all_vendors())
            except ScenarioError as wrong:
                problems += map(str, wrong.problems)
    right = len(files) - len({problem.partition(":")[0] for problem in problems})
    click.echo("\n".join([*problems, f"{right} overlays are right, {len(problems)} problems."]))
    if problems:
        raise SystemExit(Exit.not_as_wanted)


@overlay.command()
def schema() -> None:
    """Write the JSON Schema of overlay files, for editors: no server is needed."""
    import json

    from emulator.overlays.json_schema import overlay_json_schema

    click.echo(json.dumps(overlay_json_schema(), indent=1))
