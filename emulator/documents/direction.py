"""Lines of writing that runs from right to left, put in the order in which they are drawn.

A short form of the Unicode bidirectional algorithm (documented: UAX #9, without its embeddings): letters have
a direction, numbers run left to right inside the other one, and what is neutral goes with what stands on both
sides of it, else with the line. Arabic letters take the form that their neighbours ask for; the forms are
those of Unicode's own tables.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import groupby

from emulator.documents.syllables import as_read

_RIGHT = frozenset({"R", "AL"})
_NUMBER = frozenset({"EN", "AN"})
_IN_NUMBERS = frozenset({"ES", "CS", "ET"})
_MIRRORED = str.maketrans("()[]{}<>\u00ab\u00bb", ")(][}{><\u00bb\u00ab")
_FORMS = (range(0xFB50, 0xFE00), range(0xFE70, 0xFEFD))
_ALEFS_ON_LAM = frozenset("\u0644" + alef for alef in "\u0622\u0623\u0625\u0627")
_TATWEEL = "\u0640"  # joins on both sides, and has one form

_DRAWN = re.compile("[\ufe70-\ufefc]+")

Cluster = str
"""A letter and the marks that stand on it."""


def is_plain(line: str) -> bool:
    """Tell whether a line runs from left to right throughout."""
    return line.isascii() or not any(unicodedata.bidirectional(each) in _RIGHT for each in line)


def order(line: str) -> tuple[str, bool]:
    """Put a line in the order of drawing; tell whether it is one that runs from right to left."""
    if is_plain(line):
        return line, False
    clusters = list(_clusters(_joined(line)))
    kinds = [unicodedata.bidirectional(each[0]) for each in clusters]
    right = next(kind for kind in kinds if kind == "L" or kind in _RIGHT) != "L"
    return "".join(_reordered(clusters, _levels(kinds, int(right)))), right


def _clusters(line: str) -> Iterator[Cluster]:
    current = ""
    for each in line:
        if current and unicodedata.combining(each):
            current += each
            continue
        if current:
            yield current
        current = each
    yield current


def _levels(kinds: Sequence[str], base: int) -> list[int]:
    """Assign each cluster its level: even ones run to the right, odd ones to the left."""
    sides = [_side(kinds, index, base) for index in range(len(kinds))]
    for neutral, group in groupby(range(len(sides)), lambda index: sides[index] is None):
        places = list(group)
        if neutral:
            before = sides[places[0] - 1] if places[0] else base
            after = sides[places[-1] + 1] if places[-1] + 1 < len(sides) else base
            for place in places:
                sides[place] = before if before == after else base
    return [
        2 if side and _is_number(kinds, index) else 1 if side else 2 * base
        for index, side in enumerate(sides)
    ]


def _side(kinds: Sequence[str], index: int, base: int) -> int | None:
    """Tell which way a cluster goes: 0 to the right, 1 to the left; a number as what it is in."""
    kind = kinds[index]
    if kind in _RIGHT:
        return 1
    if kind == "L":
        return 0
    if _is_number(kinds, index):
        strong = (kind for kind in reversed(kinds[:index]) if kind == "L" or kind in _RIGHT)
        return int(next(strong, "R" if base else "L") != "L")
    return None


def _is_number(kinds: Sequence[str], index: int) -> bool:
    return kinds[index] in _NUMBER or (kinds[index] in _IN_NUMBERS and _between_numbers(kinds, index))


def _between_numbers(kinds: Sequence[str], index: int) -> bool:
    return 0 < index < len(kinds) - 1 and {kinds[index - 1], kinds[index + 1]} <= _NUMBER


def _reordered(clusters: Sequence[Cluster], levels: Sequence[int]) -> list[Cluster]:
    mirrored = [
        cluster.translate(_MIRRORED) if level % 2 else cluster
        for cluster, level in zip(clusters, levels, strict=True)
    ]
    line = list(zip(levels, mirrored, strict=True))
    for level in range(max(levels), 0, -1):
        line = list(_turned(line, level))
    return [cluster for _, cluster in line]


def _turned(line: Sequence[tuple[int, Cluster]], level: int) -> Iterator[tuple[int, Cluster]]:
    for deep, group in groupby(line, lambda each: each[0] >= level):
        run = list(group)
        yield from reversed(run) if deep else run


# Arabic letters
def _joined(line: str) -> str:
    """Set each Arabic letter in the form in which it joins its neighbours."""
    forms, made, joins = _forms(), [], False
    letters = list(_ligated(line))
    for index, letter in enumerate(letters):
        if unicodedata.combining(letter[0]):
            made.append(letter)
            continue
        own = forms.get(letter, {})
        after = next((each for each in letters[index + 1 :] if not unicodedata.combining(each[0])), "")
        on = "<initial>" in own and (after == _TATWEEL or "<final>" in forms.get(after, {}))
        form = _FORM[joins and "<final>" in own, on]
        made.append(own.get(form, letter))
        joins = on or letter == _TATWEEL
    return "".join(made)


_FORM = {
    (False, False): "<isolated>",
    (False, True): "<initial>",
    (True, False): "<final>",
    (True, True): "<medial>",
}
"""By whether it joins the letter before it, and the one after it."""


def _ligated(line: str) -> Iterator[str]:
    """Take lam and alef together, which are never drawn apart."""
    index = 0
    while index < len(line):
        pair = line[index : index + 2]
        taken = pair if pair in _ALEFS_ON_LAM else line[index]
        yield taken
        index += len(taken)


@cache
def _forms() -> dict[str, dict[str, str]]:
    """Collect the forms of each letter from the decompositions of those that Unicode has for them."""
    forms: dict[str, dict[str, str]] = {}
    for code in (code for block in _FORMS for code in block):
        kind, _, letters = unicodedata.decomposition(chr(code)).partition(" ")
        if kind in _FORM.values():
            letter = "".join(chr(int(each, 16)) for each in letters.split())
            forms.setdefault(letter, {}).setdefault(kind, chr(code))
    return forms


def plain_letters(text: str) -> str:
    """Turn what letters are drawn as back into the letters: the forms of Arabic, the order of Indian ones."""
    if text.isascii():
        return text
    return as_read(_DRAWN.sub(lambda drawn: unicodedata.normalize("NFKC", drawn[0]), text))
