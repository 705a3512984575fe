"""What each sandbox has of its own, by name: taken out of what is recorded, put in where it is replayed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote_plus

from emulator.core.sandbox import Sandbox as World
from localfax import Sandbox
from localfax.submission import client_of

_LEAST = 8
"""Characters of a credential that is worth a name; shorter ones are the same in every sandbox."""
RECEIVER = "<<receiver>>"
"""The replay's own server, which takes webhooks and gives documents."""
_NAME = re.compile(r"<<([^<>|]+)(\|quoted)?>>")
_BEGINS = r"(?:(?<![0-9A-Za-z])|(?<=%[0-9A-Fa-f]{2})|(?<=\\[nrt]))"
"""A key is a whole word, not the beginning of a longer number; what is escaped may stand before it."""


class Names:
    """Texts and their names: `<<name>>`, or `<<name|quoted>>` for a text as forms and queries write it.

    `aliases` are further texts that are hidden, and what stands for each.
    """

    def __init__(self, named: Mapping[str, str], aliases: Mapping[str, str] = {}) -> None:
        self._named = dict(named)
        plain = {value: f"<<{name}>>" for name, value in named.items()} | dict(aliases)
        quoted = {quote_plus(value): _quoted(stands) for value, stands in plain.items()}
        self._hidden = quoted | plain
        longest = sorted(filter(None, self._hidden), key=len, reverse=True)
        values = "|".join(map(re.escape, longest)) or "(?!)"
        self._values = re.compile(f"{_BEGINS}(?:{values})(?![0-9A-Za-z])")

    def hide(self, text: str) -> str:
        """Put names in place of texts."""
        return self._values.sub(lambda found: self._hidden[found[0]], text)

    def show(self, text: str) -> str:
        """Put texts in place of names; what is no name stays."""
        return _NAME.sub(self._shown, text)

    def _shown(self, found: re.Match[str]) -> str:
        value = self._named.get(found[1])
        if value is None:
            return found[0]
        return quote_plus(value) if found[2] else value


def _quoted(text: str) -> str:
    parts = re.split(r"<<([^<>]+)>>", text)
    return "".join(
        f"<<{part}|quoted>>" if place % 2 else quote_plus(part) for place, part in enumerate(parts)
    )


def map_texts(change: Callable[[str], str], data: Any) -> Any:
    """Change every text of plain data."""
    if isinstance(data, Mapping):
        return {name: map_texts(change, value) for name, value in data.items()}
    if isinstance(data, list):
        return [map_texts(change, value) for value in data]
    return change(data) if isinstance(data, str) else data


def own_texts(sandbox: Sandbox, *vendors: str) -> dict[str, str]:
    """Name what a sandbox has of its own: its server, its credentials with all vendors or with these."""
    server = sandbox.connection.url
    named = {"server": server, "host": server.partition("//")[2]}
    for vendor in vendors or sandbox.vendors:
        keys = sandbox.credentials(vendor)
        found = {**keys, **client_of(vendor).derived(keys), "link": _link_token(sandbox, vendor)}
        named |= {f"{vendor} {name}": value for name, value in found.items() if len(value) >= _LEAST}
    return named


def _link_token(sandbox: Sandbox, vendor: str) -> str:
    """What the vendor's links carry that serve without credentials."""
    keys = {name: sandbox.credentials(name) for name in sandbox.vendors}
    world = World(id=sandbox.id, name=sandbox.id, seed=sandbox.seed, credentials=keys, created_at=0.0)
    return world.link_token(vendor)
