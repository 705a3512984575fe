"""Everything that is measured: `python -m tests.bench`, or with the names of some."""

from __future__ import annotations

import sys
from collections.abc import Callable

from tests.bench import calls, clocks, crowd, growth, rivals, servers, shared, start, webhooks
from tests.bench.rows import head, machine

BENCHES: dict[str, Callable[[], None]] = {
    "start": start.main,
    "calls": calls.main,
    "clocks": clocks.main,
    "webhooks": webhooks.main,
    "shared": shared.main,
    "rivals": rivals.main,
    "growth": growth.main,
    "crowd": crowd.main,
    "servers": servers.main,
}
USUAL = ("start", "calls", "clocks", "webhooks", "shared", "rivals")
"""Those that measure Localfax in minutes; `growth` and `crowd` take longer, `servers` chose the server."""

if __name__ == "__main__":
    print(machine())
    for name in sys.argv[1:] or USUAL:
        head(name)
        BENCHES[name]()
