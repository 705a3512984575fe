"""`localfax serve`: the server itself."""

from __future__ import annotations

import errno
import gc
import sys
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from emulator.cli.encryption import Encryption, open_encryption
from emulator.cli.options import ca_option, intercept_host_option, profile_option, webhook_option
from emulator.config import Config, load

if TYPE_CHECKING:
    from emulator.app import App

_COLUMN = 8
_FEW_THREADS, _SHARED_THREADS = 1, 16
"""Threads that answer from the start: more where each waits for a store beside this process."""


@click.command()
@click.option(
    "--config",
    "config_file",
    type=click.Path(exists=True, dir_okay=False),
    help="A TOML file with these settings.",
)
@click.option("--host", help="Address to listen on (127.0.0.1).")
@click.option("--port", type=int, help="Port to listen on (8329, 8-FAX).")
@click.option("--speed", help="Virtual seconds a real second for the default sandbox, or max (20).")
@click.option("--seed", help="Seed of the default sandbox's ids (random).")
@click.option("--store", help="Where sandboxes live: memory, or redis://host:port (memory).")
@click.option("--workers", type=int, help="Server processes; more than one needs a shared store (1).")
@click.option("--threads", type=int, help="Requests answered at one time (48).")
@click.option(
    "--vendor-ports/--no-vendor-ports",
    default=None,
    help="Also a port for each vendor, main port + 1 to + 5.",
)
@click.option(
    "--smtp-port", type=int, help="Port that takes mail for email to fax, 0 for any free one (none)."
)
@webhook_option
@profile_option
@click.option(
    "--overlay",
    multiple=True,
    help="A file that `compare --teach` wrote: answer like that account; may be repeated.",
)
@click.option(
    "--allow-host",
    multiple=True,
    help="A further name that clients may call this server by; may be repeated.",
)
@click.option(
    "--allow-origin",
    multiple=True,
    help="An origin, like http://ui.example:8080, whose pages may call Kazoo as they may call the real one; "
    "may be repeated.",
)
@click.option(
    "--allow-target",
    multiple=True,
    help="A host that webhooks, fetches and the proxy may go to by name; may be repeated.",
)
@click.option(
    "--allow-egress/--no-allow-egress",
    default=None,
    help="Let webhooks, fetches and what comes by proxy go to the internet.",
)
@click.option(
    "--scenarios",
    multiple=True,
    help="A directory of scenario files, asked before the catalogue; may be repeated.",
)
@click.option("--tls/--no-tls", default=None, help="Speak HTTPS, with a certificate of the kept authority.")
@click.option("--tls-cert", help="A certificate of your own for HTTPS, as a PEM file.")
@click.option("--tls-key", help="Its key, as a PEM file, where that is another one.")
@click.option("--tls-ca", help="A further file to write the authority's certificate to.")
@ca_option
@intercept_host_option
@click.option(
    "--any-credentials/--no-any-credentials",
    default=None,
    help="Let credentials that open no sandbox open the default one.",
)
@click.option("--expire", help="How long a sandbox stays that nobody uses: 90m, 24h, 7d, or off (24h).")
@click.option(
    "--log",
    type=click.Choice(["text", "json", "off"]),
    help="A line for each request and webhook, at its sandbox's time (text).",
)
@click.option("--journal", type=int, help="Entries that each journal keeps (1000).")
@click.option("--journal-mb", type=int, help="Megabytes of all journals in all (32).")
@click.option("--documents-mb", type=int, help="Megabytes of documents kept in all (512).")
def serve(config_file: str | None, **flags: Any) -> None:
    """Start the server. A flag is also a LOCALFAX_… variable (LOCALFAX_PORT) and a key of the TOML file."""
    gc.disable()  # until requests are answered: passes over what is being imported are a tenth of the start
    flags = {name: value for name, value in flags.items() if value not in (None, ())}
    try:
        config = load(flags, config_file)
        _check(config)
    except ValueError as wrong:
        raise click.UsageError(str(wrong)) from None
    except OSError as wrong:
        raise click.ClickException(f"cannot read {wrong.filename}: {wrong.strerror}") from None
    from emulator.app import App, Others
    from emulator.core.errors import Unavailable
    from emulator.server.process import serve as run
    from emulator.server.workers import NotStarted

    started: list[App] = []
    encryption = open_encryption(config)

    def start(others: Others) -> App:
        started.append(_with_console(App(config, others=others)))
        return started[0]

    try:
        run(
            start,
            config.host,
            config.port,
            threads=config.threads,
            least=_FEW_THREADS if config.store == "memory" else _SHARED_THREADS,
            also=_vendor_ports(config),
            tls=None if encryption is None else encryption.context,
            ready=lambda ports: _welcome(config, encryption, ports, _mail_port(config, started)),
            workers=config.workers,
            # One of them takes the mail.
            make_other=lambda others: _with_console(App(replace(config, smtp_port=None), others=others)),
        )
    except ValueError as wrong:
        raise click.UsageError(str(wrong)) from None
    except Unavailable as silent:
        raise click.ClickException(f"{config.store}: {silent}") from None
    except NotStarted:
        raise SystemExit(1) from None
    except OSError as wrong:
        raise click.ClickException(cannot_listen(wrong)) from None


