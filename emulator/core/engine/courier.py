"""Slow work under a lease: webhooks go out and documents are fetched while no lock is held.

A webhook that is due is first *claimed*: committed without a due instant, with `leased_until`, a real
instant 60 seconds ahead. Whoever claimed it sends it with no lock held and then *settles* it, in a commit
that holds only while the lease is still the one it took. When its process dies, the lease ends by itself,
and any process that looks after the sandbox takes the work back: the webhook is due again, and its history
says `interrupted`. So a webhook is sent at least once, and its end is written at most once. Documents are
fetched by the same rules.

An example. At real instant 100 worker A claims delivery-7 until 160 and dies at 101. At 160 worker B finds a
lease that has ended: it notes the try that A began as interrupted, and makes delivery-7 due. B claims it
until 220, sends it, is answered 200 and settles it as delivered. Had A not died but slept until 170, its
settling would have found another lease than its own and written nothing.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Protocol, TypeVar

from emulator.core.engine.engine import Engine, LivingWorld
from emulator.core.errors import Conflict, NotFound
from emulator.core.faxes.fax import Entry, Fax, Source
from emulator.core.item import lease_list
from emulator.core.message import Fetch, Fetched, FetchFailed, Message, Reply, Trouble
from emulator.core.sandbox import Clock
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
        self.outside = outside
        self.lease = lease
        self._settled = threading.Condition()
        self._ends: dict[str, float] = {}

    # webhooks
    def deliver(self, world: LivingWorld, due: Due, run: Run) -> list[Played]:
        """Send a webhook that is due, once; nothing when it is gone, sent or being sent."""
        delivery = world.store.get(Delivery, due.id)
        if delivery is None or delivery.due_at is None:
            return []
        claimed = delivery.claim(self.engine.real() + self.lease)
        if not self._commit(world, claimed):
            return []
        work = lambda: self._send(world, claimed, max(due.at, claimed.created_at))  # noqa: E731
        return run(Errand(world.id, _origin(claimed.message.url), work))

    def _send(self, world: LivingWorld, claimed: Delivery, at: float) -> list[Played]:
        vendor = self.engine.vendors[claimed.vendor]
        begun = self._renewed(world, claimed)
        if begun is None:
            return []
        real, reply = self.engine.real(), Reply(None, error=Trouble.bad_message)
        try:
            reply = self._reply(world, begun)
        finally:
            # Also after an error of ours: a webhook that stays leased would hold up its sandbox.
            settled = self._settle(world, begun, lambda held: held.settle(at, real, reply))
        if settled is None:
            return []
        world.tell("delivery", settled)
        if vendor.after_delivery is not None:
            with world.shared.reading(), suppress(NotFound):  # the sandbox was removed meanwhile
                vendor.after_delivery(world.scene(vendor.name), settled)
        return [Played(settled.fax, post_entry(settled, settled.attempts[-1]))]

    def _reply(self, world: LivingWorld, delivery: Delivery) -> Reply:
        def load(digest: str) -> bytes:
            if (content := world.store.blob(digest)) is None:
                raise LookupError(digest)
            return content

        try:
            return self.outside.send(
                delivery.message, load, timeout=delivery.rule.timeout, truncate=delivery.truncate
            )
        except NotFound:  # the sandbox was removed meanwhile
            return Reply(None, error=Trouble.bad_message)

    # documents
    def fetch(self, world: LivingWorld, fax: Fax, at: float, run: Run) -> list[Played]:
        """Fetch the document of a fax that is being rendered; after that the fax is due again, at `at`."""
        until = self.engine.real() + self.lease
        claimed = fax.evolve(version=fax.version + 1, due_at=None, leased_until=until)
        if fax.source is None or not self._commit(world, claimed):
            return []
        work = lambda: self._fetch(world, claimed, at)  # noqa: E731
        return run(Errand(world.id, _origin(fax.source.request.url), work))

    def _fetch(self, world: LivingWorld, claimed: Fax, at: float) -> list[Played]:
        begun = self._renewed(world, claimed)
        if begun is None or begun.source is None:
            return []
        changes: dict[str, Any] = {"problem": Problem.broken.value}
        try:
            changes = self._fetched(world, begun, begun.source)
        finally:
            changes |= {"leased_until": None, "due_at": at}
            self._settle(world, begun, lambda held: held.evolve(version=held.version + 1, **changes))
        return []

    def _fetched(self, world: LivingWorld, fax: Fax, source: Source) -> dict[str, Any]:
        try:
            got = [self._take(world, request) for request in (source.request, *source.more)]
            moment = world.scene(fax.vendor).of(fax)
            document = moment.vendor.assemble(moment, [each.content for each in got])
        except FetchFailed as failure:
            wrong = failure.reason.value
            return {"source": replace(source, status=failure.status, error=wrong), "problem": wrong}
        except NotFound:
            return {}  # the sandbox was removed meanwhile
        return {
            "source": replace(source, status=got[-1].status, error=None),
            "document": document.digest,
            "pages": document.pages,
            "problem": document.problem and document.problem.value,
        }

    def _take(self, world: LivingWorld, request: Fetch) -> Fetched:
        """Fetch a document, and log what came so that a recording can give it again."""
        log = partial(_log_fetch, world, request.url)
        try:
            got = self.outside.fetch(request)
        except FetchFailed as failure:
            log(status=failure.status, error=failure.reason.value)
            raise
        digest = hashlib.sha256(got.content).hexdigest()
        world.store.put_blob(digest, got.content)
        log(status=got.status, digest=digest, media_type=got.media_type)
        return got

    # leases
    def busy(self, world: LivingWorld) -> bool:
        """Tell whether a webhook or a fetch of the sandbox is under way."""
        return any(world.store.count(lease_list(kind)) for kind in (Fax.kind, Delivery.kind))

    def wait(self, world: LivingWorld) -> bool:
        """Wait until something under way may have been settled; tell whether anything was."""
        with self._settled:
            if not self.busy(world):
                return False
            self._settled.wait(GLANCE)
        self.recover(world)
        return True

    def look_after(self, world: LivingWorld) -> float | None:
        """See, for a store that other processes share, that what they began is ended by somebody.

        Gives the real instant at which to look again; None when nothing is under way.
        """
        if not world.shared.shared or not self.busy(world):
            self._ends.pop(world.id, None)
            return None
        if self._ends.get(world.id, 0.0) <= self.engine.real():
            self._ends[world.id] = self.recover(world) or self.engine.real() + self.lease
        return self._ends[world.id]

    def recover(self, world: LivingWorld) -> float | None:
        """Take back what a process that died had begun; give when the next lease ends, if there is one."""
        real, clock = self.engine.real(), world.clock
        held: list[Fax | Delivery] = []
        for kind in (Fax, Delivery):
            held += world.list(kind, lease_list(kind.kind), limit=1000)
        ends = [(item.leased_until or real, item) for item in held]
        for end, item in ends:
            if end <= real:
                self._take_back(world, item, clock, end - self.lease)
        return min((end for end, _ in ends if end > real), default=None)

    def _take_back(self, world: LivingWorld, item: Fax | Delivery, clock: Clock, began: float) -> None:
        at = clock.now(self.engine.real())
        if isinstance(item, Fax):
            self._commit(world, item.release(at))
            return
        again = item.interrupt(at, clock.now(began), began)
        if self._commit(world, again):
            world.tell("delivery", again)

    def _renewed(self, world: LivingWorld, claimed: HeldT) -> HeldT | None:
        """Begin a lease anew that has waited long for a thread; None when the work is no longer ours."""
        until = self.engine.real() + self.lease
        if claimed.leased_until is not None and until - claimed.leased_until < self.lease / 2:
            return claimed
        renew = lambda held: held.evolve(version=held.version + 1, leased_until=until)  # noqa: E731
        return self._hold(world, claimed, renew)

    def _settle(self, world: LivingWorld, begun: HeldT, make: Callable[[HeldT], HeldT]) -> HeldT | None:
        """Write the end of a piece of work; None when it is no longer ours."""
        try:
            return self._hold(world, begun, make)
        finally:
            with self._settled:
                self._settled.notify_all()

    def _hold(self, world: LivingWorld, begun: HeldT, make: Callable[[HeldT], HeldT]) -> HeldT | None:
        """Change an item whose lease is ours; None after a reset, a removal, a cancel, a takeover.

        The lease tells it from an item of the same id and version that a reset let come up.
        """

        def once() -> HeldT | None:
            held = world.store.get(type(begun), begun.id)
            if held is None or held.leased_until != begun.leased_until:
                return None
            world.commit(made := make(held))
            return made

        try:
            with suppress(Conflict):  # as nearly always nothing has changed: it need not be read first
                world.commit(made := make(begun), same=(begun,))
                return made
            return world.retry(once, begun.id)
        except (Conflict, NotFound):
            return None

    def _commit(self, world: LivingWorld, item: Fax | Delivery) -> bool:
        try:
            world.commit(item)
        except (Conflict, NotFound):
            return False
        return True


def post_entry(delivery: Delivery, post: Post) -> Entry:
    """The timeline line of one try of a webhook."""
    detail: Mapping[str, Any] = {
        "delivery": delivery.id,
        "attempt": post.number,
        "status": post.reply.status,
        "error": post.reply.error,
        "url": delivery.message.url,
        "state": delivery.state.value,
    }
    return Entry(post.at, "webhook", delivery.event, detail)


def _log_fetch(world: LivingWorld, url: str, **came: Any) -> None:
    nothing = {"digest": None, "media_type": "", "error": None}
    world.store.log("fetches", {"at": world.now, "url": url, **nothing, **came})


def _origin(url: str) -> str:
    return "/".join(url.split("/", 3)[:3])
