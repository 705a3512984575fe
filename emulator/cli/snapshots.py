"""`localfax snapshot save|load`: a sandbox as one JSON file, and back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from emulator.cli.session import Exit, Failure, with_sandbox
from localfax import Sandbox

new_file = click.Path(dir_okay=False, path_type=Path)
old_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def snapshot() -> None:
    """Save a sandbox as one JSON file, and put it back, here or at another server."""


@snapshot.command()
@click.argument("file", type=new_file)
@with_sandbox
def save(sandbox: Sandbox, file: Path) -> None:
    """Save all of a sandbox but its credentials: faxes, documents, journals, rules, settings, clock."""
    save_snapshot(sandbox, file)
    click.echo(f"Sandbox {sandbox.id} is saved in {file}.")


@snapshot.command()
@click.argument("file", type=old_file)
@with_sandbox
def load(sandbox: Sandbox, file: Path) -> None:
    """Put a saved sandbox in place of all of this one but its credentials."""
    sandbox.load(read_snapshot(file))
    click.echo(f"Sandbox {sandbox.id} is as saved in {file}.")


def save_snapshot(sandbox: Sandbox, file: Path) -> None:
    """Write a sandbox as a file; raise Refusal, Unreachable or OSError."""
    file.write_text(json.dumps(sandbox.snapshot(), indent=1), encoding="utf-8")


def read_snapshot(file: Path) -> dict[str, Any]:
    """Read such a file; raise Failure for what is no JSON object, OSError for the file."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as wrong:
        raise Failure(f"{file}: no snapshot: {wrong}", Exit.failed) from None
    if not isinstance(found, dict) or "format" not in found:
        raise Failure(f"{file}: no snapshot, as `localfax snapshot save` writes it", Exit.failed)
    return found
