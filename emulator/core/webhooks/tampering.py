"""What a scenario does to a fax's webhooks: lost, doubled, late, out of order, badly signed, cut short."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from emulator.core.faxes.plan import WebhookFault
from emulator.core.message import Message
from emulator.core.webhooks.delivery import Delivery, DeliveryState

APART = 1.0
"""Virtual seconds between webhooks whose order matters, so that one is there before the next goes."""

OVERTAKEN = 60.0
"""Virtual seconds by which the only webhook of a fax is late, so that others overtake it."""

WRONG = "wrong:wrong"

REORDERED = "reordered"

ON_THE_WAY = {"truncate": "truncated", "lose": "lost", "lose_answer": "answer_lost", "drip": "dripped"}
"""What a fault and a delivery have by the same name, and the word for it."""


def tamper(
    fault: WebhookFault,
    deliveries: Sequence[Delivery],
    held: Sequence[Delivery],
    *,
    at: float,
    final: bool,
    number: Callable[[], int],
) -> tuple[Delivery, ...]:
    """What becomes of the webhooks of one change of a fax, and of those that were `held` back before.

    `at` is the present, `final` tells whether the fax has ended: then nothing is held any more. `number`
    numbers the duplicates.
    """
    changed = [_tampered(fault, each) for each in deliveries]
    if not fault.at_once:
        changed += [_duplicate(each, number()) for each in changed for _ in range(fault.duplicate)]
    if fault.hold:
        return tuple(_noted(each, "held", due_at=None) for each in changed)
    if not (fault.reorder or fault.status_order):
        return tuple(changed)
    if not final:
        return tuple(_noted(each, REORDERED, due_at=None) for each in changed)
    return _ordered(fault, changed, held, at)


def waits_for_end(delivery: Delivery) -> bool:
    """Tell whether a webhook waits for its fax to end."""
    return delivery.state is DeliveryState.pending and delivery.due_at is None


def _tampered(fault: WebhookFault, delivery: Delivery) -> Delivery:
    if fault.drop:
        return _noted(delivery, "dropped", state=DeliveryState.dropped, due_at=None)
    if fault.delay and delivery.due_at is not None:
        delivery = _noted(delivery, "delayed", due_at=round(delivery.due_at + fault.delay, 3))
    if fault.before_response:
        delivery = _noted(delivery, "early")
    if fault.wrong_auth or fault.no_auth:
        word, auth = ("no_auth", None) if fault.no_auth else ("wrong_auth", WRONG)
        delivery = _noted(delivery, word, message=_with_auth(delivery.message, auth))
    for name, word in ON_THE_WAY.items():
        if (amount := getattr(fault, name)) != getattr(WebhookFault, name):
            delivery = _noted(delivery, word, **{name: amount})
    return _noted(delivery, "at_once", copies=fault.duplicate) if fault.at_once else delivery


def _with_auth(message: Message, auth: str | None) -> Message:
    kept = tuple(pair for pair in message.headers if pair[0].lower() != "authorization")
    return replace(message, auth=auth, headers=kept)


def _duplicate(delivery: Delivery, number: int) -> Delivery:
    return _noted(delivery, "duplicate", id=f"delivery-{number}", sequence=number)


def _ordered(
    fault: WebhookFault, now: Sequence[Delivery], held: Sequence[Delivery], at: float
) -> tuple[Delivery, ...]:
    going = [each for each in now if each.state is DeliveryState.pending]
    freed = [each.evolve(version=each.version + 1) for each in held]
    every = [*going, *sorted(freed, key=lambda each: each.sequence, reverse=True)]
    if fault.status_order:
        every.sort(key=lambda each: (_place(fault.status_order, each), each.sequence))
    start = max((each.due_at for each in going if each.due_at is not None), default=at)
    first = start if freed or fault.status_order else start + OVERTAKEN
    placed = [_noted(each, REORDERED, due_at=round(first + APART * n, 3)) for n, each in enumerate(every)]
    return (*placed, *(each for each in now if each not in going))


def _place(order: Sequence[str], delivery: Delivery) -> int:
    words = [word for word in order if word in (delivery.event, delivery.stage)]
    return order.index(words[0]) if words else len(order)


def _noted(delivery: Delivery, word: str, **changes: object) -> Delivery:
    words = [] if delivery.fault is None else delivery.fault.split(", ")
    return delivery.evolve(fault=", ".join(words if word in words else [*words, word]), **changes)
