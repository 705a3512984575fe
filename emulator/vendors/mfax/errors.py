"""mFax's errors: a name and a message, as the body of an answer or as a line in a list."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Response
from werkzeug.exceptions import HTTPException

from emulator.core.dialect.vendor import Voice
from emulator.core.errors import Conflict, NotFound
from emulator.core.faxes.plan import HttpFault
from emulator.core.json_text import write_json
from emulator.vendors.json_answer import answer_bytes
from emulator.vendors.mfax.tables import HTTP_ERRORS, OF_ONE_RECIPIENT, REFUSALS, STATUS_OF

_NAMES = {status: name for name, status in STATUS_OF.items()}


class MfaxError(Exception):
    """An answer with one of the error names of the tables; its text is `name: message`, as lists show it.

    `retry_after` are the seconds after which another try may succeed.
    """

    def __init__(self, name: str, message: str, *, retry_after: int | None = None) -> None:
        super().__init__(f"{name}: {message}")
        self.name = name
        self.message = message
        self.retry_after = retry_after


def invalid(message: str) -> MfaxError:
    """The error of a parameter that cannot be taken."""
    return MfaxError("InvalidInputError", message)


def not_allowed(message: str) -> MfaxError:
    """The error of something that the account, its plan or the key may not do."""
    return MfaxError("NotAllowedError", message)


def not_found(what: str) -> MfaxError:
    """The error of an unknown id."""
    return MfaxError("NotFoundError", f"{what} not found.")


def error_of_one(fault: HttpFault) -> MfaxError | None:
    """A scenario's refusal as the error of one recipient, None when it answers the whole call."""
    if fault.refusal not in OF_ONE_RECIPIENT or fault.drop or fault.status or fault.body is not None:
        return None
    return MfaxError(*REFUSALS[fault.refusal])


def answer_with(body: Any, status: int = 200) -> Response:
    """Answer with JSON, a line of it."""
    return answer_bytes(write_json(body) + b"\n", status)


def answer_ok() -> Response:
    """Answer the text OK, as the reference's samples do."""
    return Response("OK", mimetype="text/plain")


def failure(error: MfaxError) -> Response:
    """Answer with an error and the status of its name."""
    answer = _failure(error.name, error.message, STATUS_OF[error.name])
    if error.retry_after is not None:
        answer.headers["Retry-After"] = str(error.retry_after)
    return answer


def _failure(name: str, message: str, status: int) -> Response:
    response = answer_with({"error": {"name": name, "message": message}})
    response.status_code = status
    return response


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    name = _NAMES.get(status) or _phrase(status).title().replace(" ", "") + "Error"
    # What the framework says of every such error is no vendor's word; what it was told to say is ours.
    told = error.description if error.description != type(error).description else None
    return _failure(name, told or HTTP_ERRORS.get(status) or _phrase(status), status)


def _refused(fault: HttpFault) -> Response:
    """Say a scenario's refusal; a code that it names is the error's name."""
    name, message = REFUSALS.get(fault.refusal or "", ("", ""))
    if fault.code is not None and fault.code in STATUS_OF:
        name = fault.code
    status = fault.status or STATUS_OF.get(name, 500)
    name = name or _NAMES.get(status, "InternalServerError")
    return _failure(name, message or _phrase(status), status)


def _unavailable() -> Response:
    return failure(MfaxError("ServiceUnavailableError", "Please try again later."))


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"


VOICE = Voice(
    _http_error,
    _refused,
    _unavailable,
    {
        MfaxError: failure,
        Conflict: lambda error: _unavailable(),
        NotFound: lambda error: failure(not_found("Object")),
    },
)
