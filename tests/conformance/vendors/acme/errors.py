"""What Acme refuses, and how it says so."""

from emulator.vendors.acme.tables import ERRORS, REFUSALS
from flask import Response, json

from emulator.core.dialect.vendor import Voice
from emulator.core.faxes.plan import HttpFault


def answer(body: object, status: int = 200) -> Response:
    return Response(json.dumps(body), status, mimetype="application/json")


def failure(code: str, status: int | None = None) -> Response:
    row = ERRORS[code]
    return answer({"code": int(row.word), "message": row.text}, status or row.status or 400)


def _refused(fault: HttpFault) -> Response:
    return failure(*REFUSALS.get(fault.refusal or "server_error", ("-150", 400)))


VOICE = Voice(
    http_error=lambda error: failure("-150", error.code),
    refused=_refused,
    unavailable=lambda: failure("-150", 503),
)
