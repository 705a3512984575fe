"""Tables for people, JSON for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import click

from localfax import Fax, Sandbox
from localfax.hints import list_unheard

_WIDTH = 1000
"""Columns of a table that goes to a file or a pipe: as many as its cells need."""


def print_json(data: Any) -> None:
    """Print one JSON document."""
    click.echo(json.dumps(data, indent=2, ensure_ascii=False))


def print_table(columns: Sequence[str], rows: Iterable[Sequence[Any]], empty: str) -> None:
    """Print a table, or what there is to say when it has no rows."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(*columns, box=box.SIMPLE_HEAD, pad_edge=False)
    for row in rows:
        table.add_row(*(_plain(cell) for cell in row))
    if not table.row_count:
        click.echo(empty)
        return
    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else _WIDTH, highlight=False)
    console.print(table)


def print_found(
    found: Sequence[Any],
    as_json: bool,
    columns: Sequence[str],
    row: Callable[[Any], Sequence[Any]],
    empty: str,
) -> None:
    """Print what the server listed: as it came in JSON, or a row for each."""
    if as_json:
        print_json([each.data for each in found])
    else:
        print_table(columns, map(row, found), empty)


def say_unheard(sandbox: Sandbox, faxes: Iterable[Fax]) -> None:
    """Say on stderr which of the faxes' vendors have no webhook URL."""
    for hint in list_unheard(sandbox, faxes):
        click.echo(hint, err=True)


def _plain(cell: Any) -> Any:
    from rich.text import Text

    return Text("" if cell is None else str(cell), overflow="fold")
