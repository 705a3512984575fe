"""The queues of faxes that wait for room in a counter: for a line of the account, as a rule.

A counter says how many calls go on (`lines/…`), and a fax may be dialled only in a commit that adds one
to it within its bound. A fax that finds no room is committed without a due instant, `waits_for` that
counter, in a list of the counter's own; in the same commit a guard says that the counter is still full,
so that nobody can have made room unseen. Whoever makes room wakes the first of the list in the commit
that makes it; a woken fax that does not use the room (it is cancelled, or another counter is full) passes
it on.

An example with one line. fax-1 is on it; fax-2 and fax-3 come to `waiting_line`, find it full, and wait.
fax-1's call ends: its commit takes one off `lines/acme` and makes fax-2 due at that instant. fax-2 is
played, adds one, and dials. Had it been cancelled just before, its cancel would have woken fax-3.

Two things could be overlooked. A fax might begin to wait after the one who made room has read the list:
each one that begins counts up `waits/…`, and the commit that makes room is guarded by that count. And
settings may grant more lines while a fax is being parked: it looks at their version again, once it is
parked (see `changes`).
"""

from __future__ import annotations

from emulator.core.faxes.fax import Fax, waiting_list
from emulator.core.item import Add
from emulator.core.storage.store import SandboxStore

PRIORITIES = (1, 0)
"""From the first served to the last."""


def waits_counter(counter: str) -> str:
    """Name the counter of how often a fax began to wait for room in a counter."""
    return f"waits/{counter}"


def wake(
    store: SandboxStore, counters: tuple[str, ...], at: float, *, but: str
) -> tuple[dict[str, Fax], tuple[Add, ...]]:
    """The first fax of each counter's queue, due at `at`, by id; and guards for their commit.

    The guards fail when a fax has begun to wait since the queue was read: nobody else would wake that one.
    """
    woken: dict[str, Fax] = {}
    guards = []
    for counter in counters:
        waits = store.number(waits_counter(counter))
        guards.append(Add(waits_counter(counter), 0, at_least=waits, at_most=waits))
        fax = first(store, counter, but={but, *woken})
        if fax is not None:
            woken[fax.id] = awake(fax, at)
    return woken, tuple(guards)


def first(store: SandboxStore, counter: str, *, but: set[str]) -> Fax | None:
    """The fax that is served next when a counter has room, other than those named."""
    for priority in PRIORITIES:
        name = waiting_list(counter, priority)
        for fax in store.list(Fax, name, limit=len(but) + 1, descending=False):
            if fax.id not in but:
                return fax
    return None


def first_of_each(faxes: list[Fax]) -> list[Fax]:
    """The first of each queue among waiting faxes in the order in which they came."""
    served: dict[str | None, Fax] = {}
    for fax in sorted(faxes, key=lambda fax: -fax.priority):
        served.setdefault(fax.waits_for, fax)
    return list(served.values())


def awake(fax: Fax, at: float) -> Fax:
    """Make a parked fax due."""
    return fax.evolve(version=fax.version + 1, due_at=at)
