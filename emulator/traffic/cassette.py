"""Cassettes of vcrpy: YAML or JSON with a list of interactions."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from emulator.core.message import Pairs
from emulator.traffic.body import read_body
from emulator.traffic.exchange import Exchange, Spoken, read_status

_APART = 1.0
"""Seconds between two requests of a cassette, which says nothing of time."""


def read_cassette(data: Mapping[str, Any], file: str = "") -> Iterator[Exchange]:
    """Read the interactions of a cassette; raise ValueError, naming the interaction, for what is none.

    Where no date header tells when an answer was given, the interactions are a second apart.
    """
    at = 1_767_603_600.0
    for number, each in enumerate(data["interactions"], start=1):
        try:
            found = _read(each, at, f"{file}#{number}")
        except (KeyError, TypeError, AttributeError, ValueError, OverflowError) as wrong:
            raise ValueError(f"interaction {number} is none of vcrpy: {wrong!r}") from None
        at = max(at, found.at) + _APART
        yield found


def _read(each: Mapping[str, Any], at: float, place: str) -> Exchange:
    asked, answered = each["request"], each["response"]
    url, headers = urlsplit(str(asked["uri"])), _pairs(asked.get("headers"))
    said = _pairs(answered.get("headers"))
    status = answered["status"]
    return Exchange(
        at=_instant(said) or at,
        method=str(asked["method"]).upper(),
        host=url.netloc,
        path=unquote(url.path) or "/",
        query=tuple(parse_qsl(url.query, keep_blank_values=True)),
        asked=Spoken(headers, read_body(_bytes(asked.get("body")), _type(headers))),
        status=read_status(status["code"] if isinstance(status, Mapping) else status),
        answered=Spoken(said, read_body(_bytes(answered.get("body")), _type(said))),
        place=place,
    )


def _pairs(given: Any) -> Pairs:
    rows = given.items() if isinstance(given, Mapping) else ()
    return tuple(
        (str(name), str(each))
        for name, value in rows
        for each in (value if isinstance(value, list) else [value])
    )


def _type(headers: Pairs) -> str:
    return next((value for name, value in headers if name.lower() == "content-type"), "")


def _bytes(given: Any) -> bytes:
    if isinstance(given, Mapping):
        if "base64_string" in given:
            return b64decode(given["base64_string"])
        given = given.get("string", given.get("text"))
    return given if isinstance(given, bytes) else str(given or "").encode()


def _instant(headers: Pairs) -> float | None:
    told = next((value for name, value in headers if name.lower() == "date"), None)
    try:
        return datetime.strptime(told or "", "%a, %d %b %Y %H:%M:%S GMT").timestamp()
    except ValueError:
        return None
