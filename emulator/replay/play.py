"""A scenario played: a sandbox made for it, its steps done, then what it expects compared."""

from __future__ import annotations

import time
from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from emulator.core.faxes.machine import Direction
from emulator.replay.expectation import Comparison, compare
from emulator.replay.names import Names, map_texts, own_texts
from emulator.replay.steps import NotSent, Replay, ScenarioRow
from emulator.reports import ReportPart
from emulator.vendors import all_vendors
from localfax import Fax, Localfax, Refusal, Sandbox
from localfax.receiver import Receiver

_START = "2026-01-05T09:00:00Z"
"""When a replay begins that says no instant: the same for all, so that two of them are alike."""
_AUTH = "user:secret"


@dataclass(frozen=True)
class Result:
    """What became of one scenario: what did not hold, every fax that was made, its journal."""

    name: str
    purpose: str
    vendor: str
    problems: tuple[str, ...]
    faxes: tuple[Fax, ...]
    seconds: float
    seed: str
    compared: tuple[Comparison, ...] = ()
    file: str = ""
    journal: str = ""
    parts: tuple[ReportPart, ...] = ()
    """What a report tells of its sandbox."""

    @property
    def passed(self) -> bool:
        return not self.problems


def vendor_of(scenario: ScenarioRow) -> str:
    """Choose the vendor that a scenario is for; the usual one when it is for any."""
    match = scenario.get("match", {})
    named = str(match.get("vendor", "*"))
    if not set(named) & set("*?["):
        return named
    clients = ((name, vendor.client) for name, vendor in all_vendors().items())
    direction = match.get("direction", Direction.outbound)
    return next(name for name, client in clients if client and direction in client.usual_for)


def make_sandbox(server: Localfax, scenario: ScenarioRow, receiver: Receiver) -> Sandbox:
    """Make the sandbox that a scenario asks for; if it says nothing of webhooks, all go to the receiver."""
    world = scenario.get("sandbox", {})
    clock = {"mode": "manual", "now": world.get("now", _START)}
    hook = {"url": receiver.url, "auth": _AUTH}
    vendors = server.sandbox().vendors if world.get("webhooks", True) else ()
    hooks = {vendor: {"outbound": hook, "inbound": hook} for vendor in vendors}
    sandbox = server.create(
        name=world.get("name", scenario["name"]),
        seed=world.get("seed", "replay"),
        clock=clock,
        webhooks=hooks,
    )
    names = names_of(sandbox, receiver)
    for vendor, settings in world.get("vendors", {}).items():
        sandbox.settings(vendor, **map_texts(names.show, settings))
    for answer in world.get("answers", ()):
        _answer(receiver, answer)
    return sandbox


def names_of(sandbox: Sandbox, receiver: Receiver) -> Names:
    """Name what a sandbox and the replay's receiver have of their own."""
    return Names({**own_texts(sandbox), "receiver": receiver.url})


def _answer(receiver: Receiver, given: Mapping[str, Any]) -> None:
    receiver.answer(
        given.get("status", 200),
        b64decode(given.get("base64", "")),
        headers=given.get("headers", {}),
        times=None if given.get("always") else 1,
        behaviour="drop" if given.get("drop") else "whole",
        path=given["path"],
    )


def play(
    sandbox: Sandbox, scenario: ScenarioRow, vendor: str, receiver: Receiver, wait: float | None = None,
    tell: Callable[[str], object] = lambda text: None,
) -> Result:  # fmt: skip
    """Play a scenario in a sandbox and compare what it expects; never raises what the server refuses.

    `tell` is told what is waited for.
    """
    begun = time.monotonic()
    replay = Replay(sandbox, scenario, vendor, names_of(sandbox, receiver), wait, tell)
    compared: list[Comparison] = []
    try:
        replay.play()
        compared = compare(sandbox, scenario.get("expect", ()), replay.made)
        wrong = [*replay.wrong, *(str(each) for each in compared if not each.holds)]
    except (Refusal, NotSent) as stopped:
        wrong = [*replay.wrong, str(stopped)]
    faxes = tuple(reversed(sandbox.faxes()))
    return Result(
        name=scenario["name"],
        purpose=scenario.get("purpose", ""),
        vendor=", ".join(dict.fromkeys(fax.vendor for fax in faxes)) or vendor,
        problems=tuple(wrong),
        faxes=faxes,
        seconds=time.monotonic() - begun,
        seed=sandbox.seed,
        compared=tuple(compared),
    )
