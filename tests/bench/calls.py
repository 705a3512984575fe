"""Calls of a vendor's API, as ratios to a bare Flask route on the same server in the same run."""

from __future__ import annotations

import socket
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median

import requests

from tests.bench.letter import BODY
from tests.bench.load import request
from tests.bench.process import Running, free_port, running
from tests.bench.rows import row
from tests.bench.wrk import TOOL, Measured, measure

ROUNDS = 3
STORED = 100_000
SLOW_CALLS = IDLE = 2_000
KEY = {"accessToken": "ifax-test-key"}
SEND = "/ifax/v1/customer/fax-send"
READY = "/_localfax/ready"


def main() -> None:
    """Print the rows of sending, reading, a full store, and slow calls beside a fast one."""
    with ExitStack() as stack:
        bare, still, moving, full = (
            stack.enter_context(each)
            for each in (
                served("tests.bench.bare", "localfax", "{port}", "48", path="/bare"),
                served("tests.bench.prefilled", "{port}", "0"),
                served("emulator.cli", "serve", "--port", "{port}"),
                served("tests.bench.prefilled", "{port}", str(STORED)),
            )
        )
        send = request("POST", SEND, headers=KEY, body=BODY)
        jobs = [send_one(still) for _ in range(16)]
        status = [
            request("POST", "/ifax/v1/customer/fax-status", headers=KEY, body={"jobId": job}) for job in jobs
        ]
        nothing = request("POST", "/bare", body=BODY)
        found = measures_of((bare, nothing), (still, send), (still, status), (moving, send), (full, send))
        _print(*found)
        _slow_calls(moving)


def served(module: str, *arguments: str, path: str = READY, patience: float = 30.0):
    """Run a module as a server; `{port}` in its arguments is a free port."""
    port = free_port()
    command = [sys.executable, "-m", module, *(each.format(port=port) for each in arguments)]
    return running(command, port, path, patience=patience)


def rates(*measures: tuple[Running, bytes | Sequence[bytes]]) -> list[float]:
    """Measure each in turn, several times over, so that all meet the same noise; give the medians."""
    return [found.rate for found in measures_of(*measures)]


def measures_of(*measures: tuple[Running, bytes | Sequence[bytes]]) -> list[Measured]:
    """As `rates`, with latencies: of each, the round whose rate is the median."""
    rounds = [[_measure(server, calls) for server, calls in measures] for _ in range(ROUNDS)]
    return [sorted(each, key=lambda found: found.rate)[ROUNDS // 2] for each in zip(*rounds, strict=True)]


def _measure(server: Running, calls: bytes | Sequence[bytes]) -> Measured:
    measured = measure(server.port, calls)
    assert measured.failed == 0, measured
    return measured


def _print(bare: Measured, send: Measured, status: Measured, moving: Measured, full: Measured) -> None:
    row("load by", TOOL)
    row("bare Flask route, POST of 1 kB", told(bare), "13,000/s", bare.rate >= 13_000)
    enough = send.rate >= max(7_000, bare.rate / 2)
    row("iFax send, clock standing", told(send, bare), "7,000/s, half of the bare route", enough)
    row("iFax send, clock running at 20", told(moving, bare))
    enough = status.rate >= max(14_000, 0.9 * bare.rate)
    row("iFax status", told(status, bare), "14,000/s, 90 % of the bare route", enough)
    enough = full.rate >= 0.8 * send.rate
    row(f"iFax send with {STORED:,} faxes stored", told(full, send), "80 % of an empty store", enough)


def told(found: Measured, other: Measured | None = None) -> str:
    share = f" ({found.rate / other.rate:.0%})" if other else ""
    return f"{found.rate:,.0f}/s{share}, p99 {found.p99 * 1000:.1f} ms"


def ratio(rate: float, bare: float) -> str:
    return f"{rate:,.0f}/s ({rate / bare:.0%})"


def send_one(server: Running) -> int:
    answer = requests.post(f"http://127.0.0.1:{server.port}{SEND}", json=BODY, headers=KEY, timeout=30)
    return int(answer.json()["data"]["jobId"])


def _slow_calls(server: Running) -> None:
    root = f"http://127.0.0.1:{server.port}"
    rule = {"name": "slow", "match": {"to": "+12125550199"}, "http": {"delay": 5}}
    requests.post(f"{root}/_localfax/sandboxes/default/scenarios", json=rule, timeout=30).raise_for_status()
    slow = request("POST", SEND, headers=KEY, body=BODY | {"faxNumber": "+12125550199"})
    before = _threads(server)
    with ExitStack() as stack:
        for _ in range(SLOW_CALLS):
            held = socket.create_connection(("127.0.0.1", server.port))
            stack.enter_context(held).sendall(slow)
        taken = [_fast_call(root) for _ in range(20)]
        more = _threads(server) - before
    found = f"{median(taken) * 1000:.1f} ms, at most {max(taken) * 1000:.1f}; {more} threads more"
    row(f"a fast send beside {SLOW_CALLS:,} delayed ones", found, "5 ms", median(taken) < 0.005)
    with ExitStack() as stack:
        for _ in range(IDLE):
            stack.enter_context(socket.create_connection(("127.0.0.1", server.port)))
        taken = [_fast_call(root) for _ in range(20)]
    found = f"{median(taken) * 1000:.1f} ms, at most {max(taken) * 1000:.1f}"
    row(f"a fast send beside {IDLE:,} idle connections", found, "5 ms", median(taken) < 0.005)


def _fast_call(root: str) -> float:
    with requests.Session() as session:
        session.get(root + "/_localfax/health", timeout=30)
        begun = time.perf_counter()
        session.post(root + SEND, json=BODY, headers=KEY, timeout=30)
        return time.perf_counter() - begun


def _threads(server: Running) -> int:
    return len(list(Path(f"/proc/{server.process.pid}/task").iterdir()))
