"""HTTPS of `localfax serve`: with a certificate of the kept authority, or one's own."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from emulator.config import Config

if TYPE_CHECKING:
    from emulator.server.authority import Authority

_WAYS = "REQUESTS_CA_BUNDLE, SSL_CERT_FILE, NODE_EXTRA_CA_CERTS or curl --cacert"


@dataclass(frozen=True)
class Encryption:
    """The server's side of TLS; the file that clients are to trust, None for a certificate of one's own."""

    context: ssl.SSLContext
    trusted: str | None

    def trusting(self, command: str) -> str:
        """Have a curl line trust it."""
        trust = f"curl --cacert {self.trusted} "
        return command.replace("curl ", trust, 1) if self.trusted else command

    def explain(self, host: str) -> Iterator[str]:
        """Say in lines how a client whose vendor host is fixed comes here."""
        from emulator.vendors import all_vendors

        address = host if host not in ("0.0.0.0", "::") else "127.0.0.1"
        yield ""
        if self.trusted:
            yield f"Let clients trust {self.trusted}: {_WAYS}."
        yield "For clients whose vendor host is fixed: `localfax exec --intercept`, or this server as their"
        yield "HTTPS_PROXY, or (use --port 443) in /etc/hosts:"
        yield ""
        yield from (f"  {address}  {' '.join(vendor.hosts)}" for vendor in all_vendors().values())


def open_encryption(config: Config) -> Encryption | None:
    """Make what HTTPS needs as the configuration says; None for plain HTTP; raises click's exceptions."""
    if config.tls_key and not config.tls_cert:
        raise click.UsageError("--tls-key needs --tls-cert")
    if config.tls_cert:
        return Encryption(_load(config.tls_cert, config.tls_key), None)
    if not config.tls:
        return None
    from emulator.hosts import Hosts
    from emulator.server.authority import NoAuthority
    from emulator.vendors import all_vendors

    try:
        authority = Hosts(config, all_vendors()).authority
        return Encryption(authority.context(), _write(authority, config.tls_ca))
    except NoAuthority as wrong:
        raise click.ClickException(str(wrong)) from None
    except ValueError as wrong:
        raise click.UsageError(str(wrong)) from None


def _load(certificate: str, key: str | None) -> ssl.SSLContext:
    from emulator.server.authority import server_context

    context = server_context()
    try:
        context.load_cert_chain(certificate, key)
    except ssl.SSLError as wrong:
        raise click.ClickException(f"{certificate}: no certificate with its key ({wrong.reason})") from None
    except OSError as wrong:
        raise click.ClickException(f"cannot read {certificate} or its key: {wrong.strerror}") from None
    return context


def _write(authority: Authority, further: str | None) -> str:
    pem = authority.certificate()
    if further is None:
        return str(authority.file)
    try:
        Path(further).write_bytes(pem)
    except OSError as wrong:
        raise click.ClickException(f"cannot write {further}: {wrong.strerror}; try --tls-ca") from None
    return further
