"""Where this program may connect to: its own machine and network; the internet only when told so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TypeAlias

IpAddress: TypeAlias = IPv4Address | IPv6Address


class Forbidden(Exception):
    """The policy forbids a connection; its text says why."""


class Zone(Enum):
    """A kind of address, described by its reason for being refused."""

    never = "metadata, link-local, multicast and reserved addresses are never allowed"
    loopback = "this machine's own addresses are not allowed here"
    private = "private addresses are not allowed here"
    public = "the internet needs --allow-egress or an allowed host"


_ZONES: tuple[tuple[Zone, str], ...] = (
    # The first row that holds an address decides. Metadata services hide in ranges that are otherwise usable.
    (Zone.never, "fd00:ec2::254/128"),  # Amazon
    (Zone.never, "fd20:ce::254/128"),  # Google
    (Zone.never, "100.100.100.200/32"),  # Alibaba
    (Zone.never, "168.63.129.16/32"),  # Azure
    (Zone.never, "192.0.0.0/24"),  # Oracle, and protocol assignments
    (Zone.never, "169.254.0.0/16"),
    (Zone.never, "fe80::/10"),
    # 6to4, Teredo and site-wide NAT64 carry an IPv4 address that would be reached somewhere else. Python 3.11
    # calls some of them global.
    (Zone.never, "2002::/16"),
    (Zone.never, "2001::/32"),
    (Zone.never, "64:ff9b:1::/48"),
    (Zone.loopback, "127.0.0.0/8"),
    (Zone.loopback, "::1/128"),
    (Zone.private, "10.0.0.0/8"),
    (Zone.private, "172.16.0.0/12"),
    (Zone.private, "192.168.0.0/16"),
    (Zone.private, "fc00::/7"),
    # Shared by a carrier's customers and by overlay networks: somebody else's, like the internet.
    (Zone.public, "100.64.0.0/10"),
    # All IPv6 but 2000::/3, the only part that is handed out.
    (Zone.never, "::/3"),
    (Zone.never, "4000::/2"),
    (Zone.never, "8000::/1"),
)
_NETWORKS: tuple[tuple[Zone, IPv4Network | IPv6Network], ...] = tuple(
    (zone, ip_network(network)) for zone, network in _ZONES
)
_NAT64 = IPv6Network("64:ff9b::/96")


@dataclass(frozen=True)
class OutboundPolicy:
    """What may be connected to.

    Loopback with `loopback`, private ranges with `private`, as is usual; hosts named in `allow_hosts`
    wherever they live; the internet with `allow_egress`. Metadata, link-local, multicast, reserved and
    unspecified addresses never.
    """

    allow_hosts: frozenset[str] = frozenset()
    allow_egress: bool = False
    private: bool = True
    loopback: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "allow_hosts", frozenset(map(_plain, self.allow_hosts)))

    def check(self, host: str, address: str | IpAddress) -> None:
        """Raise Forbidden unless `host` may be reached at `address`, the one to be connected."""
        zone = zone_of(address)
        if zone is Zone.never:
            raise Forbidden(zone.value)
        permitted = {
            Zone.loopback: self.loopback,
            Zone.private: self.private,
            Zone.public: self.allow_egress,
        }
        if not permitted[zone] and _plain(host) not in self.allow_hosts:
            raise Forbidden(zone.value)


def zone_of(address: str | IpAddress) -> Zone:
    """Judge an address; one that wraps an IPv4 address is judged as that."""
    judged = _unwrap(ip_address(str(address).partition("%")[0]))
    for zone, network in _NETWORKS:
        if judged in network:
            return zone
    return Zone.public if judged.is_global and not judged.is_multicast else Zone.never


def _unwrap(address: IpAddress) -> IpAddress:
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address in _NAT64:
            return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def _plain(host: str) -> str:
    return host.strip().strip("[]").rstrip(".").lower()
