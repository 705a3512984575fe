"""The `localfax` command."""

from __future__ import annotations

from typing import Any

import click

from emulator.config import Config, load

COLUMN = 8


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="localfax")
def main() -> None:
    """Localfax: five cloud fax vendors on your own machine. Not for real patient data."""


@main.command()
@click.option("--config", "config_file", type=click.Path(exists=True, dir_okay=False), help="A TOML file with these settings.")
@click.option("--host", help="Address to listen on (127.0.0.1).")
@click.option("--port", type=int, help="Port to listen on (8329, 8-FAX).")
@click.option("--speed", help="Virtual seconds a real second for the default sandbox, or max (20).")
@click.option("--seed", help="Seed of the default sandbox's ids (random).")
@click.option("--store", help="Where sandboxes live (memory).")
@click.option("--workers", type=int, help="Server processes; more than one needs a shared store (1).")
@click.option("--threads", type=int, help="Calls answered at one time (48).")
@click.option("--vendor-ports/--no-vendor-ports", default=None, help="Also a port for each vendor, main port + 1 to + 5.")
@click.option("--allow-host", multiple=True, help="A further name that clients may call this server by.")
@click.option("--allow-target", multiple=True, help="A host that webhooks and fetches may go to by name.")
@click.option("--allow-egress/--no-allow-egress", default=None, help="Let webhooks and fetches go to the internet.")
@click.option("--journal", type=int, help="Entries that each journal keeps (1000).")
@click.option("--documents-mb", type=int, help="Megabytes of documents kept in all (512).")
def serve(config_file: str | None, **flags: Any) -> None:
    """Start the server. Every flag is also a LOCALFAX_… variable (LOCALFAX_PORT) and a key of the TOML file."""
    flags = {name: value for name, value in flags.items() if value not in (None, ())}
    try:
        config = load(flags, config_file)
        _check(config)
    except ValueError as wrong:
        raise click.UsageError(str(wrong)) from None
    from emulator.app import App
    from emulator.serve import serve as run

    try:
        run(
            lambda: App(config),
            config.host,
            config.port,
            threads=config.threads,
            also=_vendor_ports(config),
            ready=lambda port: _welcome(config, port),
        )
    except OSError as wrong:
        raise click.ClickException(f"{wrong.strerror or wrong}; choose another with --port") from None


def _check(config: Config) -> None:
    if config.workers > 1 and config.store == "memory":
        raise ValueError(
            "--workers needs a shared store: each process has a memory of its own. "
            "Use one worker, or --store redis://host:port"
        )


def _vendor_ports(config: Config) -> list[tuple[int, Any]]:
    if not config.vendor_ports:
        return []
    from emulator.vendors import all_vendors

    return [
        (config.port + vendor.port, lambda app, name=vendor.name: app.for_vendor(name))
        for vendor in all_vendors().values()
    ]


def _welcome(config: Config, port: int) -> None:
    from emulator.vendors import all_vendors

    origin = f"http://{config.host}:{port}"
    lines = [f"Localfax answers at {origin}. Not for real patient data.", ""]
    for vendor in all_vendors().values():
        credentials = "  ".join(f"{name} {value}" for name, value in vendor.credentials.items())
        own_port = f"  (port {config.port + vendor.port})" if config.vendor_ports else ""
        lines.append(f"  {vendor.name:<{COLUMN}} {origin}/{vendor.name}{own_port}")
        lines.append(f"  {'':<{COLUMN}} {credentials}")
    first = next(vendor for vendor in all_vendors().values() if vendor.sample)
    lines += ["", "Try:", "", f"  {first.sample.format(base=f'{origin}/{first.name}', **first.credentials)}", ""]
    click.echo("\n".join(lines))


if __name__ == "__main__":
    main()
