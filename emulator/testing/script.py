"""What shall become of a fax, said call by call: `when(to=…).busy().then.delivered(pages=2)`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

from emulator.client import Sandbox
from emulator.core.outcomes import Outcome

OUTCOMES = tuple(outcome.value for outcome in Outcome if outcome is not Outcome.cancelled)


class Script:
    """A scenario in the making; it holds from its first word on, each further word amends it."""

    def __init__(self, sandbox: Sandbox, name: str, match: dict[str, Any]) -> None:
        self._sandbox = sandbox
        self._scenario: dict[str, Any] = {"name": name, "match": match}

    def __getattr__(self, name: str) -> Callable[..., Self]:
        if name not in OUTCOMES:
            raise AttributeError(f"no outcome {name!r}; there are {', '.join(OUTCOMES)}")
        return lambda **options: self.call(name, **options)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *OUTCOMES]

    def __repr__(self) -> str:
        return f"<scenario {self._scenario}>"

    @property
    def then(self) -> Self:
        """Go on with the next call."""
        return self

    def call(self, outcome: str, **options: Any) -> Self:
        """Let the next call end so; options: pages, code, ring, setup, per_page, speed, csid, ecm, after."""
        calls = [*self._scenario.get("attempts", ()), {outcome: options} if options else outcome]
        return self._with(attempts=calls)

    def submit(self, **http: Any) -> Self:
        """Let the submit call get this: status, refusal, body, delay, drop, retry_after, truncate, …"""
        return self._with(http=http)

    def webhook(self, **fault: Any) -> Self:
        """Let this happen to the webhooks: drop, duplicate, delay, reorder, before_response, wrong_auth, …"""
        return self._with(webhook=fault)

    def times(self, count: int) -> Self:
        """Let it hold for so many faxes only."""
        return self._with(times=count)

    def chance(self, probability: float) -> Self:
        """Let it hold for some of the faxes, the same ones for the same seed."""
        return self._with(probability=probability)

    def _with(self, **parts: Any) -> Self:
        scenario = self._scenario | parts
        self._sandbox.add_scenarios(scenario)
        self._scenario = scenario
        return self
