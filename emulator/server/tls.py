"""HTTPS for clients whose vendor host is fixed: a local authority."""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from pathlib import Path

_NAMES = ("localhost", "127.0.0.1", "::1", "host.docker.internal", "localfax")


class Authority:
    """Signs one certificate for all our names. Its key lives as long as the process and is never written."""

    def __init__(self, names: Iterable[str]) -> None:
        import trustme

        self._authority = trustme.CA(organization_name="Localfax", organization_unit_name="for tests only")
        # The host that clients call is that of the certificate, so any of the names will do for all ports.
        self._certificate = self._authority.issue_cert(*dict.fromkeys((*_NAMES, *names)))

    def write(self, path: Path) -> None:
        """Write the certificate for clients to trust, as PEM; raise OSError."""
        path.write_bytes(self._authority.cert_pem.bytes())

    def context(self) -> ssl.SSLContext:
        """Make the server's side of TLS 1.2 and later."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._certificate.configure_cert(context)
        return context
