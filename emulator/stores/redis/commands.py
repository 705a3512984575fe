"""The commands that a sandbox's acts send: most run a script, which the server does whole or not at all.

A script is known to the server by the SHA-1 of its text. Those over one sandbox begin with common.lua and
have the sandbox's record as their only key: all other keys of the sandbox lie in the same slot.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from emulator.core.item import Add, Item
from emulator.stores.redis import schema
from emulator.stores.redis.schema import text

Command = tuple[Any, ...]
"""Words of which each is bytes, or ASCII when it is written out."""
CommitRows = Sequence[Sequence[Any]]
"""What commit.lua takes for several puts, deletes, reads or adds."""

COMMON = "common"
ALONE = ("index_blob", "unindex_blobs", "unbind")
"""Scripts over keys that belong to no sandbox; they do without common.lua."""


def _read_scripts() -> dict[str, bytes]:
    texts = {path.stem: path.read_bytes() for path in (Path(__file__).parent / "scripts").glob("*.lua")}
    common = texts.pop(COMMON)
    return {name: own if name in ALONE else common + own for name, own in texts.items()}


_TEXTS = _read_scripts()
_DIGESTS = {name: hashlib.sha1(body).hexdigest() for name, body in _TEXTS.items()}
_BY_DIGEST = {digest: _TEXTS[name] for name, digest in _DIGESTS.items()}


def script(name: str, keys: Sequence[str | bytes], *arguments: Any) -> Command:
    """Build the command that runs a script."""
    return ("EVALSHA", _DIGESTS[name], len(keys), *keys, *arguments)


def spelled_out(command: Command) -> Command:
    """Build of a script's command the one that carries its text, for a server that does not know it."""
    _, digest, *rest = command
    return ("EVAL", _BY_DIGEST[digest], *rest)


def sandbox_script(name: str, sandbox_id: str, *arguments: Any) -> Command:
    """Build the command that runs a script over a sandbox."""
    return script(name, (schema.sandbox_key(sandbox_id),), *arguments)


def guarded(sandbox_id: str, command: str, word: str, *arguments: Any) -> Command:
    """Build what runs a command on one key of a sandbox, but answers MISSING where there is no sandbox."""
    return sandbox_script("guarded", sandbox_id, command, word, *arguments)


def commit_rows(
    sandbox_id: str,
    puts: CommitRows = (),
    deletes: CommitRows = (),
    reads: CommitRows = (),
    adds: CommitRows = (),
    *,
    same: CommitRows = (),
    record: bytes = b"",
) -> Command:
    """Build what writes to a sandbox if `reads` have not changed; with a `record` it makes the sandbox."""
    words = [word for rows in (puts, deletes, reads, same, adds) for row in rows for word in row]
    counts = (len(puts), len(deletes), len(reads), len(same))
    return sandbox_script("commit", sandbox_id, schema.CHANNEL, text(sandbox_id), record, *counts, *words)


def commit_items(
    sandbox_id: str,
    puts: Sequence[Item],
    adds: Sequence[Add],
    deletes: Sequence[Item] = (),
    *,
    same: Sequence[Item] = (),
    record: bytes = b"",
) -> Command:
    """Build what commits items and counters, each over the version before its own."""
    return commit_rows(
        sandbox_id,
        [schema.put_arguments(item, item.version - 1) for item in puts],
        [schema.seen_arguments(item) for item in deletes],
        adds=[schema.add_arguments(add) for add in adds],
        same=[schema.same_arguments(item) for item in same],
        record=record,
    )
