"""The hosts that this program stands in for: whose they are, their certificates, the way that leads here."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from emulator.config import Config
from emulator.core.dialect.vendor import Vendor
from emulator.server.guard import Guard
from emulator.server.proxy import Proxy, domain, plain_name

if TYPE_CHECKING:
    from emulator.server.authority import Authority

VENDOR_KEY = "localfax.vendor"
"""WSGI environ key by which a listening port of a vendor's own, or a tunnel to its host, names it."""


def all_hosts(config: Config, vendors: Mapping[str, Vendor]) -> dict[str, str]:
    """Find the vendor of each host, those of --intercept-host too; raise ValueError for what is none."""
    return {host: vendor.name for vendor in vendors.values() for host in vendor.hosts} | further_hosts(
        config, vendors
    )


def further_hosts(config: Config, vendors: Mapping[str, Vendor]) -> dict[str, str]:
    """Read what --intercept-host says."""
    found = {}
    for text in config.intercept_host:
        host, equals, name = text.partition("=")
        if not equals or not plain_name(host) or name not in vendors:
            known = ", ".join(vendors)
            raise ValueError(f"intercept_host: {text!r} is not HOST=VENDOR; the vendors are {known}")
        found[plain_name(host)] = name
    return found


def new_authority(config: Config, vendors: Mapping[str, Vendor]) -> Authority:
    """Make the authority that signs for these hosts; nothing is written before it has to sign."""
    from emulator.server.authority import Authority, default_folder

    folder = Path(config.ca_dir).expanduser() if config.ca_dir else default_folder()
    usual = [host for vendor in vendors.values() for host in vendor.hosts]
    return Authority(folder, usual, (*config.allow_host, config.host, *further_hosts(config, vendors)))


def new_proxy(config: Config, vendors: Mapping[str, Vendor], guard: Guard) -> Proxy:
    """Make the proxy, which needs an authority only once a client wants TLS."""
    from emulator.outbound.passing import Passing
    from emulator.outbound.policy import OutboundPolicy

    authority: list[Authority] = []

    def context(host: str) -> ssl.SSLContext:
        if not authority:
            authority.append(new_authority(config, vendors))
        return authority[0].context(host)

    policy = OutboundPolicy(allow_hosts=frozenset(config.allow_target), allow_egress=config.allow_egress)
    return Proxy(
        guard,
        all_hosts(config, vendors),
        context,
        Passing(policy),
        domains={domain(host) for vendor in vendors.values() for host in vendor.hosts},
        targets=config.allow_target,
        egress=config.allow_egress,
        vendor_key=VENDOR_KEY,
    )
