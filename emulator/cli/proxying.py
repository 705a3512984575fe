"""`localfax proxy`: hand requests on to the real vendor, and record them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click

from emulator.cli.child import run_child, wait_for_end
from emulator.cli.options import ca_option
from emulator.cli.session import Exit, Failure, check_vendor

if TYPE_CHECKING:
    from emulator.core.dialect.vendor import Vendor
    from emulator.server.proxy import Proxy
    from emulator.traffic.exchange import Exchange

_THREADS = 16
_NO_APPLICATION = ""


@click.command(context_settings={"ignore_unknown_options": True})
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
@click.option(
    "--upstream",
    envvar="LOCALFAX_UPSTREAM",
    help="Where the vendor answers (its own host); or LOCALFAX_UPSTREAM.",
)
@click.option(
    "--receive",
    is_flag=False,
    flag_value=_NO_APPLICATION,
    help="Take webhooks too, below /_webhooks, and hand them on to this URL; without one they get a 200.",
)
@click.option("--intercept", is_flag=True, help="Be a forward proxy: the application asks the real hosts.")
@ca_option
@click.option("--allow-egress", is_flag=True, help="Let requests go to the internet.")
@click.option("--yes", is_flag=True, help="Do not ask before the first request can go out.")
@click.argument("command", nargs=-1, type=click.UNPROCESSED)
def proxy(
    vendor: str,
    har: Path,
    port: int,
    upstream: str | None,
    receive: str | None,
    intercept: bool,
    ca_dir: str | None,
    allow_egress: bool,
    yes: bool,
    command: tuple[str, ...],
) -> None:
    """Record what your application and the real VENDOR say to each other, as a HAR file that can be shared.

    Your application's base URL is that of the proxy meanwhile; with --intercept nothing is configured, and a
    COMMAND is run so that it comes here by itself. Keys, numbers, names and documents are replaced while the
    file is written. Faxes are really sent, and paid for.
    """
    from emulator.vendors import all_vendors

    check_vendor(vendor, all_vendors())
    known = all_vendors()[vendor]
    bases = [upstream] if upstream else _origins(known, intercept)
    for base in bases:
        _check(base, allow_egress)
    if not yes:
        _confirm(vendor, bases)
    way = _way(known, ca_dir, allow_egress) if intercept else None
    onward = upstream or (None if intercept else bases[0])
    with (
        _recording(known, har, port, onward, receive, allow_egress, way) as url,
        _surroundings(known, url, ca_dir, intercept) as environ,
    ):
        code = run_child(command, environ) if command else wait_for_end("Ctrl-C ends it.", err=False)
    raise SystemExit(code)


def _origins(vendor: Vendor, intercept: bool) -> list[str]:
    if vendor.recorded is None:
        raise click.UsageError(f"nothing tells how traffic with {vendor.name} is read")
    return [f"https://{host}" for host in vendor.hosts] if intercept else [vendor.recorded.origin]


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


def _confirm(vendor: str, bases: Sequence[str]) -> None:
    from emulator.traffic.proxy import host_of

    hosts = [host_of(base) for base in bases]
    said = f"with your own keys: {vendor} sends real faxes and takes money for them."
    click.echo(f"Requests will go to {', '.join(hosts)}, {said}")
    if click.prompt("Write the host's name to go on", default="", show_default=False).strip() not in hosts:
        raise Failure("nothing was started", Exit.failed)


def _way(vendor: Vendor, ca_dir: str | None, allow_egress: bool) -> Proxy:
    """Make the forward proxy of one vendor's hosts; those of the other vendors are not passed on."""
    from emulator.hosts import Hosts
    from emulator.outbound.passing import Passing
    from emulator.outbound.policy import OutboundPolicy
    from emulator.server.guard import Guard
    from emulator.server.proxy import Proxy, domain
    from emulator.vendors import all_vendors

    hosts = Hosts(_config(ca_dir), all_vendors())
    others = {domain(host) for each in all_vendors().values() for host in each.hosts}
    return Proxy(
        Guard(()),
        dict.fromkeys(vendor.hosts, vendor.name),
        hosts.authority.context,
        Passing(OutboundPolicy(allow_egress=allow_egress)),
        domains=others,
        egress=allow_egress,
    )


def _config(ca_dir: str | None) -> Any:
    from emulator.config import load

    return load({"ca_dir": ca_dir} if ca_dir else {})


@contextmanager
def _recording(
    vendor: Vendor,
    har: Path,
    port: int,
    base: str | None,
    receive: str | None,
    allow_egress: bool,
    way: Proxy | None,
) -> Iterator[str]:
    """Serve the proxy for the block, at the URL that this gives."""
    from emulator.outbound.policy import OutboundPolicy
    from emulator.server.http_server import in_process
    from emulator.traffic.proxy import WEBHOOKS, RecordingProxy, host_of
    from emulator.traffic.recorder import HarFile

    try:
        file = HarFile(har)
    except FileExistsError:
        raise Failure(f"{har} is there already: a recording is a file of its own", Exit.failed) from None
    except OSError as wrong:
        raise Failure(f"{har}: {wrong.strerror}", Exit.failed) from None
    application = RecordingProxy(
        vendor.name,
        file,
        base,
        policy=OutboundPolicy(allow_egress=allow_egress),
        host=vendor.hosts[0],
        receiver=receive or None,
        heard=_say,
        way=way,
    )
    try:
        with in_process(application, _THREADS, port=port) as running:
            onward = host_of(base) if base else "the hosts that are asked for"
            click.echo(f"{vendor.name} is at {running.url}, which hands on to {onward} and writes {har}.")
            if receive is not None:
                click.echo(f"Webhooks are taken at {running.url}{WEBHOOKS}.")
            yield running.url
    except OSError as wrong:
        raise Failure(f"{wrong.strerror or wrong}; choose another with --port", Exit.failed) from None
    finally:
        file.close()
    click.echo(f"{file.entries} exchanges are in {har}. Now: localfax compare {har}")


@contextmanager
def _surroundings(vendor: Vendor, url: str, ca_dir: str | None, intercept: bool) -> Iterator[dict[str, str]]:
    """Make the environment of a command: the vendor's base URL, or what has it come here by itself."""
    environ = {**os.environ, f"LOCALFAX_{vendor.name.upper()}_BASE_URL": url}
    if not intercept:
        yield environ
        return
    from emulator.hosts import Hosts
    from emulator.vendors import all_vendors
    from localfax.interception.environment import intercept as come_here

    authority = Hosts(_config(ca_dir), all_vendors()).authority
    certificate = authority.certificate().decode()
    click.echo(
        f"For a program that you start yourself: HTTPS_PROXY={url}, and let it trust {authority.file}."
    )
    with TemporaryDirectory(prefix="localfax-") as folder:
        yield come_here(Path(folder), url, vendor.hosts, certificate, environ)


def _say(made: Exchange) -> None:
    kind = "webhook" if made.webhook else made.method
    with suppress(OSError, ValueError):  # nobody may be listening any more
        click.echo(f"{kind:<8} {made.path.partition('?')[0]}  {made.status or 'no answer'}")
