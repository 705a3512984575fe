"""Regular expressions of a client's making, matched in time that grows with pattern and text alone.

`re` tries ways one after the other, and `(a+)+$` has more ways than anybody waits for. Here all ways are
followed at one time (Thompson's construction): the pattern becomes a program of small instructions, and the
text is read once with the set of places in the program that it may have come to. What needs more than that
(references back, looks ahead) is no pattern here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache, partial

LONGEST = 300
"""Characters of a pattern."""
LARGEST = 600
"""Instructions of its program, repeated parts written out."""
DEEPEST = 20

PatternTest = Callable[[str], bool]


@dataclass(frozen=True)
class PatternStep:
    """Takes one character that the test takes, then goes on."""

    takes: PatternTest


@dataclass(frozen=True)
class PatternEdge:
    """Goes on where the text, at that place, is as it says."""

    holds: Callable[[str, int], bool]


@dataclass(frozen=True)
class Fork:
    """Goes on at each of these places, counted from here."""

    ways: tuple[int, ...]


PatternProgram = list[PatternStep | PatternEdge | Fork]


def _is_word(text: str, at: int) -> bool:
    return 0 <= at < len(text) and (text[at].isalnum() or text[at] == "_")


def _at_word_edge(text: str, at: int) -> bool:
    return _is_word(text, at - 1) is not _is_word(text, at)


CLASSES: dict[str, PatternTest] = {"d": str.isdecimal, "w": lambda each: _is_word(each, 0), "s": str.isspace}
EDGES: dict[str, Callable[[str, int], bool]] = {
    "A": lambda text, at: at == 0,
    "z": lambda text, at: at == len(text),
    "Z": lambda text, at: at == len(text),
    "b": _at_word_edge,
    "B": lambda text, at: not _at_word_edge(text, at),
}
SIGNS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v"}
COUNTS = {"*": (0, None), "+": (1, None), "?": (0, 1)}


def is_found(pattern: str, text: str) -> bool:
    """Tell whether a pattern is found anywhere in a text; one that is none is found nowhere."""
    try:
        program = _compiled(pattern)
    except ValueError:
        return False
    here: set[int] = set()
    for at in range(len(text) + 1):
        places = _reached(program, {*here, 0}, text, at)
        if len(program) in places:
            return True
        here = {
            place + 1 for place in places
            if at < len(text) and isinstance(step := program[place], PatternStep) and step.takes(text[at])
        }  # fmt: skip
    return False


def _reached(program: PatternProgram, places: Iterable[int], text: str, at: int) -> set[int]:
    """The places that are come to from these without taking a character."""
    seen, new = set[int](), list(places)
    while new:
        place = new.pop()
        if place in seen:
            continue
        seen.add(place)
        step = program[place] if place < len(program) else None
        if isinstance(step, Fork):
            new += [place + way for way in step.ways]
        elif isinstance(step, PatternEdge) and step.holds(text, at):
            new.append(place + 1)
    return seen


@lru_cache(maxsize=100)
def _compiled(pattern: str) -> PatternProgram:
    if len(pattern) > LONGEST:
        raise ValueError("too long")
    reader = _PatternReader(pattern)
    program = reader.choice(0)
    if reader.left:
        raise ValueError("a bracket too many")
    return program


class _PatternReader:
    """Reads a pattern from left to right; raises ValueError for what it does not know."""

    def __init__(self, pattern: str) -> None:
        self.left = pattern

    def take(self, count: int = 1) -> str:
        taken, self.left = self.left[:count], self.left[count:]
        if len(taken) < count:
            raise ValueError("it ends too soon")
        return taken

    def choice(self, depth: int) -> PatternProgram:
        """Read `a|b|c` up to its end or the bracket that closes it."""
        ways = [self.sequence(depth)]
        while self.left.startswith("|"):
            self.take()
            ways.append(self.sequence(depth))
        program = ways.pop()
        while ways:
            way = ways.pop()
            program = [Fork((1, len(way) + 2)), *way, Fork((len(program) + 1,)), *program]
        return _bounded(program)

    def sequence(self, depth: int) -> PatternProgram:
        program: PatternProgram = []
        while self.left and self.left[0] not in "|)":
            program += self.repeated(self.atom(depth))
            _bounded(program)
        return program

    def repeated(self, part: PatternProgram) -> PatternProgram:
        """Read what says how often a part may come."""
        while self.left and (counts := self.counts()) is not None:
            least, most = counts
            if self.left[:1] in ("?", "+"):  # lazy or greedy: found is found
                self.take()
            part = _repeat(part, least, most)
        return part

    def counts(self) -> tuple[int, int | None] | None:
        if self.left[0] in COUNTS:
            return COUNTS[self.take()]
        head, closed, _ = self.left.partition("}")
        least, comma, most = head[1:].partition(",")
        if not (head.startswith("{") and closed and least.isdecimal() and (not most or most.isdecimal())):
            return None
        self.take(len(head) + 1)
        if len(least) > 3 or len(most) > 3 or (most and int(most) < int(least)):
            raise ValueError("too often")
        return int(least), int(least) if not comma else int(most) if most else None

    def atom(self, depth: int) -> PatternProgram:
        sign = self.take()
        if sign == "(":
            return self.group(depth)
        if sign == "[":
            return [PatternStep(self.members())]
        if sign == "\\":
            return [self.escaped()]
        if sign in "*+?":
            raise ValueError("nothing to repeat")
        if sign in "^$":
            return [PatternEdge(EDGES["A" if sign == "^" else "z"])]
        return [PatternStep(_is_anything if sign == "." else sign.__eq__)]

    def group(self, depth: int) -> PatternProgram:
        if self.left.startswith("?") and not self.left.startswith("?:"):
            raise ValueError("no group that only takes")
        if self.left.startswith("?:"):
            self.take(2)
        if depth == DEEPEST:
            raise ValueError("too deep")
        program = self.choice(depth + 1)
        if self.take() != ")":
            raise ValueError("it is not closed")
        return program

    def escaped(self) -> PatternStep | PatternEdge:
        sign = self.take()
        if sign in EDGES:
            return PatternEdge(EDGES[sign])
        return PatternStep(self.named(sign))

    def named(self, sign: str) -> PatternTest:
        """The characters that stand behind a backslash."""
        if sign.lower() in CLASSES:
            test = CLASSES[sign.lower()]
            return test if sign.islower() else lambda each: not test(each)
        if sign in SIGNS:
            return SIGNS[sign].__eq__
        if sign.isalnum():
            raise ValueError("nothing that is known")
        return sign.__eq__

    def members(self) -> PatternTest:
        """Read `[a-z_]` or `[^…]` behind its bracket."""
        without = self.left.startswith("^")
        if without:
            self.take()
        tests: list[PatternTest] = []
        while not (self.left.startswith("]") and tests):
            tests.append(self.member())
        self.take()
        return lambda each: any(test(each) for test in tests) is not without

    def member(self) -> PatternTest:
        sign = self.take()
        if sign == "[" and self.left[:1] in (":", ".", "="):
            raise ValueError("no class of that name")
        if sign == "\\":
            return self.named(self.take())
        if self.left.startswith("-") and self.left[1:2] not in ("", "]", "\\"):
            last = self.take(2)[1]
            if last < sign:
                raise ValueError("a range that goes back")
            return partial(_is_between, sign, last)
        return sign.__eq__


def _is_anything(each: str) -> bool:
    return each != "\n"


def _is_between(first: str, last: str, each: str) -> bool:
    return first <= each <= last


def _repeat(part: PatternProgram, least: int, most: int | None) -> PatternProgram:
    program = part * _few(least, part)
    if most is None:
        return _bounded([*program, Fork((1, len(part) + 2)), *part, Fork((-len(part) - 1,))])
    optional = [Fork((1, len(part) + 1)), *part]
    return _bounded(program + optional * _few(most - least, optional))


def _few(times: int, part: PatternProgram) -> int:
    if times * len(part) > LARGEST:
        raise ValueError("too large")
    return times


def _bounded(program: PatternProgram) -> PatternProgram:
    if len(program) > LARGEST:
        raise ValueError("too large")
    return program
