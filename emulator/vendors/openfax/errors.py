"""What Openfax says when it does not do what was asked: one word, and HTTP 200 for all but its own faults."""

from __future__ import annotations

from flask import Response, request

from emulator.core.dialect.vendor import Voice
from emulator.core.faxes.plan import HttpFault
from emulator.vendors.json_answer import answer_json
from emulator.vendors.openfax.tables import LISTS, REFUSALS, RESPONSES


class OpenfaxError(Exception):
    """An answer whose `Response` is this word, and not Success."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


answer = answer_json
"""Answers with JSON, compact as in the samples; the content type is documented nowhere (assumed)."""


def failure(word: str, status: int | None = 200) -> Response:
    """Say an error: an object where a fax is sent, else an array of one (observed on the inbound side)."""
    body = {"Response": word}
    return answer([body] if request.endpoint in LISTS else body, status or 500)


def _refused(fault: HttpFault) -> Response:
    if fault.code in RESPONSES:
        return failure(fault.code)
    return failure(*REFUSALS[fault.refusal or "server_error"])


VOICE = Voice(
    http_error=lambda error: failure("Failed", error.code),
    refused=_refused,
    unavailable=lambda: failure("Failed", 503),
    errors={OpenfaxError: lambda error: failure(error.word)},
)
