"""Reading a body: JSON under several names, or parts told apart by their own types."""

from __future__ import annotations

import base64
import json
import quopri
import re
from collections.abc import Iterator
from email.message import Message
from email.parser import BytesHeaderParser
from typing import Any, NoReturn

from flask import request
from werkzeug.http import parse_options_header

from emulator.core.json_text import read_json
from emulator.vendors.kazoo.envelope import bad_json
from emulator.vendors.kazoo.visit import Body, File

JSON_TYPES = frozenset({"", "application/json", "application/x-json", "application/x-www-form-urlencoded"})
"""JSON comes under each of these: curl's own type too, as in the vendor's examples (documented, observed)."""
PARTS_TYPES = frozenset({"multipart/form-data", "multipart/mixed"})
FILE_TYPES = frozenset({"image/tiff", "application/pdf", "application/x-pdf"})

DEEPEST = 64
MOST_PARTS = 1000


def read_body() -> Body:
    """Read the call's body; raise KazooError for JSON that is none. Bodies of other types are left alone."""
    content = request.get_data(cache=True)
    if not content:
        return Body()
    if request.mimetype in JSON_TYPES:
        return Body(parse(content))
    if request.mimetype in PARTS_TYPES:
        boundary = parse_options_header(request.headers.get("Content-Type", ""))[1].get("boundary", "")
        return read_parts(content, boundary)
    if request.mimetype in FILE_TYPES:
        return Body(file=File(content, request.mimetype))
    return Body()


def parse(content: bytes) -> Any:
    """Read JSON; raise KazooError for what a strict reader refuses: NaN, depth, lone surrogates."""
    try:
        value = read_json(content.decode("utf-8"), parse_constant=_refuse, parse_float=_finite)
        if b"\\u" in content:
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except ValueError:
        raise bad_json() from None
    if _deeper(value, DEEPEST):
        raise bad_json()
    return value


def _refuse(word: str) -> NoReturn:
    raise ValueError(word)


def _finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError(text)
    return number


def _deeper(value: Any, room: int) -> bool:
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return room == 0 or any(_deeper(child, room - 1) for child in children)


def read_parts(content: bytes, boundary: str) -> Body:
    """Read a multipart body: the JSON part is the envelope, of the other parts the last one is the file."""
    if not 0 < len(boundary) <= 200:
        raise bad_json()
    envelope, file = None, None
    for head, payload in _parts(content, boundary.encode("utf-8", "replace")):
        kind = head.get_content_type() if "content-type" in head else ""
        if kind in ("application/json", "application/x-json"):
            envelope = parse(payload)
        elif kind or _filename(head):
            file = File(payload, kind, _filename(head))
        elif payload.lstrip().startswith(b"{"):
            envelope = parse(payload)
    return Body(envelope, file)


def _parts(content: bytes, boundary: bytes) -> Iterator[tuple[Message, bytes]]:
    delimiter = re.compile(rb"(?:\A|\r?\n)--" + re.escape(boundary) + rb"(--)?[ \t]*(?:\r?\n|\Z)")
    opening = delimiter.search(content)
    for _ in range(MOST_PARTS):
        if opening is None or opening[1]:
            return
        closing = delimiter.search(content, opening.end())
        end = closing.start() if closing else len(content)
        yield _part(content[opening.end() : end])
        opening = closing


def _part(raw: bytes) -> tuple[Message, bytes]:
    blank = re.search(rb"(?:\A|\r?\n)\r?\n", raw)
    head = BytesHeaderParser().parsebytes(raw[: blank.start()] if blank else b"")
    payload = raw[blank.end() :] if blank else raw
    return head, _decoded(payload, str(head.get("content-transfer-encoding", "")).strip().lower())


def _decoded(payload: bytes, encoding: str) -> bytes:
    if encoding == "quoted-printable":
        return quopri.decodestring(payload)
    try:
        return base64.b64decode(payload) if encoding == "base64" else payload
    except ValueError:
        return payload


def _filename(head: Message) -> str | None:
    try:
        return head.get_filename()
    except (ValueError, LookupError, TypeError):
        return None  # a name in an encoding that is none
