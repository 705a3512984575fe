"""What scenarios do to webhooks, seen from the deliveries."""

from __future__ import annotations

from itertools import count
from typing import Any

from emulator.core.faxes.plan import WebhookFault
from emulator.core.message import Message
from emulator.core.webhooks.delivery import Delivery, DeliveryState
from emulator.core.webhooks.tampering import APART, OVERTAKEN, tamper, waits_for_end

AT = 1000.0


def delivery(number: int, stage: str = "delivered", **changes: Any) -> Delivery:
    given: dict[str, Any] = {
        "id": f"delivery-{number}",
        "sequence": number,
        "vendor": "any",
        "fax": "fax-1",
        "event": f"fax.{stage}",
        "stage": stage,
        "message": Message("http://127.0.0.1/", auth="user:secret"),
        "created_at": AT,
        "due_at": AT,
    }
    return Delivery(**given | changes)


def tampered(
    fault: WebhookFault, *made: Delivery, held: tuple[Delivery, ...] = (), final: bool = True
) -> tuple[Delivery, ...]:
    numbers = count(100)
    return tamper(fault, made, held, at=AT, final=final, number=lambda: next(numbers))


def order(deliveries: tuple[Delivery, ...]) -> list[tuple[str, float | None]]:
    rows = sorted(deliveries, key=lambda each: each.due_at or 0)
    return [(each.stage, each.due_at) for each in rows]


def test_no_fault_changes_nothing() -> None:
    made = delivery(1)
    assert tampered(WebhookFault(), made) == (made,)


def test_early_stages_are_held_until_the_end_and_follow_it_newest_first() -> None:
    fault = WebhookFault(reorder=True)
    stages = [delivery(1, "received"), delivery(2, "dialing")]
    held = tampered(fault, *stages, final=False)
    assert all(waits_for_end(each) and each.fault == "reordered" for each in held)
    freed = tampered(fault, delivery(3), held=held)
    assert order(freed) == [("delivered", AT), ("dialing", AT + APART), ("received", AT + 2 * APART)]
    assert [each.version for each in freed] == [1, 2, 2]


def test_lonely_webhook_is_overtaken_by_those_of_later_faxes() -> None:
    [late] = tampered(WebhookFault(reorder=True), delivery(1))
    assert (late.due_at, late.fault) == (AT + OVERTAKEN, "reordered")


def test_order_may_be_named_by_states_and_events() -> None:
    fault = WebhookFault(status_order=("dialing", "fax.delivered"))
    held = tampered(fault, delivery(1, "received"), delivery(2, "dialing"), final=False)
    freed = tampered(fault, delivery(3), held=held)
    assert [stage for stage, _ in order(freed)] == ["dialing", "delivered", "received"]


def test_held_webhooks_go_even_when_the_end_has_none_of_its_own() -> None:
    fault = WebhookFault(reorder=True)
    held = tampered(fault, delivery(1, "received"), final=False)
    assert order(tampered(fault, held=held)) == [("received", AT)]


def test_dropped_ones_stay_dropped_whatever_else_is_asked() -> None:
    fault = WebhookFault(drop=True, duplicate=1, delay=5, reorder=True, truncate=3)
    freed = tampered(fault, delivery(1))
    assert [(each.state, each.due_at, each.fault) for each in freed] == [
        (DeliveryState.dropped, None, "dropped"),
        (DeliveryState.dropped, None, "dropped, duplicate"),
    ]


def test_duplicates_have_ids_of_their_own() -> None:
    freed = tampered(WebhookFault(duplicate=2), delivery(1))
    assert [(each.id, each.sequence, each.version) for each in freed] == [
        ("delivery-1", 1, 1),
        ("delivery-100", 100, 1),
        ("delivery-101", 101, 1),
    ]


def test_password_is_replaced_or_taken_away_with_a_header_that_carries_it() -> None:
    message = Message("http://127.0.0.1/", headers=(("authorization", "Bearer x"), ("X-A", "b")))
    wrong, none = (
        tampered(fault, delivery(1, message=message))[0].message
        for fault in (WebhookFault(wrong_auth=True), WebhookFault(no_auth=True))
    )
    assert (wrong.auth, wrong.headers) == ("wrong:wrong", (("X-A", "b"),))
    assert (none.auth, none.headers) == (None, (("X-A", "b"),))
