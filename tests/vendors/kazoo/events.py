"""What a webhook tells of a fax, as a whole: the flat fields of a 4.0 server, the nested ones of 4.3."""

from __future__ import annotations

from typing import Any

from tests.vendors.kazoo.client import NUMBER, Kazoo
from tests.vendors.kazoo.expected import STATION

SENT = {"code": 0, "text": "OK", "hangup": (200, "NORMAL_CLEARING"), "pages_sent": 1}
"""A fax that went whole, of one page."""


def info(call: dict[str, Any], *, pages: int = 1, local: str = STATION, remote: str = STATION) -> Any:
    """Give what is told of the call; `call` has result code and text, hangup cause and pages sent."""
    good = call["code"] == 0
    told = {
        "fax_success": good,
        "fax_total_pages": pages,
        "fax_result_code": call["code"],
        "fax_result_text": call["text"],
        "fax_transferred_pages": call["pages_sent"],
        "fax_hangup_code": call["hangup"][0],
        "fax_hangup_cause": call["hangup"][1],
    }
    if call["hangup"][0] != 200:
        return told  # no fax machine answered
    return told | {
        "fax_transfer_rate": 14400, "fax_bad_rows": 0, "fax_ecm_used": True, "fax_t38_used": False,
        "fax_encoding": 3, "fax_encoding_name": "T.6", "fax_local_station_id": local,
        "fax_remote_station_id": remote, "fax_image_resolution": "8031x7700",
        "fax_file_image_resolution": "8031x7700",
    }  # fmt: skip


def spelt(told: dict[str, Any]) -> dict[str, Any]:
    """Write as text the numbers that 4.3 writes so."""
    texts = ("bad_rows", "encoding", "result_code", "total_pages", "transfer_rate", "transferred_pages")
    return told | {name: str(told[name]) for part in texts if (name := f"fax_{part}") in told}


def common(kazoo: Kazoo, event: str, fax: str, at: int, call: int, **more: Any) -> dict[str, Any]:
    """Give what every server tells of a fax; `at` is when it ended, `call` the number of its last call."""
    account, outbound = kazoo.account, event.startswith("outbound")
    told = {
        "account_id": account, "account_db": f"account%2F{account[:2]}%2F{account[2:4]}%2F{account[4:]}",
        "call_id": f"{fax[7:]}-{call}", "caller_id_name": NUMBER, "caller_id_number": NUMBER,
        "callee_id_name": NUMBER, "callee_id_number": NUMBER, "fax_id": fax, "fax_timestamp": at,
        "fax_timezone": "undefined", "faxbox_id": None, "event_name": event,
    }  # fmt: skip
    if outbound:
        return {**told, "fax_jobid": fax, **more}
    realm, sender = f"{kazoo.credentials['account_name']}.sip.localfax.test", "12125550123"
    ends = {"from_user": sender, "from_realm": realm, "to_user": NUMBER, "to_realm": realm}
    return {**told, "caller_id_name": sender, "caller_id_number": sender, **ends, **more}


def envelope_of(kind: str, told: dict[str, Any]) -> dict[str, Any]:
    """Give what 4.3 puts around an event of this type; ids of the server itself have but their length."""
    opaque = {"node": 22, "msg_id": 16, "system_log_id": 32, "cluster_id": 32}
    assert {name: len(told[name]) for name in opaque} == opaque
    program = {"app_name": "fax", "app_version": "4.3.142", "server_id": ""}
    return {
        "event_category": "notification",
        "type": kind,
        **program,
        **{name: told[name] for name in opaque},
    }


def as_form(fields: dict[str, Any]) -> dict[str, str]:
    """Give fields as a form or a query carries them, nested ones in brackets."""
    told = {}
    for name, value in fields.items():
        if isinstance(value, dict):
            told |= {f"{name}[{inner}]": text for inner, text in as_form(value).items()}
        elif isinstance(value, bool):
            told[name] = str(value).lower()
        else:
            told[name] = "" if value is None else str(value)
    return told
