"""What becomes of the figures as there is more: faxes stored, sandboxes running, webhooks due at once."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

from emulator.app import App
from emulator.config import Config
from tests.bench import clocks, webhooks
from tests.bench.calls import KEY, SEND, rates, served
from tests.bench.letter import BODY
from tests.bench.load import request
from tests.bench.rows import row
from tests.stores.redis_server import redis_server

STORED = (1_000, 10_000, 100_000, 1_000_000)
RUNNING = (1, 100, 1_000)
DUE = 10_000
PAGE = "/_localfax/sandboxes/default/faxes?limit=50"


def main() -> None:
    """Print the rows of growth, in memory and over Redis."""
    _stored("memory", STORED)
    _running("memory")
    if shutil.which("redis-server") is None:
        row("redis-server is not installed", "")
        return
    with tempfile.TemporaryDirectory() as folder, redis_server(Path(folder)) as redis:
        for count in STORED[:3]:
            redis.client.flushall()
            _stored(redis.url, (count,))
        redis.client.flushall()
        _running(redis.url)


def _running(store: str) -> None:
    """Measure many running clocks, and many webhooks that are due at one instant."""
    row("memory" if store == "memory" else "Redis", "")
    judged = store == "memory"
    app = App(Config(speed=0.0, store=store))
    try:
        for count in RUNNING:
            clocks.lateness(app, count, judged=judged)
        webhooks.measure(app, 0, DUE, 1, judged=judged)
        clocks.idle(app)
    finally:
        app.close()


def _stored(store: str, counts: tuple[int, ...]) -> None:
    """Send to, and list, a sandbox that holds so many faxes; the sizes in turn: all meet the same noise."""
    send, listing = request("POST", SEND, headers=KEY, body=BODY), request("GET", PAGE)
    with ExitStack() as stack:
        servers = [
            stack.enter_context(served("tests.bench.prefilled", "{port}", str(count), store, patience=3600))
            for count in counts
        ]
        memory = [server.resident_mb() for server in servers]
        sends = rates(*((server, send) for server in servers))
        lists = rates(*((server, listing) for server in servers))
    name = "memory" if store == "memory" else "Redis"
    for count, used, sent, listed in zip(counts, memory, sends, lists, strict=True):
        row(f"{name}, {count:,} faxes: sends, pages of 50", f"{sent:,.0f}/s, {listed:,.0f}/s, {used:,.0f} MB")
