"""Which WSGI server answers a bare Flask route best: `python -m tests.bench.servers`."""

from __future__ import annotations

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.request import urlopen

from tests.bench.load import load, request
from tests.bench.process import Running, free_port, running

CANDIDATES = (
    ("localfax", 48),
    ("waitress", 32),
    ("granian", 1),
    ("granian", 8),
    ("granian", 16),
    ("granian", 32),
    ("granian", 64),
    ("werkzeug", 0),
)
SLOW_CALLS = 20


def main() -> None:
    """Print each server's rate, latency, start, memory, and a fast call while slow ones wait."""
    print("server    threads   calls/s   p50 ms   p99 ms   ready s   MB   fast call beside 20 slow, ms")
    for name, threads in CANDIDATES:
        port = free_port()
        command = [sys.executable, "-m", "tests.bench.bare", name, str(port), str(threads)]
        with running(command, port, "/bare") as server:
            print(f"{name:9} {threads:7}{_row(server)}", flush=True)


def _row(server: Running) -> str:
    measured = _best(server.port)
    beside = _fast_call_beside_slow_ones(server.port) * 1000
    return f"{measured:>10}   {server.ready_after:7.2f} {server.resident_mb():4.0f}   {beside:10.1f}"


def _best(port: int) -> str:
    call = request("GET", "/bare")
    best = max((load(port, call, seconds=1.5) for _ in range(3)), key=lambda each: each.rate)
    return f"{best.rate:10,.0f} {best.percentile(50) * 1000:8.2f} {best.percentile(99) * 1000:8.2f}"


def _fast_call_beside_slow_ones(port: int) -> float:
    with ThreadPoolExecutor(SLOW_CALLS) as clients:
        slow = [clients.submit(_get, port, "/slow") for _ in range(SLOW_CALLS)]
        time.sleep(0.3)
        start = time.perf_counter()
        _get(port, "/bare")
        taken = time.perf_counter() - start
        for each in slow:
            each.result()
    return taken


def _get(port: int, path: str) -> None:
    urlopen(f"http://127.0.0.1:{port}{path}", timeout=60).close()


if __name__ == "__main__":
    main()
