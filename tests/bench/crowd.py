"""A Redis that holds a million faxes and ten thousand sandboxes: what it takes, and what calls cost then.

`python -m tests.bench crowd`, or with sizes of one's own `python -m tests.bench.crowd FAXES SANDBOXES …`.
Costs are processor time, of the server and of redis-server: what else runs on the machine matters little.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import requests

from emulator.app import App
from emulator.config import Config
from emulator.core.engine.sandboxes import DEFAULT
from emulator.core.faxes.fax import Submission
from emulator.core.sandbox import Mode
from tests.bench.calls import KEY, SEND, served
from tests.bench.letter import BODY
from tests.bench.process import Running
from tests.bench.rows import row
from tests.stores.redis_server import RedisServer, redis_server

SIZES = ((1_000, 10), (100_000, 1_000), (1_000_000, 10_000))
"""Faxes, of which half are in one sandbox, and sandboxes; each size is reached from the one before."""
AT_ONCE, CALLS, IDLE = 100, 200, 5.0
STATUS = "/ifax/v1/customer/fax-status"


def main(sizes: tuple[tuple[int, int], ...] = SIZES) -> None:
    """Print the rows."""
    with tempfile.TemporaryDirectory() as folder, redis_server(Path(folder)) as redis:
        for before, size in zip(((0, 1), *sizes), sizes, strict=False):
            _fill(redis.url, before, size)
            what, used = f"{size[0]:,} faxes, {size[1]:,} sandboxes", redis.client.info("memory")
            row(f"{what}: memory of Redis", f"{used['used_memory'] / 2**20:,.0f} MB")
            with served(
                "emulator.cli", "serve", "--port", "{port}", "--speed", "0", "--store", redis.url
            ) as server:
                row(f"{what}: start", f"{server.ready_after:.1f} s")
                _costs(what, server, redis)


def _fill(store: str, before: tuple[int, int], size: tuple[int, int]) -> None:
    """Add faxes that stand still: half of them to the default sandbox, half to all others alike."""
    app = App(Config(speed=0.0, store=store, seed="bench"))
    try:
        made = [app.sandboxes.create(mode=Mode.manual).id for _ in range(size[1] - before[1])]
        more = size[0] - before[0]
        _submit(app, DEFAULT, before[0], more // 2)
        for place, sandbox in enumerate(made):
            each = more // 2 // len(made)
            _submit(app, sandbox, before[0] + place * each, each)
    finally:
        app.close()


def _submit(app: App, sandbox: str, first: int, count: int) -> None:
    world = app.engine.world(sandbox)
    for begin in range(first, first + count, AT_ONCE):
        with world.store.together():
            for number in range(begin, min(begin + AT_ONCE, first + count)):
                world.submit(Submission("ifax", "+12125550123", vendor_id=f"old-{number}", pages=1))


def _costs(what: str, server: Running, redis: RedisServer) -> None:
    root = f"http://127.0.0.1:{server.port}"
    with requests.Session() as session:

        def post(path: str, body: object) -> requests.Response:
            return session.post(root + path, json=body, headers=KEY, timeout=60)

        job = post(SEND, BODY).json()["data"]["jobId"]
        acts: dict[str, Callable[[], object]] = {
            "a send": lambda: post(SEND, BODY),
            "a status": lambda: post(STATUS, {"jobId": job}),
            "a page of 50 faxes": lambda: session.get(f"{root}/_localfax/sandboxes/default/faxes?limit=50"),
            "a page of 100 sandboxes": lambda: session.get(f"{root}/_localfax/sandboxes?limit=100"),
        }
        for name, act in acts.items():
            for _ in range(20):
                act()
            own, theirs = _spent(server, redis, lambda act=act: [act() for _ in range(CALLS)])
            row(f"{what}: {name}", f"{own / CALLS * 1e6:,.0f} + {theirs / CALLS * 1e6:,.0f} us")
    own, theirs = _spent(server, redis, lambda: time.sleep(IDLE))
    row(f"{what}: idle", f"{own / IDLE:.1%} + {theirs / IDLE:.1%}")


def _spent(server: Running, redis: RedisServer, do: Callable[[], object]) -> tuple[float, float]:
    """Give the seconds of processor time that the server, and Redis, take for something."""
    pids = server.process.pid, redis.client.info("server")["process_id"]
    before = [_processor_time(pid) for pid in pids]
    do()
    own, theirs = (_processor_time(pid) - time for pid, time in zip(pids, before, strict=True))
    return own, theirs


def _processor_time(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    main(tuple(zip(given[::2], given[1::2], strict=True)) or SIZES)
