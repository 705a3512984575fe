"""`localfax migrate`: the same scenarios at two vendors."""

from __future__ import annotations

from pathlib import Path

import click

from emulator.cli.printing import print_json
from emulator.cli.scenarios import all_files, files_argument, read_file
from emulator.cli.session import Exit, Failure, check_vendor, explain_errors, json_option


@click.command()
@click.option("--from", "before", required=True, help="The vendor that you use.")
@click.option("--to", "after", required=True, help="The vendor that you would use.")
@files_argument
@click.option(
    "--html", "html", type=click.Path(dir_okay=False, path_type=Path), help="Write one HTML page here."
)
@json_option
def migrate(before: str, after: str, files: tuple[Path, ...], html: Path | None, as_json: bool) -> None:
    """Play scenario FILEs (or directories) at two vendors and tell what an application would see differently:
    words, codes, webhooks, their bodies and retries, the order, and what has no counterpart.
    """
    from emulator.migration.beside import Migrated
    from emulator.migration.report import describe, write_html, write_text
    from emulator.migration.side import play_side
    from emulator.scenarios import OWN, ScenarioError, read_text, write_scenario
    from emulator.vendors import all_vendors
    from localfax.local_server import run_server

    for vendor in (before, after):
        check_vendor(vendor, all_vendors())
    try:
        texts = [(str(path), read_file(path)) for path in all_files(files)]
        read = [
            each for file, text in texts for each in read_text(text, all_vendors(), file=file, bounds=OWN)
        ]
    except ScenarioError as wrong:
        raise Failure(str(wrong), Exit.failed) from None
    with explain_errors(), run_server(repeatable=True) as server:
        found = [
            Migrated(
                row["name"],
                row.get("purpose", ""),
                play_side(server, row, before),
                play_side(server, row, after),
            )
            for row in map(write_scenario, read)
        ]
        if html is not None:
            html.write_text(write_html(found, before, after), encoding="utf-8")
    if as_json:
        print_json(describe(found))
    else:
        click.echo(write_text(found, before, after), nl=False)
