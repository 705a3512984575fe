"""Ids and random draws that follow from a sandbox's seed alone, so that a run can be repeated exactly."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from hashlib import blake2b
from random import Random


@dataclass(frozen=True)
class Ids:
    """Source of ids: the same seed, kind and number always give the same id."""

    seed: str

    def hex(self, kind: str, number: int, length: int = 32) -> str:
        """So many lower-case hex digits (at most 128)."""
        return blake2b(f"{self.seed}/{kind}/{number}".encode(), digest_size=64).hexdigest()[:length]

    def uuid(self, kind: str, number: int) -> str:
        """A version 4 UUID."""
        return str(uuid.UUID(hex=self.hex(kind, number), version=4))

    def serial(self, kind: str, number: int, digits: int) -> int:
        """A number of `digits` digits that rises with `number` from a place of the seed's own."""
        span: int = 10 ** (digits - 1)
        start: int = int(self.hex(kind, 0, 16), 16) % (8 * span)
        return span + start + number

    def draw(self, kind: str, number: int) -> Random:
        """A random source of its own for one decision."""
        return Random(f"{self.seed}/{kind}/{number}")
