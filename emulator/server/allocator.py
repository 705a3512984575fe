"""How memory is asked of the system: large pieces one by one, so that what is let go goes back."""

from __future__ import annotations

import ctypes
from contextlib import suppress

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
_LARGE = 256 * 1024


def give_back_large() -> None:
    """Have glibc map each piece from 256 kB on by itself.

    Left alone it takes ever larger ones from its heap, once it has seen them freed, and of a thousand
    documents of 8 MB keeps twice what the program has (measured: 161 MB where 85 are used). Another C
    library has no such call.
    """
    with suppress(OSError, AttributeError, TypeError):
        library = ctypes.CDLL(None)
        for option in (_MMAP_THRESHOLD, _TRIM_THRESHOLD):
            library.mallopt(option, _LARGE)
