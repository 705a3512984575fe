"""The summary finds what has finished, however much has not."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from emulator.core.engine.engine import Engine
from emulator.core.engine.sandboxes import Sandboxes
from emulator.core.faxes.fax import Submission
from emulator.core.sandbox import Mode, Sandbox
from emulator.stores.memory import MemoryStore
from emulator.stores.memory.store import MemorySandbox
from emulator.vendors.openfax import history, vendor

ALL = history.Query(date(2000, 1, 1), date(2100, 1, 1), 0, 1000, finished=True)


class Counting(MemoryStore):
    """A store that counts the items which its lists give."""

    read = 0

    def of(self, sandbox_id: str) -> MemorySandbox:
        found = CountingSandbox(self, sandbox_id)
        found.shared = self
        return found


class CountingSandbox(MemorySandbox):
    shared: Counting

    def list(self, *args: Any, **options: Any) -> list[Any]:
        found = super().list(*args, **options)
        self.shared.read += len(found)
        return found


def filled(store: MemoryStore, unfinished: int) -> tuple[Engine, Sandbox]:
    """Make a sandbox in which so many faxes wait, and one in the middle of them has ended."""
    engine = Engine(store, {"openfax": vendor}, real=lambda: 1_700_000_000.0)
    sandbox = Sandboxes(engine, lambda digits: "0" * digits).create(mode=Mode.manual)
    details = {"to_header": "", "from_header": "", "rates": [0, 0]}
    for transaction in range(unfinished + 1):
        number = store.of(sandbox.id).next(history.COUNTER)
        wanted = Submission(
            vendor="openfax",
            to="+12125550123",
            vendor_id=str(transaction),
            first_call=number,
            details=details,
            folders=(history.block_of(number),),
        )
        fax = engine.world(sandbox.id).submit(wanted)
        if transaction == unfinished // 2:
            engine.world(sandbox.id).cancel(fax.id)
    return engine, sandbox


def test_summary_reads_hardly_more_when_many_more_are_unfinished() -> None:
    read = []
    for unfinished in (1_000, 4_000):
        engine, sandbox = filled(store := Counting(), unfinished)
        store.read = 0
        rows = history.page(engine.store.of(sandbox.id), ALL)
        assert [row.fax.vendor_id for row in rows] == [str(unfinished // 2)]
        read.append(store.read)
    few, many = read
    assert many - few <= 2 * history.BLOCK  # two more steps of the search by date


@pytest.mark.parametrize("after", [0, 199, 200, 399, 401, 650, 10_000])
@pytest.mark.parametrize("limit", [1, 3, 1000])
def test_summary_is_the_finished_part_of_the_detail(after: int, limit: int) -> None:
    engine, sandbox = filled(MemoryStore(), 700)
    for number in (2, 199, 200, 201, 640, 701):
        engine.world(sandbox.id).cancel(f"fax-{number}")

    def page(finished: bool, most: int) -> list[int]:
        query = history.Query(ALL.first, ALL.last, after, most, finished)
        return [row.number for row in history.page(engine.store.of(sandbox.id), query) if row.fax.final]

    assert page(True, limit) == page(False, 1000)[:limit]
