"""What mFax posts: which events a change is, whom they go to, and in which of the two forms."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from emulator.core.dialect.moment import Moment, Scene
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import Direction, State
from emulator.core.message import Encoding, FilePart, Message
from emulator.core.sandbox import Hook, Settings
from emulator.core.webhooks.delivery import Delivery, DeliveryState, Notice, RetryRule
from emulator.core.world import World
from emulator.vendors.mfax.account import WEBHOOKS, list_users, switch
from emulator.vendors.mfax.events import EVENTS, HOOK_EVENTS, NEW_EVENTS, NUMBER_EVENTS
from emulator.vendors.mfax.tables import HOUR, MINUTE
from emulator.vendors.mfax.words import EXTENDED, POST_KEYS, POST_LEGACY_KEYS, extended_status_of, show_fax

WEBHOOK_RULE = RetryRule(7, (5.0, 25.0, 2 * MINUTE, 10 * MINUTE, 52 * MINUTE, 4 * HOUR, 22 * HOUR))
"""Documented: seven further tries, any 2xx is success."""

EXTENDED_EVENT = "fax.outbound.extended"


@dataclass(frozen=True)
class Subscriber:
    """Somebody who gets webhooks: one made through the API, or the portal's."""

    url: str
    auth: str | None
    events: frozenset[str]
    attachment: bool = False
    account: str | None = None
    number: str | None = None
    id: str | None = None
    side: str = "outbound"
    """Which of the portal's it is, when it is one."""


def notices(moment: Moment) -> Sequence[Notice]:
    """The webhooks of a change of a fax."""
    world, fax = moment.world, moment.fax
    events = () if fax.hidden else _events(moment.before, fax)
    if not events:
        return ()
    wanting = [each for each in _subscribers(world, fax.direction) if _concerns(each, fax)]
    return _notices(wanting, events, lambda each, event: _fax_message(world, each, event, fax))


def announce(
    world: World, event: str, data: Mapping[str, Any], accounts: Sequence[str]
) -> tuple[Delivery, ...]:
    """Make the deliveries of an event of these accounts, in both its spellings, for the caller to commit."""
    spellings = [name for name in (event, f"fax.v1.{event}") if name == event or name in NEW_EVENTS]
    every = [each for each in _subscribers(world, None) if each.number is None]
    wanting = [each for each in every if each.account in (None, *accounts)]
    made = _notices(wanting, spellings, lambda each, name: _message(each, name, data))
    return world.deliveries("mfax", made, None, world.now)


def _notices(
    wanting: Sequence[Subscriber], events: Sequence[str], make: Callable[[Subscriber, str], Message]
) -> list[Notice]:
    pairs = ((each, event) for each in wanting for event in events if event in each.events)
    return [
        Notice(event, make(each, event), WEBHOOK_RULE, hook=each.id or each.side) for each, event in pairs
    ]


def _events(before: Fax | None, fax: Fax) -> list[str]:
    """Name the events that a change of a fax is, in the order in which they are posted."""
    if before is not None and before.state is fax.state and before.pages_sent == fax.pages_sent:
        return []
    rows = _inbound(before, fax) if fax.direction is Direction.inbound else _outbound(before, fax)
    return [name for name, happened in rows if happened]


def _outbound(before: Fax | None, fax: Fax) -> tuple[tuple[str, bool], ...]:
    old = before and before.state
    return (
        ("fax.v1.outbound.init", before is None),
        (EXTENDED_EVENT, before is None or extended_status_of(before) != extended_status_of(fax)),
        ("document.complete", old is State.rendering and fax.state is State.credit_check),
        ("document.failed", old is State.rendering and fax.state is State.failed),
        ("fax.v1.outbound.succeed", fax.state is State.delivered),
        ("fax.v1.outbound.failed", fax.state is State.failed),
        ("fax.v1.outbound.complete", fax.state in (State.delivered, State.failed)),
        ("fax.outbound", fax.state in (State.delivered, State.failed)),
    )


