"""The journal of what was done to a sandbox here, beside its vendors' APIs: what a recording does again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from flask import Flask, Response, g, json, request

from emulator.control import views
from emulator.control.answers import json_body, the_program
from emulator.core.engine.engine import LivingWorld
from emulator.core.errors import NotFound, Unavailable
from emulator.core.sandbox import Settings
from emulator.core.world import World

JOURNAL, BEGINNING = "acts", "beginning"
JSON = dict[str, Any]


def add_journal(flask: Flask) -> None:
    """Log the acts that change what becomes of faxes, once they are done."""

    @flask.before_request
    def begin() -> None:
        if request.endpoint in ACTS:
            with suppress(NotFound, Unavailable):
                g.at = _world().now

    @flask.after_request
    def end(answer: Response) -> Response:
        if request.endpoint in ACTS and answer.status_code < 400:
            with suppress(NotFound, Unavailable):  # the sandbox was removed meanwhile
                _log(JOURNAL, _world(), {"act": request.endpoint, **ACTS[request.endpoint](answer)})
        return answer


def log_beginning(world: LivingWorld) -> None:
    """Log how a sandbox stands that was just made or emptied: each vendor's settings that are not usual."""
    found = {}
    for name, vendor in world.vendors.items():
        usual = views.settings_view(Settings(id=name, **vendor.settings), vendor.balance)
        settings = views.settings_view(world.settings(name), world.balance(name))
        if changed := {key: value for key, value in settings.items() if value != usual[key]}:
            found[name] = changed
    if found:
        world.store.log(BEGINNING, {"at": world.now, "real_at": world.real(), "vendors": found})


def _log(journal: str, world: World, entry: Mapping[str, Any]) -> None:
    world.store.log(journal, {"at": g.get("at", world.now), "real_at": world.real(), **entry})


def _world() -> World:
    return the_program().engine.world(_named("sandbox"))


def _named(key: str) -> str:
    return str((request.view_args or {})[key])


def _received(answer: Response) -> JSON:
    """Leave the document out: the fax has it."""
    given = json_body()
    return {"fax": json.loads(answer.get_data())["id"], "drawn": "document" not in given}


ACTS: Mapping[str | None, Callable[[Response], JSON]] = {
    "change_vendor": lambda answer: {"vendor": _named("vendor"), "change": json_body()},
    "receive_fax": _received,
    "cancel_fax": lambda answer: {"fax": _named("fax")},
    "replay_webhook": lambda answer: {"delivery": _named("delivery")},
}
"""What of each act is kept, by its view's name."""
