"""A webhook on its way: one record that is its own timer, with every try and the rule of its retries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from emulator.core.errors import Conflict
from emulator.core.item import Item, lease_list
from emulator.core.message import Message, Reply, Trouble


class Accepts(StrEnum):
    """Which answers count as the receiver's having the webhook."""

    success = "2xx"
    ok = "200"


@dataclass(frozen=True)
class RetryRule:
    """When a webhook counts as taken, and when it is sent again; seconds.

    There are at most `retries` after the first try. `delays` are the waits before them; where there are fewer
    delays, the last one is waited again. With `retry_answers` False only transport errors are retried.
    """

    retries: int = 0
    delays: tuple[float, ...] = ()
    accepts: Accepts = Accepts.success
    retry_answers: bool = True
    timeout: float = 10.0

    @property
    def sound(self) -> bool:
        """Tell whether it can be followed: a snapshot may hold anything."""
        times = (*self.delays, self.timeout)
        return (
            0 <= self.retries <= MOST_RETRIES
            and bool(self.delays or not self.retries)
            and all(0 < each <= LONGEST_WAIT for each in times)
        )

    def is_taken(self, reply: Reply) -> bool:
        """Tell whether the receiver has taken it."""
        status = reply.status
        return status == 200 if self.accepts is Accepts.ok else status is not None and 200 <= status < 300

    def wait(self, retries_done: int, reply: Reply) -> float | None:
        """The wait before the next try, None to give up."""
        if retries_done >= self.retries or (reply.status is not None and not self.retry_answers):
            return None
        return self.delays[min(retries_done, len(self.delays) - 1)]


MOST_RETRIES, LONGEST_WAIT = 1000, 86_400.0


class DeliveryState(StrEnum):
    pending = "pending"
    sending = "sending"
    delivered = "delivered"
    failed = "failed"
    dropped = "dropped"


@dataclass(frozen=True)
class Post:
    """One try: the virtual and the real instant at which it began, what came back, and where it went."""

    number: int
    at: float
    real_at: float
    reply: Reply
    url: str | None = None


@dataclass(frozen=True)
class Notice:
    """A webhook that a vendor wants sent: the event's word, the request, when it is tried again, how late.

    `hook` says whose address it has: `outbound` or `inbound` of the settings, or the id of a vendor's record
    with a `url` or `uri`. When that is corrected, later tries go there.
    """

    event: str
    message: Message
    rule: RetryRule = RetryRule()
    after: float = 0.0
    hook: str | None = None


@dataclass(frozen=True, kw_only=True)
class Delivery(Item):
    """A webhook and all its tries. `retries` counts those of the current round; a replay starts a new one."""

    kind: ClassVar[str] = "delivery"

    vendor: str
    fax: str | None
    event: str
    stage: str = ""
    """The neutral state of the fax when the webhook arose."""
    rule: RetryRule = RetryRule()
    message: Message
    hook: str | None = None
    state: DeliveryState = DeliveryState.pending
    fault: str | None = None
    """What a scenario did: dropped, duplicate, delayed, reordered, wrong_auth, no_auth, truncated, early,
    held, at_once, lost, answer_lost, dripped."""
    truncate: int | None = None
    copies: int = 0
    """How many more times it is sent at the same moment."""
    lose: int = 0
    lose_answer: int = 0
    drip: float = 0.0
    attempts: tuple[Post, ...] = ()
    retries: int = 0
    created_at: float
    due_at: float | None = None
    leased_until: float | None = None

    @property
    def due(self) -> float | None:
        return self.due_at

    @property
    def lists(self) -> tuple[str, ...]:
        held = (lease_list(self.kind),) if self.leased_until is not None else ()
        of_fax = (f"delivery/{self.fax}",) if self.fax else ()
        return ("delivery", *of_fax, *held)

    @property
    def is_lost(self) -> bool:
        """Whether a scenario lets the next try not arrive."""
        return len(self.attempts) < self.lose

    @property
    def is_unheard(self) -> bool:
        """Whether a scenario lets the answer to the next try not arrive."""
        return len(self.attempts) < self.lose + self.lose_answer

    def claim(self, leased_until: float) -> Delivery:
        """Take it for sending until the real instant given."""
        return self.evolve(
            version=self.version + 1, state=DeliveryState.sending, due_at=None, leased_until=leased_until
        )

    def again(self, at: float) -> Delivery:
        """Send it once more at `at`, whole whatever became of it, with all the vendor's retries."""
        if self.state is DeliveryState.sending:
            raise Conflict(f"{self.id} is being sent")
        return self.evolve(
            version=self.version + 1,
            state=DeliveryState.pending,
            due_at=at,
            retries=0,
            truncate=None,
            copies=0,
        )

    def interrupt(self, at: float, began_at: float, real_at: float) -> Delivery:
        """Note a try whose sender died, and have it made anew at `at`; it uses up no retry."""
        reply = Reply(None, error=Trouble.interrupted)
        post = Post(len(self.attempts) + 1, began_at, real_at, reply, self.message.url)
        freed = self.release(at)
        return freed.evolve(state=DeliveryState.pending, attempts=(*self.attempts, post))

    def settle(self, at: float, real_at: float, reply: Reply, copies: Sequence[Reply] = ()) -> Delivery:
        """Note a try, after its copies, and decide what follows: taken, another try, or given up."""
        first = len(self.attempts) + 1
        came = (*copies, reply)
        tries = (Post(first + n, at, real_at, each, self.message.url) for n, each in enumerate(came))
        posts = (*self.attempts, *tries)
        change = {"version": self.version + 1, "attempts": posts, "leased_until": None, "due_at": None}
        if self.rule.is_taken(reply):
            return self.evolve(**change, state=DeliveryState.delivered)
        wait = self.rule.wait(self.retries, reply)
        if wait is None:
            return self.evolve(**change, state=DeliveryState.failed)
        change |= {"due_at": round(at + wait, 3), "retries": self.retries + 1}
        return self.evolve(**change, state=DeliveryState.pending)


def pending(deliveries: Iterable[Delivery]) -> bool:
    """Tell whether any of them is still to be sent."""
    return any(each.state in (DeliveryState.pending, DeliveryState.sending) for each in deliveries)
