"""What becomes of an answer: what a scenario does to it, and what the journal keeps of it and its request."""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from http import HTTPStatus
from types import SimpleNamespace
from typing import Any, cast

from flask import Request, Response, g, has_request_context, json, request

from emulator.core.dialect.vendor import Vendor, Voice
from emulator.core.engine.engine import Engine, LivingWorld
from emulator.core.engine.player import Player
from emulator.core.engine.sandboxes import DEFAULT
from emulator.core.errors import NotFound, Unavailable
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.plan import HttpFault, Refused
from emulator.core.request_body import sent_headers
from emulator.core.storage.store import SPARE, SandboxStore
from emulator.documents import Busy
from emulator.vendors.cut import BODY_KEPT, FIELD_KEPT, Cut

MOST_KEPT = 2**20
"""Bytes of a body that is kept whole beside: what is longer is all document, and the fax has that."""
NOT_KEPT = ""

FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")

MANNER_KEY = "localfax.manner"
"""WSGI environ key of how the server answers: `delay` in real seconds, and `cut` for no answer at all."""


Accepted = tuple[LivingWorld, Fax]
"""A fax that the request has made, and where."""


# what a scenario does
class Asking:
    """The request that Flask is answering asks for faxes; what it makes is kept for its answer."""

    def headers(self) -> Mapping[str, str]:
        # Not copied: hardly any fax is matched by a header, and these are found by a name in any case.
        return cast(Mapping[str, str], request.headers) if has_request_context() else {}

    def hear(self, world: LivingWorld, fax: Fax) -> None:
        if has_request_context():
            g.setdefault("accepted", []).append((world, fax))

    def suffer(self, fault: HttpFault, scenario: str | None) -> None:
        if has_request_context():
            g.suffered = fault, scenario


ASKING = Asking()

AGAIN = "1"
"""Real seconds that a 429 tells to wait when neither its vendor nor its scenario says how long."""


def refuse(voice: Voice, refusal: Refused) -> Response:
    """Answer in the vendor's voice, or with what the scenario gives, that a scenario refuses the request."""
    g.refused = refusal
    return _say(voice, refusal.fault)


def _say(voice: Voice, fault: HttpFault) -> Response:
    return _set_status(fault, voice.refused(fault) if fault.body is None else _literal(fault))


def finish(vendor: Vendor, player: Player, answer: Response) -> Response:
    """Log the request that is answered, and do to its answer what a scenario says."""
    accepted: Sequence[Accepted] = g.get("accepted", ())
    fault, scenario = _fault_of(accepted)
    if fault is not None and fault.accept and fault.speaks:
        answer = _say(cast(Voice, vendor.voice), fault)
    if answer.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        answer.headers.setdefault("Retry-After", AGAIN)
    # The sandbox was removed meanwhile, or the store is silent: the answer stands all the same.
    with suppress(NotFound, Unavailable, Busy):
        for world, fax in accepted:
            if fax.plan.webhook is not None and fax.plan.webhook.before_response:
                player.play_at_once(world, fax)
        log(vendor, player.engine, answer, fault=fault, scenario=scenario)
    return answer if fault is None else _play(fault, answer)


def _fault_of(accepted: Sequence[Accepted]) -> tuple[HttpFault | None, str | None]:
    """The fault that a scenario has for the request that made these faxes, and the scenario's name."""
    refused: Refused | None = g.get("refused")
    if refused is not None:
        return refused.fault, refused.scenario
    for _, fax in accepted:
        if fax.plan.http is not None:
            return fax.plan.http, fax.scenario
    if accepted:
        return None, accepted[0][1].scenario
    return g.get("suffered", (None, None))  # type: ignore[no-any-return]


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


