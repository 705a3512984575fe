"""Clients that share a server for hours: test runners, and those who would hurt them.

A runner makes a sandbox, sends through all vendors, reads, makes up the accounts, and leaves. Each of its
requests comes after a pause, so that it is time that tries the server, not the rate.
"""

from __future__ import annotations

import socket
import threading
import time
import traceback
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Any

import requests

from localfax.connection import Connection, Unreachable
from tests.bench.process import Running
from tests.conftest import WAIT, Control
from tests.sending import VENDORS, read
from tests.soak.attack import ATTACKS, Target, listeners
from tests.soak.storm import Storm, storm
from tests.soak.workers import Workers
from tests.test_bombs import BOMBS

FAXES = 10
"""Faxes of a runner's one life."""
PATIENCE = 300.0
"""Real seconds in which somebody answers, all faxes of a life have ended and its webhooks were taken."""
STREAMS = 4
"""Listeners to a runner's sandbox: every second one hangs up without a word, the others never read."""
ATTACK = 0.01
"""The size of each attack; whole it is 1."""
HOSTILE = [each for each in ATTACKS if each is not listeners]
"""The runners' streams stand for the listeners: both would be more than a server has places for."""


class Paced(requests.Session):
    """A session that waits before each request: so many real seconds, on an average."""

    def __init__(self, pace: float, random: Random) -> None:
        super().__init__()
        self.trust_env = False
        self._pace, self._random = pace, random

    def request(self, *args: Any, **options: Any) -> requests.Response:
        time.sleep(self._random.uniform(0, 2 * self._pace))
        return super().request(*args, **options)


class Patient(Connection):
    """Asks the control plane again when nobody answers: workers die."""

    def __init__(self, url: str, session: requests.Session) -> None:
        super().__init__(url)
        self._session = session

    def answer(self, method: str, path: str, **options: Any) -> requests.Response:
        return insist(lambda: super(Patient, self).answer(method, path, **options))


def insist(ask: Callable[[], requests.Response]) -> requests.Response:
    """Ask until somebody answers something else than 503."""
    deadline = time.monotonic() + PATIENCE
    while True:
        with suppress(Unreachable, requests.ConnectionError, requests.Timeout):
            if (answer := ask()).status_code != 503:
                return answer
        assert time.monotonic() < deadline, "nobody answers"
        time.sleep(0.1)


@dataclass
class Load:
    """What clients do to one server until the time is up, what they count, and what was wrong."""

    server: Workers
    pace: float
    until: float
    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    left: dict[str, float] = field(default_factory=dict)
    """When sandboxes were left, by their ids."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def go_on(self, act: Callable[[Random], None], seed: int) -> None:
        """Act again and again, at least once; what is raised is kept."""
        random, goes_on = Random(seed), True
        while goes_on:
            self.try_once(partial(act, random))
            goes_on = time.monotonic() < self.until

    def try_once(self, act: Callable[[], None]) -> None:
        """Act; what is raised is kept."""
        try:
            act()
        except Exception as error:
            told = "".join(traceback.format_tb(error.__traceback__)[-2:])
            self.wrong.append(f"{error!r:.500}\n{told}")

    def live(self, random: Random) -> None:
        """Be a test runner once: it gets what it was promised, and may leave without a word."""
        with Paced(self.pace, random) as session:
            with storm(self.server.url, Patient(self.server.url, session)) as sent:
                with deaf_listeners(self.server.port, sent.control.id):
                    counts = self._use(sent)
                self._count(counts + Counter(lives=1))
            self._leave(sent.control, random)

    def _use(self, sent: Storm) -> Counter[str]:
        before = sent.balances()
        for number in range(FAXES):
            sent.send(VENDORS[number % len(VENDORS)], f"+1212555{number:04}")
            last = sent.faxes()[0]
            status = insist(lambda fax=last: read(sent.control, fax["vendor"], fax["id"]))
            moved = last["vendor"] == "kazoo" and status.status_code == 404  # when it ends it is elsewhere
            assert status.ok or moved, status.text
        sent.settle(PATIENCE)
        return sent.check(before)

    def _leave(self, control: Control, random: Random) -> None:
        if random.random() < 0.5:
            gone = control.client.connection.answer("DELETE", f"/sandboxes/{control.id}")
            assert gone.status_code in (204, 404), gone.text  # 404 when the first answer was lost
        else:
            with self._lock:
                self.left[control.id] = time.monotonic()

    def _count(self, counts: Counter[str]) -> None:
        with self._lock:
            self.counts.update(counts)

    # who would hurt the others
    def attack(self, random: Random) -> None:
        """Try one small attack, in a sandbox that is left; the end of a worker excuses what is lost."""
        each, killed = random.choice(HOSTILE), self.server.killed
        time.sleep(random.uniform(0, 10 * self.pace))
        try:
            target = self._target()
            each(target)
            assert not target.lost, f"{each.__name__}: {target.lost[:3]}"
        except (AssertionError, OSError, Unreachable):  # requests' errors are OSErrors
            if self.server.killed == killed:
                raise
        else:
            self._count(Counter(attacks=1, tried=target.tried))

    def _target(self) -> Target:
        server = Running(self.server.process, self.server.port, 0.0)
        made = [Control(self.server.url).create() for _ in range(2)]
        with self._lock:
            self.left |= {each.id: time.monotonic() for each in made}
        return Target(server, *made, ATTACK)

    def send_bomb(self, random: Random) -> None:
        """Send a document that is dear to read, and have it drawn."""
        with Paced(5 * self.pace, random) as session:
            control = Control(self.server.url, None, Patient(self.server.url, session)).create()
            with self._lock:
                self.left[control.id] = time.monotonic()
            data = b64encode(BOMBS[random.choice(sorted(BOMBS))]).decode()
            body = {"faxNumber": "+12125550123", "faxData": [{"fileName": "a.pdf", "fileData": data}]}
            url, key = f"{control.base_url('ifax')}/v1/customer/fax-send", control.credentials("ifax")
            answer = insist(lambda: session.post(url, json=body, headers=key, timeout=WAIT))
            assert answer.status_code < 500, answer.text
            for fax in control.faxes():
                path = f"/sandboxes/{control.id}/faxes/{fax['id']}/document"
                drawn = control.client.connection.answer("GET", path, query={"format": "png"}, patience=300)
                assert drawn.status_code in (200, 409), drawn.text
        self._count(Counter(bombs=1))


@contextmanager
def deaf_listeners(port: int, sandbox: str) -> Iterator[None]:
    """Open streams of a sandbox's events, of which nobody reads more than the head; some leave at once."""
    ask = f"GET /_localfax/sandboxes/{sandbox}/events HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    streams = []
    for number in range(STREAMS):
        with suppress(OSError):  # its worker is killed
            streams.append(socket.create_connection(("127.0.0.1", port), WAIT))
            streams[-1].sendall(ask)
            head = streams[-1].recv(12)
            assert head in (b"HTTP/1.1 200", b""), head  # 503: others that left still have their places
            if number % 2:
                streams.pop().close()
    try:
        yield
    finally:
        for each in streams:
            each.close()
