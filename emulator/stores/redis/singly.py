"""One thing of a sandbox at a time, read as it is asked for."""

from __future__ import annotations

from typing import Any

from emulator.core.errors import NotFound
from emulator.core.storage.store import ItemT
from emulator.stores.redis.link import Link
from emulator.stores.redis.wire import key, load_item, sandbox_key, text


class Singly:
    """Reads single keys."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def item(self, sandbox_id: str, kind: type[ItemT], item_id: str) -> ItemT | None:
        """Give an item, or None."""
        body = self.on(sandbox_id, "HGET", ("item", kind.kind), text(item_id))
        return None if body is None else load_item(kind, body)

    def number(self, sandbox_id: str, name: str) -> int:
        """Give a counter's value."""
        return int(self.on(sandbox_id, "HGET", ("numbers",), text(name)) or 0)

    def on(self, sandbox_id: str, command: str, words: tuple[str, ...], *arguments: Any) -> Any:
        """Run a command on a key of a sandbox; when it finds nothing, see that the sandbox is there."""
        found = self._link.run(command, key(sandbox_id, *words), *arguments)
        if not found and not self._link.run("EXISTS", sandbox_key(sandbox_id)):
            raise NotFound(f"no sandbox {sandbox_id}")
        return found
