"""One run of the application: an order under one combination, played to its end on virtual time.

The application keeps its keys, so all runs are in one sandbox: each order has a number of its own, rules
match it by that, and the ids of faxes never come twice. Nothing is slept through: a command ends, a request
is seen, the clock is advanced; what may never happen has a bound in real seconds.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import takewhile
from typing import Any

from emulator.core.scripting.adversities import AGAIN
from emulator.core.scripting.combinations import Combination
from emulator.explore.application import Commands, Ended, run
from emulator.explore.judge import MOST_TRIES, holds
from emulator.explore.story import Story
from emulator.explore.words import Pick, find
from emulator.scenarios import write_rules, write_steps
from localfax import Fax, Request, Sandbox
from localfax.things import fax_of, request_of

_FIRST = 0.02
"""Real seconds for which an application's next request is waited for before it is asked for its word again;
each time twice as long."""
_HELD = 20.0
"""Real seconds for which one answer is held at most."""
_NOTED = 200
"""Requests of one run that are read."""
_FEW = 5
"""Rows that are read at a time."""
OUR_NUMBER = "+12125550100"


@dataclass(frozen=True)
class Waits:
    """Real seconds: that a command may take, and that an application at rest may still need to catch up."""

    command: float = 10.0
    rest: float = 1.0


@dataclass
class Trial:
    """Plays one combination in a sandbox whose clock stands; `to` is in E.164, None for any."""

    sandbox: Sandbox
    vendor: str
    commands: Commands
    picks: Mapping[str, list[Pick]]
    combination: Combination
    to: str | None
    order: str
    bounds: Waits = Waits()
    story: Story = field(init=False)
    rules: Sequence[Mapping[str, Any]] | None = None
    steps: Sequence[Mapping[str, Any]] | None = None

    def __post_init__(self) -> None:
        self.story = Story(self.combination, self.to or "", self.order)
        self._last_request = self._noted = self._newest_request()
        self._last_fax = max((_number(fax.id) for fax in self.sandbox.faxes(most=1)), default=0)

    def play(self) -> Story:
        """Play it and tell what happened."""
        self.sandbox.clear_scenarios()
        self.sandbox.add_scenarios(list(self.rules or write_rules(self.combination, self.vendor, self.to)))
        for step in self.steps or write_steps(self.combination):
            [(word, given)] = step.items()
            _STEPS[word](self, given)
        self._rest()
        return self.story

    # steps
    def send(self, given: Any) -> None:
        """Have the application send, or wait until it does by itself, until the vendor has been asked."""
        if self.commands.send is not None:
            self.story.sent.append(self._run(self.commands.send, self._asks_little))
        if self.story.sent and not self.story.sent[-1].well:
            return
        self._wait_for(lambda: bool(self._note().tries), self.bounds.command)
        if self.to is None and self._note().faxes:
            self.to = self.story.to = self.story.faxes[0].to
        if self.combination.lasts:
            self._wait_for_rest()

    def receive(self, given: Mapping[str, Any]) -> None:
        """Let somebody fax the account."""
        sender = given.get("from", self.to or OUR_NUMBER)
        fax = self.sandbox.receive(self.vendor, None, sender, force=True)
        self.story.to = sender
        self.story.notes.append(f"  somebody faxes us: {fax.id} from {sender}")

    def advance(self, given: str) -> None:
        """Let time pass."""
        if given == "idle":
            self.sandbox.settle()
        else:
            self.sandbox.advance(given)

    def cancel(self, given: int) -> None:
        """Cancel a fax of the order that has not ended, as a user of the portal would."""
        for fax in self._note().faxes:
            if fax.finished_at is None:
                self.sandbox.cancel(fax.id)

    def look(self, given: int) -> None:
        """Have the application ask the vendor how the fax stands."""
        for _ in range(given):
            self.story.looks.append(self._run(self.commands.look))

    def release(self, given: int) -> None:
        """Send a webhook that is held, counted from 1 as they arose."""
        held = [each for fax in self._note().faxes for each in reversed(self.sandbox.webhooks(fax=fax.id))]
        if given <= len(held):
            self.sandbox.redeliver(held[given - 1].id)

    # the end
    def _rest(self) -> None:
        """Ask for the application's word until it is right, or it has had its time to catch up."""
        deadline, turn = time.monotonic() + self.bounds.rest, _FIRST
        while True:
            self._ask()
            if holds(self._note(), self.picks) or (left := deadline - time.monotonic()) <= 0:
                break
            self._hear(min(turn, left))
            turn *= 2
            self.sandbox.settle()
        self.story.webhooks = [
            each for fax in self.story.faxes for each in reversed(self.sandbox.webhooks(fax=fax.id))
        ]

    def _ask(self) -> None:
        self.story.said = said = self._run(self.commands.state)
        self.story.counted = self._number(self.commands.count, said)
        self.story.effects = self._number(self.commands.effects, said)

    def _number(self, command: str | None, said: Ended) -> Ended | None:
        """Ask for a number by a command; or find it at a path in the answer that tells the state."""
        if command is None or not command.startswith("."):
            return self._run(command) if command else None
        return Ended(said.code, next(iter(find(said.text, command)), ""), 0.0)

    def _wait_for_rest(self) -> None:
        """Wait until an application that is refused again and again gives up, or has asked too often."""
        begun = time.monotonic()
        while time.monotonic() - begun < self.bounds.command:
            before = len(self._note().tries)
            if not self._wait_for(partial(self._has_tried, before), 1.5 * AGAIN):
                return
            if len(self.story.tries) > MOST_TRIES:
                break
        self.story.restless = len(self.story.tries)

    def _has_tried(self, more_than: int) -> bool:
        return len(self._note().tries) > more_than

    def _wait_for(self, come: Callable[[], bool], seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while not come():
            if (left := deadline - time.monotonic()) <= 0:
                return False
            self._hear(left)
        return True

    def _hear(self, seconds: float) -> None:
        """Wait for a request to the vendor that is newer than those that are noted."""
        wait = f"{min(seconds, _HELD):.3f}s"
        self.sandbox.requests(vendor=self.vendor, newer_than=self._noted, wait=wait, most=1)

    # what is seen
    def _run(self, command: str, goes_on: Callable[[], bool] = lambda: True) -> Ended:
        names = {"to": self.story.to.lstrip("+"), "from": self.story.to.lstrip("+"), "order": self.order}
        return run(command, names, self.bounds.command, self.sandbox.environ, goes_on)

    def _asks_little(self) -> bool:
        return len(self._note().tries) <= MOST_TRIES

    def _note(self) -> Story:
        """Read what the vendor has been asked, and has done, since this run began."""
        story = self.story
        requests = map(request_of, self._newest("requests"))
        fresh = list(takewhile(lambda each: each.id > self._last_request, requests))[::-1]
        self._noted = fresh[-1].id if fresh else self._noted
        direction = "inbound" if self.combination.inbound else "outbound"
        faxes = map(fax_of, self._newest("faxes", direction=direction))
        new = list(takewhile(lambda fax: _number(fax.id) > self._last_fax, faxes))[::-1]
        story.faxes = [fax for fax in new if self._is_ours(fax)]
        known = {fax.id for fax in new} - {fax.id for fax in story.faxes}
        story.requests = [each for each in fresh if each.fax not in known]
        return story

    def _newest(self, plural: str, **filters: str) -> Iterator[dict[str, Any]]:
        """Read a journal from its newest row, few at a time: what earlier runs left is not read again."""
        path = f"/sandboxes/{self.sandbox.id}/{plural}"
        asked = {"vendor": self.vendor, **filters}
        return self.sandbox.connection.rows(path, plural, asked, _NOTED, page=_FEW)

    def _is_ours(self, fax: Fax) -> bool:
        return self.combination.inbound or self.to in (None, fax.to)

    def _newest_request(self) -> int:
        found: list[Request] = self.sandbox.requests(vendor=self.vendor, most=1)
        return found[0].id if found else 0


def _number(fax_id: str) -> int:
    return int(fax_id.rpartition("-")[2])


_STEPS: Mapping[str, Callable[[Trial, Any], None]] = {
    "send": Trial.send,
    "receive": Trial.receive,
    "advance": Trial.advance,
    "cancel": Trial.cancel,
    "look": Trial.look,
    "release": Trial.release,
}
