"""What becomes of an answer: it is logged, and a scenario may do something to it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from contextlib import suppress
from http import HTTPStatus
from types import SimpleNamespace
from typing import cast

from flask import Response, json

from emulator.core.dialect.vendor import Vendor, Voice
from emulator.core.engine.engine import Engine, LivingWorld
from emulator.core.engine.player import Player
from emulator.core.engine.sandboxes import DEFAULT
from emulator.core.errors import NotFound, Unavailable, Unwritten
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.plan import HttpFault, Refused
from emulator.core.sandbox import OVERLAY
from emulator.documents import Busy
from emulator.vendors.journal import log
from emulator.vendors.notes import Notes, asked, present

MANNER_KEY = "localfax.manner"
"""WSGI environ key of how the server answers: `delay` in real seconds, and `cut` for no answer at all."""


class Asking:
    """The request that Flask is answering asks for faxes; what it makes is kept for its answer."""

    def headers(self) -> Mapping[str, str]:
        # Not copied: hardly any fax is matched by a header, and these are found by a name in any case.
        notes = present.get(None)
        return cast(Mapping[str, str], notes.request.headers) if notes else {}

    def hear(self, world: LivingWorld, fax: Fax) -> None:
        if (notes := present.get(None)) is not None:
            notes.accepted.append((world, fax))

    def suffer(self, fault: HttpFault, scenario: str | None) -> None:
        if (notes := present.get(None)) is not None:
            notes.suffered = fault, scenario


ASKING = Asking()

AGAIN = "1"
"""Real seconds that a 429 tells to wait when neither its vendor nor its scenario says how long."""


def refuse(voice: Voice, refusal: Refused) -> Response:
    """Answer in the vendor's voice, or with what the scenario gives, that a scenario refuses the request."""
    present.get().refused = refusal
    return _say(voice, refusal.fault)


def _say(voice: Voice, fault: HttpFault) -> Response:
    return _set_status(fault, voice.refused(fault) if fault.body is None else _literal(fault))


def finish(vendor: Vendor, player: Player, answer: Response) -> Response:
    """Log the request that is answered, and do to its answer what a scenario says."""
    notes = present.get()
    accepted = notes.accepted
    fault, scenario = _fault_of(notes)
    if fault is not None and fault.accept and fault.speaks:
        answer = _say(cast(Voice, vendor.voice), fault)
    if answer.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        answer.headers.setdefault("Retry-After", AGAIN)
    try:
        # The sandbox was removed meanwhile, or the store is silent: the answer stands all the same.
        with suppress(NotFound, Unavailable, Busy):
            if player.engine.heeds_overlays and vendor.teach is not None:
                answer = _teach(vendor, player.engine, notes, answer)
            for world, fax in accepted:
                if fax.plan.webhook is not None and fax.plan.webhook.before_response:
                    player.play_at_once(world, fax)
            log(vendor, player.engine, notes, answer, fault=fault, scenario=scenario)
    except Unwritten:
        return cast(Response, cast(Voice, vendor.voice).unavailable())
    return answer if fault is None else _play(fault, answer)


def _teach(vendor: Vendor, engine: Engine, notes: Notes, answer: Response) -> Response:
    """Answer as the sandbox's overlay says, if it has one; who found no sandbox gets the default one's."""
    own = notes.context
    settings = own.settings if own else engine.world(DEFAULT).settings(vendor.name)
    if (text := settings.profile.get(OVERLAY)) is None or vendor.teach is None:
        return answer
    return cast(Response, vendor.teach(answer, notes.request.endpoint, text))


def _fault_of(notes: Notes) -> tuple[HttpFault | None, str | None]:
    """The fault that a scenario has for a request that was refused or made faxes, and the scenario's name."""
    if notes.refused is not None:
        return notes.refused.fault, notes.refused.scenario
    for _, fax in notes.accepted:
        if fax.plan.http is not None:
            return fax.plan.http, fax.scenario
    if notes.accepted:
        return None, notes.accepted[0][1].scenario
    return notes.suffered


def _literal(fault: HttpFault) -> Response:
    """The answer whose body a scenario gives: text as it is, all else as JSON."""
    if isinstance(fault.body, str):
        return Response(fault.body, mimetype="text/plain")
    return Response(json.dumps(fault.body), mimetype="application/json")


def _set_status(fault: HttpFault, answer: Response) -> Response:
    """Set the status that a scenario names."""
    if fault.status is not None:
        answer.status_code = fault.status
    return answer


def _play(fault: HttpFault, answer: Response) -> Response:
    """Do to the answer what a scenario says; it is whole in the journal already."""
    manner = asked().environ.get(MANNER_KEY, SimpleNamespace())  # another server can do neither
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
