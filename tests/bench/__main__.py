"""Everything that is measured: `python -m tests.bench`, or with the names of some."""

from __future__ import annotations

import sys
from collections.abc import Callable

from tests.bench import servers

BENCHES: dict[str, Callable[[], None]] = {
    "servers": servers.main,
}

if __name__ == "__main__":
    for name in sys.argv[1:] or BENCHES:
        print(f"\n{name}")
        BENCHES[name]()
