"""How the control plane shows things: plain JSON with the neutral words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.core.dialect.moment import Moment
from emulator.core.engine.courier import Played, dropped_entry, post_entry
from emulator.core.engine.engine import LivingWorld
from emulator.core.faxes.call import Attempt
from emulator.core.faxes.fax import Entry, Fax
from emulator.core.faxes.machine import Direction, State
from emulator.core.faxes.numbers import normalise
from emulator.core.faxes.outcomes import Outcome
from emulator.core.instants import iso
from emulator.core.sandbox import MICROS, Clock, Hook, Settings
from emulator.core.scripting.scenario import Scenario
from emulator.core.webhooks.delivery import Delivery, DeliveryState, Post
from emulator.scenarios import write_scenario

JSON = dict[str, Any]


def clock_view(clock: Clock, real: float) -> JSON:
    return {
        "mode": clock.mode.value,
        "speed": "max" if clock.speed is None else clock.speed,
        "now": iso(clock.now(real)),
    }


def sandbox_view(world: LivingWorld, base_urls: Mapping[str, str]) -> JSON:
    sandbox = world.sandbox
    vendors = {
        name: {"base_url": base_urls[name], "credentials": dict(credentials)}
        for name, credentials in sandbox.credentials.items()
    }
    return {
        "id": sandbox.id,
        "name": sandbox.name,
        "seed": sandbox.seed,
        "created_at": iso(sandbox.created_at),
        "clock": clock_view(world.clock, world.real()),
        "vendors": vendors,
    }


def account_view(world: LivingWorld, vendor: str) -> JSON:
    """Show what the portal has set, and the numbers that the account has got beside those."""
    scene = world.scene(vendor)
    shown = settings_view(scene.settings, world.balance(vendor))
    listed = {normalise(number) for number in scene.settings.numbers}
    more = [number for number in scene.vendor.numbers(scene) or () if normalise(number) not in listed]
    return shown | {"numbers": [*shown["numbers"], *more]}


def settings_view(settings: Settings, balance: int) -> JSON:
    return {
        "balance": settings.amount(balance),
        "active": settings.active,
        "webhooks": {"outbound": _hook(settings.outbound), "inbound": _hook(settings.inbound)},
        "numbers": list(settings.numbers),
        "restricted_numbers": list(settings.restricted_numbers),
        "lines": settings.lines,
        "rates": {"page": settings.rates.page / MICROS, "minute": settings.rates.minute / MICROS},
        "max_attempts": settings.max_attempts,
        "profile": dict(settings.profile),
    }


def _hook(hook: Hook) -> JSON:
    return {"url": hook.url, "auth": hook.auth}


ENDS = {
    (Direction.outbound, Outcome.delivered): State.delivered,
    (Direction.outbound, Outcome.cancelled): State.cancelled,
    (Direction.inbound, Outcome.delivered): State.arrived,
}
"""The state of a fax that has ended with a call of that outcome; all others have failed."""


def attempt_view(moment: Moment, call: Attempt) -> JSON:
    """Show a call; `vendor_view` is None until it has ended."""
    return {
        "number": call.number,
        "outcome": call.outcome.value,
        "pages_sent": call.pages_sent,
        "speed": call.speed,
        "ecm": call.ecm,
        "csid": call.csid,
        "duration": call.duration,
        "started_at": iso(call.started_at),
        "ring": call.ring,
        "code": call.code,
        "vendor_view": _call_view(moment, call),
    }


def _call_view(moment: Moment, call: Attempt) -> JSON | None:
    """Show what the vendor says of a fax after one of its calls, and of that call's own result."""
    fax, view = moment.fax, moment.vendor.view
    latest = call.number == len(fax.attempts)
    if latest and fax.on_call:
        return None
    after = moment.vendor.told(moment if latest else moment.of(fax.left_by(call, State.waiting_redial)))
    end = ENDS.get((fax.direction, call.outcome), State.failed)
    result = view(moment.of(fax.left_by(call, end)))
    return {"state": after.state, "code": result.code, "text": result.text}


