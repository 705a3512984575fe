"""Whom Kazoo tells that a fax has ended, how, and what becomes of a webhook that fails (observed)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from emulator.core.dialect.vendor import Moment
from emulator.core.errors import Conflict
from emulator.core.faxes.outcomes import Outcome
from emulator.core.item import Record
from emulator.core.message import Encoding, Message
from emulator.core.sandboxes.sandbox import Hook, Sandbox, Settings
from emulator.core.webhooks.delivery import Accepts, Delivery, DeliveryState, Notice, RetryRule
from emulator.core.world import World
from emulator.vendors.kazoo.events import event_of, payload
from emulator.vendors.kazoo.times import gregorian
from emulator.vendors.kazoo.tokens import credentials_of

GROUP = "kazoo/webhooks"
ATTEMPTS = "kazoo/attempts"
REVISION = "hook_version"
"""Key of an attempt that is not shown: which version of the webhook was tried."""
FAILURE = "failure"
NOTIFICATIONS = "notifications"
OLD_HOOKS = ("outbound_fax", "inbound_fax")
ENCODINGS = {"form-data": Encoding.form, "json": Encoding.json}
USUAL_RETRIES = 2
WAIT, TIMEOUT = 2.0, 10.0
MOST_HOOKS = 100

TOO_MANY, WITHIN = 6, 60.0
"""Failures, and the seconds in which so many switch a webhook off."""
TOO_MANY_REASON = "too many failed attempts"


def rule_of(sends: int) -> RetryRule:
    """Take 200 alone for success, any answer as final; try silence again until there were so many sends."""
    return RetryRule(max(0, sends - 1), (WAIT,), Accepts.ok, retry_answers=False, timeout=TIMEOUT)


OLD_RULES = {f"{sends}": rule_of(sends) for sends in range(5)}


def notices(moment: Moment) -> Sequence[Notice]:
    """Give the webhooks of a fax that has just ended."""
    if not moment.ended or moment.fax.outcome is Outcome.cancelled:
        return ()
    event = event_of(moment.fax)
    fields = payload(moment.world.sandbox, moment.settings, moment.fax, event)
    return notices_of(moment.world, moment.settings, event, fields)


def notices_of(world: World, settings: Settings, event: str, fields: Mapping[str, Any]) -> Sequence[Notice]:
    """Give a notice for each webhook that listens to an event; the portal's URLs are webhooks too."""
    hooks = world.list(Record, GROUP, limit=MOST_HOOKS, descending=False)
    made = [
        _notice(world.sandbox, event, fields, hook.id, hook.data)
        for hook in hooks
        if _hears(hook.data, event)
    ]
    portal = settings.inbound if event.startswith("inbound") else settings.outbound
    if portal.url is not None:
        made.insert(0, _from_portal(world.sandbox, event, fields, portal))
    return made


def _hears(hook: Mapping[str, Any], event: str) -> bool:
    if not hook["enabled"]:
        return False
    if hook["hook"] in OLD_HOOKS:
        return event in (hook["hook"], f"{hook['hook']}_error")
    wanted = hook.get("custom_data", {}).get("type")
    return wanted in (event, "all")


def _from_portal(sandbox: Sandbox, event: str, fields: Mapping[str, Any], portal: Hook) -> Notice:
    data = {"uri": portal.url, "http_verb": "post", "format": "form-data", "retries": USUAL_RETRIES}
    notice = _notice(sandbox, event, fields, sandbox.ids.hex("kazoo/portal-hook", 1), data)
    return replace(notice, message=replace(notice.message, auth=portal.auth))


def _notice(
    sandbox: Sandbox, event: str, fields: Mapping[str, Any], hook_id: str, hook: Mapping[str, Any]
) -> Notice:
    account = credentials_of(sandbox)["account"]
    verb = hook["http_verb"]
    message = Message(
        hook["uri"],
        verb.upper(),
        Encoding.query if verb == "get" else ENCODINGS[hook["format"]],
        tuple({**fields, **hook.get("custom_data", {})}.items()),
        headers=(("X-Hook-ID", hook_id), ("X-Account-ID", account)),
    )
    return Notice(event, message, rule_of(hook["retries"]))


# what becomes of it
def after_delivery(moment: Moment, delivery: Delivery) -> None:
    """Record a try, and switch a webhook off that fails too often; the portal's URLs always stay on."""
    world = moment.world
    hook_id = dict(delivery.message.headers)["X-Hook-ID"]
    hook = world.store.get(Record, hook_id)
    entry = _attempt(hook_id, delivery) | {REVISION: hook.version if hook else 0}
    world.store.log(ATTEMPTS, entry)
    if hook and hook.data["enabled"] and _failures(world, entry) >= TOO_MANY:
        data = {**hook.data, "enabled": False, "disable_reason": TOO_MANY_REASON}
        with suppress(Conflict):  # its owner has just changed it, and with that it begins anew
            world.store.commit((hook.evolve(version=hook.version + 1, data=data),))


def _attempt(hook_id: str, delivery: Delivery) -> dict[str, Any]:
    post = delivery.attempts[-1]
    taken, answered = delivery.state is DeliveryState.delivered, post.reply.status is not None
    entry: dict[str, Any] = {
        "hook_id": hook_id,
        "result": "success" if taken else FAILURE,
        "timestamp": gregorian(post.at),
        "retries_left": max(0, delivery.rule.retries + 1 - post.number),
    }
    if answered:
        entry["resp_status_code"] = post.reply.status
    else:
        entry["client_error"] = str(post.reply.error)
    if not taken:
        entry["reason"] = "bad response code" if answered else "kazoo http client error"
    return entry


def _failures(world: World, last: Mapping[str, Any]) -> int:
    """Count a webhook's failures of the last minute, 0 when the last try was none.

    Those before its owner changed it, or switched it on again, are forgiven.
    """
    page = world.store.journal(ATTEMPTS, limit=1000, newest=True)
    same = {key: last[key] for key in ("hook_id", REVISION)} | {"result": FAILURE}
    since = last["timestamp"] - WITHIN
    return sum(
        entry["timestamp"] >= since and same.items() <= entry.items()
        for _, entry in (page.entries if last["result"] == FAILURE else ())
    )
