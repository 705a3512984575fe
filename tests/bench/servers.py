"""Which WSGI server answers a bare Flask route best: `python -m tests.bench.servers`."""

from __future__ import annotations

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from urllib.request import urlopen

from tests.bench.load import Load, load, request
from tests.bench.process import Running, free_port, running
from tests.bench.rows import row

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
PEERS = ("waitress", "granian")
"""Servers that nothing of ours needs; measured where they are installed."""
SLOW_CALLS = 20


def main() -> None:
    """Print each server's rate, latency, start, memory, and a fast call while slow ones wait."""
    for name, threads in CANDIDATES:
        if name in PEERS and find_spec(name) is None:
            row(f"{name}, {threads} threads", f"not installed: pip install {name}")
            continue
        port = free_port()
        command = [sys.executable, "-m", "tests.bench.bare", name, str(port), str(threads)]
        with running(command, port, "/bare") as server:
            row(f"{name}, {threads} threads", _measured(server))


def _measured(server: Running) -> str:
    found = max((load(server.port, request("GET", "/bare"), seconds=1.5) for _ in range(3)), key=_rate)
    beside = _fast_call_beside_slow_ones(server.port) * 1000
    p50, p99 = (found.percentile(percent) * 1000 for percent in (50, 99))
    return (
        f"{found.rate:,.0f}/s, p50 {p50:.1f} ms, p99 {p99:.1f} ms, "
        f"{beside:.1f} ms beside {SLOW_CALLS} slow calls, "
        f"ready in {server.ready_after:.2f} s, {server.resident_mb():.0f} MB"
    )


def _rate(measured: Load) -> float:
    return measured.rate


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
