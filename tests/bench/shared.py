"""The same figures over a Redis store, with one and two workers; none of them must reach anything."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

from emulator.app import App
from emulator.config import Config
from tests.bench import clocks, webhooks
from tests.bench.calls import KEY, SEND, rates, ratio, send_one, served
from tests.bench.letter import BODY
from tests.bench.load import request
from tests.bench.rows import row
from tests.stores.redis_server import redis_server


def main() -> None:
    """Print the rows of a Redis store; without redis-server there are none."""
    if shutil.which("redis-server") is None:
        row("redis-server is not installed", "")
        return
    with tempfile.TemporaryDirectory() as folder, redis_server(Path(folder)) as redis:
        _calls(redis.url)
        redis.client.flushall()
        app = App(Config(speed=0.0, store=redis.url))
        try:
            clocks.state_changes(app, 300, judged=False)
            clocks.cycles(app, judged=False)
            clocks.lateness(app, 100, judged=False)
            webhooks.measure(app, 0, 1000, 10, judged=False)
            clocks.idle(app)
        finally:
            app.close()


def _calls(url: str) -> None:
    with ExitStack() as stack:
        options = ("serve", "--port", "{port}", "--speed", "0", "--seed", "bench")
        bare = stack.enter_context(served("tests.bench.bare", "localfax", "{port}", "48", path="/bare"))
        memory, one, two = (
            stack.enter_context(served("emulator.cli", *options, *store))
            for store in ((), ("--store", f"{url}/0"), ("--store", f"{url}/1", "--workers", "2"))
        )
        nothing, send = request("POST", "/bare", body=BODY), request("POST", SEND, headers=KEY, body=BODY)
        jobs = {server: send_one(server) for server in (memory, one, two)}
        reads = {
            server: request("POST", "/ifax/v1/customer/fax-status", headers=KEY, body={"jobId": job})
            for server, job in jobs.items()
        }
        sends = rates((bare, nothing), *((server, send) for server in jobs))
        found = rates(*reads.items())
    names = ("memory", "Redis, one worker", "Redis, two workers")
    for name, sent, read in zip(names, sends[1:], found, strict=True):
        row(f"iFax send, {name}", ratio(sent, sends[0]))
        row(f"iFax status, {name}", ratio(read, sends[0]))
