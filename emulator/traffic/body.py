"""Bodies as data: JSON, forms, multipart forms and files, read from bytes and written as such again.

Whatever is a document has been replaced by a mark that tells its digest and pages; whoever writes the body
again draws one of so many pages in its place.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message
from typing import Any
from urllib.parse import parse_qsl, urlencode

from emulator.documents import inspect, sniff
from emulator.documents.media_types import HTML, TEXT, UNKNOWN

JSON_TYPE, FORM, MULTIPART = "application/json", "application/x-www-form-urlencoded", "multipart/"
_MARK = re.compile(r"localfax-document:([0-9a-f]*);pages=(\d+);type=([\w./+-]+)")
_PLAIN = frozenset({TEXT, UNKNOWN, HTML})
_DEEPEST = 60
"""Objects and lists within each other; a body that has more is a text."""
_LEAST = 40
"""Characters of base 64 that may be a document."""


@dataclass(frozen=True)
class Mark:
    """What is told of a document: a digest, its pages, its media type."""

    digest: str
    pages: int
    media_type: str

    def __str__(self) -> str:
        return f"localfax-document:{self.digest};pages={self.pages};type={self.media_type}"

    @classmethod
    def read(cls, text: Any) -> Mark | None:
        """Read a mark; None for any other text."""
        found = _MARK.fullmatch(text) if isinstance(text, str) else None
        return found and cls(found[1], int(found[2]), found[3])


@dataclass(frozen=True)
class Part:
    """A field of a form or a part of a multipart body; `value` is text, data of a JSON part, or bytes."""

    name: str
    value: Any
    filename: str | None = None
    media_type: str = ""


@dataclass(frozen=True)
class Payload:
    """A body: `kind` is none, json, form, multipart, text or file; `data` JSON data, parts, text or bytes."""

    kind: str = "none"
    data: Any = None
    media_type: str = ""


NOTHING = Payload()


def read_body(content: bytes, content_type: str) -> Payload:
    """Read a body by its type, and by its looks where that is missing or wrong."""
    media_type = content_type.partition(";")[0].strip().lower()
    if not content:
        return Payload(media_type=media_type)
    if media_type.startswith(MULTIPART) and (parts := _parts(content, content_type)) is not None:
        return Payload("multipart", parts, content_type)
    if (data := _json(content, media_type)) is not None:
        return Payload("json", data, media_type)
    if media_type == FORM:
        pairs = parse_qsl(content.decode("utf-8", "replace"), keep_blank_values=True)
        return Payload("form", [Part(*pair) for pair in pairs], media_type)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return Payload("file", content, media_type)
    plain = media_type.startswith("text/") or sniff(content) in _PLAIN
    return Payload("text", text, media_type) if plain else Payload("file", content, media_type)


def _json(content: bytes, media_type: str) -> Any:
    # Clients send JSON under the type of forms too, and vendors under that of text.
    if content.lstrip()[:1] not in (b"{", b"[") and "json" not in media_type:
        return None
    try:
        return parse_json(content.decode("utf-8-sig"))
    except ValueError:
        return None


def parse_json(text: str) -> Any:
    """Parse JSON; raise ValueError for what is none or nests too deeply. Halves of characters become ?."""
    try:
        data = json.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if _nests(data) > _DEEPEST:
        raise ValueError("nested too deeply")
    if "\\ud" not in text.lower():
        return data
    return json.loads(json.dumps(data, ensure_ascii=False).encode("utf-8", "replace"))


def _nests(data: Any) -> int:
    """How many objects and lists stand within each other; one more than the most is as good as all."""
    level, depth = [data], 0
    while depth <= _DEEPEST and (level := [each for each in level if isinstance(each, (dict, list))]):
        depth += 1
        level = [each for held in level for each in (held.values() if isinstance(held, dict) else held)]
    return depth


def _parts(content: bytes, content_type: str) -> list[Part] | None:
    import email
    import email.policy

    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    found = email.message_from_bytes(head + content, policy=email.policy.HTTP)
    if not found.is_multipart():
        return None
    return [_part(each) for each in found.iter_parts()]


def _part(each: Message) -> Part:
    name = str(each.get_param("name", header="content-disposition") or "").strip("'\"")
    content = each.get_payload(decode=True)
    raw = content if isinstance(content, bytes) else b""
    told = each["Content-Type"]
    media_type = each.get_content_type() if told else ""
    if (filename := each.get_filename()) is not None or media_type.startswith(("image/", "application/pdf")):
        return Part(name, raw, filename or "", media_type)
    if "json" in media_type and (data := _json(raw, media_type)) is not None:
        return Part(name, data, None, media_type)
    return Part(name, raw.decode("utf-8", "replace").removesuffix("\r\n"), None, media_type)


def mark_document(content: bytes, digest: Callable[[bytes], str], media_type: str = "") -> str:
    """Mark a document: its digest, as `digest` makes it, how many pages it has, what it is."""
    found = inspect(content)
    kind = media_type if found.media_type == UNKNOWN and media_type else found.media_type
    return str(Mark(digest(content), found.pages, kind.partition(";")[0].strip() or UNKNOWN))


def decode_document(text: str, *, told: bool) -> bytes | None:
    """Read base 64 that is a document; one that is not `told` to be is known by its beginning."""
    from emulator.vendors.reading import read_base64

    if len(text) < _LEAST:
        return None
    try:
        content = read_base64(text)
    except ValueError:
        return None
    return content if told or sniff(content) not in _PLAIN else None


Draw = Callable[[Mark], bytes]
"""Draws a document that stands in for one of which the mark alone is left."""


def write_body(body: Payload, draw: Draw) -> tuple[bytes, str]:
    """Write a body, with documents in place of their marks, and say its content type."""
    return _WRITERS[body.kind](body, draw)


def _write_json(body: Payload, draw: Draw) -> tuple[bytes, str]:
    return json.dumps(_drawn(body.data, draw), separators=(",", ":")).encode(), body.media_type or JSON_TYPE


def _drawn(data: Any, draw: Draw) -> Any:
    if isinstance(data, dict):
        return {name: _drawn(value, draw) for name, value in data.items()}
    if isinstance(data, list):
        return [_drawn(each, draw) for each in data]
    mark = Mark.read(data)
    return data if mark is None else b64encode(draw(mark)).decode()


def _write_form(body: Payload, draw: Draw) -> tuple[bytes, str]:
    return urlencode([(each.name, _drawn(each.value, draw)) for each in body.data]).encode(), FORM


def _write_multipart(body: Payload, draw: Draw) -> tuple[bytes, str]:
    from urllib3.fields import RequestField
    from urllib3.filepost import encode_multipart_formdata

    fields = []
    for each in body.data:
        field = RequestField(each.name, _content(each, draw), each.filename)
        field.make_multipart(content_type=each.media_type or None)
        fields.append(field)
    return encode_multipart_formdata(fields, "localfax-boundary")


def _content(part: Part, draw: Draw) -> bytes:
    if (mark := Mark.read(part.value)) is not None:
        return draw(mark)
    if isinstance(part.value, bytes):
        return part.value
    if part.value is None or isinstance(part.value, str):
        return (part.value or "").encode()
    return json.dumps(_drawn(part.value, draw), separators=(",", ":")).encode()


def _write_text(body: Payload, draw: Draw) -> tuple[bytes, str]:
    mark = Mark.read(body.data)
    content = draw(mark) if mark else body.data if isinstance(body.data, bytes) else str(body.data).encode()
    return content, body.media_type


_WRITERS: dict[str, Callable[[Payload, Draw], tuple[bytes, str]]] = {
    "none": lambda body, draw: (b"", body.media_type),
    "json": _write_json,
    "form": _write_form,
    "multipart": _write_multipart,
    "text": _write_text,
    "file": _write_text,
}
