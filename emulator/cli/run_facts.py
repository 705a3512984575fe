"""What a report says of the run that it is about: when, for how long, by which version and command."""

from __future__ import annotations

import shlex
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime


@contextmanager
def measured() -> Iterator[dict[str, str]]:
    """Measure what is done within; the facts have its duration once that is over."""
    from emulator import __version__

    begun = time.monotonic()
    facts = {"Date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC"), "Version": __version__}
    try:
        yield facts
    finally:
        facts["Duration"] = f"{time.monotonic() - begun:.2f} s"
        facts["Command"] = shlex.join(["localfax", *sys.argv[1:]])
