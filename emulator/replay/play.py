"""A scenario played: its steps done one by one against a sandbox, then what it expects compared."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from emulator.client import Fax, Localfax, Refusal, Sandbox
from emulator.client.submission import Submitted

Step = Mapping[str, Any]
Scenario = Mapping[str, Any]

USUAL = {"outbound": "openfax", "inbound": "ifax"}
"""Who sends and receives what says no vendor: one that redials, one that posts received faxes."""
OURS, THEIRS = "+12125550100", "+13105550123"
ALONE: tuple[Step, ...] = ({"send": {}}, {"advance": "idle"})
"""The steps of a scenario that has none."""
MATCHING = ("name", "match", "times", "probability", "attempts", "http", "webhook")
"""The parts of a scenario that decide a fax's life."""
START = "2026-01-05T09:00:00Z"
"""When a replay begins that says no instant: the same for all, so that two of them are alike."""
AUTH = "user:secret"
PAUSE = 0.05
"""Real seconds between two looks for a fax that somebody else is to send."""


class NotSent(Exception):
    """The application under test has sent no fax in time."""


@dataclass(frozen=True)
class Made:
    """What one send or receive came to: the submit call's HTTP status, or cut; the fax, if it made one."""

    submit: str
    fax: str | None


@dataclass
class Replay:
    """One scenario in one sandbox. With `wait` (real seconds) the application under test does the sends."""

    sandbox: Sandbox
    scenario: Scenario
    vendor: str
    wait: float | None = None
    made: list[Made] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    calls: int = 0

    def play(self) -> None:
        """Do every step; raise Refusal, NotSent, or IndexError for a fax that was never made."""
        rule = _rule(self.scenario)
        # A rule beside the same one of a file would count its faxes twice.
        if set(rule) - {"name"} and rule not in map(_rule, self.sandbox.scenarios()["files"]):
            self.sandbox.add_scenarios(rule)
        for step in self.scenario.get("steps") or ALONE:
            [(word, given)] = step.items()
            STEPS[word](self, given)

    def send(self, given: Step) -> None:
        """Send a fax, or several, or wait for those of the application."""
        for _ in range(given.get("times", 1)):
            self.made.append(self._await() if self.wait is not None else self._sent(given))

    def _sent(self, given: Step) -> Made:
        vendor = given.get("vendor", self.vendor)
        to = given.get("to") or self._number("to", THEIRS)
        self._script("outbound", vendor, to, given)
        if "max_attempts" in given:
            self.sandbox.settings(vendor, max_attempts=given["max_attempts"])
        sent = self.sandbox.send(
            vendor,
            to,
            pages=given.get("pages", self._match("pages", 1)),
            sender=given.get("from"),
            max_attempts=given.get("max_attempts"),
            mark=self._mark(),
        )
        return Made(_status(sent), sent.fax)

    def receive(self, given: Step) -> None:
        """Let somebody fax us."""
        vendor = given.get("vendor", self.vendor)
        for _ in range(given.get("times", 1)):
            fax = self.sandbox.receive(
                vendor,
                given.get("to") or self._number("to", OURS),
                given.get("from") or self._number("from", THEIRS),
                pages=given.get("pages", self._match("pages", 1)),
                csid=given.get("csid"),
                scenario=given.get("scenario"),
            )
            self.made.append(Made("201", fax.id))

    def poll(self, given: Step) -> None:
        """Read a fax's status through the vendor's API."""
        fax = self._fax(given.get("fax", len(self.made)))
        for _ in range(given.get("times", 1)):
            self.sandbox.read_status(fax, self._mark())

    def advance(self, given: str) -> None:
        """Let time pass, or everything come to its end."""
        if given == "idle":
            self.sandbox.settle()
        else:
            self.sandbox.advance(given)

    def cancel(self, given: int) -> None:
        """Cancel a fax as the portal's user would."""
        self.sandbox.cancel(self._fax(given).id)

    def _script(self, direction: str, vendor: str, to: str, given: Step) -> None:
        if "scenario" not in given:
            return
        script = {"name": f"step-{len(self.made) + 1}", **given["scenario"]}
        match = {"vendor": vendor, "direction": direction, "to": to}
        self.sandbox.add_scenarios({**script, "match": match}, once=True)

    def _await(self) -> Made:
        deadline = time.monotonic() + (self.wait or 0.0)
        while True:
            for fax in reversed(self.sandbox.faxes(direction="outbound")):
                if fax.id not in self.known:
                    self.known.add(fax.id)
                    return Made("", fax.id)
            if time.monotonic() >= deadline:
                raise NotSent(f"the application sent no fax within {self.wait:g} s")
            time.sleep(PAUSE)

    def _fax(self, place: int) -> Fax:
        if not 1 <= place <= len(self.made) or (fax := self.made[place - 1].fax) is None:
            raise NotSent(f"step {place} made no fax")
        return self.sandbox.fax(fax)

    def _match(self, name: str, otherwise: Any) -> Any:
        return self.scenario.get("match", {}).get(name, otherwise)

    def _number(self, side: str, otherwise: str) -> str:
        number = str(self._match(side, otherwise))
        return otherwise if set(number) & set("*?[") else number

    def _mark(self) -> str:
        self.calls += 1
        return f"replay-{self.calls}"


