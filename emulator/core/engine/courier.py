"""Slow work under a lease: webhooks go out, documents are fetched and drawn while no lock is held.

A webhook that is due is first *claimed*: committed without a due instant, with `leased_until`, a real
instant 60 seconds ahead. Whoever claimed it sends it with no lock held and then *settles* it, in a commit
that holds only while the lease is still the one it took. When its process dies, the lease ends by itself,
and any process that looks after the sandbox takes the work back: the webhook is due again, and its history
says `interrupted`. So a webhook is sent at least once, and its end is written at most once. Documents are
fetched, and drawn to see that they can be, by the same rules.

An example. At real instant 100 worker A claims delivery-7 until 160 and dies at 101. At 160 worker B finds a
lease that has ended: it notes the try that A began as interrupted, and makes delivery-7 due. B claims it
until 220, sends it, is answered 200 and settles it as delivered. Had A not died but slept until 170, its
settling would have found another lease than its own and written nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Protocol, cast

from emulator.core.engine.engine import Engine, LivingWorld
from emulator.core.engine.leases import LEASE, Leases
from emulator.core.engine.proving import prove
from emulator.core.errors import NotFound
from emulator.core.faxes.fax import Entry, Fax, Source
from emulator.core.message import Fetch, Fetched, FetchFailed, Message, Reply, Trouble
from emulator.core.sandbox import Hook, Settings
from emulator.core.storage.store import Due
from emulator.core.webhooks.delivery import Delivery, Post
from emulator.documents import Problem

DRAWING = "documents"
"""The destination of the drawing of documents, which all wait for the same processors."""


UNHEARD = Reply(None, error=Trouble.timeout)
"""What a scenario makes of a try that it loses, or whose answer it does."""


SIDES = ("outbound", "inbound")
"""The hooks of a vendor's settings."""


class Outside(Protocol):
    """The way out of the program: webhooks and fetches."""

    def send(
        self,
        message: Message,
        load: Callable[[str], bytes],
        *,
        timeout: float,
        truncate: int | None = None,
        drip: float = 0.0,
    ) -> Reply:
        """Post a webhook, its body in two halves `drip` real seconds apart; failures are replies too."""

    def send_together(self, times: int, message: Message, load: Any, **manner: Any) -> list[Reply]:
        """Post a webhook so many times at one moment."""

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


