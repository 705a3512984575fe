"""Calls of a vendor's API, as ratios to a bare Flask route on the same server in the same run."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from statistics import median

import requests

from tests.bench.letter import BODY
from tests.bench.load import load, request
from tests.bench.process import Running, free_port, running
from tests.bench.rows import row

ROUNDS = 3
SECONDS = 1.5
STORED = 100_000
SLOW_CALLS = 20
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
        found = rates((bare, nothing), (still, send), (still, status), (moving, send), (full, send))
        _print(*found)
        _slow_calls(moving)


def served(module: str, *arguments: str, path: str = READY, patience: float = 30.0):
    """Run a module as a server; `{port}` in its arguments is a free port."""
    port = free_port()
    command = [sys.executable, "-m", module, *(each.format(port=port) for each in arguments)]
    return running(command, port, path, patience=patience)


def rates(*measures: tuple[Running, bytes | Sequence[bytes]]) -> list[float]:
    """Measure each in turn, several times over, so that all meet the same noise; give the medians."""
    rounds = [[_rate(server, calls) for server, calls in measures] for _ in range(ROUNDS)]
    return [median(each) for each in zip(*rounds, strict=True)]


def _rate(server: Running, calls: bytes | Sequence[bytes]) -> float:
    measured = load(server.port, calls, seconds=SECONDS)
    assert set(measured.statuses) == {200}, measured.statuses
    return measured.rate


def _print(bare: float, send: float, status: float, moving: float, full: float) -> None:
    row("bare Flask route, POST of 1 kB", f"{bare:,.0f}/s", "", True)
    row("iFax send, clock standing", ratio(send, bare), "half of the bare route", send >= bare / 2)
    row("iFax send, clock running at 20", ratio(moving, bare), "", True)
    row("iFax status", ratio(status, bare), "60 % of the bare route", status >= 0.6 * bare)
    shown = f"{full:,.0f}/s ({full / send:.0%})"
    row(f"iFax send with {STORED:,} faxes stored", shown, "80 % of an empty store", full >= 0.8 * send)


def ratio(rate: float, bare: float) -> str:
    return f"{rate:,.0f}/s ({rate / bare:.0%})"


def send_one(server: Running) -> int:
    answer = requests.post(f"http://127.0.0.1:{server.port}{SEND}", json=BODY, headers=KEY, timeout=30)
    return int(answer.json()["data"]["jobId"])


def _slow_calls(server: Running) -> None:
    root = f"http://127.0.0.1:{server.port}"
    rule = {"name": "slow", "match": {"to": "+12125550199"}, "http": {"delay": 1}}
    requests.post(f"{root}/_localfax/sandboxes/default/scenarios", json=rule, timeout=30).raise_for_status()
    slow = BODY | {"faxNumber": "+12125550199"}
    with ThreadPoolExecutor(SLOW_CALLS) as clients, requests.Session() as session:
        under_way = [
            clients.submit(requests.post, root + SEND, json=slow, headers=KEY, timeout=30)
            for _ in range(SLOW_CALLS)
        ]
        time.sleep(0.3)
        taken = []
        for _ in range(10):
            begun = time.perf_counter()
            session.post(root + SEND, json=BODY, headers=KEY, timeout=30)
            taken.append(time.perf_counter() - begun)
        for each in under_way:
            each.result()
    found = median(taken) * 1000
    row(f"a fast call beside {SLOW_CALLS} delayed ones", f"{found:.1f} ms", "a few ms", found < 10)
