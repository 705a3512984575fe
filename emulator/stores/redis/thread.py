"""What one thread knows of the store, and what it has not sent yet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from emulator.core.faxes.fax import Fax
from emulator.core.item import Add, Item, add_up
from emulator.core.webhooks.delivery import Delivery
from emulator.stores.redis.ahead import Numbers
from emulator.stores.redis.client import unwrap
from emulator.stores.redis.commands import Command
from emulator.stores.redis.prefetch import Prefetch
from emulator.stores.redis.transaction import Transaction

NEW = (Fax.kind, Delivery.kind)
"""The kinds that a request makes when it sends a fax."""

TakeAnswers = Callable[[list[Any]], object]
"""Takes the answers to commands that were put off; raises what is wrong with them."""


@dataclass
class RedisSession:
    """What one thread knows, holds back, does when that is written, and sends with its next command."""

    plays: bool = False
    request: str = ""
    """The request that it answers, without ids: what such ones ask for is had ahead."""
    unsettled: bool = False
    """Whether faxes are put off, of which it must be known that they are written."""
    prefetched: Prefetch | None = None
    transaction: Transaction | None = None
    afterwards: list[Callable[[], object]] = field(default_factory=list)
    put_off: list[tuple[Sequence[Command], TakeAnswers]] = field(default_factory=list)
    blobs: dict[tuple[str, str], bytes] = field(default_factory=dict)
    """Documents that are put off, by sandbox and digest."""
    numbers: Numbers = field(default_factory=Numbers)
    looked_up: list[str] = field(default_factory=list)
    found: dict[str, str | None] = field(default_factory=dict)
    """Whom credentials find; those in `looked_up` were asked for."""

    @property
    def waits(self) -> bool:
        """Whether anything is held back."""
        return self.unsettled or (self.transaction is not None and self.transaction.waits)

    def take_put_off(self) -> tuple[list[Command], TakeAnswers]:
        """Take what was put off: its commands, and what checks all of their answers."""
        put_off, self.put_off, self.blobs, self.unsettled = self.put_off, [], {}, False

        def check(answers: list[Any]) -> None:
            for commands, each in put_off:
                each(answers[: len(commands)])
                answers = answers[len(commands) :]

        return [command for commands, _ in put_off for command in commands], check

    def may_wait(self, puts: Sequence[Item], adds: Sequence[Add], others: Sequence[Item]) -> bool:
        """Tell whether a commit can be put off until the request is logged: new faxes, which nothing refuses.

        Their ids are from counters, so nobody has them; and no counter has a bound.
        """
        new = all(item.kind in NEW and item.version == 1 for item in puts)
        bounded = any(add.at_least is not None or add.at_most is not None for add in adds)
        return bool(self.request and puts) and new and not bounded and not others

    def hold(
        self, command: Command, known: Prefetch | None, puts: Sequence[Item], adds: Sequence[Add]
    ) -> None:
        """Put off such a commit, and lay it over what is known."""
        self.put_off.append(((command,), lambda answers: unwrap(answers[0])))
        self.unsettled = True
        if known is not None:
            sums = add_up(adds, lambda name: known.number(name) or 0)
            self.prefetched = known.lay_over(puts, (), adds, list(sums.values()))

    def take_afterwards(self) -> Sequence[Callable[[], object]]:
        """Take what is to be done when all is written."""
        todo, self.afterwards = self.afterwards, []
        return todo
