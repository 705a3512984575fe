"""`localfax proxy`: hand requests on to the real vendor, and record them."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from emulator.cli.session import Exit, Failure, check_vendor

if TYPE_CHECKING:
    from emulator.core.dialect.vendor import Vendor
    from emulator.traffic.exchange import Exchange

_THREADS = 16
_NO_APPLICATION = ""


@click.command()
@click.argument("vendor")
@click.option(
    "--har",
    "har",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write; a new one.",
)
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=8330, show_default=True, help="Port to listen on."
)
@click.option("--upstream", help="Where the vendor answers (its own host).")
@click.option(
    "--receive",
    is_flag=False,
    flag_value=_NO_APPLICATION,
    help="Take webhooks too, below /_webhooks, and hand them on to this URL; without one they get a 200.",
)
@click.option("--allow-egress", is_flag=True, help="Let requests go to the internet.")
@click.option("--yes", is_flag=True, help="Do not ask before the first request can go out.")
def proxy(
    vendor: str,
    har: Path,
    port: int,
    upstream: str | None,
    receive: str | None,
    allow_egress: bool,
    yes: bool,
) -> None:
    """Record what your application and the real VENDOR say to each other, as a HAR file that can be shared.

    Your application's base URL is that of the proxy meanwhile. Keys, numbers, names and documents are
    replaced while the file is written. Faxes are really sent, and paid for.
    """
    from emulator.vendors import all_vendors

    check_vendor(vendor, all_vendors())
    base = upstream or _origin(all_vendors()[vendor])
    _check(base, allow_egress)
    if not yes:
        _confirm(vendor, base)
    _serve(vendor, har, port, base, receive, allow_egress)


def _origin(vendor: Vendor) -> str:
    if vendor.recorded is None:
        raise click.UsageError(f"nothing tells how traffic with {vendor.name} is read")
    return vendor.recorded.origin


def _check(base: str, allow_egress: bool) -> None:
    """Refuse an address that is none, and one of the internet without leave; raise a usage error."""
    from emulator.outbound.destination import BadUrl, Destination
    from emulator.server.guard import Guard

    try:
        host = Destination.parse(base).host
    except BadUrl as wrong:
        raise click.UsageError(f"--upstream {base}: {wrong}") from None
    if not allow_egress and not Guard(()).knows(host):
        raise click.UsageError(f"requests would go to {host}: say so with --allow-egress")


def _confirm(vendor: str, base: str) -> None:
    from emulator.traffic.proxy import host_of

    host = host_of(base)
    click.echo(
        f"Requests will go to {host}, with your own keys: {vendor} sends real faxes and takes money for them."
    )
    if click.prompt("Write the host's name to go on", default="", show_default=False).strip() != host:
        raise Failure("nothing was started", Exit.failed)


def _serve(vendor: str, har: Path, port: int, base: str, receive: str | None, allow_egress: bool) -> None:
    from emulator.outbound.policy import OutboundPolicy
    from emulator.server.http_server import in_process
    from emulator.traffic.proxy import WEBHOOKS, RecordingProxy, host_of
    from emulator.traffic.recorder import HarFile
    from emulator.vendors import all_vendors

    try:
        file = HarFile(har)
    except FileExistsError:
        raise Failure(f"{har} is there already: a recording is a file of its own", Exit.failed) from None
    except OSError as wrong:
        raise Failure(f"{har}: {wrong.strerror}", Exit.failed) from None
    policy = OutboundPolicy(allow_egress=allow_egress)
    known = all_vendors()[vendor].hosts[0]
    application = RecordingProxy(
        vendor, file, base, policy=policy, host=known, receiver=receive or None, heard=_say
    )
    try:
        with in_process(application, _THREADS, port=port) as running:
            click.echo(f"{vendor} is at {running.url}, which hands on to {host_of(base)} and writes {har}.")
            if receive is not None:
                click.echo(f"Webhooks are taken at {running.url}{WEBHOOKS}.")
            click.echo("Ctrl-C ends it.")
            _wait()
    except OSError as wrong:
        raise Failure(f"{wrong.strerror or wrong}; choose another with --port", Exit.failed) from None
    finally:
        file.close()
    click.echo(f"{file.entries} exchanges are in {har}. Now: localfax compare {har}")


def _say(made: Exchange) -> None:
    kind = "webhook" if made.webhook else made.method
    click.echo(f"{kind:<8} {made.path.partition('?')[0]}  {made.status or 'no answer'}")


def _wait() -> None:
    """Wait for Ctrl-C or SIGTERM."""
    import signal

    from emulator.cli.execution import _handling

    told = threading.Event()

    def tell(*_: Any) -> None:
        told.set()

    with _handling(dict.fromkeys((signal.SIGTERM, signal.SIGINT), tell)):
        told.wait()
