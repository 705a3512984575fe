"""The garbage collector, kept from passing over all faxes while somebody waits.

A full pass looks at every object that is kept: with 100,000 faxes it takes a fifth of a second, and none of
them is garbage. So what has survived a full pass is frozen, which takes it out of all passes to come.
What dies later is freed by its reference count as ever; only a circle that was frozen alive stays, until one
pass in twenty looks at everything.
"""

from __future__ import annotations

import gc
from collections.abc import Mapping
from itertools import count

_EVERYTHING = 20
"""Full passes of which one looks at what is frozen too."""
_OLDEST = 2


def collect_seldom() -> None:
    """Make passes rarer, and full ones short. For a process that serves; it cannot be undone.

    A process may have disabled the collector while it started, when next to nothing is garbage.
    """
    passes = count(1)

    def freeze(phase: str, info: Mapping[str, int]) -> None:
        if info["generation"] == _OLDEST and phase == "stop":
            gc.unfreeze() if next(passes) % _EVERYTHING == 0 else gc.freeze()

    gc.freeze()
    gc.enable()
    gc.set_threshold(5_000, 50, 10)
    gc.callbacks.append(freeze)
