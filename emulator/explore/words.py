"""What the application calls the state of an order: found in its answer by word, by path or by expression.

`--word delivered=sent,done` finds a word among the values of a JSON answer, or among the words of a text;
`delivered=.faxes[0].status:sent,done` only at that path; `delivered=/gone? through/` by a regular expression.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_STEP = re.compile(r"\.([A-Za-z_][\w-]*)|\[(\d+)\]")
_WORD = re.compile(r"[\w-]+")
STATES = ("delivered", "failed", "cancelled", "arrived", "pending")


class BadWord(ValueError):
    """A --word cannot be read."""


@dataclass(frozen=True)
class Pick:
    """One way to see a state in an answer: words, perhaps at a path; or an expression."""

    words: frozenset[str] = frozenset()
    path: str = ""
    pattern: re.Pattern[str] | None = None

    def fits(self, text: str) -> bool:
        """Tell whether an answer shows it."""
        if self.pattern is not None:
            return self.pattern.search(text) is not None
        return bool(self.words & {each.lower() for each in find(text, self.path)})


def read_picks(texts: Iterable[str]) -> dict[str, list[Pick]]:
    """Read `STATE=WORDS`, `STATE=PATH:WORDS` and `STATE=/EXPRESSION/`; raise BadWord.

    A state that is not named is looked for by its own name.
    """
    found: dict[str, list[Pick]] = {}
    for text in texts:
        state, equals, given = text.partition("=")
        if not equals or state not in STATES or not given:
            raise BadWord(f"--word is like delivered=sent,done, for {', '.join(STATES)}; not {text!r}")
        found.setdefault(state, []).append(_pick(given))
    return {state: [Pick(frozenset({state}))] for state in STATES[:-1]} | found


def _pick(given: str) -> Pick:
    if len(given) > 2 and given[0] == given[-1] == "/":
        try:
            return Pick(pattern=re.compile(given[1:-1]))
        except re.error as wrong:
            raise BadWord(f"{given} is no regular expression: {wrong}") from None
    path, colon, words = given.rpartition(":") if given.startswith((".", "[")) else ("", "", given)
    if colon and "".join(each[0] for each in _STEP.finditer(path)) != path:
        raise BadWord(f"{path} is no path like .faxes[0].status")
    return Pick(frozenset(each.strip().lower() for each in words.split(",") if each.strip()), path)


def find(text: str, path: str = "") -> list[str]:
    """List the values of a JSON answer, those at a path if one is given; or the words of a text."""
    try:
        data = json.loads(text)
    except ValueError:
        return [text.strip(), *_WORD.findall(text)]
    return [each if isinstance(each, str) else json.dumps(each) for each in _values(_at(data, path))]


def _at(data: Any, path: str) -> Any:
    for name, place in _STEP.findall(path):
        if name:
            data = data.get(name) if isinstance(data, Mapping) else None
        else:
            data = data[int(place)] if isinstance(data, list) and int(place) < len(data) else None
    return data


def _values(data: Any) -> Iterator[Any]:
    if isinstance(data, Mapping):
        data = list(data.values())
    if isinstance(data, list):
        for each in data:
            yield from _values(each)
    elif data is not None:
        yield data


def say(text: str, picks: Mapping[str, list[Pick]]) -> list[str]:
    """List the states that an answer shows."""
    return [state for state, ways in picks.items() if any(way.fits(text) for way in ways)]
