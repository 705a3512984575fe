"""`localfax coverage`."""

from __future__ import annotations

from typing import Any

import click

from emulator.cli.printing import print_json, print_table
from emulator.cli.session import json_option, with_server
from emulator.client import Localfax

PLAIN = ("vendor", "title", "magic", "evidence")
"""Keys of a vendor that are no tables."""


@click.command()
@click.option("--vendor", help="Every row of this vendor's tables.")
@json_option
@with_server
def coverage(server: Localfax, vendor: str | None, as_json: bool) -> None:
    """Show how much of each vendor is there, and how well it is known: documented, observed or assumed."""
    found = server.coverage()
    vendors = [each for each in found["vendors"] if vendor in (None, each["vendor"])]
    if not vendors:
        names = ", ".join(each["vendor"] for each in found["vendors"])
        raise click.UsageError(f"no vendor {vendor!r}; there are {names}")
    if as_json:
        print_json({**found, "vendors": vendors})
    elif vendor:
        print_table(("table", "name", "text", "evidence", "source"), _rows(vendors[0]), "Nothing.")
    else:
        kinds = ("documented", "observed", "assumed")
        rows = [
            (each["title"], len(each["endpoints"]), *(each["evidence"].get(kind, 0) for kind in kinds))
            for each in vendors
        ]
        print_table(("vendor", "endpoints", *kinds), rows, "No vendors.")


def _rows(vendor: dict[str, Any]) -> list[tuple[object, ...]]:
    tables = {name: rows for name, rows in vendor.items() if name not in PLAIN}
    return [
        (table, _name(row), row.get("text"), row.get("evidence"), row.get("source"))
        for table, rows in tables.items()
        for row in rows
    ]


def _name(row: dict[str, Any]) -> str:
    return f"{'|'.join(row['methods'])} {row['path']}" if "path" in row else str(row.get("name"))
