"""The hosts that this program stands in for: whose they are, their certificates, the way that leads here."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from emulator.config import Config
from emulator.core.dialect.vendor import Vendor
from emulator.core.errors import Unavailable
from emulator.server.guard import Guard
from emulator.server.proxy import Proxy, domain, is_host, plain_name

if TYPE_CHECKING:
    from emulator.server.authority import Authority

VENDOR_KEY = "localfax.vendor"
"""WSGI environ key by which a listening port of a vendor's own, or a tunnel to its host, names it."""


class Hosts:
    """The vendors' hosts and those of --intercept-host; raises ValueError for one that is none."""

    def __init__(self, config: Config, vendors: Mapping[str, Vendor]) -> None:
        self._config = config
        self._usual = {host: vendor.name for vendor in vendors.values() for host in vendor.hosts}
        self._further = dict(_read(text, vendors) for text in config.intercept_host)
        self.vendors = self._usual | self._further
        """The name of each host's vendor."""

    @cached_property
    def authority(self) -> Authority:
        """The authority that signs for these hosts; nothing is written before it has to sign."""
        from emulator.server.authority import Authority, default_folder

        folder = Path(self._config.ca_dir).expanduser() if self._config.ca_dir else default_folder()
        own = filter(is_host, (*self._config.allow_host, self._config.host))
        return Authority(folder, self._usual, (*own, *self._further))

    def tell(self) -> dict[str, Any]:
        """Tell the hosts, the certificate to trust, and whether others are reached; raise Unavailable."""
        from emulator.server.authority import NoAuthority

        egress = bool(self._config.allow_egress or self._config.allow_target)
        try:
            certificate = self.authority.certificate().decode()
            return {"hosts": self.vendors, "certificate": certificate, "egress": egress}
        except NoAuthority as wrong:
            raise Unavailable(str(wrong)) from None

    def new_proxy(self, guard: Guard) -> Proxy:
        """Make the proxy, which needs an authority only once a client wants TLS."""
        from emulator.outbound.passing import Passing
        from emulator.outbound.policy import OutboundPolicy

        config = self._config
        policy = OutboundPolicy(allow_hosts=frozenset(config.allow_target), allow_egress=config.allow_egress)
        return Proxy(
            guard,
            self.vendors,
            self._context,
            Passing(policy),
            domains={domain(host) for host in self._usual},
            targets=config.allow_target,
            egress=config.allow_egress,
            vendor_key=VENDOR_KEY,
        )

    def _context(self, host: str) -> ssl.SSLContext:
        return self.authority.context(host)


def _read(text: str, vendors: Mapping[str, Vendor]) -> tuple[str, str]:
    host, equals, name = text.partition("=")
    if not equals or not is_host(plain_name(host)) or name not in vendors:
        raise ValueError(f"intercept_host: {text!r} is not HOST=VENDOR; the vendors are {', '.join(vendors)}")
    return plain_name(host), name
