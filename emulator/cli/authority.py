"""`localfax ca`: what clients are to trust."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from emulator.cli.options import ca_option, intercept_host_option


@click.group(invoke_without_command=True)
@ca_option
@intercept_host_option
@click.option("--allow-host", multiple=True, help="A further name of the server, as it is started with.")
@click.pass_context
def ca(ctx: click.Context, /, **flags: Any) -> None:
    """Print the path of the authority's certificate, for clients to trust; it is made when there is none.

    It stays in the user's data folder (--ca-dir, LOCALFAX_CA_DIR), is renewed in time, and is good for the
    vendors' hosts and this machine alone. Its key, beside it, is for nobody else to have.
    """
    from emulator.config import load
    from emulator.hosts import Hosts
    from emulator.server.authority import NoAuthority
    from emulator.vendors import all_vendors

    try:
        config = load({name: value for name, value in flags.items() if value})
        authority = Hosts(config, all_vendors()).authority
        ctx.obj = authority.certificate()
    except NoAuthority as wrong:
        raise click.ClickException(str(wrong)) from None
    except ValueError as wrong:
        raise click.UsageError(str(wrong)) from None
    if ctx.invoked_subcommand is None:
        click.echo(authority.file)


@ca.command()
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="File to write it to.")
@click.pass_obj
def bundle(certificate: bytes, output: Path | None) -> None:
    """Print a bundle, as PEM, of the system's authorities and ours, for clients that take one file."""
    from localfax.interception.trust import bundle_with

    content = bundle_with(certificate)
    if output is None:
        click.echo(content, nl=False)
        return
    try:
        output.write_bytes(content)
    except OSError as wrong:
        raise click.ClickException(f"{output}: {wrong.strerror}") from None
