"""Kazoo's envelope around every answer, and everything that can be wrong with a call."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from flask import Response, json, request
from werkzeug.exceptions import HTTPException

from emulator.core.dialect.voice import Voice
from emulator.core.errors import Conflict, NotFound
from emulator.core.faxes.plan import HttpFault
from emulator.core.item import Item
from emulator.vendors.kazoo.times import stamp
from emulator.vendors.kazoo.visit import asked_id, here, modern, request_id, visit

BODY_LIMIT = 8_000_000
"""Bytes of a body (observed)."""

NO_ID = "0" * 32
"""The request id of a call that was answered without the store."""
EXPIRED = "Fri, 01 Jan 1999 00:00:00 GMT"
VERSION = "4.3.142"


class KazooError(Exception):
    """A call that fails: `message` is also the word by which the answer's status and data are known."""

    def __init__(self, message: str, *, status: int | None = None, data: Any = None) -> None:
        super().__init__(message)
        known, usual = ERRORS.get(message, (500, {"message": message}))
        self.message = message
        self.status = status or known
        self.data = usual if data is None else data


TOO_LARGE = f"Payload or Files must not be more than {BODY_LIMIT} bytes"

ECHOED = (
    "action required", "invalid action", "error when resubmitting fax", "error when forwarding fax",
    *(f"document is not in folder {folder}" for folder in ("inbox", "incoming", "outbox")),
)  # fmt: skip
"""Mistakes that the server takes for its own: HTTP 500, the message once more in the data (observed)."""

BAD_IDENTIFIER = {"message": "bad identifier"}

ERRORS: dict[str, tuple[int, Any]] = {
    "validation error": (400, {}),
    "invalid_credentials": (401, {"message": "invalid credentials"}),
    "invalid credentials": (401, {}),
    "no_credit": (402, {}),
    "accept charges": (402, {}),
    "forbidden": (403, {"message": "forbidden"}),
    "bad_identifier": (404, BAD_IDENTIFIER),
    "bad identifier": (404, BAD_IDENTIFIER),
    "not_found": (404, {"message": "not found"}),
    "faulty_request": (404, {"message": "invalid page size"}),
    "invalid_method": (405, {"message": "method not allowed"}),
    "datastore_conflict": (409, {"message": "conflicting documents"}),
    "range not satisfiable": (416, {}),
    "locked": (423, {}),
    "too_many_requests": (429, {"message": "too many requests"}),
    **{message: (500, {"message": message}) for message in ECHOED},
    "datastore_fault": (503, {"cause": "no attachment found"}),
    "datastore_unreachable": (503, {}),
    "datastore_missing": (503, {}),
}
"""Message to its HTTP status and usual data (observed: public source code)."""

STATUSES = {status: message for message, (status, _) in reversed(ERRORS.items())}
"""HTTP status to the first message that has it."""

BY_STATUS = {status: message for status, message in STATUSES.items() if status < 500}
"""What a status says that a scenario names alone; every fault of the server is a datastore fault."""

REFUSALS: dict[str, tuple[str, Any]] = {
    "no_credit": ("no_credit", None),
    "restricted": ("forbidden", None),
    "rate_limited": ("too_many_requests", None),
    "server_error": ("datastore_fault", {"message": "datastore fault"}),
    "invalid_number": (
        "validation error",
        {"document.to_number": {"required": {"message": "add a valid number to send the fax to"}}},
    ),
    "unauthorized": ("invalid credentials", None),
}
"""How a scenario's refusals are said; which words a restricted number gets is assumed."""


def unknown(identifier: str) -> KazooError:
    """Say that nothing has that id."""
    return KazooError("bad_identifier", data={"cause": identifier, **BAD_IDENTIFIER})


def invalid(errors: Mapping[str, Any]) -> KazooError:
    """Say which fields break which rules."""
    return KazooError("validation error", data=errors)


def bad_json() -> KazooError:
    return invalid({"json": {"invalid": {"message": "All JSON must be valid", "target": "body"}}})


