"""A request as WSGI has it."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import IO, Any
from urllib.parse import unquote_to_bytes

from emulator.server.head import Head, Refusal

MANNER_KEY = "localfax.manner"
"""WSGI environ key of the request's Manner."""
REFUSAL_KEY = "localfax.refusal"
"""WSGI environ key of the status and the reason with which the application is to refuse a request."""
HEADERS_KEY = "localfax.headers"
"""WSGI environ key of the headers as they were sent: pairs of bytes."""

PROXIED_KEY = "localfax.proxied"
"""WSGI environ key of the scheme of an absolute address: its client takes this server for a proxy."""

_AUTHORITY = re.compile(rb"(\[[0-9A-Fa-f:.]{2,45}\]|[0-9A-Za-z_.-]{1,255}):([0-9]{1,5})")
_BARE = frozenset({"CONTENT_TYPE", "CONTENT_LENGTH"})
_FRAMING = frozenset({b"content-length", b"transfer-encoding"})


@dataclass
class Manner:
    """How a request is to be answered, set by the application while it answers.

    `delay` is real seconds to hold the answer back, `cut` closes the connection in its place. What `closed`
    is given is called when the client has gone before its answer, at once if it has already.
    """

    delay: float = 0.0
    cut: bool = False
    gone: bool = False
    _tells: list[Callable[[], None]] = field(default_factory=list)

    @property
    def awaited(self) -> bool:
        """Whether anybody waits to be told that the client has gone."""
        return bool(self._tells)

    def closed(self, tell: Callable[[], None]) -> None:
        self._tells.append(tell)
        if self.gone:
            self.tell_gone()

    def tell_gone(self) -> None:
        """Call what waits for the client's going."""
        self.gone = True
        while self._tells:
            self._tells.pop()()


def base_environ(
    scheme: str, server: tuple[str, int], client: str, extra: Mapping[str, Any]
) -> dict[str, Any]:
    """Make what all requests of a connection have in common."""
    return {
        "SCRIPT_NAME": "",
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_SOFTWARE": "localfax",
        "REMOTE_ADDR": client,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scheme,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "wsgi.input_terminated": True,
        **extra,
    }


def fill(base: Mapping[str, Any], head: Head) -> dict[str, Any]:
    """Make a request's environ but for its body; raise Refusal for an address that is none."""
    environ = dict(base)
    scheme, host, target = _split(head.target)
    path, _, query = target.partition(b"?")
    environ["REQUEST_METHOD"] = head.method
    environ["SERVER_PROTOCOL"] = f"HTTP/{head.version}"
    environ["PATH_INFO"] = (unquote_to_bytes(path) if b"%" in path else path).decode("latin-1")
    environ["QUERY_STRING"] = query.decode("latin-1")
    environ["REQUEST_URI"] = head.target.decode("latin-1")
    environ[HEADERS_KEY] = head.headers
    _add_headers(environ, head.headers)
    if scheme is not None:
        environ["HTTP_HOST"] = host
        environ[PROXIED_KEY] = environ["wsgi.url_scheme"] = scheme
    return environ


def fill_connect(base: Mapping[str, Any], head: Head) -> dict[str, Any]:
    """Make the environ of a CONNECT: the host and the port that it names; raise Refusal for what is none.

    A `Host` that names another host is what would be read by somebody else on the way: it is refused.
    """
    found = _AUTHORITY.fullmatch(head.target)
    if found is None or not 0 < int(found[2]) < 2**16:
        raise Refusal(400, "CONNECT names a host and its port")
    environ = dict(base)
    _add_headers(environ, head.headers)
    host, port = found[1].decode().lower(), found[2].decode()
    if environ.get("HTTP_HOST", host).lower() not in (host, f"{host}:{port}"):
        raise Refusal(400, "the Host header is not that of CONNECT")
    told = {"REQUEST_METHOD": "CONNECT", "SERVER_PROTOCOL": f"HTTP/{head.version}", "PATH_INFO": ""}
    return environ | told | {"QUERY_STRING": "", "HTTP_HOST": f"{host}:{port}", HEADERS_KEY: head.headers}


def set_body(environ: dict[str, Any], file: IO[bytes], size: int) -> None:
    """Add the body, which is whole: how it was framed no longer matters."""
    environ["wsgi.input"] = file
    if size or "CONTENT_LENGTH" in environ:
        environ["CONTENT_LENGTH"] = str(size)


def _split(target: bytes) -> tuple[str | None, str, bytes]:
    """The scheme and the host that an absolute address names, and the address's path and query."""
    if target[:1] == b"/" or target == b"*":
        return None, "", target.partition(b"#")[0]
    scheme, found, rest = target.partition(b"://")
    if not found or scheme.lower() not in (b"http", b"https"):
        raise Refusal(400, "the address is no path")
    host, slash, path = rest.partition(b"/")
    host, question, query = host.partition(b"?")
    path = b"/?" + query + slash + path if question else b"/" + path.partition(b"#")[0]
    return scheme.decode().lower(), host.decode("latin-1"), path


def _add_headers(environ: dict[str, Any], headers: list[tuple[bytes, bytes]]) -> None:
    """Add each header; a name with an underscore counts where its double with a dash does not stand."""
    forged: list[tuple[str, str]] = []
    for name, value in headers:
        key, plain = _key(name)
        if key is None:
            continue
        text = value.decode("latin-1").strip(" \t")
        if not plain:
            forged.append((key, text))
        elif key in environ:
            environ[key] += f"{'; ' if key == 'HTTP_COOKIE' else ', '}{text}"
        else:
            environ[key] = text
    for key, text in forged:
        environ.setdefault(key, text)


@lru_cache(maxsize=500)
def _key(name: bytes) -> tuple[str | None, bool]:
    """The environ key of a header, and whether its name has no underscore; None for how a body is framed."""
    plain = b"_" not in name
    dashed = name.lower().replace(b"_", b"-")
    if dashed == b"transfer-encoding" or (not plain and dashed in _FRAMING):
        return None, plain
    key = dashed.upper().replace(b"-", b"_").decode("latin-1")
    return (key if key in _BARE else f"HTTP_{key}"), plain
