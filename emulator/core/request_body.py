"""Requests as WSGI hands them on: a compressed body unpacked before anybody reads it, headers as sent."""

from __future__ import annotations

import io
import sys
import zlib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from emulator.core.decoding import BLOCK, CODINGS, unpack

HEADERS_KEY = "localfax.headers"
"""WSGI environ key of the request's headers as they were sent: pairs of name and value."""

Header = tuple[str, str] | tuple[bytes, bytes]
"""A header's name and value."""

TOO_MUCH = "its body has more than {most} bytes once it is unpacked"
UNKNOWN = "its Content-Encoding {coding} is none of {known}, and its body was not read"
BROKEN = "its body is not {coding}, as its Content-Encoding says, and was not read"


def unpack_body(environ: dict[str, Any], most: int) -> str | None:
    """Put the unpacked body in place of one that came compressed.

    One that cannot be unpacked within `most` bytes is put aside: gives why, else None.
    """
    coding = environ.get("HTTP_CONTENT_ENCODING", "").strip().lower()
    if coding in ("", "identity"):
        return None
    environ[HEADERS_KEY] = list(sent_headers(environ))
    content, trouble = _unpacked(_blocks(environ), coding, most)
    environ |= {"wsgi.input": io.BytesIO(content), "wsgi.input_terminated": True}
    environ["CONTENT_LENGTH"] = str(len(content))
    return trouble


def _unpacked(blocks: Iterator[bytes], coding: str, most: int) -> tuple[bytes, str | None]:
    names = [name.strip() for name in coding.split(",")]
    if unknown := [name for name in names if name not in CODINGS]:
        return b"", UNKNOWN.format(coding=unknown[0][:100], known=", ".join(CODINGS))
    found = bytearray()
    try:
        for block in unpack(blocks, coding):
            found += block
            if len(found) > most:
                return b"", TOO_MUCH.format(most=most)
    except (ValueError, zlib.error):
        return b"", BROKEN.format(coding=coding)
    return bytes(found), None


def _blocks(environ: dict[str, Any]) -> Iterator[bytes]:
    terminated = environ.get("wsgi.input_terminated")
    left = sys.maxsize if terminated else int(environ.get("CONTENT_LENGTH") or 0)
    while block := environ["wsgi.input"].read(min(BLOCK, left)):
        left -= len(block)
        yield block


def sent_headers(environ: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The headers as they were sent where the server tells, else as WSGI has them."""
    raw = environ.get(HEADERS_KEY)
    if raw is None:
        yield from ((name, value) for key, value in environ.items() if (name := _header(key)))
    else:
        yield from read_headers(raw)


def read_headers(raw: Iterable[Header]) -> Iterator[tuple[str, str]]:
    """Headers as text, whether they are text already or bytes."""
    for name, value in raw:
        yield _text(name), _text(value)


def _text(given: str | bytes) -> str:
    return given.decode("latin-1") if isinstance(given, bytes) else given


@lru_cache(maxsize=100)
def _header(key: str) -> str | None:
    """The header that a WSGI environ has under this key."""
    bare = key in ("CONTENT_TYPE", "CONTENT_LENGTH")
    return key.removeprefix("HTTP_").replace("_", "-").title() if bare or key.startswith("HTTP_") else None
