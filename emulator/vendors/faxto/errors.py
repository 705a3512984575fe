"""What Fax.to says when it does not do what was asked: `status` failed and a `message`."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, TypeVar

from flask import Response
from werkzeug.exceptions import HTTPException

from emulator.core.dialect.vendor import Voice
from emulator.core.faxes.plan import HttpFault
from emulator.vendors.faxto.tables import CODES, ERRORS, REFUSALS, STATES
from emulator.vendors.json_answer import answer_json

FoundT = TypeVar("FoundT")

STATUSES = frozenset(str(status.value) for status in HTTPStatus)


class FaxtoError(Exception):
    """An HTTP error with its message; without one it has the documented text, else that of HTTP."""

    def __init__(self, status: int, message: str | None = None) -> None:
        super().__init__(status)
        self.status = status
        self.message = message or ERRORS.get(status) or _phrase(status)


def _phrase(status: int) -> str:
    """What HTTP says; a status that is no error still goes with `failed` (documented)."""
    return HTTPStatus(status).phrase if status >= 400 else STATES["failed"]


def found(thing: FoundT | None) -> FoundT:
    """Pass on what was looked for, or raise the documented 404."""
    if thing is None:
        raise FaxtoError(404)
    return thing


answer = answer_json


def success(**body: Any) -> Response:
    return answer({"status": "success", **body})


def failure(error: FaxtoError) -> Response:
    """Say an error: its keys are documented, of the values of `status` only `failed` is."""
    return answer({"status": "failed", "message": error.message}, error.status)


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    return failure(FaxtoError(status, ERRORS.get(status, error.name)))


def _refused(fault: HttpFault) -> Response:
    """Say what a scenario has the request refused with; a msg_code has its text, an HTTP status its own."""
    if fault.code in CODES:
        return failure(FaxtoError(400, CODES[fault.code].text))
    named = next((word for word in (fault.code, str(fault.status)) if word in STATUSES), None)
    if fault.refusal is None and named is not None:
        return failure(FaxtoError(int(named)))
    return failure(FaxtoError(*REFUSALS[fault.refusal or "server_error"]))


VOICE = Voice(
    http_error=_http_error,
    refused=_refused,
    unavailable=lambda: failure(FaxtoError(503, "Service unavailable")),
    errors={FaxtoError: failure},
)
