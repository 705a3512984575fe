"""A sandbox's journals as text in which nothing is left that differs from one replay to the next."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from emulator.client import Sandbox

WALL_CLOCK = frozenset({"real_at", "seconds", "Date"})
"""What real time makes different."""
LEAST = 8
"""Characters of a credential that is worth masking; shorter ones are the same in every sandbox."""
_BOUNDARY = re.compile(r"boundary=([\w-]+)")


def journal(sandbox: Sandbox, receiver: str) -> str:
    """Give faxes, webhooks and vendor calls, oldest first, without wall-clock fields.

    What each sandbox has of its own (id, credentials, addresses) is replaced by its name.
    """
    history = {
        "faxes": [fax.data for fax in reversed(sandbox.faxes())],
        "webhooks": [each.data for each in reversed(sandbox.webhooks())],
        "requests": [each.data for each in reversed(sandbox.requests())],
    }
    text = json.dumps(_timeless(history), indent=1, ensure_ascii=False, sort_keys=True)
    for value, name in _own(sandbox, receiver):
        text = text.replace(value, name)
    for boundary in set(_BOUNDARY.findall(text)):
        text = text.replace(boundary, "<boundary>")
    return text + "\n"


def _timeless(data: Any) -> Any:
    if isinstance(data, Mapping):
        return {name: _timeless(value) for name, value in data.items() if name not in WALL_CLOCK}
    return [_timeless(each) for each in data] if isinstance(data, list) else data


def _own(sandbox: Sandbox, receiver: str) -> list[tuple[str, str]]:
    server = sandbox.connection.url
    found = [(receiver, "<receiver>"), (server, "<server>"), (server.partition("//")[2], "<server>")]
    found.append((sandbox.id, "<sandbox>"))
    for vendor in sandbox.vendors:
        own = sandbox.credentials(vendor).items()
        found += [(value, f"<{vendor} {name}>") for name, value in own if len(value) >= LEAST]
    return sorted(found, key=lambda pair: len(pair[0]), reverse=True)
