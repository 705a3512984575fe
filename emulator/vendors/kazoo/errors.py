"""What Kazoo says: its envelope around every answer, and everything that can be wrong with a request."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from flask import Response, json, request
from werkzeug.exceptions import HTTPException

from emulator.core.dialect.vendor import Voice
from emulator.core.errors import Conflict, NotFound
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.plan import HttpFault
from emulator.core.instants import spell
from emulator.core.item import Item
from emulator.vendors.dialect import serving
from emulator.vendors.kazoo.tables import BAD_IDENTIFIER, BODY_LIMIT, BY_STATUS, ERRORS, REFUSALS, VERSION
from emulator.vendors.kazoo.visit import call_or_default, visit
from emulator.vendors.kazoo.words import is_modern

NO_ID = "0" * 32
"""The request id of an answer that was given without the store."""
EXPIRED = "Fri, 01 Jan 1999 00:00:00 GMT"
TOO_LARGE = f"Payload or Files must not be more than {BODY_LIMIT} bytes"


class KazooError(Exception):
    """A request that fails: by its `message` the answer's status and data are known too."""

    def __init__(self, message: str, *, status: int | None = None, data: Any = None) -> None:
        super().__init__(message)
        known, usual = ERRORS.get(message, (500, {"message": message}))
        self.message = message
        self.status = status or known
        self.data = usual if data is None else data


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
    found = visit()
    revision = _digest(data) if of is None else _revision(of)
    body = {
        "data": data,
        **(more or {}),
        "revision": revision,
        "request_id": _request_id(),
        "status": "success",
        "auth_token": found.token if token is None else token,
    }
    answer = _render(body, status, ordered)
    answer.headers["ETag"] = f'"{revision}"'
    if location is not None:
        answer.headers["Location"] = f"{request.script_root}/v2/accounts/{found.account}/{location}"
    return answer


def _revision(of: Item) -> str:
    """How often a document has changed, and a digest of that.

    Of a fax this counts what happened to it and what was deleted of it: its record also changes when a
    process takes up work on it, which is nobody's business here.
    """
    times = of.version
    if isinstance(of, Fax):
        times = len(of.timeline) + of.hidden + (of.pages > 0 and of.document is None)
    return f"{times}-{_digest([of.kind, of.id, times])}"


def _digest(data: Any) -> str:
    return hashlib.md5(json.dumps(data, sort_keys=True).encode(), usedforsecurity=False).hexdigest()


def failure(error: KazooError) -> Response:
    """Answer with an error."""
    return _render(_error_body(error, _request_id()), error.status, ordered=True)


def _error_body(error: KazooError, request_id: str) -> dict[str, Any]:
    return {
        "data": error.data,
        "error": str(error.status),
        "message": error.message,
        "status": "error",
        "request_id": request_id,
        "auth_token": visit().token,
    }


def _render(body: dict[str, Any], status: int, ordered: bool) -> Response:
    own = call_or_default()
    if is_modern(own.settings.profile):
        node, at = own.ids.hex("kazoo/node", 0, 22), spell(own.now, "%Y-%m-%dT%H:%M:%SZ")
        body |= {"node": node, "version": VERSION, "timestamp": at}
    pretty = request.args.get("pretty_print") or request.headers.get("X-Pretty-Print", "")
    text = json.dumps(body, sort_keys=not ordered, indent=4 if pretty.lower() == "true" else None)
    return with_headers(Response(text, status, mimetype="application/json"))


def _asked_id() -> str:
    """The client's X-Request-ID, empty when there is none that can be echoed."""
    said = request.headers.get("X-Request-ID", "")
    return said if said.isascii() and said.isprintable() and len(said) <= 256 else ""


def _request_id() -> str:
    """The client's X-Request-ID, or one of our own."""
    found = visit()
    if not found.request_id:
        found.request_id = _asked_id() or _own_id()
    return found.request_id


def _own_id() -> str:
    try:
        own = call_or_default()
        return own.ids.hex("kazoo/request", own.next("request"))
    except NotFound:  # the store has lost the default sandbox
        serving()[1].renew()
        own = call_or_default()
        return own.ids.hex("kazoo/request", own.next("request"))


READER_KEY = "localfax.reader"
"""WSGI environ key of the origin whose pages may read the answer."""
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "Content-Type, Depth, User-Agent, X-Http-Method-Override, "
    "X-Requested-With, If-Modified-Since, X-File-Name, Cache-Control, X-Auth-Token, X-Kazoo-Cluster-ID, "
    "If-Match",
    "Access-Control-Expose-Headers": "Content-Type, X-Auth-Token, X-Request-ID, Location, Etag, ETag",
    "Access-Control-Max-Age": "86400",
}
"""Observed in public source code."""


def _methods() -> list[str]:
    """The methods that the path takes."""
    refused = getattr(request.routing_exception, "valid_methods", None)
    rule = request.url_rule
    taken = refused or (rule.methods if rule is not None else None) or ()
    return sorted({"OPTIONS", *taken} - {"HEAD"})


def preflight() -> Response:
    """Answer a browser that asks what it may send."""
    return bare(200)


def with_headers(answer: Response) -> Response:
    """Add what all answers carry; the CORS headers of the real server where a page may read the answer.

    The server has let in the pages of this machine and of origins that were named.
    """
    answer.headers["X-Request-ID"] = _request_id()
    if READER_KEY in request.environ:
        answer.headers.update(CORS | {"Access-Control-Allow-Methods": ", ".join(_methods())})
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
"""What the router or the parser refuses; whatever else it is, the path is unknown."""


def _http_error(error: HTTPException) -> Response:
    if error.code == 415:
        return bare(415)
    return failure(HTTP_ERRORS.get(error.code or 404, KazooError("not_found")))


def _refused(fault: HttpFault) -> Response:
    """Say how a scenario has the submit fail; a code is a message or an HTTP status.

    Every fault of the server is a datastore fault.
    """
    if fault.code in ERRORS:
        return failure(KazooError(fault.code, status=fault.status))
    status = fault.status or next((each for each in BY_STATUS if str(each) == fault.code), None)
    if fault.refusal is None and status in BY_STATUS and status < 500:
        return failure(KazooError(BY_STATUS[status], status=status))
    message, usual, data = REFUSALS[fault.refusal or "server_error"]
    return failure(KazooError(message, status=status or usual, data=data))


def _unavailable() -> Response:
    """Say that the store cannot answer; it is not asked for a request id or the account's settings then."""
    found = visit()
    found.request_id = found.request_id or _asked_id() or NO_ID
    error = KazooError("datastore_unreachable")
    body = json.dumps(_error_body(error, found.request_id))
    return with_headers(Response(body, error.status, mimetype="application/json"))


VOICE = Voice(
    _http_error,
    _refused,
    _unavailable,
    {
        KazooError: failure,
        Conflict: lambda error: failure(KazooError("datastore_conflict")),
        NotFound: lambda error: failure(KazooError("not_found")),
    },
)
