"""One line for each measure: what it is, what was found, what it must reach; as Markdown, to be pasted."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from pathlib import Path

WIDTH = 58
CPUINFO = Path("/proc/cpuinfo")


def head(name: str) -> None:
    """Begin a table."""
    print(f"\n{name}\n\n| {'what':<{WIDTH}} | {'found':<30} | goal |\n|---|---|---|", flush=True)


def row(what: str, found: str, wanted: str = "", reached: bool = True, judged: bool = True) -> None:
    """Print a measure; a miss is marked, where the measure must reach anything at all."""
    goal = f"{wanted}{'' if reached else ': missed'}" if judged else ""
    print(f"| {what:<{WIDTH}} | {found:<30} | {goal} |", flush=True)


def machine() -> str:
    """Name the machine, and say how busy it is with other things."""
    lines = CPUINFO.read_text().splitlines() if CPUINFO.exists() else []
    models = [line.partition(": ")[2] for line in lines if line.startswith("model name")]
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return (
        f"{os.cpu_count()} cores of {models[0] if models else platform.machine()}, {memory:.0f} GB, "
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}, "
        f"{datetime.now(UTC):%Y-%m-%d}, load before the run {os.getloadavg()[0]:.1f}"
    )
