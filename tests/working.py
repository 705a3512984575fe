"""How much a test computes, by its own process and its children, however busy the machine is."""

from __future__ import annotations

import os
from pathlib import Path

from emulator.documents import nursery


def worked() -> float:
    """Add up the seconds of processor time, also of the children that the nursery has forked."""
    pid, seconds = nursery.process_id(), sum(os.times()[:4])
    if pid is None:
        return seconds
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return seconds + sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
