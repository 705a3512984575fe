"""Whom Kazoo tells that a fax has ended (webhooks, and people by email and text message), what it tells, and
what becomes of a webhook that fails. All of it observed: flat fields (4.0), or nested ones (4.3).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from emulator.core.dialect.moment import Moment, Scene
from emulator.core.errors import Conflict
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import Direction
from emulator.core.faxes.outcomes import Outcome
from emulator.core.item import Record
from emulator.core.message import Encoding, Message
from emulator.core.sandbox import Hook, Sandbox, Settings
from emulator.core.webhooks.delivery import Accepts, Delivery, DeliveryState, Notice, RetryRule
from emulator.core.world import World
from emulator.vendors.kazoo.account.tokens import credentials_of, realm
from emulator.vendors.kazoo.codes import CAUSES, cause_of, t30_of
from emulator.vendors.kazoo.tables import OLD_HOOKS, SMTP_ERROR, VERSION
from emulator.vendors.kazoo.words import call_id, gregorian, is_modern, last_code, month, negotiation_of
from localfax.vendors.kazoo import account_db

ATTEMPTS = "kazoo/attempts"
REVISION = "hook_version"
"""Key of an attempt that is not shown: which version of the webhook was tried."""
FAILURE = "failure"
ENCODINGS = {"form-data": Encoding.form, "json": Encoding.json}
PORTAL = {"http_verb": "post", "format": "form-data", "retries": 2}
"""How the portal's URLs are told."""
WAIT, TIMEOUT = 2.0, 10.0
MOST_HOOKS = 100

TOO_MANY, WITHIN = 6, 60.0
"""Failures, and the seconds in which so many switch a webhook off."""
TOO_MANY_REASON = "too many failed attempts"

TOLD = (
    "transfer_rate", "bad_rows", "ecm_used", "t38_used", "encoding", "encoding_name", "local_station_id",
    "remote_station_id", "image_resolution", "file_image_resolution",
)  # fmt: skip
"""What a webhook tells of the call."""

AS_TEXT = frozenset((
    "fax_bad_rows", "fax_encoding", "fax_result_code", "fax_total_pages", "fax_transfer_rate",
    "fax_transferred_pages",
))  # fmt: skip
"""Numbers that a 4.3 server writes as text (observed in samples)."""

PEOPLE = "notifications"
"""The journal of what people are told: here it is written down, not sent."""
MEDIA = ("email", "sms")
SUBJECTS = {
    (Direction.outbound, True): "Fax to {to} was sent",
    (Direction.outbound, False): "Fax to {to} failed: {text}",
    (Direction.inbound, True): "New fax from {sender}",
    (Direction.inbound, False): "Fax from {sender} failed: {text}",
}
"""Our own words: nothing public shows the vendor's templates (assumed)."""


def rule_of(sends: int) -> RetryRule:
    """Take 200 alone for success, any answer as final; try silence again until there were so many sends."""
    return RetryRule(max(0, sends - 1), (WAIT,), Accepts.ok, retry_answers=False, timeout=TIMEOUT)


OLD_RULES = {f"{sends}": rule_of(sends) for sends in range(5)}


def notices(moment: Moment) -> Sequence[Notice]:
    """Make the webhooks of a fax that has just ended."""
    if not moment.ended or moment.fax.outcome is Outcome.cancelled:
        return ()
    event = event_of(moment.fax)
    fields = payload(moment.world.sandbox, moment.settings, moment.fax, event)
    return notices_of(moment.world, moment.settings, event, fields)


def notices_of(world: World, settings: Settings, event: str, fields: Mapping[str, Any]) -> Sequence[Notice]:
    """Make a notice for each webhook that listens to an event; the portal's URLs are webhooks too."""
    sandbox, made = world.sandbox, []
    side = "inbound" if event.startswith("inbound") else "outbound"
    portal: Hook = getattr(settings, side)
    if portal.url is not None:
        hook_id = sandbox.ids.hex("kazoo/portal-hook", 1)
        notice = _notice(sandbox, event, fields, hook_id, {"uri": portal.url, **PORTAL})
        made.append(replace(notice, message=replace(notice.message, auth=portal.auth), hook=side))
    for hook in world.list(Record, "kazoo/webhooks", limit=MOST_HOOKS, descending=False):
        if _hears(hook.data, event):
            made.append(_notice(sandbox, event, fields, hook.id, {**hook.data, **_old_form(settings)}))
    return made


def _old_form(settings: Settings) -> dict[str, str]:
    """A server of the 4.0 era keeps the key `format` of a webhook, and posts forms all the same."""
    return {} if is_modern(settings.profile) else {"format": "form-data"}


def _hears(hook: Mapping[str, Any], event: str) -> bool:
    if not hook["enabled"]:
        return False
    if hook["hook"] in OLD_HOOKS:
        return event in (hook["hook"], f"{hook['hook']}_error")
    return hook.get("custom_data", {}).get("type") in (event, "all")


def _notice(
    sandbox: Sandbox, event: str, fields: Mapping[str, Any], hook_id: str, hook: Mapping[str, Any]
) -> Notice:
    verb = hook["http_verb"]
    message = Message(
        hook["uri"],
        verb.upper(),
        Encoding.query if verb == "get" else ENCODINGS[hook["format"]],
        tuple({**fields, **hook.get("custom_data", {})}.items()),
        headers=(("X-Hook-ID", hook_id), ("X-Account-ID", credentials_of(sandbox)["account"])),
    )
    return Notice(event, message, rule_of(hook["retries"]), hook=hook_id)


# what is told
def event_of(fax: Fax) -> str:
    """Name the event that the end of a fax is."""
    return f"{fax.direction}_fax{'' if fax.outcome is Outcome.delivered else '_error'}"


