"""What is wrong with a scenario, said where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from marshmallow import ValidationError

Path = tuple[str | int, ...]

_PLAINER = {"Not a valid list.": "a list is wanted here: each of its entries begins with a dash."}
"""What marshmallow says, in words that tell what to write."""


@dataclass(frozen=True)
class Mistake:
    """One thing that is wrong; `path` leads to it through keys and places, `line` is where it is written."""

    message: str
    path: Path = ()
    file: str = ""
    line: int | None = None

    @property
    def field(self) -> str:
        """The path as it is read: attempts[1].busy.code."""
        parts = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.path)
        return "".join(parts).lstrip(".")

    def __str__(self) -> str:
        place = (
            f"{self.file}:{self.line}: " if self.file and self.line else f"{self.file}: " if self.file else ""
        )
        return f"{place}{self.field}: {self.message}" if self.path else f"{place}{self.message}"


class ScenarioError(ValueError):
    """A scenario was refused; `problems` says all that is wrong with it."""

    def __init__(self, problems: Iterable[Mistake]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


def suggest(given: Any, known: Iterable[str], *, most: int = 24) -> str:
    """Say what would have been right: the nearest known word, and all of them when they are few."""
    words = list(known)
    near = get_close_matches(str(given), words, n=1, cutoff=0.6)
    meant = f"; did you mean {near[0]}?" if near else ""
    listed = f" Known: {', '.join(words)}." if 0 < len(words) <= most else ""
    return meant + listed if meant else f".{listed}"


def list_mistakes(wrong: ValidationError) -> list[Mistake]:
    """List what marshmallow found wrong."""
    return list(_flatten(wrong.messages))


def _flatten(messages: Any, path: Path = ()) -> Iterable[Mistake]:
    if isinstance(messages, Mapping):
        for step, inner in messages.items():
            yield from _flatten(inner, path if step in ("_schema", "value") else (*path, step))
    else:
        for message in messages if isinstance(messages, list) else [messages]:
            if isinstance(message, Mapping):
                yield from _flatten(message, path)
            else:
                yield Mistake(_PLAINER.get(str(message), str(message)), path)
