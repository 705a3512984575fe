"""Many faxes of all vendors sent at once while things break, and the accounts made up afterwards."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any

import requests

from tests.conftest import Control
from tests.receiver import Receiver
from tests.sending import VENDORS, send

CLIENTS = 8
FINAL = {"delivered", "failed", "cancelled", "arrived"}
MICROS = 1_000_000
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
    """Faxes sent to numbers that tell them apart; what the clients were answered by status, 0 for no answer."""

    control: Control
    receiver: Receiver
    accepted: dict[str, str] = field(default_factory=dict)
    answers: Counter[int] = field(default_factory=Counter)
    odd: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def send(self, vendor: str, to: str) -> None:
        """Send a fax, again after a 503 or no answer, as a client would."""
        for _ in range(60):
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
        return list(self._pages("faxes"))

    def webhooks(self) -> list[dict[str, Any]]:
        """List all webhooks of the sandbox."""
        return list(self._pages("webhooks"))

    def _pages(self, plural: str) -> Iterator[dict[str, Any]]:
        after: dict[str, str] = {}
        while True:
            page = self.control.call("GET", f"/sandboxes/{self.control.id}/{plural}?limit=500", 200, params=after)
            yield from page[plural]
            if page["next"] is None:
                return
            after = {"after": page["next"]}

    def settle(self, seconds: float) -> None:
        """Wait until every fax has ended and every webhook was taken."""
        until(lambda: all(fax["state"] in FINAL for fax in self.faxes()), seconds, "all faxes have ended")
        until(lambda: all(hook["state"] == "delivered" for hook in self.webhooks()), seconds, "all webhooks taken")

    def check(self, before: Mapping[str, int]) -> Counter[str]:
        """Make up the accounts: nothing lost, nothing stuck, nothing charged twice; give counts for the record."""
        faxes, hooks = self.faxes(), self.webhooks()
        sent = Counter(fax["to"] for fax in faxes)
        assert not self.odd
        assert not [to for to in self.accepted if to not in sent]
        assert {fax["state"] for fax in faxes} == {"delivered"}
        heard = [request.body + request.query.encode() for request in self.receiver.requests]
        unheard = [hook["id"] for hook in hooks if not _heard(hook, faxes, heard)]
        assert not unheard
        costs: Counter[str] = Counter()
        for fax in faxes:
            costs[fax["vendor"]] += round(fax["cost"] * MICROS)
        after = self.balances()
        assert {vendor: before[vendor] - after[vendor] for vendor in before} == {each: costs[each] for each in before}
        each_cost = {vendor: {fax["cost"] for fax in faxes if fax["vendor"] == vendor} for vendor in VENDORS}
        assert all(len(costs) == 1 for costs in each_cost.values()), each_cost
        return Counter(
            faxes=len(faxes),
            accepted=len(self.accepted),
            unanswered=self.answers[0],
            unavailable=self.answers[503],
            webhooks=len(hooks),
            posts=len(heard),
        )

    def balances(self) -> dict[str, int]:
        """Give each vendor's balance in micros."""
        return {name: round(self.control.vendor(name)["balance"] * MICROS) for name in VENDORS}


def _heard(hook: dict[str, Any], faxes: list[dict[str, Any]], heard: list[bytes]) -> bool:
    to = next(fax["to"] for fax in faxes if fax["id"] == hook["fax"])
    return any(to[2:].encode() in body for body in heard)


@contextmanager
def storm(url: str, faxes: int) -> Iterator[Storm]:
    """Send so many faxes, of the vendors in turn, for the block; its end waits until all are accepted."""
    with Receiver() as receiver:
        hooks = {vendor: {"outbound": f"{receiver.url}/{vendor}"} for vendor in VENDORS}
        control = Control(url).create(clock={"mode": "running", "speed": SPEED}, webhooks=hooks, balance=1000)
        made = Storm(control, receiver)
        with ThreadPoolExecutor(CLIENTS) as clients:
            sent = [clients.submit(made.send, VENDORS[n % len(VENDORS)], f"+1212555{n:04}") for n in range(faxes)]
            yield made
        for each in sent:
            each.result()


def trouble(times: int, seconds: float, cause: Callable[[], None], random: Random) -> None:
    """Cause trouble so many times, at random moments, within so many real seconds."""
    moments = sorted(random.uniform(0, seconds) for _ in range(times))
    begun = time.monotonic()
    for moment in moments:
        time.sleep(max(0.0, begun + moment - time.monotonic()))
        cause()
