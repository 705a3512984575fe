"""Webhooks of running clocks: how many a second, none lost, none held up by slow receivers."""

from __future__ import annotations

import sys
import time
from urllib.request import urlopen

from emulator.app import App
from emulator.config import Config
from emulator.core.faxes.fax import Submission
from emulator.core.sandbox import Hook, Mode, Sandbox
from tests.bench.process import Running, free_port, running
from tests.bench.rows import row

WEBHOOKS = 4000
SANDBOXES = 40
SLOW_RECEIVERS = 5
SLOW = 3.0
"""Seconds that a slow receiver takes for each webhook."""


def main() -> None:
    """Print the rows of webhooks, alone and beside slow receivers."""
    for slow in (0, SLOW_RECEIVERS):
        app = App(Config(speed=0.0))
        try:
            measure(app, slow)
        finally:
            app.close()


def measure(
    app: App, slow: int = 0, count: int = WEBHOOKS, sandboxes: int = SANDBOXES, *, judged: bool = True
) -> None:
    """Have so many webhooks due at one instant and wait until they were taken."""
    with receiver(0.0) as fast, receiver(SLOW) as late:
        for number in range(slow):
            # One process answers for all: each name is a destination of its own.
            for sandbox in _sandboxes(app, 4, f"http://127.0.0.{number + 2}:{late.port}/hook"):
                _send(app, sandbox, 5)
        made = _sandboxes(app, sandboxes, f"http://127.0.0.1:{fast.port}/hook")
        for sandbox in made:
            _send(app, sandbox, count // sandboxes)
        begun = time.perf_counter()
        for sandbox in made:
            app.sandboxes.set_clock(sandbox.id, mode=Mode.running, speed=1e6)
        while (taken := taken_by(fast)) < count and time.perf_counter() - begun < 60:
            time.sleep(0.02)
        rate = taken / (time.perf_counter() - begun)
    beside = f" beside {slow} receivers of {SLOW:g} s each" if slow else ""
    what = f"{count:,} webhooks{beside}, {count - taken} lost"
    row(what, f"{rate:,.0f}/s", "2,000/s, none lost", rate >= 2000, judged)


def receiver(delay: float):
    port = free_port()
    return running([sys.executable, "-m", "tests.bench.sink", str(port), str(delay)], port)


def _sandboxes(app: App, count: int, url: str) -> list[Sandbox]:
    hooks = {"ifax": {"outbound": Hook(url)}}
    return [app.sandboxes.create(mode=Mode.manual, hooks=hooks) for _ in range(count)]


def _send(app: App, sandbox: Sandbox, count: int) -> None:
    for number in range(count):
        fax = Submission("ifax", "+12125550123", vendor_id=str(number), pages=1)
        app.engine.world(sandbox.id).submit(fax)


def taken_by(receiver: Running) -> int:
    with urlopen(f"http://127.0.0.1:{receiver.port}/", timeout=30) as answer:
        return int(answer.read())