def payload(sandbox: Sandbox, settings: Settings, fax: Fax, event: str) -> dict[str, Any]:
    """Make the fields of an event."""
    fields = _common(sandbox, fax) | {"event_name": event}
    code = last_code(fax)
    if event.endswith("_error"):
        fields["fax_error"] = code.text if code else ""
    if not is_modern(settings.profile):
        return fields | _info(fax)
    info = {key: str(value) if key in AS_TEXT else value for key, value in _info(fax).items()}
    told = {"fax_info": info | _identity(fax), "fax_notifications": fax.details.get("notifications", {})}
    # What there is not is left out (observed).
    return (
        {key: value for key, value in fields.items() if value is not None} | _envelope(sandbox, event) | told
    )


def _identity(fax: Fax) -> dict[str, Any]:
    """What the client has said of the page's head."""
    doc = fax.details["doc"]
    names = ("fax_identity_name", "fax_identity_number", "fax_timezone")
    return {name: doc[name] for name in names if doc.get(name, "undefined") != "undefined"}


def _common(sandbox: Sandbox, fax: Fax) -> dict[str, Any]:
    account, doc = credentials_of(sandbox)["account"], fax.details["doc"]
    fields = {
        "account_id": account,
        "account_db": account_db(account),
        "call_id": call_id(fax),
        "caller_id_name": doc.get("from_name") or doc["from_number"],
        "caller_id_number": doc["from_number"],
        "callee_id_name": doc.get("to_name") or doc["to_number"],
        "callee_id_number": doc["to_number"],
        "fax_id": fax.vendor_id,
        "fax_timestamp": gregorian(fax.finished_at or fax.created_at),
        "fax_timezone": doc.get("fax_timezone") or fax.details.get("timezone") or "undefined",
        "faxbox_id": fax.details["faxbox"],
    }
    if fax.direction is Direction.outbound:
        return fields | {"fax_jobid": fax.vendor_id}
    home = realm(credentials_of(sandbox))
    fields |= {"from_user": doc["from_number"], "from_realm": home}
    fields |= {"to_user": doc["to_number"], "to_realm": home}
    return fields | {"owner_id": fax.details["user"]}


def _info(fax: Fax) -> dict[str, Any]:
    """What the worker tells of the call."""
    code, call = last_code(fax), fax.attempt
    info: dict[str, Any] = {"fax_success": fax.outcome is Outcome.delivered, "fax_total_pages": fax.pages}
    if code is None:
        return info
    cause, t30 = cause_of(code), t30_of(code)
    info |= {
        "fax_result_code": code.code if t30 is None else t30,
        "fax_result_text": code.text,
        "fax_transferred_pages": fax.pages_sent,
        "fax_hangup_code": CAUSES[cause][1] if cause else 0,
        "fax_hangup_cause": cause or "",
    }
    if call is None or call.speed is None:
        return info
    told = negotiation_of(fax, call)
    return info | {f"fax_{key}": told[key] for key in TOLD}


def _envelope(sandbox: Sandbox, event: str) -> dict[str, Any]:
    return {
        "event_category": "notification",
        "type": event,
        "app_name": "fax",
        "app_version": VERSION,
        "node": sandbox.ids.hex("kazoo/node", 0, 22),
        "msg_id": sandbox.ids.hex(f"kazoo/{event}", 1, 16),
        "server_id": "",
        "system_log_id": sandbox.ids.hex(f"kazoo/log/{event}", 1),
        "cluster_id": sandbox.ids.hex("kazoo/cluster", 1),
    }


def mail_payload(entry: Mapping[str, Any], at: float) -> dict[str, Any]:
    """Make the fields that tell of a mail that made no fax; `entry` is that of the SMTP log."""
    kept = ("account_id", "to", "from", "original_number", "faxbox_id", "errors")
    about = {"event_name": SMTP_ERROR, "event_category": "notification", "type": SMTP_ERROR}
    return {**about, "month": month(at), **{name: entry[name] for name in kept}}


# whom else
def after_change(moment: Moment) -> None:
    """Write down what people are told of a fax that has just ended."""
    for entry in _told_people(moment.fax) if moment.ended else ():
        moment.world.store.log(PEOPLE, entry)


def _told_people(fax: Fax) -> Iterator[dict[str, Any]]:
    """Make one entry for each medium of a fax's notifications that has somebody to tell."""
    wanted, code = fax.details.get("notifications") or {}, last_code(fax)
    subject = SUBJECTS[fax.direction, fax.outcome is Outcome.delivered]
    for medium in MEDIA:
        told = wanted.get(medium)
        people = told.get("send_to") if isinstance(told, Mapping) else None
        if people:
            yield {
                "at": fax.finished_at,
                "vendor": "kazoo",
                "fax": fax.id,
                "kind": medium,
                "to": [people] if isinstance(people, str) else list(people),
                "event": event_of(fax),
                "subject": subject.format(to=fax.to, sender=fax.sender, text=code.text if code else ""),
            }


# what becomes of it
def after_delivery(scene: Scene, delivery: Delivery) -> None:
    """Record a try, and switch a webhook off that fails too often; the portal's URLs always stay on."""
    world = scene.world
    hook_id = dict(delivery.message.headers)["X-Hook-ID"]
    hook = world.record(hook_id)
    entry = _attempt(hook_id, delivery) | {REVISION: hook.version if hook else 0}
    world.store.log(ATTEMPTS, entry)
    if hook and hook.data["enabled"] and _failures(world, entry) >= TOO_MANY:
        data = {**hook.data, "enabled": False, "disable_reason": TOO_MANY_REASON}
        with suppress(Conflict):  # its owner has just changed it, and with that it begins anew
            world.commit((hook.evolve(version=hook.version + 1, data=data),))


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
