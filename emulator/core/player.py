"""Playing what is due, in order: the same code for a clock that runs and for one that is advanced."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from emulator.core.clock import Mode
from emulator.core.delivery import Delivery, Post
from emulator.core.engine import Engine
from emulator.core.errors import Conflict, Invalid, NotFound
from emulator.core.fax import Entry, Fax, Source
from emulator.core.machine import State
from emulator.core.message import Fetch, Fetched, FetchFailed, Message, Reply
from emulator.core.sandbox import Sandbox
from emulator.core.store import Due

LEASE = 60.0
"""Real seconds after which another process may take over a webhook or a fetch that was begun."""

PATIENCE = 120.0
"""Real seconds that an advance waits for another one of the same sandbox."""

MOST_STEPS = 1_000_000
"""Steps of one advance; beyond it something feeds itself."""


class Outside(Protocol):
    """The way out of the program: webhooks and fetches."""

    def send(
        self, message: Message, load: Callable[[str], bytes], *, timeout: float, truncate: int | None = None
    ) -> Reply:
        """Post a webhook; failures are replies too."""

    def fetch(self, request: Fetch) -> Fetched:
        """Get a document or raise FetchFailed."""


@dataclass(frozen=True)
class Played:
    """One line of the timeline that an advance returns."""

    fax: str | None
    entry: Entry


@dataclass(frozen=True)
class Target:
    """How far an advance goes: to the instant `to`, else until idle; or until a fax is in a state."""

    to: float | None = None
    fax: str | None = None
    state: str | None = None


Run = Callable[[Callable[[], object]], None]
"""Runs slow work (a webhook, a fetch), here and now or on a pool."""


class Player:
    """Plays sandboxes over one engine."""

    def __init__(self, engine: Engine, outside: Outside) -> None:
        self.engine = engine
        self.store = engine.store
        self.outside = outside
        self._settled = threading.Condition()

    # advancing
    def advance(self, sandbox_id: str, target: Target) -> list[Played]:
        """Play everything due up to the target, webhooks and their answers included; give what happened in order.

        Raises Conflict when another advance of the sandbox does not end, NotFound for an unknown fax, and
        Invalid when the fax cannot come to the state wanted.
        """
        sandbox = self.store.sandbox(sandbox_id)
        with self.store.exclusive(sandbox_id, "play", wait=PATIENCE) as mine:
            if not mine:
                raise Conflict("another advance of this sandbox is still going on")
            played: list[Played] = []
            for _ in range(MOST_STEPS):
                if self._reached(sandbox_id, target):
                    break
                due = self.store.due(sandbox_id)
                if due is None or (target.to is not None and due.at > target.to):
                    if self._wait_for_leased(sandbox_id):
                        continue
                    break
                played += self.play(sandbox, due, jump=True, run=lambda work: work())
            if target.to is not None:
                self._jump(sandbox_id, target.to)
            if not self._reached(sandbox_id, target) and target.state is not None:
                raise Invalid(f"nothing is due any more and {target.fax} is not {target.state}", "until")
            return played

    def _reached(self, sandbox_id: str, target: Target) -> bool:
        if target.fax is None:
            return False
        fax = self.engine.fax(sandbox_id, target.fax)
        return fax.state == target.state or any(
            entry.kind == "state" and entry.what == target.state for entry in fax.timeline
        )

    def _jump(self, sandbox_id: str, to: float) -> None:
        while True:
            clock, real = self.engine.clock(sandbox_id), self.engine.real()
            if clock.now(real) >= to:
                return
            try:
                return self.store.commit(sandbox_id, (clock.jump(to, real),))
            except Conflict:
                continue

    def _wait_for_leased(self, sandbox_id: str) -> bool:
        """Wait until something that is under way elsewhere moves; tell whether there was any."""
        if not self.store.count(sandbox_id, "leased"):
            return False
        self.recover(sandbox_id)
        with self._settled:
            self._settled.wait(0.02)
        return True

    # running clocks
    def next_wake(self, sandbox_id: str) -> float | None:
        """Give the real instant at which a running clock comes to what is due first, None when nothing will."""
        try:
            due, clock = self.store.due(sandbox_id), self.engine.clock(sandbox_id)
        except NotFound:
            return None
        if due is None or (clock.speed is None and self.store.count(sandbox_id, "leased")):
            return None
        return clock.real_at(due.at)

    def play_due(self, sandbox_id: str, run: Run) -> bool:
        """Play what a running clock has reached. At speed max it jumps from one due instant to the next.

        A sandbox that is being advanced is left alone (False): its advance plays all and tells when it is done.
        """
        sandbox = self.store.sandbox(sandbox_id)
        with self.store.exclusive(sandbox_id, "play", wait=0) as mine:
            while mine and (wake := self.next_wake(sandbox_id)) is not None and wake <= self.engine.real():
                due, clock = self.store.due(sandbox_id), self.engine.clock(sandbox_id)
                if due is None or clock.mode is Mode.manual:
                    break
                if clock.speed is not None and due.at > clock.now(self.engine.real()):
                    break
                self.play(sandbox, due, jump=clock.speed is None, run=run)
            return mine

    def recover(self, sandbox_id: str) -> float | None:
        """Take back what a process that died had begun; give the real instant at which to look again."""
        real = self.engine.real()
        held: list[Fax | Delivery] = []
        for fax_or_delivery in (Fax, Delivery):
            held += self.store.list(sandbox_id, fax_or_delivery, "leased", limit=1000)
        at = self.engine.now(sandbox_id)
        for item in held:
            if item.leased_until is not None and item.leased_until <= real:
                change: dict[str, Any] = {"version": item.version + 1, "leased_until": None, "due_at": at}
                try:
                    self.store.commit(sandbox_id, (item.evolve(**change),))
                except Conflict:
                    continue
        return min((item.leased_until for item in held if item.leased_until), default=None)

    # one due instant
    def play(self, sandbox: Sandbox, due: Due, *, jump: bool, run: Run) -> list[Played]:
        """Play one due item; slow work goes through `run`. Gives what happened (pooled work is not waited for)."""
        if jump:
            self._jump(sandbox.id, due.at)
        if due.kind == Delivery.kind:
            return self._play_delivery(sandbox, due, run)
        fax = self.store.get(sandbox.id, Fax, due.id)
        if fax is not None and _must_fetch(fax):
            return self._begin_fetch(sandbox, fax, due.at, run)
        moved = self.engine.step(sandbox, due.id, due.at)
        if moved is None:
            return []
        before, after = moved
        return [Played(after.id, entry) for entry in after.timeline[len(before.timeline) :]]

    def _play_delivery(self, sandbox: Sandbox, due: Due, run: Run) -> list[Played]:
        delivery = self.store.get(sandbox.id, Delivery, due.id)
        if delivery is None or delivery.due_at is None:
            return []
        claimed = delivery.claim(self.engine.real() + LEASE)
        try:
            self.store.commit(sandbox.id, (claimed,))
        except Conflict:
            return []
        played: list[Played] = []
        run(lambda: played.extend(self._send(sandbox, claimed, due.at)))
        return played

    def _send(self, sandbox: Sandbox, claimed: Delivery, due_at: float) -> list[Played]:
        vendor = self.engine.vendors[claimed.vendor]
        rule = vendor.retries[claimed.rule]
        at, real = max(due_at, claimed.created_at), self.engine.real()
        reply = self.outside.send(
            claimed.message, lambda digest: self._load(sandbox.id, digest), timeout=rule.timeout,
            truncate=claimed.truncate,
        )  # fmt: skip
        settled = claimed.settle(rule, at, real, reply)
        self._commit_settled(sandbox.id, settled)
        vendor.after_delivery(self.engine, sandbox, settled)
        return [Played(settled.fax, post_entry(settled, settled.attempts[-1]))]

    def _load(self, sandbox_id: str, digest: str) -> bytes:
        content = self.store.blob(sandbox_id, digest)
        if content is None:
            raise LookupError(digest)
        return content

    def _begin_fetch(self, sandbox: Sandbox, fax: Fax, at: float, run: Run) -> list[Played]:
        claimed = fax.evolve(version=fax.version + 1, due_at=None, leased_until=self.engine.real() + LEASE)
        try:
            self.store.commit(sandbox.id, (claimed,))
        except Conflict:
            return []
        run(lambda: self._fetch(sandbox, claimed, at))
        return []

    def _fetch(self, sandbox: Sandbox, claimed: Fax, at: float) -> None:
        assert claimed.source is not None
        changes = self._fetched(sandbox, claimed.source)
        self._commit_settled(
            sandbox.id, claimed.evolve(version=claimed.version + 1, leased_until=None, due_at=at, **changes)
        )

    def _fetched(self, sandbox: Sandbox, source: Source) -> dict[str, Any]:
        try:
            got = self.outside.fetch(source.request)
        except FetchFailed as failure:
            error = failure.reason.value
            return {"source": replace(source, status=failure.status, error=error), "problem": error}
        document = self.engine.keep(sandbox.id, got.content)
        return {
            "source": replace(source, status=got.status, error=None),
            "document": document.digest,
            "pages": document.pages,
            "problem": document.problem and document.problem.value,
        }

    def _commit_settled(self, sandbox_id: str, item: Fax | Delivery) -> None:
        try:
            self.store.commit(sandbox_id, (item,))
        except (Conflict, NotFound):
            pass  # the sandbox was reset meanwhile, or the lease ran out and another process has taken over
        with self._settled:
            self._settled.notify_all()


def post_entry(delivery: Delivery, post: Post) -> Entry:
    """Give the timeline line of one try of a webhook."""
    detail: Mapping[str, Any] = {
        "delivery": delivery.id,
        "attempt": post.number,
        "status": post.reply.status,
        "error": post.reply.error,
        "url": delivery.message.url,
        "state": delivery.state.value,
    }
    return Entry(post.at, "webhook", delivery.event, detail)


def _must_fetch(fax: Fax) -> bool:
    return (
        fax.state is State.rendering
        and fax.source is not None
        and fax.document is None
        and fax.source.error is None
        and fax.problem is None
    )