def _inbound(before: Fax | None, fax: Fax) -> tuple[tuple[str, bool], ...]:
    return (
        ("fax.v1.inbound.init", before is None),
        ("fax.v1.inbound.page", before is not None and fax.pages_sent > before.pages_sent),
        ("fax.v1.inbound.succeed", fax.state is State.arrived),
        ("fax.v1.inbound.failed", fax.state is State.failed),
        ("fax.v1.inbound.complete", fax.final),
        ("fax.inbound", fax.state is State.arrived),
    )


def _subscribers(world: World, direction: Direction | None) -> list[Subscriber]:
    made = [_registered(record.data) for record in WEBHOOKS.page(world) if record.data["enabled"]]
    settings = world.settings("mfax")
    side = "inbound" if direction is Direction.inbound else "outbound"
    hook: Hook = getattr(settings, side)
    return [replace(_portal(settings, hook), side=side), *made] if hook.url else made


def _registered(data: Mapping[str, Any]) -> Subscriber:
    wanted = frozenset(name for name, on in data["events"].items() if on)
    events = wanted if data["numberId"] is None else wanted & NUMBER_EVENTS
    return Subscriber(
        data["url"], data["auth"], events, data["attachmentEnabled"], data["accountId"], data["numberId"],
        data["uuid"],
    )  # fmt: skip


def _portal(settings: Settings, hook: Hook) -> Subscriber:
    chosen = switch(settings, "webhook_events")
    usual = HOOK_EVENTS["legacy" if switch(settings, "webhook_format") == "legacy" else "json"]
    events = EVENTS.intersection(map(str, chosen)) if isinstance(chosen, (list, tuple)) else frozenset(usual)
    return Subscriber(hook.url or "", hook.auth, events, bool(switch(settings, "webhook_attachment")))


def _concerns(subscriber: Subscriber, fax: Fax) -> bool:
    if (only := fax.details.get("webhookId")) is not None:
        return bool(subscriber.id == only)
    if subscriber.number is not None:
        return bool(subscriber.number == fax.details.get("number"))
    return subscriber.account in (None, fax.details["account"])


def _fax_message(world: World, subscriber: Subscriber, event: str, fax: Fax) -> Message:
    if event in NEW_EVENTS:
        return _message(subscriber, event, show_fax(world, fax, POST_KEYS))
    digest = fax.document if subscriber.attachment and not fax.problem else None
    kept = world.blob(digest) is not None
    part = FilePart("attachment", f"{fax.vendor_id}.pdf", "application/pdf", digest or "")
    own = EXTENDED if event == EXTENDED_EVENT else None
    return _message(subscriber, event, show_fax(world, fax, POST_LEGACY_KEYS, own), (part,) if kept else ())


def _message(
    subscriber: Subscriber, event: str, data: Mapping[str, Any], files: tuple[FilePart, ...] = ()
) -> Message:
    url, auth = subscriber.url, subscriber.auth
    if event in NEW_EVENTS:
        named, fields = (("x-webhook-event", event),), tuple(data.items())
        return Message(url, encoding=Encoding.json, fields=fields, headers=named, auth=auth)
    text = json.dumps(data, separators=(",", ":"))
    return Message(url, encoding=Encoding.multipart, fields=(("data", text),), files=files, auth=auth)


def after_delivery(scene: Scene, delivery: Delivery) -> None:
    """Note the e-mail that follows the last try: the error and the data, without the attachment."""
    if delivery.state is not DeliveryState.failed:
        return
    world, reply = scene.world, delivery.attempts[-1].reply
    world.store.log(
        "notifications",
        {
            "at": world.now,
            "vendor": "mfax",
            "kind": "email",
            "to": _addresses(world, delivery.message.url),
            "subject": f"Webhook {delivery.event} could not be delivered",
            "delivery": delivery.id,
            "fax": delivery.fax,
            "url": delivery.message.url,
            "attempts": len(delivery.attempts),
            "error": reply.error.value if reply.error else f"HTTP {reply.status}",
            "data": dict(delivery.message.fields),
        },
    )


def _addresses(world: World, url: str) -> list[str]:
    """Tell whom the webhooks of this address name, else the account's admin."""
    named = [each for record in WEBHOOKS.page(world) if record.data["url"] == url
             for each in record.data["notificationEmails"]]  # fmt: skip
    return list(dict.fromkeys(named)) or [list_users(world)[0]["email"]]
