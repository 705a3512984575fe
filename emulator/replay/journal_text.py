"""A sandbox's journals as text in which nothing is left that differs from one replay to the next."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from emulator.replay.names import Names
from localfax import Sandbox

_WALL_CLOCK = frozenset({"real_at", "seconds", "Date", "sandbox"})
"""What real time makes different, and where it was played."""
_FOLLOWS = {
    "boundary": re.compile(r"boundary=([\w-]+)"),
    "token": re.compile(r"(eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+)"),
    "digest": re.compile(r'"ETag": "\\"([0-9a-f]{32})\\""'),
}
"""What chance makes, or a sandbox's own keys: web tokens say whose they are, digests are of whole answers."""


def write_journal(sandbox: Sandbox, names: Names) -> str:
    """Write faxes, webhooks and requests, oldest first, without wall-clock fields.

    What each sandbox has of its own (credentials, addresses) is replaced by its name.
    """
    history = {
        "faxes": [fax.data for fax in reversed(sandbox.faxes())],
        "webhooks": [each.data for each in reversed(sandbox.webhooks())],
        "requests": [each.data for each in reversed(sandbox.requests())],
    }
    text = names.hide(json.dumps(_timeless(history), indent=1, ensure_ascii=False, sort_keys=True))
    for name, form in _FOLLOWS.items():
        for number, found in enumerate(dict.fromkeys(form.findall(text)), start=1):
            text = text.replace(found, f"<{name} {number}>")
    return text + "\n"


def _timeless(data: Any) -> Any:
    if isinstance(data, Mapping):
        return {name: _timeless(value) for name, value in data.items() if name not in _WALL_CLOCK}
    return [_timeless(each) for each in data] if isinstance(data, list) else data
