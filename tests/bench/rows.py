"""One line for each measure: what it is, what was found, what it must reach."""

from __future__ import annotations

WIDTH = 58


def row(what: str, found: str, wanted: str = "", reached: bool = True, judged: bool = True) -> None:
    """Print a measure; a miss is marked, where the measure must reach anything at all."""
    if not judged:
        wanted, reached = "", True
    print(f"  {what:<{WIDTH}} {found:>22}   {wanted:<22}{'' if reached else '  MISSED'}", flush=True)
