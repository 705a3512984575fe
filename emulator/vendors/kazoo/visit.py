"""The request being answered, as Kazoo reads it: its body (JSON, or parts told apart by their types), and
what the checks have found out: its token, account, faxbox or user.
"""

from __future__ import annotations

import base64
import quopri
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from email.parser import HeaderParser
from typing import Any, NoReturn

from flask import request
from werkzeug.http import parse_options_header

from emulator.core.engine.sandboxes import DEFAULT
from emulator.core.json_text import read_json
from emulator.vendors.dialect import RequestContext, context, serving
from emulator.vendors.forms import base_name, decode, note
from emulator.vendors.kazoo.words import is_modern
from emulator.vendors.notes import present

JSON_TYPES = frozenset({"", "application/json", "application/x-json", "application/x-www-form-urlencoded"})
"""JSON comes under each of these: curl's own type too, as in the vendor's examples (documented, observed)."""
PARTS_TYPES = frozenset({"multipart/form-data", "multipart/mixed", "multipart/related"})
FILE_TYPES = frozenset({"image/tiff", "application/pdf", "application/x-pdf"})

DEEPEST = 64
MOST_PARTS = 1000


@dataclass(frozen=True)
class File:
    """An uploaded document; `kind` is the media type and `name` the name that its client gave, if any."""

    content: bytes
    kind: str = ""
    name: str | None = None


@dataclass
class Visit:
    """The envelope is None when there was no JSON; the file is the last one."""

    envelope: Any = None
    file: File | None = None
    token: str = ""
    account: str = ""
    faxbox: str | None = None
    user: str | None = None
    request_id: str = ""

    @property
    def scope(self) -> str:
        """The ending of list names that narrows them to the faxbox or user of the path."""
        if self.faxbox is not None:
            return f"/faxbox/{self.faxbox}"
        return "" if self.user is None else f"/user/{self.user}"

    def beside_data(self, key: str) -> Any:
        """A key that stands beside `data` in the envelope."""
        return self.envelope.get(key) if isinstance(self.envelope, Mapping) else None


def visit() -> Visit:
    """What is known of the request; there is something from the first check on."""
    notes = present.get()
    if notes.read is None:
        notes.read = Visit()
    found: Visit = notes.read
    return found


def own_name() -> str:
    """The endpoint's own name, without the variant of its path."""
    return (request.endpoint or "").rpartition(":")[2]


def call_or_default() -> RequestContext:
    """The call of the request, one to the default sandbox while none is known."""
    if present.get().context is not None:
        return context()
    vendor, engine = serving()
    return RequestContext(engine.world(DEFAULT), vendor)


def modern() -> bool:
    """Tell whether the account is on a 4.3 server."""
    return is_modern(call_or_default().settings.profile)


def choose_type(*offered: str) -> str | None:
    """Choose the type that the client likes best, the first when it says nothing, None when it takes none.

    `accept` in the query stands for the header.
    """
    from werkzeug.datastructures import MIMEAccept
    from werkzeug.http import parse_accept_header

    said: Any = request.args.get("accept") or request.headers.get("Accept", "")
    if not said.strip():
        return offered[0]
    return parse_accept_header(said, MIMEAccept).best_match(offered)


# its body
def read_body(into: Visit) -> None:
    """Read the envelope and the file; raise ValueError for JSON that is none. Other types are left alone."""
    content = request.get_data(cache=True)
    if not content:
        return
    if request.mimetype in JSON_TYPES:
        into.envelope = _parse(content)
    elif request.mimetype in PARTS_TYPES:
        boundary = parse_options_header(request.headers.get("Content-Type", ""))[1].get("boundary", "")
        _read_parts(content, boundary, into)
    elif request.mimetype in FILE_TYPES:
        into.file = File(content, request.mimetype)


def _parse(content: bytes) -> Any:
    """Read JSON; raise ValueError for what a strict reader refuses: NaN, depth, lone surrogates."""
    value = read_json(content.decode("utf-8"), mended=False, parse_constant=_refuse, parse_float=_finite)
    if _deeper(value, DEEPEST):
        raise ValueError("nested too deeply")
    return value


def _refuse(word: str) -> NoReturn:
    raise ValueError(word)


def _finite(text: str) -> float:
    number = float(text)
    return _refuse(text) if number in (float("inf"), float("-inf")) else number


def _deeper(value: Any, room: int) -> bool:
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return room == 0 or any(_deeper(child, room - 1) for child in children)


def _read_parts(content: bytes, boundary: str, into: Visit) -> None:
    """Read a multipart body: the JSON part is the envelope, of the other parts the last one is the file."""
    if not 0 < len(boundary) <= 200:
        note("the form cannot be read: it names no boundary")
        raise ValueError("no boundary")
    for file in _parts(content, boundary.encode("utf-8", "replace")):
        if file.kind in ("application/json", "application/x-json"):
            into.envelope = _parse(file.content)
        elif file.kind or file.name:
            into.file = file
        elif file.content.lstrip().startswith(b"{"):
            into.envelope = _parse(file.content)


def _parts(content: bytes, boundary: bytes) -> Iterator[File]:
    delimiter = b"--" + re.escape(boundary) + rb"(--)?[ \t]*(?:\r?\n|\Z)"
    # A pattern that begins with plain bytes is found twenty times as fast as one that begins otherwise.
    line = re.compile(b"\n" + delimiter)
    opening = re.match(delimiter, content) or line.search(content)
    for _ in range(MOST_PARTS):
        if opening is None or opening[1]:
            if opening is None:
                note("the form has no closing boundary")
            return
        start, closing = opening.end(), line.search(content, opening.end())
        yield _part(content[start : closing.start()].removesuffix(b"\r") if closing else content[start:])
        opening = closing
    note(f"the form is read only as far as its first {MOST_PARTS} parts")


def _part(raw: bytes) -> File:
    blank = re.search(rb"(?:\A|\r?\n)\r?\n", raw)
    head = HeaderParser().parsestr(decode(raw[: blank.start()] if blank else b""))
    payload = raw[blank.end() :] if blank else raw
    encoding = str(head.get("content-transfer-encoding", "")).strip().lower()
    if encoding == "quoted-printable":
        payload = quopri.decodestring(payload)
    elif encoding == "base64":
        with suppress(ValueError):
            payload = base64.b64decode(payload)
    kind, name = head.get_content_type() if "content-type" in head else "", None
    with suppress(ValueError, LookupError, TypeError):  # a name in an encoding that is none
        name = head.get_filename()
    return File(payload, kind, name and base_name(name))
