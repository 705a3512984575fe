"""The command that makes a journal's call once more.

The journal keeps a part of what was sent. Where it cut a document off, the command puts in the one that
Localfax holds, fetched first.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from typing import Any

FIELD_KEPT = 200
"""Characters of a form's field that the journal keeps."""
BODY_KEPT = 4000
"""Characters of another body that the journal keeps at least."""

NOT_REPEATED = frozenset(
    {"host", "user-agent", "accept", "accept-encoding", "connection", "content-length", "origin", "referer"}
)
MULTIPART = "multipart/form-data"
DOCUMENT = "fax.pdf"
BASE64 = f'"$(base64 -w0 {DOCUMENT})"'

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_CUT_OFF = re.compile(r'"(?:data:[^",]*,)?[\w+/=\\-]{40,}$', re.ASCII)
_GIVEN = re.compile(r'\b(name|filename)="([^"]*)"|^Content-Type: *([^;\r\n]+)', re.IGNORECASE | re.MULTILINE)

Entry = Mapping[str, Any]


def repeat(entry: Entry, origin: str, document: str) -> str:
    """Write the command; `document` is where the fax's PDF is fetched."""
    query = f"?{entry['query']}" if entry["query"] else ""
    url = f"{origin}/{entry['vendor']}{entry['path']}{query}"
    words = [*_body(entry), *_headers(entry)]
    line = " ".join([f"curl -s -X {entry['method']} {shlex.quote(url)}", *words])
    if not any(DOCUMENT in word for word in words):
        return line
    return f"curl -s {shlex.quote(document)} -o {DOCUMENT}\n{line}"


def _headers(entry: Entry) -> Iterator[str]:
    form = isinstance(entry["body"], Mapping) or _type(entry).startswith(MULTIPART)
    for name, value in entry["headers"].items():
        if name.lower() in NOT_REPEATED or (form and name.lower() == "content-type"):
            continue
        yield f"-H {shlex.quote(f'{name}: {value}')}"


def _type(entry: Entry) -> str:
    return str(entry["headers"].get("Content-Type", ""))


def _body(entry: Entry) -> Iterator[str]:
    body, media = entry["body"], _type(entry)
    if isinstance(body, Mapping):
        yield from _form(body, "--form-string" if media.startswith(MULTIPART) else "--data-urlencode")
    elif media.startswith(MULTIPART):
        yield from _parts(body, media.rpartition("boundary=")[2].strip('"'))
    elif body:
        yield f"--data-raw {_mended(body)}"


def _form(body: Mapping[str, Any], flag: str) -> Iterator[str]:
    for name, values in body["fields"].items():
        yield from (f"{flag} {_field(name, value)}" for value in values)
    yield from (f"-F {_file(name, filename)}" for name, filename, _ in body["files"])


def _field(name: str, value: str) -> str:
    if len(value) < FIELD_KEPT:
        return shlex.quote(f"{name}={value}")
    return shlex.quote(f"{name}=") + BASE64  # only documents are as long as that


def _file(name: str, filename: str | None) -> str:
    plain = re.sub(r'[";,\r\n\\]', "_", filename or DOCUMENT)
    return shlex.quote(f'{name}=@{DOCUMENT};filename="{plain}";type=application/pdf')


def _parts(body: str, boundary: str) -> Iterator[str]:
    """Write the parts of a body that a vendor reads by itself, and that the journal keeps as text."""
    for part in body.split(f"--{boundary}")[1:]:
        head, between, content = part.partition("\r\n\r\n")
        if not between:
            continue
        given = {key.lower() or "type": value or media for key, value, media in _GIVEN.findall(head)}
        name, media = given.get("name", ""), given.get("type")
        if "filename" in given:
            yield f"-F {_file(name, given['filename'])}"
        else:
            text = content.removesuffix("\r\n")
            yield "-F " + shlex.quote(f"{name}={text}" + (f";type={media}" if media else ""))


def _mended(body: str) -> str:
    """Close JSON that was cut within a document, with the document in its place."""
    cut = _CUT_OFF.search(body) if len(body) >= BODY_KEPT else None
    if cut is None:
        return shlex.quote(body)
    head = body[: cut.start()]
    return shlex.quote(head + '"') + BASE64 + shlex.quote('"' + _closers(head))


def _closers(head: str) -> str:
    open_ones: list[str] = []
    for sign in _STRING.sub("", head):
        if sign in "{[":
            open_ones.append("}" if sign == "{" else "]")
        elif sign in "}]" and open_ones:
            open_ones.pop()
    return "".join(reversed(open_ones))