def cannot_listen(wrong: OSError) -> str:
    """Say why there is no server, and which option helps; of a file, that it cannot be read."""
    if wrong.filename:
        return f"cannot read {wrong.filename}: {wrong.strerror}"
    said, _, _ = (wrong.strerror or str(wrong)).partition(" (while ")
    other = "--port" if wrong.errno in (errno.EADDRINUSE, errno.EACCES) else "--host"
    return f"{said}; choose another with {other}"


def _with_console(app: App) -> App:
    """Have a line printed for each request and webhook, unless that is off."""
    from emulator.watch.console import Console, write_json, write_text

    if app.config.log != "off":
        people = partial(write_text, colours=sys.stdout.isatty())
        near = partial(_near, app)
        console = Console(write_json if app.config.log == "json" else people, click.echo, near)
        app.engine.listeners.append(console.hear)
        app.listeners.append(console)
    return app


def _near(app: App, sandbox_id: str, entry: Mapping[str, Any]) -> list[str]:
    """Say what a refused request was nearly; nothing of a sandbox that is gone by now."""
    from emulator.core.errors import LocalfaxError
    from emulator.watch.near import misses_of

    try:
        return misses_of(app.engine.world(sandbox_id), entry)
    except LocalfaxError:
        return []


def _check(config: Config) -> None:
    if config.workers > 1 and config.store == "memory":
        raise ValueError(
            "--workers needs a shared store: each process has a memory of its own. "
            "Use one worker, or --store redis://host:port"
        )
    if config.workers > 1 and config.smtp_port == 0:
        raise ValueError(
            "--smtp-port 0 is for one worker: which port it became is only known inside. Name one"
        )


def _vendor_ports(config: Config) -> list[tuple[int, dict[str, str]]]:
    """List each vendor's own port, 0 (any free one) when the main port is, and what names the vendor."""
    if not config.vendor_ports:
        return []
    from emulator.hosts import VENDOR_KEY
    from emulator.vendors import all_vendors

    return [
        (config.port and config.port + vendor.port, {VENDOR_KEY: vendor.name})
        for vendor in all_vendors().values()
    ]


def _mail_port(config: Config, started: list[App]) -> int | None:
    """Find the port that takes mail: what was asked for, or what 0 became in this process."""
    listening = [each.port for app in started for each in app.listeners if each.name == "smtp"]
    return listening[0] if listening else config.smtp_port


def _welcome(config: Config, encryption: Encryption | None, ports: list[int], mail: int | None) -> None:
    from emulator.vendors import all_vendors

    host = f"[{config.host}]" if ":" in config.host else config.host
    origin = f"{'https' if encryption else 'http'}://{host}:{ports[0]}"
    lines = [f"Localfax answers at {origin}. Not for real patient data.", ""]
    own_ports = iter(ports[1:])
    for vendor in all_vendors().values():
        credentials = "  ".join(f"{name} {value}" for name, value in vendor.credentials.items())
        own_port = f"  (port {next(own_ports)})" if config.vendor_ports else ""
        lines.append(f"  {vendor.name:<{_COLUMN}} {origin}/{vendor.name}{own_port}")
        lines.append(f"  {'':<{_COLUMN}} {credentials}")
    if mail:
        lines.append(f"  {'mail':<{_COLUMN}} {host}:{mail}  (email to fax)")
    first = next(vendor for vendor in all_vendors().values() if vendor.sample)
    sample = first.sample.format(base=f"{origin}/{first.name}", **first.credentials)
    lines += [
        *_about_the_log(config),
        "",
        "Try:",
        "",
        f"  {encryption.trusting(sample) if encryption else sample}",
        "",
    ]
    if encryption:
        lines += [*encryption.explain(config.host), ""]
    click.echo("\n".join(lines))


def _about_the_log(config: Config) -> list[str]:
    """Say what the lines are that follow, and whose time stands in them."""
    if config.log == "off":
        return []
    pace: Mapping[float | None, str] = {None: "as fast as it can", 0: "not by itself", 1: "as yours does"}
    goes = pace.get(config.speed, f"{config.speed or 0:g} times as fast as yours")
    said = "A line follows for each request and webhook. Its time is that of the sandbox"
    return ["", f"{said}; the default one's goes {goes}."]
