"""Many faxes of all vendors sent at once while things break, and the accounts made up afterwards."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any

import requests

from localfax.connection import Connection
from tests.conftest import Control
from tests.receiver import Received, Receiver
from tests.sending import VENDORS, send

CLIENTS = 8
FINAL = {"delivered", "failed", "cancelled", "arrived"}
MICROS = 1_000_000
MARKS = {
    "openfax": "OutTransID",
    "kazoo": "call_id",
    "ifax": "jobId",
    "mfax": "deliveryId",
    "faxto": "fax_job_id",
}
"""The field by which a vendor's webhooks are told apart."""
SPEED = 40
"""Virtual seconds a real second: a fax of one page takes about one real second."""


def until(happened: Callable[[], bool], seconds: float, what: str) -> None:
    """Wait, in real time, for something that other processes do."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.1)


@dataclass
class Storm:
    """Faxes sent to numbers that tell them apart; the clients' answers counted by status, 0 for none."""

    control: Control
    receiver: Receiver
    accepted: dict[str, str] = field(default_factory=dict)
    answers: Counter[int] = field(default_factory=Counter)
    odd: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _clients: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(CLIENTS))
    _sending: list[Future[None]] = field(default_factory=list)

    def begin(self, faxes: int) -> None:
        """Send so many faxes, of the vendors in turn, from several clients at once."""
        for number in range(faxes):
            vendor = VENDORS[number % len(VENDORS)]
            self._sending.append(self._clients.submit(self.send, vendor, f"+1212555{number:04}"))

    def has_accepted(self, count: int) -> bool:
        """Tell whether so many faxes were accepted."""
        return len(self.accepted) >= count

    def end(self) -> None:
        """Send nothing more."""
        self._clients.shutdown(cancel_futures=True)

    def send(self, vendor: str, to: str) -> None:
        """Send a fax, again after a 503 or no answer, as a client would."""
        for _ in range(600):
            status, text = self._try(vendor, to)
            with self._lock:
                self.answers[status] += 1
                if status < 300 and status:
                    self.accepted[to] = vendor
                    return
                if status not in (0, 503):
                    self.odd.append(f"{vendor} {status} {text[:200]}")
            time.sleep(0.25)
        raise AssertionError(f"{to} is never accepted")

    def _try(self, vendor: str, to: str) -> tuple[int, str]:
        try:
            answer = send(self.control, vendor, to)
        except requests.RequestException as cut:
            return 0, str(cut)
        return answer.status_code, answer.text

    # what came of it
    def faxes(self) -> list[dict[str, Any]]:
        """List all faxes of the sandbox."""
        return self.control.faxes()

    def webhooks(self) -> list[dict[str, Any]]:
        """List all webhooks of the sandbox."""
        return self.control.webhooks()

    def settle(self, seconds: float) -> None:
        """Wait until every fax was accepted and has ended and every webhook was taken."""
        for each in self._sending:
            each.result()
        until(lambda: all(fax["state"] in FINAL for fax in self.faxes()), seconds, "all faxes have ended")
        until(
            lambda: all(hook["state"] == "delivered" for hook in self.webhooks()),
            seconds,
            "all webhooks taken",
        )

    def check(self, before: Mapping[str, int]) -> Counter[str]:
        """Make up the accounts: nothing lost, stuck or charged twice; give counts for the record."""
        faxes, hooks = self.faxes(), self.webhooks()
        sent = Counter(fax["to"] for fax in faxes)
        assert not self.odd
        assert not [to for to in self.accepted if to not in sent]
        assert {fax["state"] for fax in faxes} == {"delivered"}
        heard = Counter(_mark(request) for request in self.receiver.requests)
        tries = tried(hooks)
        assert not [mark for mark in tries if not heard[mark]]
        # What came twice was told: a try that nobody saw the end of stands in the journal.
        assert not [mark for mark, times in heard.items() if times > tries[mark]]
        costs: Counter[str] = Counter()
        for fax in faxes:
            costs[fax["vendor"]] += round(fax["cost"] * MICROS)
        assert self.balances() == {vendor: before[vendor] - costs[vendor] for vendor in before}
        each_cost = {vendor: {fax["cost"] for fax in faxes if fax["vendor"] == vendor} for vendor in VENDORS}
        assert all(len(costs) == 1 for costs in each_cost.values()), each_cost
        return Counter(
            faxes=len(faxes),
            accepted=len(self.accepted),
            unanswered=self.answers[0],
            unavailable=self.answers[503],
            webhooks=len(hooks),
            posts=heard.total(),
            twice=heard.total() - len(heard),
            interrupted=sum(try_["error"] == "interrupted" for hook in hooks for try_ in hook["attempts"]),
        )

    def balances(self) -> dict[str, int]:
        """Give each vendor's balance in micros."""
        return {name: round(self.control.vendor(name)["balance"] * MICROS) for name in VENDORS}


def _mark(request: Received) -> tuple[str, str]:
    vendor = request.path.strip("/")
    fields = request.json() if "json" in (request.header("Content-Type") or "") else dict(request.form())
    return vendor, str(fields[MARKS[vendor]])


def tried(hooks: list[dict[str, Any]]) -> Counter[tuple[str, str]]:
    """Count the tries of webhooks as the control plane tells them, those without an end too."""
    return sum((Counter({_mark_of(hook): len(hook["attempts"])}) for hook in hooks), Counter())


def _mark_of(hook: dict[str, Any]) -> tuple[str, str]:
    return hook["vendor"], str(hook["request"]["fields"][MARKS[hook["vendor"]]])


@contextmanager
def storm(url: str, connection: Connection | None = None) -> Iterator[Storm]:
    """Make a sandbox, and a receiver of its webhooks for the block."""
    with Receiver() as receiver:
        hooks = {vendor: {"outbound": f"{receiver.url}/{vendor}"} for vendor in VENDORS}
        clock = {"mode": "running", "speed": SPEED}
        control = Control(url, connection=connection).create(clock=clock, webhooks=hooks, balance=1000)
        sent = Storm(control, receiver)
        try:
            yield sent
        finally:
            sent.end()


def trouble(times: int, seconds: float, cause: Callable[[], None], random: Random) -> None:
    """Cause trouble so many times, at random moments, within so many real seconds."""
    moments = sorted(random.uniform(0, seconds) for _ in range(times))
    begun = time.monotonic()
    for moment in moments:
        time.sleep(max(0.0, begun + moment - time.monotonic()))
        cause()
