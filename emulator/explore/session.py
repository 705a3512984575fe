"""An exploration of one application through one vendor: how it goes every day, then all that can go wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from emulator.core.scripting.adversities import ADVERSITIES, Need, When
from emulator.core.scripting.combinations import ARRIVES, Combination, list_combinations
from emulator.core.scripting.orders import Events, list_orders, write_order
from emulator.explore.application import Commands, Ended
from emulator.explore.exploration import number
from emulator.explore.finding import write_finding
from emulator.explore.judge import Flaw, judge
from emulator.explore.story import Story
from emulator.explore.trial import Trial, Waits
from emulator.explore.words import Pick
from emulator.scenarios import write_rules, write_steps
from emulator.vendors import the_vendor
from localfax import Sandbox
from localfax.hints import list_unheard

ROWS = {each.id: each for each in ADVERSITIES}


_RECENT = 50
"""Requests that are looked at for whom the application asks."""
_KEYS = (
    "Give it this sandbox's address and keys, as `localfax exec` does in its environment, and no --seed "
    "that it has met before: it knows those orders"
)
_WAYS: Mapping[str, str] = {
    "word": "Name what it calls a state with --word, like delivered=sent,done or delivered=.fax.status:sent",
    "effect": "--effects is a command that prints a number, or a path in what --state prints, like .effects",
    "count": "--count is a command that prints a number, or a path in what --state prints, like .faxes",
}
"""By the kind of a flaw that an ordinary delivery has, what the user may have named wrongly."""


class Dead(Exception):
    """The application does not do it every day: there is nothing to explore."""


@dataclass
class Session:
    """One application, and the sandbox that it uses."""

    sandbox: Sandbox
    vendor: str
    commands: Commands
    picks: Mapping[str, list[Pick]]
    seed: str
    bounds: Waits = field(default_factory=Waits)
    inbound: bool = False
    """Whether the user has said what the application calls a received fax."""
    sends: bool = True
    """Whether it sends faxes, at a command or by itself."""
    _plays: int = field(default=0, init=False)

    def play(self, combination: Combination) -> tuple[Story, list[Flaw]]:
        """Play a combination and judge what the application did."""
        self._plays += 1
        by_itself = self.commands.send is None and not combination.inbound
        trial = Trial(
            self.sandbox,
            self.vendor,
            self.commands,
            self.picks,
            combination,
            None if by_itself else number(self.seed, self._plays),
            f"{self.seed}-{self._plays}",
            self.bounds,
        )
        story = trial.play()
        return story, judge(story, self.picks)

    def begin(self) -> Story:
        """See how it goes every day; raise Dead with one line when that does not hold."""
        story, problems = self._play_usual()
        if problems:
            raise Dead(self._explain(story, problems[0]))
        return story

    def die(self, story: Story) -> str | None:
        """Say how the application died in a run that did not hold; None while it lives."""
        if story.tries and story.said is not None and story.said.well:
            return None
        usual, problems = self._play_usual()
        why = self._explain(usual, problems[0]) if problems else None
        return why and f"the application does nothing any more: {why}"

    def _play_usual(self) -> tuple[Story, list[Flaw]]:
        return self.play(Combination() if self.sends else Combination((ROWS[ARRIVES],)))

    def _explain(self, story: Story, problem: Flaw) -> str:
        """Say why it does not go as every day, with the way out."""
        failed = next((each for each in story.sent if not each.well), None)
        if failed is not None:
            return f"the send command {_how(failed)}"
        if story.said is not None and not story.said.well:
            return f"the state command {_how(story.said)}"
        why = [f"a plain delivery does not hold: {problem.text}"]
        if not story.faxes:
            why += self._elsewhere(story)
        elif problem.kind in _WAYS:
            why.append(_WAYS[problem.kind])
        return ". ".join([*why, *list_unheard(self.sandbox, story.faxes)])

    def _elsewhere(self, story: Story) -> list[str]:
        """Say where an application asked that had no fax made."""
        if story.requests:
            last = story.requests[-1]
            return [f"The vendor answered {last.status} {last.answer[:200]}"]
        others = {each.vendor for each in self.sandbox.requests(most=_RECENT)} - {self.vendor}
        asked = f"It asked {', '.join(sorted(others))} in this sandbox: see --vendor" if others else _KEYS
        return [asked]

    def combinations(self, usual: Story, *, pairs: bool, orders: int) -> list[Combination]:
        """List what this application can meet, smallest first, by how it goes every day."""
        hooks: Mapping[str, Mapping[str, Any]] = self.sandbox.settings(self.vendor)["webhooks"]
        events = [each.event for each in usual.webhooks]
        where = {When.submit, When.line, When.poll} if self.sends else set()
        where |= {When.webhook} if events and self.sends else set()
        where |= {When.inbound} if self.inbound else set()
        found = list_combinations(self._has(hooks, len(events)), where=where, pairs=pairs)
        found = [each for each in found if {part.when for part in each.parts} <= where]
        return found + (self._orders(usual, events, orders) if events and self.sends else [])

    def _has(self, hooks: Mapping[str, Mapping[str, Any]], count: int) -> set[str]:
        has = set(the_vendor(self.vendor).notions)
        has -= {Need.stages} if count < 2 else set()
        has |= {Need.auth} if hooks["outbound"]["auth"] else set()
        return has | ({Need.order} if self.commands.tells_orders else set())

    def _orders(self, usual: Story, told: Sequence[str], most: int) -> list[Combination]:
        stages = [each.data["created_at"] for each in usual.webhooks]
        late = sum(at != stages[0] for at in stages) or len(told)
        events = Events(tuple(told), late, self.commands.tells_orders)
        _, *others = list_orders(events, most + 1)
        return [Combination((write_order(events, each, 1 + place),)) for place, each in enumerate(others)]

    def write(self, story: Story, problems: Sequence[Flaw], file: str) -> str:
        """Write the scenario file of a finding."""
        rules = write_rules(story.combination, self.vendor, story.to or None)
        send = (self.commands.send or "(your application sends by itself)").replace(
            "{to}", story.to.lstrip("+")
        )
        told = {
            "text": f"{story.combination.name}: {story.combination.text}",
            "problems": "; ".join(each.text for each in problems),
            "url": self.sandbox.connection.url,
            "sandbox": self.sandbox.id,
            "file": file,
            "command": send.replace("{order}", story.order),
        }
        return write_finding(story, self.vendor, rules, write_steps(story.combination), told)


def _how(ended: Ended) -> str:
    """Tell how a command ended that should have done well."""
    if ended.code is None:
        return f"did not end within {ended.seconds:.3g} s (see --timeout): {ended.text or 'it wrote nothing'}"
    return f"ended with {ended.code}: {ended.text or 'it wrote nothing'}"


@contextmanager
def standing(sandbox: Sandbox) -> Iterator[None]:
    """Let a sandbox's clock stand without standing rules, and go on afterwards as before."""
    before, rules = sandbox.clock(), sandbox.scenarios()["scenarios"]
    sandbox.clock(mode="manual")
    try:
        yield
    finally:
        sandbox.clear_scenarios()
        if rules:
            sandbox.add_scenarios(rules)
        sandbox.clock(mode=before["mode"])
