"""A request of the journal as one that can be made again; its document stands apart.

The journal keeps a part of what was sent. Where it cut a document off, that which Localfax holds takes its
place; a text that it cut comes from the whole body, where that is still kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from emulator.web.place import JSON

_NOT_REPEATED = re.compile(
    "host|user-agent|accept|accept-(encoding|language)|connection|content-(encoding|length)|origin|referer|cookie"
    "|sec-.*|x-localfax-(call|page)",
    re.IGNORECASE,
)
"""Headers that clients put in by themselves, and marks by which they find a request in the journal."""
MULTIPART = "multipart/form-data"
DOCUMENT = "fax.pdf"
"""File in which the document is expected."""

_ENCODED = re.compile(r"(?:data:[^,\s]*,)?[\w+/=-]{200,}", re.ASCII)
"""A text so long and without a space is a document in base 64."""
_KEPT = 200
"""Characters of a form's field that the journal keeps."""
_BODY_KEPT = 4000
"""Characters of another body that the journal keeps at least."""
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_CUT_OFF = re.compile(r'"(?:data:[^",]*,)?[\w+/=\\-]{40,}$', re.ASCII)
_GIVEN = re.compile(r'\b(name|filename)="([^"]*)"|^Content-Type: *([^;\r\n]+)', re.IGNORECASE | re.MULTILINE)

Pieces = tuple[str | None, ...]
"""A text in pieces; None stands for the document in base 64."""


@dataclass(frozen=True)
class FormField:
    """A field of a form."""

    name: str
    value: Pieces
    media_type: str | None = None


@dataclass(frozen=True)
class FormFile:
    """A file of a form, whose content is the document."""

    name: str
    filename: str


@dataclass(frozen=True)
class Again:
    """A request to be made: with a form's fields and files, or with a text, or with neither."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    text: Pieces | None = None
    fields: tuple[FormField, ...] = ()
    files: tuple[FormFile, ...] = ()
    multipart: bool = False

    @property
    def encodes(self) -> bool:
        """Whether the document stands within a text, in base 64."""
        return any(None in value for value in (self.text or (), *(each.value for each in self.fields)))

    @property
    def has_document(self) -> bool:
        return self.encodes or bool(self.files)


def read_again(entry: JSON, origin: str, whole: bytes | None = None) -> Again:
    """Read an entry of the journal; `whole` is the body as it came, if it is still kept."""
    query = f"?{entry['query']}" if entry["query"] else ""
    prefix = "" if entry["vendor"] == "none" else f"/{entry['vendor']}"
    url = f"{origin}{prefix}{entry['path']}{query}"
    body, media = entry["body"], _type(entry)
    headers = tuple(_headers(entry, isinstance(body, Mapping) or media.startswith(MULTIPART)))
    if isinstance(body, Mapping):
        return Again(entry["method"], url, headers, None, *_form(body, media, whole))
    if media.startswith(MULTIPART):
        return Again(entry["method"], url, headers, None, *_parts(body, media))
    return Again(entry["method"], url, headers, _mended(body) if body else None)


def _headers(entry: JSON, form: bool) -> Iterator[tuple[str, str]]:
    for name, value in entry["headers"].items():
        if not (_NOT_REPEATED.fullmatch(name) or (form and name.lower() == "content-type")):
            yield name, value


def _type(entry: JSON) -> str:
    named = (value for name, value in entry["headers"].items() if name.lower() == "content-type")
    return str(next(named, ""))


Form = tuple[tuple[FormField, ...], tuple[FormFile, ...], bool]


def _form(body: Mapping[str, Any], media: str, whole: bytes | None) -> Form:
    given = body["fields"]
    if whole and any(len(value) >= _KEPT for values in given.values() for value in values):
        given = _fields_of(whole, media)
    fields = [FormField(name, _value(value)) for name, values in given.items() for value in values]
    files = [FormFile(name, _plain(filename)) for name, filename, _ in body["files"]]
    return tuple(fields), tuple(files), media.startswith(MULTIPART)


def _fields_of(whole: bytes, media: str) -> Mapping[str, list[str]]:
    from werkzeug.formparser import FormDataParser
    from werkzeug.http import parse_options_header

    mimetype, options = parse_options_header(media)
    _, form, _ = FormDataParser().parse(BytesIO(whole), mimetype, len(whole), options)
    return dict(form.lists())


def _value(value: str) -> Pieces:
    return (None,) if _ENCODED.fullmatch(value) else (value,)


def _plain(filename: str | None) -> str:
    return re.sub(r'[";,\r\n\\]', "_", filename or DOCUMENT)


def _parts(body: str, media: str) -> Form:
    """Read the parts of a body that a vendor reads by itself, and that the journal keeps as text."""
    boundary = media.rpartition("boundary=")[2].strip('"')
    fields, files = [], []
    for part in body.split(f"--{boundary}")[1:]:
        head, between, content = part.partition("\r\n\r\n")
        if not between:
            continue
        given = {key.lower() or "type": value or kind for key, value, kind in _GIVEN.findall(head)}
        if "filename" in given:
            files.append(FormFile(given.get("name", ""), _plain(given["filename"])))
        else:
            text = content.removesuffix("\r\n")
            fields.append(FormField(given.get("name", ""), (text,), given.get("type")))
    return tuple(fields), tuple(files), True


def _mended(body: str) -> Pieces:
    """Close JSON that was cut within a document, with the document in its place."""
    cut = _CUT_OFF.search(body) if len(body) >= _BODY_KEPT else None
    if cut is None:
        return (body,)
    head = body[: cut.start()]
    return head + '"', None, '"' + _closers(head)


def _closers(head: str) -> str:
    open_ones: list[str] = []
    for sign in _STRING.sub("", head):
        if sign in "{[":
            open_ones.append("}" if sign == "{" else "]")
        elif sign in "}]" and open_ones:
            open_ones.pop()
    return "".join(reversed(open_ones))
