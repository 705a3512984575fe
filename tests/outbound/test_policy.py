from __future__ import annotations

import pytest

from emulator.outbound.policy import Forbidden, OutboundPolicy, Zone, zone_of

NEVER = [
    "169.254.169.254", "169.254.0.1", "fe80::1", "fe80::1%eth0", "fd00:ec2::254", "fd20:ce::254",
    "100.100.100.200", "168.63.129.16", "192.0.0.192",
    "0.0.0.0", "0.1.2.3", "::", "255.255.255.255", "240.0.0.1",
    "224.0.0.1", "239.1.2.3", "ff02::1", "ff0e::1",
    "192.0.2.1", "198.18.0.1", "203.0.113.9", "2001:db8::1", "fec0::1", "::127.0.0.1",
    "2002:7f00:1::", "2002:0808:0808::", "2001:0:4136:e378::", "64:ff9b:1::7f00:1", "64:ff9b::a9fe:a9fe",
    "::ffff:169.254.169.254", "::ffff:0.0.0.0",
]  # fmt: skip
LOOPBACK = ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1"]
PRIVATE = ["10.0.0.1", "172.17.0.1", "172.31.255.255", "192.168.1.1", "fd12:3456::1", "::ffff:10.0.0.1"]
PUBLIC = ["8.8.8.8", "172.32.0.1", "100.64.0.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]


@pytest.mark.parametrize(
    ("zone", "addresses"),
    [(Zone.never, NEVER), (Zone.loopback, LOOPBACK), (Zone.private, PRIVATE), (Zone.public, PUBLIC)],
    ids=lambda value: value.name if isinstance(value, Zone) else "",
)
def test_every_address_is_judged_by_where_it_leads(zone: Zone, addresses: list[str]) -> None:
    assert {address: zone_of(address) for address in addresses} == dict.fromkeys(addresses, zone)


def allowed(policy: OutboundPolicy, host: str, address: str) -> bool:
    try:
        policy.check(host, address)
    except Forbidden:
        return False
    return True


@pytest.mark.parametrize("address", NEVER)
def test_metadata_and_reserved_addresses_are_refused_whatever_is_set(address: str) -> None:
    policy = OutboundPolicy(allow_hosts=frozenset({"named", address}), allow_egress=True)
    assert not allowed(policy, "named", address)
    assert not allowed(policy, address, address)


def test_by_default_loopback_and_private_addresses_are_allowed_and_the_internet_is_not() -> None:
    policy = OutboundPolicy()
    assert all(allowed(policy, "any", address) for address in LOOPBACK + PRIVATE)
    assert not any(allowed(policy, "any", address) for address in PUBLIC)


def test_private_addresses_can_be_closed_while_loopback_stays_open() -> None:
    policy = OutboundPolicy(private=False)
    assert all(allowed(policy, "any", address) for address in LOOPBACK)
    assert not any(allowed(policy, "any", address) for address in PRIVATE)


def test_a_named_host_may_live_anywhere_but_only_that_host() -> None:
    policy = OutboundPolicy(allow_hosts=frozenset({"Hooks.Example.com", "[2606:4700::1111]"}), private=False)
    assert allowed(policy, "hooks.example.com", "8.8.8.8")
    assert allowed(policy, "HOOKS.example.COM.", "10.0.0.1")
    assert allowed(policy, "2606:4700::1111", "2606:4700::1111")
    assert not allowed(policy, "other.example.com", "8.8.8.8")
    assert not allowed(policy, "example.com", "10.0.0.1")


def test_egress_opens_the_internet() -> None:
    policy = OutboundPolicy(allow_egress=True)
    assert all(allowed(policy, "any", address) for address in PUBLIC)


def test_a_refusal_says_why_without_the_address() -> None:
    with pytest.raises(Forbidden) as refused:
        OutboundPolicy().check("example.com", "8.8.8.8")
    assert str(refused.value) == "the internet needs --allow-egress or an allowed host"
