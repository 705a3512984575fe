"""What a scenario does to those who read a fax's status: the read fails, or shows the fax before its end."""

from __future__ import annotations

from collections.abc import Mapping

from emulator.core.dialect.vendor import Vendor
from emulator.core.engine.changes import change
from emulator.core.engine.steps import Change
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import State
from emulator.core.faxes.plan import HttpFault, PollFault, Refused
from emulator.core.world import World


def count_read(
    world: World, vendors: Mapping[str, Vendor], fax: Fax, poll: PollFault
) -> tuple[Fax, HttpFault | None]:
    """Count a read of a fax's status; give the fax as it is shown, and what happens to the answer.

    Raises Refused when the read itself fails.
    """
    read = change(world, vendors, fax.id, lambda fax, at: _count(fax, reads=fax.reads + 1))
    fault = poll.http if poll.times is None or read.reads <= poll.times else None
    if fault is not None and fault.refuses:
        raise Refused(fault, fax.scenario)
    if not read.final or read.late_reads >= poll.behind:
        return read, fault
    change(world, vendors, fax.id, lambda fax, at: _count(fax, late_reads=fax.late_reads + 1))
    return _before_end(read), fault


def _count(fax: Fax, **counts: int) -> Change:
    return Change(fax.evolve(version=fax.version + 1, **counts))


def _before_end(fax: Fax) -> Fax:
    """The fax as it was just before it ended."""
    state = State.transmitting if fax.attempts else State.rendering
    return fax.evolve(state=state, outcome=None, code=None, finished_at=None)
