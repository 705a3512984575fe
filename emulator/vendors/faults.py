"""What a scenario does to the answer of the request that sends a fax: late, cut off, broken, or none."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from types import SimpleNamespace
from typing import cast

from flask import Response, g, has_request_context, json, request

from emulator.core.faxes.fax import Fax
from emulator.core.faxes.plan import HttpFault, Refused
from emulator.core.world import World

MANNER_KEY = "localfax.manner"
"""WSGI environ key of how the server answers: `delay` in real seconds, and `cut` for no answer at all."""


class Asking:
    """The request that Flask is answering asks for faxes; what it makes is kept for its answer."""

    def headers(self) -> Mapping[str, str]:
        # Not copied: hardly any fax is matched by a header, and these are found by a name in any case.
        return cast(Mapping[str, str], request.headers) if has_request_context() else {}

    def accepted(self, world: World, fax: Fax) -> None:
        if has_request_context():
            g.setdefault("accepted", []).append((world, fax))


ASKING = Asking()


def fault_of(accepted: Iterable[Fax]) -> tuple[HttpFault | None, str | None]:
    """The fault that a scenario has for the request that made these faxes, and the scenario's name."""
    refused: Refused | None = g.get("refused")
    if refused is not None:
        return refused.fault, refused.scenario
    first: Fax | None = None
    for fax in accepted:
        if fax.plan.http is not None:
            return fax.plan.http, fax.scenario
        first = first or fax
    return (None, first.scenario) if first else (None, None)


def literal(fault: HttpFault) -> Response:
    """Make the answer whose body a scenario gives: text as it is, all else as JSON."""
    if isinstance(fault.body, str):
        return Response(fault.body, mimetype="text/plain")
    return Response(json.dumps(fault.body), mimetype="application/json")


def set_status(fault: HttpFault, answer: Response) -> Response:
    """Set the status that a scenario names."""
    if fault.status is not None:
        answer.status_code = fault.status
    return answer


def play(fault: HttpFault, answer: Response) -> Response:
    """Do to the answer what a scenario says; it is whole in the journal already."""
    manner = request.environ.get(MANNER_KEY, SimpleNamespace())  # another server can do neither
    manner.delay = fault.delay or 0.0
    if fault.retry_after is not None:
        answer.headers["Retry-After"] = str(math.ceil(fault.retry_after))
    if fault.drop is not None:
        manner.cut = True
    elif fault.truncate is not None:
        _truncate(answer, fault.truncate)
    elif fault.malformed:
        content = answer.get_data()
        answer.set_data(content[: max(1, len(content) // 2)])
    return answer


def _truncate(answer: Response, size: int) -> None:
    content = answer.get_data()
    answer.response = [content[:size]]
    answer.headers["Content-Length"] = str(len(content))