class Courier(Leases):
    """Sends the webhooks and fetches the documents of one engine's sandboxes."""

    def __init__(self, engine: Engine, outside: Outside, lease: float = LEASE) -> None:
        super().__init__(engine, lease)
        self.outside = outside

    # webhooks
    def deliver(self, world: LivingWorld, due: Due, run: Run) -> list[Played]:
        """Send a webhook that is due, once; nothing when it is gone, sent or being sent."""
        delivery = world.store.get(Delivery, due.id)
        if delivery is None or delivery.due_at is None:
            return []
        claimed = _readdressed(world, delivery).claim(self.engine.real() + self.lease)
        if not self._commit(world, claimed):
            return []
        work = lambda: self._send(world, claimed, max(due.at, claimed.created_at))  # noqa: E731
        return run(Errand(world.id, _origin(claimed.message.url), work))

    def _send(self, world: LivingWorld, claimed: Delivery, at: float) -> list[Played]:
        vendor = self.engine.vendors[claimed.vendor]
        begun = self._renewed(world, claimed)
        if begun is None:
            return []
        real, replies = self.engine.real(), [Reply(None, error=Trouble.bad_message)]
        try:
            replies = self._replies(world, begun)
        finally:
            # Also after an error of ours: a webhook that stays leased would hold up its sandbox.
            reply, *copies = replies
            settled = self._settle(world, begun, lambda held: held.settle(at, real, reply, copies))
        if settled is None:
            return []
        world.tell("delivery", settled)
        if vendor.after_delivery is not None:
            with world.shared.reading(), suppress(NotFound):  # the sandbox was removed meanwhile
                vendor.after_delivery(world.scene(vendor.name), settled)
        tried = settled.attempts[-len(replies) :]
        return [Played(settled.fax, post_entry(settled, each)) for each in tried]

    def _replies(self, world: LivingWorld, delivery: Delivery) -> list[Reply]:
        """What a try brings, and its copies at the same moment."""

        def load(digest: str) -> bytes:
            if (content := world.store.blob(digest)) is None:
                raise LookupError(digest)
            return content

        if delivery.is_lost:
            return [UNHEARD]
        manner: dict[str, Any] = {"timeout": delivery.rule.timeout, "truncate": delivery.truncate}
        manner |= {"drip": delivery.drip} if delivery.drip else {}
        try:
            if delivery.copies and not delivery.attempts:
                times = 1 + delivery.copies
                return self.outside.send_together(times, delivery.message, load, **manner)
            reply = self.outside.send(delivery.message, load, **manner)
        except NotFound:  # the sandbox was removed meanwhile
            return [Reply(None, error=Trouble.bad_message)]
        return [UNHEARD if delivery.is_unheard else reply]

    # documents
    def fetch(self, world: LivingWorld, fax: Fax, at: float, run: Run) -> list[Played]:
        """Fetch the document of a fax that is being rendered; after that the fax is due again, at `at`."""
        claimed = self._claimed(world, fax)
        if fax.source is None or claimed is None:
            return []
        work = lambda: self._fetch(world, claimed, at)  # noqa: E731
        return run(Errand(world.id, _origin(fax.source.request.url), work))

    def _fetch(self, world: LivingWorld, claimed: Fax, at: float) -> list[Played]:
        begun = self._renewed(world, claimed)
        if begun is None or begun.source is None:
            return []
        self._give_back(world, begun, at, partial(self._fetched, world, begun, begun.source))
        return []

    def prove(self, world: LivingWorld, fax: Fax, at: float, run: Run) -> list[Played]:
        """Draw the document of a fax that is being rendered; after that the fax is due again, at `at`."""
        claimed = self._claimed(world, fax)
        if claimed is None:
            return []
        return run(Errand(world.id, DRAWING, lambda: self._prove(world, claimed, at)))

    def _prove(self, world: LivingWorld, claimed: Fax, at: float) -> list[Played]:
        begun = self._renewed(world, claimed)
        if begun is not None:
            self._give_back(world, begun, at, partial(prove, world, begun))
        return []

    def _claimed(self, world: LivingWorld, fax: Fax) -> Fax | None:
        until = self.engine.real() + self.lease
        claimed = fax.evolve(version=fax.version + 1, due_at=None, leased_until=until)
        return claimed if self._commit(world, claimed) else None

    def _give_back(
        self, world: LivingWorld, begun: Fax, at: float, work: Callable[[], Mapping[str, Any]]
    ) -> None:
        """Make a fax due again with what slow work changes of it; a fault of ours leaves it broken."""
        changes: Mapping[str, Any] = {"problem": Problem.broken.value}
        try:
            changes = work()
        except NotFound:  # the sandbox was removed meanwhile
            changes = {}
        finally:
            changes = {**changes, "leased_until": None, "due_at": at}
            self._settle(world, begun, lambda held: held.evolve(version=held.version + 1, **changes))

    def _fetched(self, world: LivingWorld, fax: Fax, source: Source) -> dict[str, Any]:
        try:
            got = [self._take(world, request) for request in (source.request, *source.more)]
            moment = world.scene(fax.vendor).of(fax)
            document = moment.vendor.assemble(moment, got)
        except FetchFailed as failure:
            wrong = failure.reason.value
            return {"source": replace(source, status=failure.status, error=wrong), "problem": wrong}
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
        return replace(got, name=request.name)


def _readdressed(world: LivingWorld, delivery: Delivery) -> Delivery:
    """A webhook that was tried in vain goes to where its hook leads by now."""
    now = _hook(world, delivery) if delivery.attempts else None
    if now is None or now.url in (None, delivery.message.url):
        return delivery
    return delivery.evolve(message=replace(delivery.message, url=now.url, auth=now.auth))


def _hook(world: LivingWorld, delivery: Delivery) -> Hook | None:
    if delivery.hook is None:
        return None
    if delivery.hook not in SIDES:
        data: Mapping[str, Any] = record.data if (record := world.record(delivery.hook)) else {}
        return Hook(data.get("url") or data.get("uri"), data.get("auth"))
    settings = world.store.get(Settings, delivery.vendor)  # None when the sandbox was removed meanwhile
    return None if settings is None else cast(Hook, getattr(settings, delivery.hook))


def post_entry(delivery: Delivery, post: Post) -> Entry:
    """The timeline line of one try of a webhook."""
    detail: Mapping[str, Any] = {
        "delivery": delivery.id,
        "attempt": post.number,
        "status": post.reply.status,
        "error": post.reply.error,
        "url": post.url or delivery.message.url,
        "state": delivery.state.value,
    }
    return Entry(post.at, "webhook", delivery.event, detail)


def dropped_entry(delivery: Delivery) -> Entry:
    """The timeline line of a webhook that a scenario has dropped before its first try."""
    detail: Mapping[str, Any] = {
        "delivery": delivery.id,
        "attempt": 0,
        "status": None,
        "error": None,
        "url": delivery.message.url,
        "state": delivery.state.value,
    }
    return Entry(delivery.created_at, "webhook", delivery.event, detail)


def _log_fetch(world: LivingWorld, url: str, **came: Any) -> None:
    nothing = {"digest": None, "media_type": "", "error": None}
    world.store.log("fetches", {"at": world.now, "url": url, **nothing, **came})


def _origin(url: str) -> str:
    return "/".join(url.split("/", 3)[:3])
