"""The queues of faxes that wait for room in a counter: for a line of the account, as a rule.

A fax waits without a due instant. Whoever makes room wakes the first of the queue in the same commit; a woken
fax that does not use the room (it is cancelled, or another counter is full) passes it on.
"""

from __future__ import annotations

from emulator.core.faxes.fax import Fax, waiting_list
from emulator.core.storage.store import Add, SandboxStore

PRIORITIES = (1, 0)
"""From the first served to the last."""


def begun(counter: str) -> str:
    """Name the counter of how often a fax began to wait for room in a counter."""
    return f"waits/{counter}"


def wake(
    store: SandboxStore, counters: tuple[str, ...], at: float, *, but: str
) -> tuple[dict[str, Fax], tuple[Add, ...]]:
    """Give the first fax of each counter's queue, due at `at`, by id; and guards for their commit.

    The guards fail when a fax has begun to wait since the queue was read: nobody else would wake that one.
    """
    woken: dict[str, Fax] = {}
    guards = []
    for counter in counters:
        waits = store.number(begun(counter))
        guards.append(Add(begun(counter), 0, at_least=waits, at_most=waits))
        fax = first(store, counter, but={but, *woken})
        if fax is not None:
            woken[fax.id] = awake(fax, at)
    return woken, tuple(guards)


def first(store: SandboxStore, counter: str, *, but: set[str]) -> Fax | None:
    """Give the fax that is served next when a counter has room, other than those named."""
    for priority in PRIORITIES:
        name = waiting_list(counter, priority)
        for fax in store.list(Fax, name, limit=len(but) + 1, descending=False):
            if fax.id not in but:
                return fax
    return None


def first_of_each(faxes: list[Fax]) -> list[Fax]:
    """Give the first of each queue among waiting faxes in the order in which they came."""
    served: dict[str | None, Fax] = {}
    for fax in sorted(faxes, key=lambda fax: -fax.priority):
        served.setdefault(fax.waits_for, fax)
    return list(served.values())


def awake(fax: Fax, at: float) -> Fax:
    """Make a parked fax due."""
    return fax.evolve(version=fax.version + 1, due_at=at)
