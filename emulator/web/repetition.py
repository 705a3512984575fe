"""The command that has a fax once more, with the scenario that decided it.

The journal keeps a part of what was sent. Where it cut a document off, the command puts in the one that
Localfax holds, fetched first; where it let go of the request, `localfax send` sends that document.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from emulator.core.faxes.machine import Direction
from emulator.core.scripting.magic import magic_plan
from emulator.web.place import JSON, Place

_FIELD_KEPT = 200
"""Characters of a form's field that the journal keeps."""
_BODY_KEPT = 4000
"""Characters of another body that the journal keeps at least."""

_NOT_REPEATED = re.compile(
    "host|user-agent|accept|accept-(encoding|language)|connection|content-(encoding|length)|origin|referer|cookie"
    "|sec-.*|x-localfax-(call|page)",
    re.IGNORECASE,
)
"""Headers that clients put in by themselves, and marks by which they find a call in the journal."""
_MULTIPART = "multipart/form-data"
_DOCUMENT = "fax.pdf"
_BASE64 = f'"$(base64 -w0 {_DOCUMENT})"'

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_CUT_OFF = re.compile(r'"(?:data:[^",]*,)?[\w+/=\\-]{40,}$', re.ASCII)
_GIVEN = re.compile(r'\b(name|filename)="([^"]*)"|^Content-Type: *([^;\r\n]+)', re.IGNORECASE | re.MULTILINE)


def write_command(here: Place, fax: JSON, submit: JSON | None, origin: str) -> str | None:
    """Write the command, a line a request; None when neither the fax's own request nor a page is left."""
    sandbox = origin + here.control
    if fax["direction"] == Direction.inbound:
        return _receive(fax, f"{sandbox}/inbound")
    if submit is None and not fax["document"]["digest"]:
        return None
    requests = [_request(submit, origin)] if submit else [_send(fax, origin, here.id)]
    if _DOCUMENT in requests[0]:
        document = f"{sandbox}/faxes/{fax['id']}/document"
        requests.insert(0, f"curl -s {shlex.quote(document)} -o {_DOCUMENT}")
    return "\n".join([*_queue(fax, f"{sandbox}/scenarios/next"), *requests])


def _receive(fax: JSON, url: str) -> str:
    given = {name: fax[name] for name in ("vendor", "to", "from")}
    given |= {"pages": fax["pages"]["total"], "force": True}
    csid = next((call["csid"] for call in fax["attempts"] if call["csid"]), None)
    chosen = {"csid": csid, "scenario": fax["script"]}
    return _post(url, given | {name: value for name, value in chosen.items() if value})


def _queue(fax: JSON, url: str) -> Iterator[str]:
    """Queue what decided the fax, if it was not its number."""
    plan = magic_plan(fax["to"])
    if fax["script"] and (plan is None or plan[0] != fax["scenario"]):
        match = {name: fax[name] for name in ("vendor", "direction", "to")}
        yield _post(url, {**fax["script"], "match": match})


def _post(url: str, data: JSON) -> str:
    text = shlex.quote(json.dumps(data, ensure_ascii=False))
    return f"curl -s {shlex.quote(url)} -H 'Content-Type: application/json' -d {text}"


def _send(fax: JSON, origin: str, sandbox: str) -> str:
    wanted = {"to": fax["to"], "url": origin, "sandbox": sandbox}
    options = [f"--{name}={value}" for name, value in wanted.items()]
    return shlex.join(["localfax", "send", fax["vendor"], _DOCUMENT, *options, "--no-wait"])


def _request(entry: JSON, origin: str) -> str:
    query = f"?{entry['query']}" if entry["query"] else ""
    url = f"{origin}/{entry['vendor']}{entry['path']}{query}"
    words = [f"curl -s -X {entry['method']} {shlex.quote(url)}", *_body(entry), *_headers(entry)]
    return " ".join(words)


def _headers(entry: JSON) -> Iterator[str]:
    form = isinstance(entry["body"], Mapping) or _type(entry).startswith(_MULTIPART)
    for name, value in entry["headers"].items():
        if _NOT_REPEATED.fullmatch(name) or (form and name.lower() == "content-type"):
            continue
        yield f"-H {shlex.quote(f'{name}: {value}')}"


def _type(entry: JSON) -> str:
    named = (value for name, value in entry["headers"].items() if name.lower() == "content-type")
    return str(next(named, ""))


def _body(entry: JSON) -> Iterator[str]:
    body, media = entry["body"], _type(entry)
    if isinstance(body, Mapping):
        yield from _form(body, "--form-string" if media.startswith(_MULTIPART) else "--data-urlencode")
    elif media.startswith(_MULTIPART):
        yield from _parts(body, media.rpartition("boundary=")[2].strip('"'))
    elif body:
        yield f"--data-raw {_mended(body)}"


def _form(body: Mapping[str, Any], flag: str) -> Iterator[str]:
    for name, values in body["fields"].items():
        yield from (f"{flag} {_field(name, value)}" for value in values)
    yield from (f"-F {_file(name, filename)}" for name, filename, _ in body["files"])


def _field(name: str, value: str) -> str:
    if len(value) < _FIELD_KEPT:
        return shlex.quote(f"{name}={value}")
    return shlex.quote(f"{name}=") + _BASE64  # only documents are as long as that


def _file(name: str, filename: str | None) -> str:
    plain = re.sub(r'[";,\r\n\\]', "_", filename or _DOCUMENT)
    return shlex.quote(f'{name}=@{_DOCUMENT};filename="{plain}";type=application/pdf')


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
    cut = _CUT_OFF.search(body) if len(body) >= _BODY_KEPT else None
    if cut is None:
        return shlex.quote(body)
    head = body[: cut.start()]
    return shlex.quote(head + '"') + _BASE64 + shlex.quote('"' + _closers(head))


def _closers(head: str) -> str:
    open_ones: list[str] = []
    for sign in _STRING.sub("", head):
        if sign in "{[":
            open_ones.append("}" if sign == "{" else "]")
        elif sign in "}]" and open_ones:
            open_ones.pop()
    return "".join(reversed(open_ones))
