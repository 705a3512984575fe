"""`localfax ready` and `localfax coverage`: what a server says of itself."""

from __future__ import annotations

from typing import Any

import click

from emulator.cli.printing import print_json, print_table
from emulator.cli.session import check_vendor, json_option, with_server
from localfax import Localfax

_PLAIN = ("vendor", "title", "magic", "evidence")
"""Keys of a vendor that are no tables."""


@click.command()
@click.option("--timeout", default=30.0, show_default=True, help="Seconds to wait.")
@json_option
@with_server
def ready(server: Localfax, timeout: float, as_json: bool) -> None:
    """Wait until a server is ready.

    Ends with 0 once it is, with 3 when it is not in time.
    """
    said = server.ready(timeout)
    if as_json:
        print_json({"url": server.url, **said})
    else:
        click.echo(f"{said['name']} {said['version']} is ready at {server.url}")


@click.command()
@click.option("--vendor", help="Every row of this vendor's tables.")
@json_option
@with_server
def coverage(server: Localfax, vendor: str | None, as_json: bool) -> None:
    """Show how much of each vendor is there, and how well it is known: documented, observed or assumed."""
    found = server.coverage()
    vendors = [each for each in found["vendors"] if vendor in (None, each["vendor"])]
    if not vendors:
        check_vendor(str(vendor), [each["vendor"] for each in found["vendors"]])
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
    tables = {name: rows for name, rows in vendor.items() if name not in _PLAIN}
    return [
        (table, _name(row), row.get("text"), row.get("evidence"), row.get("source"))
        for table, rows in tables.items()
        for row in rows
    ]


def _name(row: dict[str, Any]) -> str:
    return f"{'|'.join(row['methods'])} {row['path']}" if "path" in row else str(row.get("name"))
