"""Answers that are held until something fits, or the time is up."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from emulator.control.answers import the_program, when_gone
from emulator.watch.feed import News

Waited = TypeVar("Waited")

GLANCE = 1.0
"""Real seconds after which an answer that is held looks again: what another process did may go unheard."""


def hold(
    sandbox_id: str, wait: float, kind: str, look: Callable[[], Waited | None], fits: Callable[[News], bool]
) -> Waited | None:
    """Look again whenever news of a kind fits, for at most `wait` real seconds; None when nothing was."""
    deadline = time.monotonic() + wait
    with the_program().feed.subscribe(sandbox_id, kinds={kind, "sandbox"}) as news:
        when_gone(news.close)
        while True:
            found, looked_at = look(), time.monotonic()
            if found is not None or news.closed or looked_at >= deadline:
                return found
            again = min(deadline, looked_at + GLANCE)
            while not news.closed and (left := again - time.monotonic()) > 0:
                told = news.take(left)
                if told is not None and told[0] == kind and fits(told):
                    break
