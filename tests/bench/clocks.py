"""Virtual time: state changes a second, a test's whole cycle, and the lateness of running clocks."""

from __future__ import annotations

import threading
import time
from statistics import median
from typing import Any

import requests

from emulator.app import App
from emulator.config import Config
from emulator.core.engine.player import Target
from emulator.core.faxes.fax import Submission
from emulator.core.sandbox import Mode
from emulator.server.http_server import in_process
from tests.bench.letter import BODY
from tests.bench.rows import row
from tests.receiver import Receiver

FAXES = 3000
CYCLES = 50
SANDBOXES = 1000
SPEED = 4.0
"""Virtual seconds a second, so that a fax of a thousand sandboxes lives for about nine seconds."""


def main() -> None:
    """Print the rows of time."""
    app = App(Config(speed=0.0))
    try:
        state_changes(app)
        cycles(app)
        lateness(app)
        idle(app)
    finally:
        app.close()


def state_changes(app: App, faxes: int = FAXES, *, judged: bool = True) -> None:
    sandbox = app.sandboxes.create(mode=Mode.manual)
    for number in range(faxes):
        app.engine.world(sandbox.id).submit(_fax(number))
    begun = time.perf_counter()
    played = app.player.advance(sandbox.id, Target())
    rate = len(played) / (time.perf_counter() - begun)
    row(f"state changes, {faxes:,} whole lives", f"{rate:,.0f}/s", "20,000/s", rate >= 20_000, judged)
    app.store.remove(sandbox.id)


def cycles(app: App, *, judged: bool = True) -> None:
    with in_process(app, threads=24) as server, Receiver() as receiver, requests.Session() as session:
        taken = [_cycle(session, server.url, receiver) for _ in range(CYCLES)]
    found = median(taken) * 1000
    row("sandbox, send, advance with webhook, assert", f"{found:.1f} ms", "25 ms", found <= 25, judged)


def _cycle(session: requests.Session, url: str, receiver: Receiver) -> float:
    def call(path: str, body: Any, **headers: str) -> Any:
        return session.post(url + path, json=body, headers=headers, timeout=30).json()

    begun = time.perf_counter()
    wanted = {"clock": {"mode": "manual"}, "webhooks": {"ifax": {"outbound": receiver.url}}}
    made = call("/_localfax/sandboxes", wanted)
    key = made["vendors"]["ifax"]["credentials"]["accessToken"]
    job = call("/ifax/v1/customer/fax-send", BODY, accessToken=key)["data"]["jobId"]
    played = call(f"/_localfax/sandboxes/{made['id']}/clock/advance", {"until": "idle"})
    assert played["timeline"][-1]["status"] == 200
    assert receiver.requests[-1].json()["jobId"] == job
    return time.perf_counter() - begun


def lateness(app: App, count: int = SANDBOXES, *, judged: bool = True) -> None:
    late: list[float] = []
    app.player._late = late.append
    sandboxes = [app.sandboxes.create(mode=Mode.running, speed=SPEED) for _ in range(count)]
    for number, sandbox in enumerate(sandboxes):
        app.engine.world(sandbox.id).submit(_fax(number))
        time.sleep(0.002)
    while any(app.store.of(sandbox.id).due() for sandbox in sandboxes):
        time.sleep(0.1)
    late.sort()
    found = late[int(len(late) * 0.99)] * 1000
    what = f"lateness, {count:,} sandboxes running, {len(late):,} steps"
    row(what, f"p99 {found:.1f} ms", "p99 50 ms", found <= 50, judged)
    for sandbox in sandboxes:
        app.store.remove(sandbox.id)


def idle(app: App) -> None:
    used = time.process_time()
    threading.Event().wait(2)
    found = (time.process_time() - used) / 2
    row("processor time of the same program when idle", f"{found:.2%}", "none", found < 0.005)


def _fax(number: int) -> Submission:
    return Submission("ifax", "+12125550123", vendor_id=str(number), pages=1)
