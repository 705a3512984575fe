"""What Kazoo takes for a number that can be dialled."""

from __future__ import annotations

import re

DIALLABLE = re.compile(r"^(\+?1)?\d{10}$|^\+[2-9]\d{7,}$|^011\d*$|^00\d*$", re.ASCII)
"""Observed: the default of a system setting, applied after normalising."""

_NOISE = re.compile(r"[\s\-().]")
_BARE = re.compile(r"[2-9]\d{7,}", re.ASCII)
LONGEST = 64


def diallable(text: str) -> bool:
    """Tell whether a number can be dialled; ten digits are North American, other bare ones get their plus."""
    plain = _NOISE.sub("", text[: LONGEST + 1])
    if len(plain) > LONGEST:
        return False
    if _BARE.fullmatch(plain) and len(plain) != 10:
        plain = f"+{plain}"
    return DIALLABLE.fullmatch(plain) is not None