def success(
    data: Any,
    status: int = 200,
    *,
    of: Item | None = None,
    more: Mapping[str, Any] | None = None,
    ordered: bool = False,
    token: str | None = None,
    location: str | None = None,
) -> Response:
    """Answer with data; `of` is the stored document that it shows, None for a list and what is not stored.

    Keys come sorted unless `ordered`.
    """
    revision = _digest(data) if of is None else f"{of.version}-{_digest([of.kind, of.id, of.version])}"
    body = {
        "data": data,
        **(more or {}),
        "revision": revision,
        "request_id": request_id(),
        "status": "success",
        "auth_token": visit().token if token is None else token,
    }
    answer = _render(body, status, ordered)
    answer.headers["ETag"] = f'"{revision}"'
    if location is not None:
        answer.headers["Location"] = request.script_root + location
    return answer


def _digest(data: Any) -> str:
    return hashlib.md5(json.dumps(data, sort_keys=True).encode(), usedforsecurity=False).hexdigest()


def failure(error: KazooError) -> Response:
    """Answer with an error."""
    return _render(_error_body(error), error.status, ordered=True)


def _error_body(error: KazooError) -> dict[str, Any]:
    return {
        "data": error.data,
        "error": str(error.status),
        "message": error.message,
        "status": "error",
        "request_id": request_id(),
        "auth_token": visit().token,
    }


def _render(body: dict[str, Any], status: int, ordered: bool) -> Response:
    if modern():
        own = here()
        body |= {
            "node": own.ids.hex("kazoo/node", 0, 22),
            "version": VERSION,
            "timestamp": stamp(own.now),
        }
    indent = 4 if _wants_pretty() else None
    text = json.dumps(body, sort_keys=not ordered, indent=indent)
    answer = Response(text, status, mimetype="application/json")
    return with_headers(answer)


def _wants_pretty() -> bool:
    said = request.args.get("pretty_print") or request.headers.get("X-Pretty-Print", "")
    return said.lower() == "true"


def with_headers(answer: Response) -> Response:
    """Add what all answers carry, but for the CORS headers of the real server.

    Pages of another origin may not read what this one answers, whatever a vendor lets them.
    """
    answer.headers["X-Request-ID"] = request_id()
    answer.headers.setdefault("Expires", EXPIRED)
    return answer


def bare(status: int) -> Response:
    """Answer without a body, as the web server below does before the application is asked (assumed)."""
    answer = Response(b"", status)
    del answer.headers["Content-Type"]
    return with_headers(answer)


HTTP_ERRORS: dict[int, KazooError] = {
    400: bad_json(),
    405: KazooError("invalid_method"),
    413: KazooError(
        "validation error",
        status=413,
        data={"file": {"maxSize": {"message": TOO_LARGE, "target": BODY_LIMIT}}},
    ),
    416: KazooError("range not satisfiable"),
}


def http_error(error: HTTPException) -> Response:
    """Say what the router or the parser refused; whatever else it is, the path is unknown."""
    return failure(HTTP_ERRORS.get(error.code or 404, KazooError("not_found")))


def refused(fault: HttpFault) -> Response:
    """Say what a scenario makes of the submit call; a code is a message or an HTTP status."""
    if fault.code in ERRORS:
        return failure(KazooError(fault.code, status=fault.status))
    status = fault.status or next((each for each in STATUSES if str(each) == fault.code), None)
    if fault.refusal is None and status in BY_STATUS:
        return failure(KazooError(BY_STATUS[status], status=status))
    word, data = REFUSALS[fault.refusal or "server_error"]
    return failure(KazooError(word, status=status or (500 if word == "datastore_fault" else None), data=data))


def unavailable() -> Response:
    """Say that the store cannot answer; it is not asked for a request id or the account's settings then."""
    visit().request_id = visit().request_id or asked_id() or NO_ID
    error = KazooError("datastore_unreachable")
    answer = Response(json.dumps(_error_body(error)), error.status, mimetype="application/json")
    return with_headers(answer)


VOICE = Voice(
    http_error,
    refused,
    unavailable,
    {
        KazooError: failure,
        Conflict: lambda error: failure(KazooError("datastore_conflict")),
        NotFound: lambda error: failure(KazooError("not_found")),
    },
)
