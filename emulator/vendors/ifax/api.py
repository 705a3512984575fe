"""iFax's endpoints. Business errors come with HTTP 200 and `status` 0 (observed live)."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from flask import Flask, Response, json, request
from werkzeug.exceptions import HTTPException

from emulator.core.engine import Engine, Submission
from emulator.core.plan import HttpFault
from emulator.vendors.dialect import Endpoint, Voice, call, concerns, enter, new_app
from emulator.vendors.ifax.tables import PATHS, TEXTS
from emulator.vendors.ifax.view import fax_object


class IfaxError(Exception):
    """An answer with `status` 0 and one of the documented codes."""

    def __init__(self, code: int, message: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.message = message or TEXTS[code]


def success(message: str, data: Any) -> Response:
    return _json({"status": 1, "message": message, "data": data})


def failure(code: int, message: str | None = None, status: int = 200) -> Response:
    return _json({"status": 0, "code": code, "message": message or TEXTS[code]}, status)


def _json(body: dict[str, Any], status: int = 200) -> Response:
    return Response(json.dumps(body), status, mimetype="application/json")


REFUSALS = {"no_credit": (12012, 200), "restricted": (120100, 200)}


def _refused(fault: HttpFault) -> Response:
    code, status = REFUSALS.get(fault.refusal or "", (256, fault.status or 500))
    return failure(code, None if code in TEXTS else "Internal error", status)


def _http_error(error: HTTPException) -> Response:
    return _json({"status": 0, "code": error.code, "message": error.name}, error.code or 500)


def create_app(engine: Engine) -> Flask:
    """Make iFax's Flask app."""
    from emulator.vendors.ifax import vendor

    def authenticate() -> Response | None:
        if enter(vendor, engine, request.headers.get("accessToken", "")) is None:
            return failure(12001, "accessToken invalid")
        return None

    voice = Voice(_http_error, _refused, lambda: failure(256, "Internal error", 503))
    app = new_app(vendor, engine, voice, ENDPOINTS, checks=(authenticate,))
    app.register_error_handler(IfaxError, lambda error: failure(error.code, error.message))
    return app


def send() -> Response:
    body = request.get_json(silent=True) or {}
    if not body.get("faxNumber"):
        raise IfaxError(12020)
    content = _decode(body["faxData"][0]["fileData"])
    here = call()
    document = here.engine.keep(here.sandbox.id, content)
    job = here.ids.serial("job", here.next("job"), 8)
    fax = here.engine.submit(
        here.sandbox,
        Submission(
            vendor="ifax",
            vendor_id=str(job),
            to=body["faxNumber"],
            sender=body.get("callerId") or "",
            document=document.digest,
            pages=document.pages,
            problem=document.problem and document.problem.value,
        ),
    )
    concerns(fax.id)
    return success(TEXTS[-3], {"jobId": job})


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise IfaxError(120100) from None


def status() -> Response:
    here = call()
    body = request.get_json(silent=True) or {}
    fax = here.engine.find(here.sandbox.id, "ifax", str(body.get("jobId")))
    if fax is None:
        raise IfaxError(12097)
    concerns(fax.id)
    return success(TEXTS[12103], fax_object(here.engine.polled(here.sandbox, fax)))


VIEWS = {"send": send, "status": status}

ENDPOINTS = tuple(
    Endpoint(name, ("POST",), PATHS[name][0], view, evidence=PATHS[name][1]) for name, view in VIEWS.items()
)