def entry_view(entry: Entry, fax: str | None) -> JSON:
    return {"at": iso(entry.at), "kind": entry.kind, "fax": fax, "what": entry.what, **entry.detail}


def played_view(played: Played) -> JSON:
    return entry_view(played.entry, played.fax)


def fax_view(world: LivingWorld, fax: Fax, full: bool = False) -> JSON:
    """Show a fax; its timeline holds the tries of its webhooks too, by instant, and those never sent.

    `full` says how they stand.
    """
    moment = world.scene(fax.vendor).of(fax)
    view = moment.vendor.told(moment)
    deliveries = world.list(Delivery, f"delivery/{fax.id}", limit=1000, descending=False)
    posts = [post_entry(each, post) for each in deliveries for post in each.attempts]
    posts += [dropped_entry(each) for each in deliveries if each.state is DeliveryState.dropped]
    timeline = sorted((*fax.timeline, *posts), key=lambda entry: entry.at)
    return {
        "id": fax.id,
        "vendor": fax.vendor,
        "direction": fax.direction.value,
        "to": fax.to,
        "from": fax.sender,
        "state": fax.state.value,
        "outcome": fax.outcome and fax.outcome.value,
        "pages": {"total": fax.pages, "sent": fax.pages_sent},
        "document": {"digest": fax.document, "name": fax.document_name, "problem": fax.problem},
        "scenario": fax.scenario,
        "script": script_view(fax),
        "attempts": [attempt_view(moment, call) for call in fax.attempts],
        "created_at": iso(fax.created_at),
        "finished_at": iso(fax.finished_at),
        "cost": fax.charged / MICROS,
        "vendor_view": {"id": view.id, "state": view.state, "code": view.code, "text": view.text},
        **({"webhooks": [hook_view(each) for each in deliveries]} if full else {}),
        "timeline": [entry_view(entry, fax.id) for entry in timeline],
    }


def hook_view(delivery: Delivery) -> JSON:
    """Show how a webhook of a fax stands: how often it was tried, what came of it, when it is tried next."""
    last = delivery.attempts[-1].reply if delivery.attempts else None
    return {
        "id": delivery.id,
        "event": delivery.event,
        "state": delivery.state.value,
        "tries": len(delivery.attempts),
        "status": last and last.status,
        "error": last and last.error,
        "due_at": iso(delivery.due_at),
    }


def script_view(fax: Fax) -> JSON | None:
    """Show what decides the fax as a scenario that can be queued again; None when none does."""
    if fax.scenario is None:
        return None
    return write_scenario(Scenario(fax.scenario, fax.plan))


def delivery_view(delivery: Delivery) -> JSON:
    message = delivery.message
    return {
        "id": delivery.id,
        "vendor": delivery.vendor,
        "fax": delivery.fax,
        "event": delivery.event,
        "state": delivery.state.value,
        "fault": delivery.fault,
        "created_at": iso(delivery.created_at),
        "due_at": iso(delivery.due_at),
        "request": {
            "method": message.method,
            "url": message.url,
            "encoding": message.encoding.value,
            "headers": dict(message.headers),
            "fields": dict(message.fields),
            "files": [
                {
                    "name": part.name,
                    "filename": part.filename,
                    "type": part.media_type,
                    "document": part.digest,
                }
                for part in message.files
            ],
            "auth": message.auth,
        },
        "attempts": [_post_view(post) for post in delivery.attempts],
    }


def _post_view(post: Post) -> JSON:
    """Show a try; `response` is what arrived, though an error broke it off, and None when nothing did."""
    reply = post.reply
    arrived = reply.status is not None or reply.headers or reply.body
    answer = {"status": reply.status, "headers": dict(reply.headers), "body": reply.body}
    return {
        "number": post.number,
        "at": iso(post.at),
        "real_at": iso(post.real_at),
        "url": post.url,
        "status": reply.status,
        "response": answer if arrived else None,
        "error": reply.error,
        "seconds": reply.elapsed,
    }
