"""How iFax answers: one envelope, HTTP 200 for errors too (observed live)."""

from __future__ import annotations

from json import JSONEncoder
from typing import Any

from flask import Response
from werkzeug.exceptions import HTTPException

from emulator.core.dialect.voice import Voice
from emulator.core.faxes.plan import HttpFault
from emulator.vendors.ifax.codes import BAD_KEY, LIVE, NAMED, TEXTS, meaning
from emulator.vendors.ifax.profile import is_live

_encode = JSONEncoder(separators=(",", ":")).encode  # compact, as observed; made once, this is the hot path

LIVE_TWINS = {12012: 12005}
"""Codes that the real service was seen to answer in place of documented ones: profile `live`."""


class Failure(Exception):
    """An answer with `status` 0, a code and its text."""

    def __init__(self, code: int, message: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.message = message


def success(message: str, data: Any = None, *, bare: bool = False) -> Response:
    """Answer with `data`, or `bare` without that key."""
    return _json(
        {"status": 1, "message": message} if bare else {"status": 1, "message": message, "data": data}
    )


def done(code: int) -> Response:
    """Answer that it is done, in the words of a row of the table, without data."""
    return success(TEXTS[code], bare=True)


def failure(code: int, message: str | None = None, status: int = 200) -> Response:
    """Answer with an error; its text is that of the table unless it is given."""
    text = message or TEXTS.get(code) or LIVE[code]
    return _json({"status": 0, "code": code, "message": text}, status)


def failed(error: Failure) -> Response:
    """Answer a Failure in the sandbox's profile."""
    code = LIVE_TWINS.get(error.code, error.code) if is_live() else error.code
    return failure(code, error.message)


def _json(body: dict[str, Any], status: int = 200) -> Response:
    return Response(_encode(body), status, content_type="application/json")


REFUSALS: dict[str, tuple[int, int]] = {
    "no_credit": (12012, 200),
    "restricted": (120100, 200),
    "invalid_number": (120100, 200),
    "unauthorized": (12001, 200),
    "rate_limited": (11013, 429),
    "server_error": (256, 500),
}
"""A scenario's refusal to code and HTTP status. Texts are documented; iFax names no rate limit, so its HTTP
status, like that of a server error, is assumed."""

HTTP_ERRORS = {400: 12009, 405: 12010, 413: -1063}
"""HTTP's own errors that have a row in the table and so come with HTTP 200 (assumed)."""


def _refused(fault: HttpFault) -> Response:
    if (name := fault.code) is not None and (name in NAMED or name in map(str, LIVE)):
        return _coded(name)
    code, status = REFUSALS.get(fault.refusal or "", (256, 500))
    answer = failure(code, BAD_KEY) if code == 12001 else failed(Failure(code))
    answer.status_code = status
    return answer


def _coded(name: str) -> Response:
    """Answer with the row that a scenario names; rows that tell a success have `status` 1."""
    code, text = meaning(name)
    row = NAMED.get(name)
    good = row is not None and row.group in ("ok", "progress")
    return _json({"status": int(good), "code": code, "message": text})


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    if status in HTTP_ERRORS:
        return failure(HTTP_ERRORS[status])
    return _json({"status": 0, "code": status, "message": error.name}, status)


VOICE = Voice(_http_error, _refused, lambda: failure(256, status=503), {Failure: failed})
