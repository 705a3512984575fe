"""`localfax scenarios list|check|push|schema`."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click

from emulator.cli.printing import print_json, print_table
from emulator.cli.session import Exit, Failure, explain_errors, json_option, with_sandbox
from emulator.scenarios import find_catalogue
from localfax import Sandbox


class _ScenarioPath(click.Path):
    """A file or folder, or one of the catalogue by its name; of a mistyped one the nearest is told."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if Path(value).exists():
            return super().convert(value, param, ctx)
        named = {path.stem: path for path in find_catalogue().glob("*.yaml")}
        if value in named:
            return named[value]
        near = get_close_matches(Path(value).stem, named, n=1)
        meant = f"; did you mean {near[0]}, of the catalogue?" if near else ""
        raise click.BadParameter(f"Path {value!r} does not exist{meant or '.'}", ctx, param)


files_argument = click.argument(
    "files", metavar="FILE...", nargs=-1, required=True, type=_ScenarioPath(path_type=Path)
)


@click.group()
def scenarios() -> None:
    """List, check and push scenarios; write their JSON Schema."""


@scenarios.command("list")
@json_option
@with_sandbox
def list_(sandbox: Sandbox, as_json: bool) -> None:
    """List what decides a fax's life: the queue, standing rules, files, magic numbers; in order of weight."""
    found = sandbox.scenarios()
    if as_json:
        print_json(found)
        return
    named = [
        (kind, each["name"], _match(each), each.get("purpose", ""))
        for kind, plural in _KINDS
        for each in found[plural]
    ]
    magic = [("magic", each["number"], "", each["does"]) for each in found["magic"]]
    print_table(("kind", "name", "match", "purpose"), [*named, *magic], "No scenarios.")


_KINDS = (("next", "queue"), ("rule", "scenarios"), ("file", "files"))


def _match(scenario: dict[str, object]) -> str:
    match = scenario.get("match")
    return ", ".join(f"{name} {value}" for name, value in match.items()) if isinstance(match, dict) else "any"


def all_files(paths: tuple[Path, ...]) -> Iterator[Path]:
    """List the files that are meant; those of a directory in the order of their names.

    Raises UsageError for a directory that has none.
    """
    for path in paths:
        if not path.is_dir():
            yield path
        elif found := sorted(each for each in path.iterdir() if each.suffix in (".yaml", ".yml")):
            yield from found
        else:
            raise click.UsageError(f"{path} has no scenario file: their names end in .yaml or .yml")


def nothing_in(path: Path) -> str:
    """Say that a file holds no scenario."""
    return f"{path}: no scenario is in it: one has a name, like `name: mine`, and what it does"


def read_file(path: Path) -> str:
    """Read a scenario file; raise Failure."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as wrong:
        raise Failure(f"{path}: cannot be read: {wrong}", Exit.failed) from None


@scenarios.command()
@files_argument
@json_option
def check(files: tuple[Path, ...], as_json: bool) -> None:
    """Check scenario files (or directories) as a replay would, without a server.

    Says file and line of what is wrong, and ends with 4 then.
    """
    from emulator.replay.playable import read_playable
    from emulator.scenarios import ScenarioError
    from emulator.vendors import all_vendors

    names: list[str] = []
    problems: list[str] = []
    for path in all_files(files):
        try:
            text = read_file(path)
            found = [each.name for each in read_playable(text, all_vendors(), str(path))]
            names += found
            problems += [] if found else [nothing_in(path)]
        except ScenarioError as wrong:
            problems += map(str, wrong.problems)
        except Failure as wrong:
            problems.append(wrong.message)
    if as_json:
        print_json({"scenarios": names, "problems": problems})
    else:
        click.echo("\n".join([*problems, f"{len(names)} scenarios are right, {len(problems)} problems."]))
    if problems:
        raise SystemExit(Exit.not_as_wanted)


@scenarios.command()
@files_argument
@click.option("--next", "once", is_flag=True, help="For the next fax that fits only, instead of for all.")
@with_sandbox
def push(sandbox: Sandbox, files: tuple[Path, ...], once: bool) -> None:
    """Hand scenario files to a running server's sandbox."""
    for path in all_files(files):
        for scenario in sandbox.add_scenarios(read_file(path), once=once):
            click.echo(scenario["name"])


@scenarios.command()
@click.option(
    "--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="Write here instead of to stdout."
)
def schema(output: Path | None) -> None:
    """Write the JSON Schema of scenario files, for editors: no server is needed.

    An editor takes it where a file begins with `# yaml-language-server: $schema=FILE-OR-URL`.
    """
    import json

    from emulator.scenarios.json_schema import scenario_json_schema

    text = json.dumps(scenario_json_schema(), indent=1) + "\n"
    if output is None:
        click.echo(text, nl=False)
        return
    with explain_errors():
        output.write_text(text, encoding="utf-8")
