"""A load client in pure Python: keep-alive connections, one call in flight on each, no pipelining.

A server that closes its connections gets new ones, and its measure holds the price of that.
"""

from __future__ import annotations

import json
import re
import selectors
import socket
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from multiprocessing import get_context

ANSWER_WITHIN = 30.0
"""Seconds without any answer after which a server counts as hung."""

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CLOSES = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)


@dataclass(frozen=True)
class Load:
    """What a load run measured: seconds it took, each call's latency in seconds, answers by status."""

    seconds: float
    latencies: tuple[float, ...]
    statuses: Mapping[int, int]

    @property
    def rate(self) -> float:
        """Calls a second."""
        return len(self.latencies) / self.seconds

    def percentile(self, percent: float) -> float:
        """Give the latency, in seconds, that so many percent of the calls stay within."""
        return self.latencies[min(len(self.latencies) - 1, int(len(self.latencies) * percent / 100))]

    def __str__(self) -> str:
        p50, p99 = (self.percentile(percent) * 1000 for percent in (50, 99))
        return f"{self.rate:8,.0f}/s   p50 {p50:6.2f} ms   p99 {p99:6.2f} ms   {dict(self.statuses)}"


def request(
    method: str, path: str, *, headers: Mapping[str, str] | None = None, body: bytes | object = b""
) -> bytes:
    """Write a request as it goes over the wire; a body that is no bytes is sent as JSON."""
    lines = {"Host": "localhost"} | dict(headers or {})
    if not isinstance(body, bytes):
        body = json.dumps(body).encode()
        lines["Content-Type"] = "application/json"
    if body:
        lines["Content-Length"] = str(len(body))
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body


def load(
    port: int,
    requests: bytes | Sequence[bytes],
    *,
    connections: int = 16,
    seconds: float = 2.0,
    processes: int = 1,
) -> Load:
    """Send the requests, in turn, over loopback connections for so many seconds; measure every call."""
    wanted = [requests] if isinstance(requests, bytes) else list(requests)
    run = partial(_run, port, wanted, connections // processes, seconds)
    if processes == 1:
        return _merged([run(0)])
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        return _merged(list(pool.map(run, range(processes))))


def _merged(runs: Sequence[Load]) -> Load:
    latencies = sorted(each for run in runs for each in run.latencies)
    statuses = sum((Counter(run.statuses) for run in runs), Counter[int]())
    return Load(max(run.seconds for run in runs), tuple(latencies), statuses)


class _Client:
    """One connection after the other, a call on it in flight."""

    def __init__(self, port: int, selector: selectors.BaseSelector) -> None:
        self.port = port
        self.selector = selector
        self.sent_at = 0.0
        self.received = bytearray()
        self.connection: socket.socket | None = None

    def send(self, call: bytes) -> None:
        self.sent_at = time.perf_counter()
        self.received.clear()
        if self.connection is None:
            self.connection = socket.create_connection(("127.0.0.1", self.port), timeout=ANSWER_WITHIN)
            self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.selector.register(self.connection, selectors.EVENT_READ, self)
        self.connection.sendall(call)

    def receive(self) -> int | None:
        """Read what is there; give the status when the answer is complete."""
        assert self.connection is not None
        data = self.connection.recv(65536)
        if not data:
            raise ConnectionError(f"the server cut the connection after {bytes(self.received[:200])!r}")
        self.received += data
        head = self.received.find(b"\r\n\r\n")
        if head < 0 or not self._complete(head):
            return None
        if _CLOSES.search(self.received, 0, head):
            self.close()
        return int(self.received[9:12])

    def close(self) -> None:
        if self.connection is not None:
            self.selector.unregister(self.connection)
            self.connection.close()
            self.connection = None

    def _complete(self, head: int) -> bool:
        length = _LENGTH.search(self.received, 0, head)
        if length:
            return len(self.received) >= head + 4 + int(length[1])
        return self.received[9:12] in (b"204", b"304") or self.received.endswith(b"\r\n0\r\n\r\n")


def _run(port: int, requests: Sequence[bytes], connections: int, seconds: float, offset: int) -> Load:
    upcoming = cycle([*requests[offset:], *requests[:offset]])
    latencies: list[float] = []
    statuses: Counter[int] = Counter()
    with selectors.DefaultSelector() as selector:
        start = time.perf_counter()
        for _ in range(connections):
            _Client(port, selector).send(next(upcoming))
        while selector.get_map():
            for client, status in _answers(selector):
                now = time.perf_counter()
                latencies.append(now - client.sent_at)
                statuses[status] += 1
                if now - start < seconds:
                    client.send(next(upcoming))
                else:
                    client.close()
    return Load(time.perf_counter() - start, tuple(latencies), statuses)


def _answers(selector: selectors.BaseSelector) -> Iterator[tuple[_Client, int]]:
    ready = selector.select(ANSWER_WITHIN)
    if not ready:
        raise TimeoutError(f"no answer within {ANSWER_WITHIN} seconds")
    for key, _ in ready:
        status = key.data.receive()
        if status is not None:
            yield key.data, status
