"""HAR 1.2, as this program writes it, and as browsers and proxies do.

What HAR has no place for stands in `_localfax`: the vendor, and whether an entry is a webhook.
"""

from __future__ import annotations

import binascii
import json
from base64 import b64decode
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from emulator.core.instants import iso
from emulator.core.message import Pairs
from emulator.traffic.body import MULTIPART, Mark, Part, Payload, read_body, write_body
from emulator.traffic.exchange import Exchange, Spoken, read_status

JSON = dict[str, Any]
OWN = "_localfax"


def head(version: str) -> JSON:
    """Begin a recording."""
    return {"version": "1.2", "creator": {"name": "localfax", "version": version}, "entries": []}


def write_entry(given: Exchange) -> JSON:
    """Write an exchange, which has been redacted, as an entry."""
    query = urlencode(given.query)
    port = "" if not given.host else given.host
    took = round(given.seconds * 1000, 1)
    asked: JSON = {
        "method": given.method,
        "url": f"https://{port}{given.path}" + (f"?{query}" if query else ""),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _named(given.asked.headers),
        "queryString": _named(given.query),
        "headersSize": -1,
        "bodySize": -1,
    }
    if given.asked.body.kind != "none":
        asked["postData"] = _post(given.asked.body)
    content = _content(given.answered.body)
    return {
        "startedDateTime": iso(given.at),
        "time": took,
        "request": asked,
        "response": {
            "status": given.status or 0,
            "statusText": "",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": _named(given.answered.headers),
            "content": content,
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": content["size"],
        },
        "cache": {},
        "timings": {"send": 0, "wait": took, "receive": 0},
        OWN: {"vendor": given.vendor, "webhook": given.webhook},
    }


def _named(pairs: Pairs) -> list[JSON]:
    return [{"name": name, "value": value} for name, value in pairs]


def _post(body: Payload) -> JSON:
    if body.kind in ("form", "multipart"):
        return {"mimeType": body.media_type, "params": [_param(part) for part in body.data]}
    return {"mimeType": body.media_type, "text": _text(body)}


def _param(part: Part) -> JSON:
    value = part.value if isinstance(part.value, str) else json.dumps(part.value, separators=(",", ":"))
    shown: JSON = {"name": part.name, "value": value}
    if part.filename is not None:
        shown["fileName"] = part.filename
    return shown | ({"contentType": part.media_type} if part.media_type else {})


def _content(body: Payload) -> JSON:
    text = _text(body)
    return {
        "size": len(text.encode()),
        "mimeType": body.media_type or "application/octet-stream",
        "text": text,
    }


def _text(body: Payload) -> str:
    if body.kind == "none":
        return ""
    if body.kind == "json":
        return json.dumps(body.data, separators=(",", ":"), ensure_ascii=False)
    if body.kind in ("form", "multipart"):
        return write_body(body, lambda mark: str(mark).encode())[0].decode("utf-8", "replace")
    return str(body.data)


def read_har(data: Mapping[str, Any], file: str = "") -> Iterator[Exchange]:
    """Read the entries of a HAR file; raise ValueError, naming the entry, for what is none.

    Whose they are is known by `_localfax` alone; else `vendor` is empty.
    """
    entries = data["log"].get("entries") if isinstance(data.get("log"), Mapping) else None
    if not isinstance(entries, list):
        raise ValueError("a HAR file has log.entries")
    for number, entry in enumerate(entries, start=1):
        try:
            yield _read_entry(entry, f"{file}#{number}")
        except (KeyError, TypeError, AttributeError, ValueError, OverflowError) as wrong:
            raise ValueError(f"entry {number} is none of HAR 1.2: {wrong!r}") from None


def _read_entry(entry: Mapping[str, Any], place: str) -> Exchange:
    asked, answered = entry["request"], entry.get("response") or {}
    url, own = urlsplit(str(asked["url"])), entry.get(OWN) or {}
    told = asked.get("queryString")
    query = parse_qsl(url.query, keep_blank_values=True) if url.query else []
    headers = _pairs(asked.get("headers"))
    return Exchange(
        at=datetime.fromisoformat(str(entry["startedDateTime"])).timestamp(),
        seconds=max(0.0, float(entry.get("time") or 0) / 1000),
        method=str(asked["method"]).upper(),
        host=url.netloc,
        path=unquote(url.path) or "/",
        query=tuple(query) or _pairs(told),
        asked=Spoken(headers, _read_post(asked.get("postData"), headers)),
        status=read_status(answered.get("status")),
        answered=_read_answer(answered),
        vendor=str(own.get("vendor", "")),
        webhook=own.get("webhook") is True,
        place=place,
    )


def _pairs(given: Any) -> Pairs:
    # HTTP/2 has its method and path among the headers, as names with a colon before them.
    rows = given if isinstance(given, list) else []
    return tuple(
        (str(row["name"]), str(row.get("value", ""))) for row in rows if not str(row["name"]).startswith(":")
    )


def _read_post(given: Any, headers: Pairs) -> Payload:
    if not isinstance(given, Mapping):
        return Payload()
    told = next((value for name, value in headers if name.lower() == "content-type"), "")
    media_type = str(given.get("mimeType") or told)
    # Some write the boundary in the header alone, some a body beside its parameters.
    if media_type.startswith(MULTIPART) and "boundary=" not in media_type and "boundary=" in told:
        media_type = told
    if given.get("params") and not given.get("text"):
        kind = "multipart" if media_type.startswith(MULTIPART) else "form"
        return Payload(
            kind, [_read_param(each, kind) for each in given["params"]], media_type.partition(";")[0]
        )
    text = str(given.get("text") or "")
    return _marked(text, media_type) or read_body(_bytes(text, given.get("encoding")), media_type)


def _read_param(given: Mapping[str, Any], kind: str) -> Part:
    value: Any = str(given.get("value") or "")
    filename, media_type = given.get("fileName"), str(given.get("contentType") or "")
    if kind == "form" or filename is None:
        nested = read_body(value.encode(), media_type) if "json" in media_type else None
        data = nested.data if nested and nested.kind == "json" else value
        return Part(str(given["name"]), data, None, media_type)
    return Part(str(given["name"]), value if Mark.read(value) else value.encode(), str(filename), media_type)


def _read_answer(given: Mapping[str, Any]) -> Spoken:
    headers, content = _pairs(given.get("headers")), given.get("content") or {}
    told = next((value for name, value in headers if name.lower() == "content-type"), "")
    media_type, text = told or str(content.get("mimeType") or ""), str(content.get("text") or "")
    body = _marked(text, media_type) or read_body(_bytes(text, content.get("encoding")), media_type)
    return Spoken(headers, body)


def _marked(text: str, media_type: str) -> Payload | None:
    return Payload("text", text, media_type) if Mark.read(text) else None


def _bytes(text: str, encoding: Any) -> bytes:
    if encoding != "base64":
        return text.encode("utf-8", "surrogateescape") if text.isascii() else text.encode("utf-8", "replace")
    try:
        return b64decode(text)
    except (binascii.Error, ValueError):
        return text.encode()
