"""How iFax answers, also when it does not do what was asked: one envelope, HTTP 200 (observed)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from flask import Response
from werkzeug.exceptions import HTTPException

from emulator.core.dialect.vendor import Voice
from emulator.core.faxes.plan import HttpFault
from emulator.core.json_text import write_json
from emulator.vendors.dialect import context
from emulator.vendors.ifax.tables import BAD_KEY, CODES, HTTP_ERRORS, LIVE_TWINS, REFUSALS, SUCCESSES
from emulator.vendors.ifax.words import is_live
from emulator.vendors.json_answer import answer_json


class IfaxError(Exception):
    """An answer with `status` 0, a code, and a text that is the table's unless it is given."""

    def __init__(self, code: int, message: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.message = message


def success(code: int | str, **data: Any) -> Response:
    """Answer in the words of a row of the table, with `data` where there is any."""
    return answer_json({"status": 1, "message": CODES[str(code)].text, **data})


def success_in_parts(code: int, rows: Iterable[dict[str, Any]]) -> Response:
    """Answer with a list of any length: its rows are written as they are sent."""
    head = write_json({"status": 1, "message": CODES[str(code)].text, "data": []}).removesuffix(b"]}")

    def parts() -> Iterator[bytes]:
        yield head
        for number, row in enumerate(rows):
            yield b"," + write_json(row) if number else write_json(row)
        yield b"]}"

    return Response(parts(), content_type="application/json")


def failure(code: int, message: str | None = None, status: int = 200) -> Response:
    """Answer with an error; its text is that of the table unless it is given."""
    return answer_json({"status": 0, "code": code, "message": message or CODES[str(code)].text}, status)


def _failed(error: IfaxError, status: int = 200) -> Response:
    """Answer an error in the sandbox's profile."""
    live = is_live(context().settings)
    return failure(LIVE_TWINS.get(error.code, error.code) if live else error.code, error.message, status)


def _refused(fault: HttpFault) -> Response:
    """Say a scenario's refusal; a row that it names may tell a success, whose `status` is 1."""
    if (row := CODES.get(fault.code or "")) is not None:
        return answer_json({"status": int(row.word in SUCCESSES), "code": row.code, "message": row.text})
    code, status = REFUSALS[fault.refusal or "server_error"]
    return _failed(IfaxError(code, BAD_KEY if code == 12001 else None), status)


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    if status in HTTP_ERRORS:
        return failure(HTTP_ERRORS[status])
    return answer_json({"status": 0, "code": status, "message": error.name}, status)


VOICE = Voice(_http_error, _refused, lambda: failure(256, status=503), {IfaxError: _failed})
