"""Listening sockets, and how many connections the process may have."""

from __future__ import annotations

import socket
from contextlib import suppress

Address = tuple[socket.AddressFamily, str]

_RESERVED = 200
"""Descriptors that are kept for files, children and webhooks."""
_USUAL = 1024


def bind(host: str, port: int) -> socket.socket:
    """Bind a listening TCP socket, port 0 for any free one; raise OSError that names the address."""
    return _bind(host, port, _addresses(host, port)[0])


def bind_all(host: str, port: int) -> list[socket.socket]:
    """Bind to each address that a host name has: `localhost` is 127.0.0.1 and ::1, `::` is both families."""
    first, *others = _addresses(host, port)
    bound = [_bind(host, port, first)]
    own = bound[0].getsockname()[1]
    for each in others:
        with suppress(OSError):  # one of them is enough: IPv6 may be off
            bound.append(_bind(host, own, each))
    return bound


def most_connections() -> int:
    """Raise the limit of descriptors as far as may be; return how many of them are for connections."""
    try:
        import resource
    except ImportError:  # no POSIX
        return _USUAL - _RESERVED
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        soft = hard
    return max(_USUAL - _RESERVED, int(soft) - _RESERVED)


def _addresses(host: str, port: int) -> list[Address]:
    if host == "localhost":  # whatever the hosts file says
        return [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")]
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, OverflowError) as error:
        raise _not_bound(host, port, error) from error
    found.sort(key=lambda each: each[0] != socket.AF_INET)
    return list(dict.fromkeys((each[0], str(each[4][0])) for each in found))


def _bind(host: str, port: int, where: Address) -> socket.socket:
    family, address = where
    both = family == socket.AF_INET6 and address == "::" and socket.has_dualstack_ipv6()
    try:
        return socket.create_server((address, port), family=family, backlog=1024, dualstack_ipv6=both)
    except (OSError, OverflowError) as error:
        raise _not_bound(host, port, error) from error


def _not_bound(host: str, port: int, error: Exception) -> OSError:
    reason = getattr(error, "strerror", None) or error
    return OSError(getattr(error, "errno", None), f"cannot listen on {host} port {port}: {reason}")
