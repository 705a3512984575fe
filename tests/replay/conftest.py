"""A sandbox in which something happens, and the same played again from its recording."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from emulator.replay.names import Names, own_texts
from emulator.replay.play import Result, make_sandbox, names_of, play
from emulator.replay.recording import write_recording
from emulator.scenarios import OWN, read_text, write_scenario
from emulator.vendors import all_vendors
from localfax import Localfax, Sandbox
from localfax.receiver import Receiver
from tests.conftest import Control

VENDORS = ("openfax", "kazoo", "ifax", "mfax", "faxto")
NOT_TOLD_AGAIN = ("scenario", "script")
"""Every fax of a replay has a scenario, which says what the rules, files and numbers said."""
Repeat = Callable[[Sandbox], tuple[Result, Any]]


@pytest.fixture
def client(server: Control) -> Iterator[Localfax]:
    """The running server, as its client shows it."""
    with Localfax(server.url) as found:
        yield found


@pytest.fixture
def sandbox(client: Localfax, receiver: Receiver) -> Sandbox:
    """A fresh sandbox with a manual clock, whose vendors post to a receiver."""
    hooks = {name: {"outbound": f"{receiver.url}/{name}/out"} for name in VENDORS}
    return client.create(clock={"mode": "manual"}, seed="one", webhooks=hooks)


@pytest.fixture
def repeat(client: Localfax) -> Repeat:
    """Record a sandbox, play the recording in a fresh one; give the result, and what its faxes are like."""

    def run(sandbox: Sandbox) -> tuple[Result, Any]:
        [scenario] = read_text(write_recording(sandbox), all_vendors(), bounds=OWN)
        with Receiver() as receiver:
            again = make_sandbox(client, write_scenario(scenario), receiver)
            result = play(again, write_scenario(scenario), "openfax", receiver)
            return result, history(again, names_of(again, receiver))

    return run


def history(sandbox: Sandbox, names: Names) -> Any:
    """Give the faxes with all they went through, and the webhooks with what they were answered."""
    faxes = [{**fax.data, **dict.fromkeys(NOT_TOLD_AGAIN)} for fax in reversed(sandbox.faxes())]
    webhooks = [
        (each.fax, each.event, each.method, each.url, dict(each.fields), _answers(each.attempts))
        for each in reversed(sandbox.webhooks())
    ]
    settings = {name: sandbox.settings(name) for name in sandbox.vendors}
    return json.loads(names.hide(json.dumps([faxes, webhooks, settings])))


def _answers(attempts: Any) -> list[Any]:
    return [(each.at, each.status, bool(each.error)) for each in attempts]


def seen(sandbox: Sandbox, receiver: Receiver) -> Any:
    return history(sandbox, Names({**own_texts(sandbox), "receiver": receiver.url}))