def _rule(scenario: Scenario) -> dict[str, Any]:
    return {name: scenario[name] for name in MATCHING if name in scenario}


def _status(sent: Submitted) -> str:
    return "cut" if sent.status is None else str(sent.status)


STEPS: Mapping[str, Callable[[Replay, Any], None]] = {
    "send": Replay.send,
    "receive": Replay.receive,
    "poll": Replay.poll,
    "advance": Replay.advance,
    "cancel": Replay.cancel,
}


@dataclass(frozen=True)
class Result:
    """What became of one scenario: what did not hold, every fax that was made, its journal."""

    name: str
    purpose: str
    vendor: str
    problems: tuple[str, ...]
    faxes: tuple[Fax, ...]
    seconds: float
    file: str = ""
    journal: str = ""

    @property
    def passed(self) -> bool:
        return not self.problems


def vendor_of(scenario: Scenario) -> str:
    """Give the vendor that a scenario is for; the usual one when it is for any."""
    match = scenario.get("match", {})
    named = str(match.get("vendor", "*"))
    return USUAL[match.get("direction", "outbound")] if set(named) & set("*?[") else named


def fresh(server: Localfax, scenario: Scenario, webhook: str) -> Sandbox:
    """Make the sandbox that a scenario asks for; all its webhooks go to one URL."""
    world = scenario.get("sandbox", {})
    clock = {"mode": "manual", "now": world.get("now", START)}
    hook = {"url": webhook, "auth": AUTH}
    hooks = {vendor: {"outbound": hook, "inbound": hook} for vendor in server.sandbox().vendors}
    sandbox = server.create(
        name=scenario["name"], seed=world.get("seed", "replay"), clock=clock, webhooks=hooks
    )
    for vendor, settings in world.get("vendors", {}).items():
        sandbox.settings(vendor, **settings)
    return sandbox


def play(sandbox: Sandbox, scenario: Scenario, vendor: str, wait: float | None = None) -> Result:
    """Play a scenario in a sandbox and compare what it expects; never raises what the server refuses."""
    from emulator.replay.expectation import problems

    begun = time.monotonic()
    replay = Replay(sandbox, scenario, vendor, wait)
    try:
        replay.play()
        wrong = problems(sandbox, scenario.get("expect", ()), replay.made)
    except (Refusal, NotSent) as stopped:
        wrong = [str(stopped)]
    faxes = tuple(reversed(sandbox.faxes()))
    return Result(
        name=scenario["name"],
        purpose=scenario.get("purpose", ""),
        vendor=", ".join(dict.fromkeys(fax.vendor for fax in faxes)) or vendor,
        problems=tuple(wrong),
        faxes=faxes,
        seconds=time.monotonic() - begun,
    )


def from_file(result: Result, file: str, journal: str) -> Result:
    """Give a copy that knows its file and journal."""
    return replace(result, file=file, journal=journal)
