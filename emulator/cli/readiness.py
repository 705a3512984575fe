"""`localfax ready`."""

from __future__ import annotations

import click

from emulator.cli.printing import print_json
from emulator.cli.session import json_option, with_server
from emulator.client import Localfax


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
