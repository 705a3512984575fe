"""Slow work under a lease: webhooks go out and documents are fetched while no lock is held."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Protocol, TypeVar

from emulator.core.engine.engine import TRIES, Engine
from emulator.core.errors import Conflict, NotFound
from emulator.core.faxes.fax import Entry, Fax, Source
from emulator.core.item import leased
from emulator.core.message import Fetch, Fetched, FetchFailed, Message, Reply, Trouble
from emulator.core.sandboxes.clock import Clock
from emulator.core.sandboxes.sandbox import Sandbox
from emulator.core.storage.store import Due
from emulator.core.webhooks.delivery import Delivery, Post
from emulator.documents import Problem

HeldT = TypeVar("HeldT", Fax, Delivery)

LEASE = 60.0
"""Real seconds after which another process may take over a webhook or a fetch that was begun."""

GLANCE = 0.05
"""Real seconds after which one who waits looks again, in case another process has settled the work."""


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
class Errand:
    """Slow work of a sandbox at a destination (an origin, like http://host:port)."""

    sandbox_id: str
    destination: str
    work: Callable[[], list[Played]]


Run = Callable[[Errand], list[Played]]
"""Runs slow work and gives what happened: here and now, or later on a pool, which gives nothing yet."""


def at_once(errand: Errand) -> list[Played]:
    """Run slow work here and now."""
    return errand.work()


class Courier:
    """Sends the webhooks and fetches the documents of one engine's sandboxes."""

    def __init__(self, engine: Engine, outside: Outside, lease: float = LEASE) -> None:
        self.engine = engine
        self.store = engine.store
        self.outside = outside
        self.lease = lease
        self._settled = threading.Condition()
        self._ends: dict[str, float] = {}

    # webhooks
    def deliver(self, sandbox: Sandbox, due: Due, run: Run) -> list[Played]:
        """Send a webhook that is due, once; nothing when it is gone, sent or being sent."""
        delivery = self.store.get(sandbox.id, Delivery, due.id)
        if delivery is None or delivery.due_at is None:
            return []
        claimed = delivery.claim(self.engine.real() + self.lease)
        if not self._commit(sandbox.id, claimed):
            return []
        work = lambda: self._send(sandbox, claimed, max(due.at, claimed.created_at))  # noqa: E731
        return run(Errand(sandbox.id, _origin(claimed.message.url), work))

    def _send(self, sandbox: Sandbox, claimed: Delivery, at: float) -> list[Played]:
        vendor = self.engine.vendors[claimed.vendor]
        begun = self._renewed(sandbox.id, claimed)
        if begun is None:
            return []
        real, reply = self.engine.real(), Reply(None, error=Trouble.bad_message)
        try:
            reply = self._reply(sandbox.id, begun)
        finally:
            # Also after an error of ours: a webhook that stays leased would hold up its sandbox.
            settled = self._settle(sandbox.id, begun, lambda held: held.settle(at, real, reply))
        if settled is None:
            return []
        self.engine.tell(sandbox.id, "delivery", settled)
        vendor.after_delivery(self.engine, sandbox, settled)
        return [Played(settled.fax, post_entry(settled, settled.attempts[-1]))]

    def _reply(self, sandbox_id: str, delivery: Delivery) -> Reply:
        def load(digest: str) -> bytes:
            content = self.store.blob(sandbox_id, digest)
            if content is None:
                raise LookupError(digest)
            return content

        try:
            return self.outside.send(
                delivery.message, load, timeout=delivery.rule.timeout, truncate=delivery.truncate
            )
        except NotFound:  # the sandbox was removed meanwhile
            return Reply(None, error=Trouble.bad_message)

    # documents
    def fetch(self, sandbox: Sandbox, fax: Fax, at: float, run: Run) -> list[Played]:
        """Fetch the document of a fax that is being rendered; after that the fax is due again, at `at`."""
        until = self.engine.real() + self.lease
        claimed = fax.evolve(version=fax.version + 1, due_at=None, leased_until=until)
        if fax.source is None or not self._commit(sandbox.id, claimed):
            return []
        work = lambda: self._fetch(sandbox, claimed, at)  # noqa: E731
        return run(Errand(sandbox.id, _origin(fax.source.request.url), work))

    def _fetch(self, sandbox: Sandbox, claimed: Fax, at: float) -> list[Played]:
        begun = self._renewed(sandbox.id, claimed)
        if begun is None or begun.source is None:
            return []
        changes: dict[str, Any] = {"problem": Problem.broken.value}
        try:
            changes = self._fetched(sandbox, begun, begun.source)
        finally:
            changes |= {"leased_until": None, "due_at": at}
            self._settle(sandbox.id, begun, lambda held: held.evolve(version=held.version + 1, **changes))
        return []

    def _fetched(self, sandbox: Sandbox, fax: Fax, source: Source) -> dict[str, Any]:
        try:
            got = [self._take(sandbox, request) for request in (source.request, *source.more)]
        except FetchFailed as failure:
            error = failure.reason.value
            return {"source": replace(source, status=failure.status, error=error), "problem": error}
        except NotFound:
            return {}  # the sandbox was removed meanwhile
        contents = [each.content for each in got]
        try:
            document = self.engine.vendors[fax.vendor].assemble(self.engine, sandbox, fax, contents)
        except NotFound:
            return {}  # the sandbox was removed meanwhile
        return {
            "source": replace(source, status=got[-1].status, error=None),
            "document": document.digest,
            "pages": document.pages,
            "problem": document.problem and document.problem.value,
        }

    def _take(self, sandbox: Sandbox, request: Fetch) -> Fetched:
        """Fetch a document, and log what came so that a recording can give it again."""
        log = partial(self._log_fetch, sandbox.id, request.url)
        try:
            got = self.outside.fetch(request)
        except FetchFailed as failure:
            log(status=failure.status, error=failure.reason.value)
            raise
        digest = hashlib.sha256(got.content).hexdigest()
        self.store.put_blob(sandbox.id, digest, got.content)
        log(status=got.status, digest=digest, media_type=got.media_type)
        return got

    def _log_fetch(self, sandbox_id: str, url: str, **came: Any) -> None:
        nothing = {"digest": None, "media_type": "", "error": None}
        entry = {"at": self.engine.now(sandbox_id), "url": url, **nothing, **came}
        self.store.log(sandbox_id, "fetches", entry)

    # leases
    def busy(self, sandbox_id: str) -> bool:
        """Tell whether a webhook or a fetch of the sandbox is under way."""
        return any(self.store.count(sandbox_id, leased(kind)) for kind in (Fax.kind, Delivery.kind))

    def wait(self, sandbox_id: str) -> bool:
        """Wait until something that is under way may have been settled; tell whether anything was."""
        with self._settled:
            if not self.busy(sandbox_id):
                return False
            self._settled.wait(GLANCE)
        self.recover(sandbox_id)
        return True

    def look_after(self, sandbox_id: str) -> float | None:
        """See, for a store that other processes share, that what they began is ended by somebody.

        Gives the real instant at which to look again; None when nothing is under way.
        """
        if not self.store.shared or not self.busy(sandbox_id):
            self._ends.pop(sandbox_id, None)
            return None
        if self._ends.get(sandbox_id, 0.0) <= self.engine.real():
            self._ends[sandbox_id] = self.recover(sandbox_id) or self.engine.real() + self.lease
        return self._ends[sandbox_id]

    def recover(self, sandbox_id: str) -> float | None:
        """Take back what a process that died had begun; give when the next lease ends, if there is one."""
        real, clock = self.engine.real(), self.engine.clock(sandbox_id)
        held: list[Fax | Delivery] = []
        for kind in (Fax, Delivery):
            held += self.store.list(sandbox_id, kind, leased(kind.kind), limit=1000)
        ends = [(item.leased_until or real, item) for item in held]
        for end, item in ends:
            if end <= real:
                self._take_back(sandbox_id, item, clock, end - self.lease)
        return min((end for end, _ in ends if end > real), default=None)

    def _take_back(self, sandbox_id: str, item: Fax | Delivery, clock: Clock, began: float) -> None:
        at = clock.now(self.engine.real())
        if isinstance(item, Fax):
            self._commit(sandbox_id, item.release(at))
            return
        again = item.interrupted(at, clock.now(began), began)
        if self._commit(sandbox_id, again):
            self.engine.tell(sandbox_id, "delivery", again)

    def _renewed(self, sandbox_id: str, claimed: HeldT) -> HeldT | None:
        """Begin a lease anew that has waited long for a thread; None when the work is no longer ours."""
        until = self.engine.real() + self.lease
        if claimed.leased_until is not None and until - claimed.leased_until < self.lease / 2:
            return claimed
        return self._hold(
            sandbox_id, claimed, lambda held: held.evolve(version=held.version + 1, leased_until=until)
        )

    def _settle(self, sandbox_id: str, begun: HeldT, make: Callable[[HeldT], HeldT]) -> HeldT | None:
        """Write the end of a piece of work; None when it is no longer ours."""
        try:
            return self._hold(sandbox_id, begun, make)
        finally:
            with self._settled:
                self._settled.notify_all()

    def _hold(self, sandbox_id: str, begun: HeldT, make: Callable[[HeldT], HeldT]) -> HeldT | None:
        """Change an item whose lease is ours; None after a reset, a removal, a cancel, a takeover.

        The lease tells it from an item of the same id and version that a reset let come up.
        """
        for _ in range(TRIES):
            try:
                held = self.store.get(sandbox_id, type(begun), begun.id)
            except NotFound:
                return None
            if held is None or held.leased_until != begun.leased_until:
                return None
            made = make(held)
            if self._commit(sandbox_id, made):
                return made
        return None

    def _commit(self, sandbox_id: str, item: Fax | Delivery) -> bool:
        try:
            self.store.commit(sandbox_id, (item,))
        except (Conflict, NotFound):
            return False
        return True


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


def _origin(url: str) -> str:
    return "/".join(url.split("/", 3)[:3])
