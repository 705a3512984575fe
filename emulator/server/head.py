"""One request's head: its bytes read and judged, or refused with the status that says why.

What decides where a request ends must be read by everybody on its way in the same manner, or one request can
be smuggled inside another. So the rules are stricter than the standard has to be: every line ends in CR LF,
a length is digits and stands once, `Transfer-Encoding` is the word chunked and nothing else, never beside a
length and never in HTTP/1.0, and an HTTP/1.1 request names one host. httptools reads the characters; what
it would let pass is judged here.

For example `POST / HTTP/1.1`, `Host: a`, `Transfer-Encoding: gzip, chunked` is a head that httptools takes,
and that a proxy which knows no such coding would end elsewhere: it is refused with 400.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser

HEAD_LIMIT = 2**16
"""Bytes of a request line and its headers at most."""
MOST_HEADERS = 200

_REQUEST_LINE = re.compile(rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]+) +\S+(?: +HTTP/(\d)\.(\d))?")
_TARGET = re.compile(rb"[^\x00-\x7f]")
_LENGTH = re.compile(rb"[0-9]{1,15}")
_HTTP2_PREFACE = b"PRI"


class Refusal(Exception):
    """A request that is refused: the status and what is wrong; its environ when its head could be read."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.environ: dict[str, Any] | None = None


@dataclass(slots=True)
class Head:
    """A request's head. `length` is the bytes of its body, None for a chunked one; headers are as sent."""

    method: str = ""
    target: bytes = b""
    version: str = "1.1"
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    length: int | None = 0
    keep_alive: bool = True
    expects: bool = False
    """Whether the client waits for `100 Continue` before it sends the body."""

    def on_url(self, piece: bytes) -> None:
        self.target += piece

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers.append((name, value))

    def values(self, name: bytes) -> list[bytes]:
        """The values of a header, its name given in lower case."""
        return [value for key, value in self.headers if key.lower() == name]


def read_head(data: bytes) -> Head:
    """Read a head, with the empty line that ends it; raise Refusal."""
    if data.count(b"\n") != data.count(b"\r\n"):
        raise Refusal(400, "a line of the head does not end in CR LF")
    if not data.isascii():
        data = _escape_target(data)
    head = Head()
    parser = HttpRequestParser(head)
    try:
        parser.feed_data(data)
    except HttpParserUpgrade:
        pass  # another protocol is offered, and not taken: what follows is this request's body
    except HttpParserError as wrong:
        raise _explain(data, head, str(wrong)) from None
    head.method = parser.get_method().decode()
    head.version = parser.get_http_version()
    if head.version not in ("1.1", "1.0"):
        raise check_line(data) or Refusal(400, "unknown HTTP version")
    _judge(head)
    return head


def check_line(data: bytes) -> Refusal | None:
    """Judge what has come of a head by its first line: no client is to wait for the end of a hopeless one."""
    line, ended, _ = data.lstrip(b"\r\n").partition(b"\n")
    if not ended:
        return None if not line or line[0] > 0x20 else Refusal(400, "this is no HTTP")
    found = _REQUEST_LINE.fullmatch(line.removesuffix(b"\r"))
    if found is None:
        return Refusal(400, "the request line is malformed")
    method, major, minor = found.groups()
    if method == _HTTP2_PREFACE:
        return Refusal(400, "HTTP/2 is not spoken here")
    if major == b"1":
        return None if minor in b"01" else Refusal(400, "unknown HTTP version")
    return Refusal(505, "only HTTP/1.0 and HTTP/1.1 are spoken here")


def check_size(data: bytes) -> Refusal | None:
    """Judge the size of a head that has no end yet."""
    if len(data) <= HEAD_LIMIT:
        return None
    if b"\n" not in data[:HEAD_LIMIT]:
        return Refusal(414, f"the address is longer than {HEAD_LIMIT:,} bytes")
    return Refusal(431, f"the head is longer than {HEAD_LIMIT:,} bytes")


def _escape_target(data: bytes) -> bytes:
    """Write the address's bytes beyond ASCII as %XX: clients send them bare, httptools takes them so."""
    line, rest = data.split(b"\r\n", 1)
    return _TARGET.sub(lambda found: b"%%%02X" % found[0][0], line) + b"\r\n" + rest


def _explain(data: bytes, head: Head, said: str) -> Refusal:
    if (refusal := check_line(data)) is not None:
        return refusal
    codings = [value.strip().lower() for value in head.values(b"transfer-encoding")]
    if codings and b"chunked" not in b",".join(codings):
        return Refusal(501, f"unknown transfer coding {codings[0].decode('latin-1')!r}")
    return Refusal(400, said[:1].lower() + said[1:])


def _judge(head: Head) -> None:
    if len(head.headers) > MOST_HEADERS:
        raise Refusal(431, f"there are more than {MOST_HEADERS} headers")
    found: dict[bytes, list[bytes]] = {}
    for name, value in head.headers:
        found.setdefault(name.lower(), []).append(value)
    hosts = len(found.get(b"host", ()))
    if hosts > 1 or (not hosts and head.version == "1.1"):
        raise Refusal(400, "there must be one Host header")
    wishes = b",".join(found.get(b"connection", ())).lower()
    head.keep_alive = b"close" not in wishes if head.version == "1.1" else b"keep-alive" in wishes
    head.length = _length(head, found)
    if (expected := found.get(b"expect")) is not None:
        if [each.strip().lower() for each in expected] != [b"100-continue"]:
            raise Refusal(417, "only 100-continue can be expected")
        head.expects = head.version == "1.1" and head.length != 0


def _length(head: Head, found: dict[bytes, list[bytes]]) -> int | None:
    lengths = found.get(b"content-length", [])
    codings = found.get(b"transfer-encoding")
    if codings is None:
        if len(lengths) > 1 or not all(_LENGTH.fullmatch(each.strip()) for each in lengths):
            raise Refusal(400, "Content-Length must be one number")
        return int(lengths[0]) if lengths else 0
    if lengths or head.version == "1.0":
        raise Refusal(400, "Transfer-Encoding has no place here")
    if [each.strip().lower() for each in codings] != [b"chunked"]:
        known = b"chunked" in b",".join(codings).lower()
        raise Refusal(400 if known else 501, "the only transfer coding is chunked, once")
    return None
