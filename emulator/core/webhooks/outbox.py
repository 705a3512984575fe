"""Webhooks put on their way: what a vendor wants sent, and what a scenario makes of it."""

from __future__ import annotations

from collections.abc import Sequence

from emulator.core.faxes.fax import Fax
from emulator.core.storage.store import SandboxStore
from emulator.core.webhooks.delivery import Delivery, Notice
from emulator.core.webhooks.tampering import tamper, waits_for_end


def make_deliveries(
    store: SandboxStore, vendor: str, notices: Sequence[Notice], fax: Fax | None, at: float
) -> tuple[Delivery, ...]:
    """Make the deliveries of notices, due now or after the notice's own wait, as a scenario changes them."""
    made = []
    for notice in notices:
        number = store.next(Delivery.kind)
        delivery = Delivery(
            id=f"delivery-{number}",
            sequence=number,
            vendor=vendor,
            fax=fax.id if fax else None,
            event=notice.event,
            stage=fax.state.value if fax else "",
            rule=notice.rule,
            message=notice.message,
            hook=notice.hook,
            created_at=at,
            due_at=round(at + notice.after, 3),
        )
        made.append(delivery)
    return tuple(made) if fax is None else _tampered(store, fax, made, at)


def _tampered(store: SandboxStore, fax: Fax, made: Sequence[Delivery], at: float) -> tuple[Delivery, ...]:
    fault = fax.plan.webhook
    if fault is None:
        return tuple(made)
    earlier = store.list(Delivery, f"{Delivery.kind}/{fax.id}", limit=1000)
    held = [each for each in earlier if waits_for_end(each)]
    number = lambda: store.next(Delivery.kind)  # noqa: E731
    return tamper(fault, made, held, at=at, final=fax.final, number=number)