# the journal
def log(
    vendor: Vendor, engine: Engine, answer: Response, *, fault: HttpFault | None, scenario: str | None
) -> None:
    """Log the request in its sandbox's journal; one that found no sandbox goes to the default one's."""
    # Taken out of their proxies once: every request passes here, and each look through a proxy has its price.
    asked: Request = request._get_current_object()  # type: ignore[attr-defined]
    noted = g._get_current_object()
    own = noted.get("context")
    world = own.world if own else engine.world(DEFAULT)
    made = [fax.id for _, fax in noted.get("accepted", ())]
    cut = Cut()
    body, original = _body(world.store, asked, cut)
    entry: Mapping[str, Any] = {
        "at": world.now,
        "real_at": engine.real(),
        "vendor": vendor.name,
        "method": asked.method,
        "path": cut.text("path", asked.path),
        "query": cut.text("query", asked.query_string.decode("utf-8", "replace")),
        "endpoint": asked.endpoint,
        "fax": noted.get("fax") or (made[0] if made else None),
        "made": made,
        "scenario": scenario,
        "fault": fault and fault.given,
        "trouble": noted.get("trouble") or noted.get("unread"),
        "stranger": own is None and "stranger" in noted,
        "headers": cut.headers(_headers(asked)),
        "body": body,
        "original": original,
        "status": answer.status_code,
        "refused": answer.status_code >= 400 or noted.get("declined", False),
        "answer_headers": dict(iter(answer.headers)),
        "answer": _answer_body(answer, cut),
        "cut": cut.left_out,
        "seconds": round(time.perf_counter() - noted.get("begun", time.perf_counter()), 6),
    }
    world.store.log("requests", entry)
    world.tell("request", entry)


def _headers(asked: Request) -> Mapping[str, str]:
    """The headers by name; one that was sent twice has both values, as if it were a list."""
    found: dict[str, str] = {}
    for name, value in sent_headers(asked.environ):
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found


def _body(store: SandboxStore, asked: Request, cut: Cut) -> tuple[str | Mapping[str, Any], str | None]:
    """What is shown of a request's body, and where the whole of it is kept when that is more."""
    content: bytes = asked.__dict__.get("_cached_data", b"")
    shown: str | Mapping[str, Any] = content[:BODY_KEPT].decode("utf-8", "replace")
    if "form" in asked.__dict__ and asked.mimetype in FORMS:
        shown = _fields(asked, cut)
    elif content and len(content) <= BODY_KEPT and "\ufffd" not in shown:
        return shown, None
    else:
        cut.note("body", len(content) - BODY_KEPT)
    return shown, keep_original(store, asked, shown)


def _fields(asked: Request, cut: Cut) -> Mapping[str, Any]:
    fields = {
        cut.text("body", name or "", FIELD_KEPT): [cut.text("body", value, FIELD_KEPT) for value in values]
        for name, values in cut.first(asked.form.lists())
    }
    files = [[name, file.filename, file.mimetype] for name, file in cut.first(asked.files.items(multi=True))]
    return {"fields": fields, "files": files}


def _answer_body(answer: Response, cut: Cut) -> str:
    if answer.direct_passthrough or answer.is_streamed:
        return ""
    if answer.headers.get("Content-Type", "").startswith(("text/", "application/json")):
        content = answer.get_data()
        cut.note("answer", len(content) - BODY_KEPT)
        return content[:BODY_KEPT].decode("utf-8", "replace")
    return f"<{answer.mimetype}, {answer.calculate_content_length()} bytes>"


def keep_original(store: SandboxStore, asked: Request, shown: str | Mapping[str, Any]) -> str | None:
    """Keep a request's body when `shown` is not all of it; no document makes room for it.

    Returns its digest, None when nothing was left out, NOT_KEPT when it is too long.
    """
    if not asked.content_length:
        return None
    if asked.content_length > MOST_KEPT:
        return NOT_KEPT
    content: bytes | None = asked.__dict__.get("_cached_data")
    if content is None:
        content = _read_again(asked)
    if isinstance(shown, str) and shown.encode("utf-8", "replace") == content:
        return None
    digest = SPARE + hashlib.sha256(content).hexdigest()
    store.put_blob(digest, content)
    return digest


def _read_again(asked: Request) -> bytes:
    """Read what a form's parser, or nobody, has read: the server holds a body until it is answered."""
    stream = asked.environ["wsgi.input"]
    stream.seek(0)
    return bytes(stream.read(asked.content_length))
