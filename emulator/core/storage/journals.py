"""What every store does with journals: entries as bytes, each of them bounded, and all of them in all.

All journals together take so many bytes at most. When they have more, those that have most give way: each
sandbox keeps what lies under one water level, so that who writes much loses its own oldest entries and
nobody else's. For example, with a bound of 90 (and room made to 80 % of it, which is 72):

    a has 10, b has 30, c has 70    110 in all: the level is 31, and c lets go of its oldest 39
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from emulator.core.storage.codec import spell, unspell

NO_VENDOR = "none"
"""What a request's entry has as its vendor when none answers such a path."""
JOURNAL_BYTES = 32 * 2**20
"""Bytes that all journals take in all, when nobody says another number."""
ENTRY_BYTES = 128 * 1024
"""Bytes of one entry; of one that has more its texts are cut, and `cut` says by how many bytes."""
LONGEST = (4096, 512, 64)
"""Characters that are left of each text, and things of each list: the first of these that suffices."""
ROOM = 0.8
"""Part of the bound that is left in use when room is made."""


class LateEntry(Mapping[str, Any]):
    """An entry that is written when somebody reads it.

    `known` is what is asked of it at once, `rest` makes all else; `size` is its bytes until it is written.
    """

    __slots__ = ("_written", "known", "size")

    def __init__(self, known: Mapping[str, Any], rest: Callable[[], Mapping[str, Any]], size: int) -> None:
        self.known = known
        self.size = size
        self._written: bytes | Callable[[], Mapping[str, Any]] = rest

    def __getitem__(self, name: str) -> Any:
        return self.known[name] if name in self.known else read_entry(self.write())[name]

    def __iter__(self) -> Iterator[str]:
        return iter(read_entry(self.write()))

    def __len__(self) -> int:
        return len(read_entry(self.write()))

    def write(self) -> bytes:
        """The entry as `write_entry` gives it, made at the first time."""
        held = self._written
        if not isinstance(held, bytes):
            held = self._written = write_entry({**self.known, **held()})
        return held


def write_entry(entry: Mapping[str, Any]) -> bytes:
    """An entry as JSON of at most ENTRY_BYTES."""
    if isinstance(entry, LateEntry):
        return entry.write()
    body = spell(entry)
    if len(body) <= ENTRY_BYTES:
        return body
    for most in LONGEST:
        short: dict[str, Any] = _short(entry, most)
        cut = short.get("cut")
        short["cut"] = {**(cut if isinstance(cut, dict) else {}), "entry": len(body) - len(spell(short))}
        if len(spell(short)) <= ENTRY_BYTES:
            break
    return spell(short)


def read_entry(body: bytes) -> Mapping[str, Any]:
    """What `write_entry` gave."""
    entry: Mapping[str, Any] = unspell(body)
    return entry


def _short(value: Any, most: int, depth: int = 0) -> Any:
    if isinstance(value, str):
        return value[:most]
    if isinstance(value, Mapping):
        kept = list(value.items())[:most] if depth < 8 else []
        return {str(name)[:most]: _short(part, most, depth + 1) for name, part in kept}
    if isinstance(value, (list, tuple)):
        return [_short(part, most, depth + 1) for part in value[:most]] if depth < 8 else []
    return value


def water_level(sizes: Iterable[int], bound: int) -> int:
    """How much each may have at most, so that all have `bound` in all."""
    left, waiting = bound, sorted(sizes)
    for place, size in enumerate(waiting):
        share = left // (len(waiting) - place)
        if size > share:
            return share
        left -= size
    return bound
