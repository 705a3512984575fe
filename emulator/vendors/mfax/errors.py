"""mFax's errors: a name and a message, as the body of an answer or as a line in a list."""

from __future__ import annotations

from http import HTTPStatus

from flask import Response, jsonify
from werkzeug.exceptions import HTTPException

from emulator.core.dialect.voice import Voice
from emulator.core.errors import Conflict, NotFound
from emulator.core.faxes.plan import HttpFault
from emulator.vendors.mfax.tables import ERRORS, OF_ONE_RECIPIENT, REFUSALS

NAMES = {status: name for name, status in ERRORS.items()}


class MfaxError(Exception):
    """An answer with one of the error names of the tables; its text is `name: message`, as lists show it."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(f"{name}: {message}")
        self.name = name
        self.message = message


def invalid(message: str) -> MfaxError:
    """Make the error of a parameter that cannot be taken."""
    return MfaxError("InvalidInputError", message)


def not_allowed(message: str) -> MfaxError:
    """Make the error of something that the account, its plan or the key may not do."""
    return MfaxError("NotAllowedError", message)


def not_found(what: str) -> MfaxError:
    """Make the error of an unknown id."""
    return MfaxError("NotFoundError", f"{what} not found.")


def refusal(fault: HttpFault) -> MfaxError | None:
    """Give a scenario's refusal as the error of one recipient, None when it answers the whole call."""
    if fault.refusal not in OF_ONE_RECIPIENT or fault.drop or fault.status or fault.body is not None:
        return None
    return MfaxError(*REFUSALS[fault.refusal])


def answer(error: MfaxError) -> Response:
    """Render an error."""
    return body(error.name, error.message, ERRORS[error.name])


def body(name: str, message: str, status: int) -> Response:
    """Render `{"error": {"name", "message"}}`."""
    response = jsonify({"error": {"name": name, "message": message}})
    response.status_code = status
    return response


def http_error(error: HTTPException) -> Response:
    """Render what routing and the HTTP layer refuse: 404, 405, 413, …"""
    status = error.code or 500
    name = NAMES.get(status) or _phrase(status).title().replace(" ", "") + "Error"
    return body(name, error.description or _phrase(status), status)


def refused(fault: HttpFault) -> Response:
    """Render a scenario's refusal; a code that it names is the error's name."""
    name, message = REFUSALS.get(fault.refusal or "", ("", ""))
    if fault.code is not None and fault.code in ERRORS:
        name = fault.code
    status = fault.status or ERRORS.get(name, 500)
    name = name or NAMES.get(status, "InternalServerError")
    return body(name, message or _phrase(status), status)


def unavailable() -> Response:
    """Render a store that cannot answer now."""
    return answer(MfaxError("ServiceUnavailableError", "Please try again later."))


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"


VOICE = Voice(
    http_error,
    refused,
    unavailable,
    {
        MfaxError: answer,
        Conflict: lambda error: unavailable(),
        NotFound: lambda error: answer(not_found("Object")),
    },
)
