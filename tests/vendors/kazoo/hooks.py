"""Webhooks of a test's account, and how the API shows one."""

from __future__ import annotations

from typing import Any

from tests.receiver import Receiver
from tests.vendors.kazoo.client import Kazoo


def hook(kazoo: Kazoo, receiver: Receiver, **more: Any) -> str:
    data = {"name": "Mine", "uri": f"{receiver.url}/hook", "hook": "outbound_fax"} | more
    return str(kazoo.put("/webhooks", data)["id"])


def shown(receiver: Receiver, made: str, **more: Any) -> dict[str, Any]:
    """Give a webhook as the API shows it."""
    return {
        "name": "Mine", "uri": f"{receiver.url}/hook", "hook": "outbound_fax", "http_verb": "post",
        "format": "form-data", "retries": 2, "enabled": True, "include_internal_legs": True, "id": made,
        **more,
    }  # fmt: skip
