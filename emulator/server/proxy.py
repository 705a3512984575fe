"""This server as a proxy: whom it answers for, whom it passes on, and why not.

A client that is told of it as its HTTP proxy asks for `CONNECT host:443`, or by an absolute address. For the
vendors' hosts it is answered here. Whoever else is asked for is reached by way of `Outward`, when the
client may: what is of this machine, what was named with --allow-target, and the rest with --allow-egress. The
vendors' own domains are not passed on at all, so that no fax goes out where somebody pays for it.
"""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any, Protocol

from emulator.server.answer import explain
from emulator.server.environ import PROXIED_KEY
from emulator.server.guard import Guard, host_name
from emulator.server.passage import Carried, NoPassage, Passage, Served

_PORTS = {"http": 80, "https": 443}
_NAME = re.compile(r"(?=.{1,253}\Z)[0-9a-z_-]{1,63}(\.[0-9a-z_-]{1,63})*", re.ASCII | re.IGNORECASE)


class Outward(Protocol):
    """How others are reached; raises OSError, or PermissionError that says which rule forbids it."""

    def dial(self, host: str, port: int, *, near: bool) -> socket.socket:
        """Connect; a client that is not `near` may not reach what is of this machine or network."""

    def ask(
        self, environ: Mapping[str, Any], scheme: str, host: str, port: int, *, near: bool
    ) -> tuple[str, list[tuple[str, str]], bytes]:
        """Pass a request on; give the status line, the headers and the body of its answer."""


class Proxy:
    """Answers what is asked of a proxy.

    `hosts` are those that this server stands in for, with their vendors, and `context` makes the server's
    side of TLS for one of them. Of the vendors' `domains` no other host is reached, of the rest `targets`, or
    all with `egress`.
    """

    def __init__(
        self,
        guard: Guard,
        hosts: Mapping[str, str],
        context: Callable[[str], ssl.SSLContext],
        outward: Outward,
        *,
        domains: Iterable[str] = (),
        targets: Iterable[str] = (),
        egress: bool = False,
        vendor_key: str = "localfax.vendor",
    ) -> None:
        self._guard = guard
        self._hosts = hosts
        self._context = context
        self._outward = outward
        self._targets = frozenset(map(plain_name, targets))
        self._egress = egress
        self._vendor_key = vendor_key
        self._domains = tuple(f".{name}" for name in domains)

    def passage_for(self, environ: Mapping[str, Any]) -> Passage:
        """Find what a CONNECT leads to; raise NoPassage, or what `context` raises."""
        if self._vendor_key in environ:
            raise NoPassage(403, "the proxy is at the main port, and no tunnel leads through another")
        if (reason := self._guard.page_refusal(environ)) is not None:
            raise NoPassage(403, reason)
        host, port = authority(environ["HTTP_HOST"], "https")
        if host in self._hosts:
            extra = {"SERVER_NAME": host, "SERVER_PORT": str(port), self._vendor_key: self._hosts[host]}
            return Served(None if port == _PORTS["http"] else self._context(host), extra)
        near = self._admit(environ, host)
        try:
            return Carried(self._outward.dial(host, port, near=near))
        except OSError as wrong:
            raise _failed(host, wrong) from None

    def serves(self, environ: Mapping[str, Any]) -> bool:
        """Tell whether a CONNECT is for a host that this server stands in for: nobody else is waited for."""
        return authority(environ["HTTP_HOST"], "https")[0] in self._hosts

    def is_for_another(self, environ: Mapping[str, Any]) -> bool:
        """Tell whether an absolute address is that of neither this server nor a vendor."""
        scheme = environ.get(PROXIED_KEY)
        if scheme is None or self._vendor_key in environ:
            return False
        host, port = authority(environ["HTTP_HOST"], scheme)
        own = self._guard.knows(host) and str(port) == environ["SERVER_PORT"]
        return not own and host not in self._hosts

    def pass_on(self, environ: Mapping[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request that is for another, as a WSGI application."""
        try:
            if (reason := self._guard.page_refusal(environ)) is not None:
                raise NoPassage(403, reason)
            scheme = environ[PROXIED_KEY]
            host, port = authority(environ["HTTP_HOST"], scheme)
            near = self._admit(environ, host)
            try:
                status, headers, body = self._outward.ask(environ, scheme, host, port, near=near)
            except OSError as wrong:
                raise _failed(host, wrong) from None
        except NoPassage as refusal:
            status, body = explain(refusal.status, str(refusal))
            headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        start_response(status, headers)
        return [body]

    def _admit(self, environ: Mapping[str, Any], host: str) -> bool:
        """Raise NoPassage for a host that this client may not reach; tell whether it is of this machine."""
        if not host:
            raise NoPassage(400, "the address names no host")
        if f".{host}".endswith(self._domains):
            raise NoPassage(
                403,
                f"{host} is not passed on: it is of a vendor. To have it answered here, start with "
                f"--intercept-host {host}=VENDOR",
            )
        near = is_loopback(environ.get("REMOTE_ADDR", ""))
        if self._egress or host in self._targets or (near and (self._guard.knows(host) or is_address(host))):
            return near
        raise NoPassage(
            403,
            f"{host} is no vendor's host, and others are not passed on. To let this one through, start with "
            f"--allow-target {host} (all of them: --allow-egress), or name it in the client's NO_PROXY; to "
            f"have it answered here: --intercept-host {host}=VENDOR",
        )


def plain_name(host: str) -> str:
    """Write a host in the one way in which it is compared: without brackets and the root's dot."""
    return host.strip().strip("[]").rstrip(".").lower()


def domain(host: str) -> str:
    """The domain of a vendor's host, which its other hosts share: `vendor.test` of `api.vendor.test`."""
    return ".".join(host.split(".")[-2:])


def authority(text: str, scheme: str) -> tuple[str, int]:
    """Read the host, empty where there is none, and the port of `host:port`."""
    name = host_name(text)
    port = re.search(r":(\d{1,5})$", text, re.ASCII)
    return plain_name(name), int(port[1]) if port else _PORTS[scheme]


def is_host(name: str) -> bool:
    """Tell whether a name can be one of a host, as clients ask for it and certificates bear it."""
    return _NAME.fullmatch(name) is not None or (is_address(name) and "%" not in name)


def is_address(host: str) -> bool:
    """Tell whether a host is an address, of which the policy alone decides."""
    try:
        return bool(ip_address(host))
    except ValueError:
        return False


def is_loopback(address: str) -> bool:
    """Tell whether an address is of this machine."""
    plain = address.removeprefix("::ffff:")
    return is_address(plain) and ip_address(plain).is_loopback


def _failed(host: str, wrong: OSError) -> NoPassage:
    if isinstance(wrong, PermissionError):
        return NoPassage(HTTPStatus.FORBIDDEN, f"{host} is not passed on: {wrong}")
    return NoPassage(HTTPStatus.BAD_GATEWAY, f"{host} is not reached: {wrong.strerror or wrong}")
