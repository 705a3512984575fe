"""Where the engine meets what is around it: the HTTP call that is being answered, and those who listen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from emulator.core.faxes.fax import Fax
from emulator.core.sandboxes.sandbox import Sandbox


class Edge:
    """What the HTTP edge tells the engine about the call that it answers, and hears from it."""

    def headers(self) -> Mapping[str, str]:
        """Give the call's headers, names in lower case."""
        return {}

    def accepted(self, sandbox: Sandbox, fax: Fax) -> None:
        """Hear that the call made this fax."""


Listener = Callable[[str, str, Any], None]
"""Hears, after the fact, of a sandbox's id, a kind of happening and the thing.

`fax` (the pair before and after), `delivery` (settled), `request` (the journal's entry), `clock`, `settings`
(the vendor's name), `sandbox` (reset, loaded, removed), `scenarios` (added, queued, cleared).
"""
