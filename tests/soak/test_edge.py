"""One server under everything at once: delays, cuts, streams that leave, slow senders, thousands idle, dear
documents. Its memory, threads and descriptors must stay what they were.

The short form runs with all tests; the long one, ten minutes, is asked for by name (make soak).
"""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import astuple, dataclass, field
from pathlib import Path
from statistics import median

import pytest
import requests

from tests.bench.process import free_port, running
from tests.conftest import WAIT, Control
from tests.sending import send
from tests.test_bombs import BOMBS

SHORT, LONG = (
    pytest.param(6.0, 100, id="short"),
    pytest.param(600.0, 2_000, id="long", marks=pytest.mark.soak),
)
"""Seconds that it takes, and how many connections idle meanwhile."""
SAMPLES = 40
SLOW = {"name": "slow", "http": {"delay": 1.5}, "match": {"to": "+12125550199"}}
CUT = {"name": "cut", "http": {"drop": "after"}, "match": {"to": "+12125550198"}}
HALF = b"POST /ifax/v1/customer/fax-send HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n{"
EVENTS = b"GET /_localfax/sandboxes/default/events HTTP/1.1\r\nHost: localhost\r\n\r\n"


@dataclass
class Storm:
    """Clients that go on until the time is up, and what they count."""

    url: str
    port: int
    until: float
    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def run(self, name: str, act: Callable[[], None]) -> None:
        """Act again and again; what is raised is kept."""
        while time.monotonic() < self.until:
            try:
                act()
                self.counts[name] += 1
            except Exception as error:
                self.wrong.append(f"{name}: {error!r}")

    def send(self) -> None:
        """Make a sandbox, send, read and remove it."""
        control = Control(self.url).create()
        for _ in range(20):
            assert send(control, "ifax").status_code == 200
        control.advance()
        assert {fax["state"] for fax in control.faxes()} == {"delivered"}
        control.call("DELETE", f"/sandboxes/{control.id}", 204)

    def delay_and_cut(self) -> None:
        """Have an answer delayed, and one cut off."""
        control = Control(self.url).create()
        control.script(**SLOW)
        control.script(**CUT)
        assert send(control, "ifax", "+12125550199").status_code == 200
        with suppress(requests.ConnectionError):
            send(control, "ifax", "+12125550198")
        control.call("DELETE", f"/sandboxes/{control.id}", 204)

    def listen_and_leave(self) -> None:
        """Begin to listen, and leave without a word."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=WAIT) as client:
            client.sendall(EVENTS)
            assert client.recv(12) == b"HTTP/1.1 200"

    def stop_in_the_middle(self) -> None:
        """Send half of a request, and leave."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=WAIT) as client:
            client.sendall(HALF)

    def send_dear_documents(self) -> None:
        """Send what is dear to read."""
        control = Control(self.url).create()
        for content in BOMBS.values():
            document = {"fileName": "a.pdf", "fileData": b64encode(content).decode()}
            requests.post(
                f"{control.base_url('ifax')}/v1/customer/fax-send",
                json={"faxNumber": "+12125550123", "faxData": [document]},
                headers={"accessToken": next(iter(control.credentials("ifax").values()))},
                timeout=WAIT,
            )
        control.call("DELETE", f"/sandboxes/{control.id}", 204)


@dataclass(frozen=True)
class Sample:
    """What a process has at one moment: memory in MB, threads, descriptors."""

    memory: float
    threads: int
    descriptors: int


def look(pid: int) -> Sample:
    status = dict(
        line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines() if ":" in line
    )
    memory = int(status["VmRSS"].split()[0]) / 1024
    return Sample(memory, int(status["Threads"]), len(list(Path(f"/proc/{pid}/fd").iterdir())))


@pytest.fixture
def serving() -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    port = free_port()
    command = [sys.executable, "-m", "emulator.cli", "serve", "--port", str(port), "--speed", "0"]
    with running(command, port, "/_localfax/ready") as server:
        yield server.process, port


@pytest.mark.parametrize(("seconds", "idle"), [SHORT, LONG])
def test_memory_threads_and_descriptors_stay_what_they_are(
    serving: tuple[subprocess.Popen[bytes], int],
    seconds: float,
    idle: int,
    record_property: Callable[[str, object], None],
) -> None:
    process, port = serving
    storm = Storm(f"http://127.0.0.1:{port}", port, time.monotonic() + seconds)
    idlers = [socket.create_connection(("127.0.0.1", port), timeout=WAIT) for _ in range(idle)]
    acts = [storm.send, storm.send, storm.delay_and_cut, storm.listen_and_leave]
    acts += [storm.stop_in_the_middle, storm.send_dear_documents]
    samples = []
    with ThreadPoolExecutor(len(acts)) as clients:
        for act in acts:
            clients.submit(storm.run, act.__name__, act)
        while (left := storm.until - time.monotonic()) > 0:
            time.sleep(min(left, seconds / SAMPLES))
            samples.append(look(process.pid))
    for each in idlers:
        each.close()
    early, late = samples[SAMPLES // 4 : SAMPLES // 2], samples[-SAMPLES // 4 :]
    record_property("counts", dict(storm.counts))
    record_property("early and late", (astuple(early[-1]), astuple(late[-1])))
    assert storm.wrong == []
    assert len(storm.counts) == len(set(acts))
    assert requests.get(f"{storm.url}/_localfax/health", timeout=WAIT).status_code == 200
    assert median(each.memory for each in late) <= 1.25 * median(each.memory for each in early)
    assert max(each.threads for each in samples) <= 2 * (48 + 64)
    assert median(each.descriptors for each in late) <= median(each.descriptors for each in early) + 50
