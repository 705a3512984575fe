"""What Kazoo tells of a fax that has ended: flat fields (4.0), or nested ones (4.3). All of it observed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import Direction, State
from emulator.core.faxes.outcomes import Outcome
from emulator.core.sandboxes.sandbox import Sandbox, Settings
from emulator.vendors.dialect import Call
from emulator.vendors.kazoo.envelope import VERSION
from emulator.vendors.kazoo.results import negotiated, tried
from emulator.vendors.kazoo.tables import CAUSES
from emulator.vendors.kazoo.times import gregorian, month
from emulator.vendors.kazoo.tokens import credentials_of, realm
from emulator.vendors.kazoo.view import call_id
from emulator.vendors.kazoo.visit import is_modern

EVENTS = ("outbound_fax", "outbound_fax_error", "inbound_fax", "inbound_fax_error")
SMTP_ERROR = "outbound_smtp_fax_error"
SMTP_SAMPLE = {
    "to": "18884732963@fax.kazoo.io",
    "from": "me@example.com",
    "original_number": "18884732963",
    "faxbox_id": None,
    "errors": ["invalid address"],
}


def event_of(fax: Fax) -> str:
    """Name the event that the end of a fax is."""
    return f"{fax.direction}_fax{'' if fax.outcome is Outcome.delivered else '_error'}"


def payload(sandbox: Sandbox, settings: Settings, fax: Fax, event: str) -> dict[str, Any]:
    """Give the fields of an event."""
    fields = _common(sandbox, fax) | {"event_name": event}
    row = tried(fax)
    if event.endswith("_error"):
        fields["fax_error"] = row.text if row else ""
    if not is_modern(settings.profile):
        return fields | _info(fax)
    return fields | _envelope(sandbox, event) | {
        "fax_info": _info(fax),
        "fax_notifications": fax.details.get("notifications", {}),
    }  # fmt: skip


def _common(sandbox: Sandbox, fax: Fax) -> dict[str, Any]:
    account, doc = credentials_of(sandbox)["account"], fax.details["doc"]
    fields = {
        "account_id": account,
        "account_db": f"account%2F{account[:2]}%2F{account[2:4]}%2F{account[4:]}",
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
    ends = {
        "from_user": doc["from_number"],
        "from_realm": home,
        "to_user": doc["to_number"],
        "to_realm": home,
    }
    return fields | ends | {"owner_id": fax.details["user"]}


def _info(fax: Fax) -> dict[str, Any]:
    """Give what the worker tells of the call."""
    row, call = tried(fax), fax.attempt
    info: dict[str, Any] = {"fax_success": fax.outcome is Outcome.delivered, "fax_total_pages": fax.pages}
    if row is None:
        return info
    cause = next((each for each in CAUSES if each.name == row.cause), None)
    info |= {
        "fax_result_code": row.code if row.t30 is None else row.t30,
        "fax_result_text": row.text,
        "fax_transferred_pages": fax.pages_sent,
        "fax_hangup_code": cause.q850 if cause else 0,
        "fax_hangup_cause": cause.name if cause else "",
    }
    if call is None or call.speed is None:
        return info
    told = negotiated(fax, call)
    return info | {f"fax_{key}": told[key] for key in TOLD}


TOLD = (
    "transfer_rate", "bad_rows", "ecm_used", "t38_used", "encoding", "encoding_name", "local_station_id",
    "remote_station_id", "image_resolution", "file_image_resolution",
)  # fmt: skip


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


def smtp_payload(entry: Mapping[str, Any], at: float) -> dict[str, Any]:
    """Give the fields that tell of a mail that made no fax; `entry` is that of the SMTP log."""
    kept = ("account_id", "to", "from", "original_number", "faxbox_id", "errors")
    return {
        "event_name": SMTP_ERROR,
        "event_category": "notification",
        "type": SMTP_ERROR,
        "month": month(at),
    } | {name: entry[name] for name in kept}


def sample(own: Call, event: str) -> dict[str, Any]:
    """Give an event with made-up values."""
    if event == SMTP_ERROR:
        account = credentials_of(own.sandbox)["account"]
        return smtp_payload({**SMTP_SAMPLE, "account_id": account}, own.now)
    doc = {
        "from_number": "18884732963",
        "to_number": "18884732963",
        "from_name": "Test Fax",
        "to_name": "To Name",
    }
    inbound, failed = event.startswith("inbound"), event.endswith("_error")
    fax = Fax(
        id="sample",
        vendor="kazoo",
        direction=Direction.inbound if inbound else Direction.outbound,
        vendor_id=f"{month(own.now)}-{own.ids.hex('kazoo/sample', 1)}",
        to=doc["to_number"],
        sender=doc["from_number"],
        state=State.failed if failed else State.arrived if inbound else State.delivered,
        outcome=Outcome.busy if failed else Outcome.delivered,
        details={"job": own.ids.hex("kazoo/sample", 1), "doc": doc, "faxbox": None, "user": None},
        pages=1,
        pages_sent=0 if failed else 1,
        created_at=own.now,
        changed_at=own.now,
        finished_at=own.now,
    )
    return payload(own.sandbox, own.settings, fax, event)
