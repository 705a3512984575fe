"""What one thread knows of the store, and what it has not sent yet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from emulator.stores.redis.ahead import Numbers
from emulator.stores.redis.commands import Command
from emulator.stores.redis.prefetch import Prefetch
from emulator.stores.redis.transaction import Transaction

TakeAnswers = Callable[[list[Any]], object]
"""Takes the answers to commands that were put off; raises what is wrong with them."""


@dataclass
class RedisSession:
    """What one thread knows, holds back, does when that is written, and sends with its next command."""

    plays: bool = False
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

    def take_put_off(self) -> tuple[list[Command], TakeAnswers]:
        """Take what was put off: its commands, and what checks all of their answers."""
        put_off, self.put_off, self.blobs = self.put_off, [], {}

        def check(answers: list[Any]) -> None:
            for commands, each in put_off:
                each(answers[: len(commands)])
                answers = answers[len(commands) :]

        return [command for commands, _ in put_off for command in commands], check
