"""What every store must do when several write at one moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from emulator.core.errors import Conflict, LimitReached
from emulator.core.faxes.machine import State
from emulator.core.item import Add
from emulator.core.storage.store import SandboxStore
from tests.stores.things import after, fax


def test_of_several_writers_of_one_version_one_wins(box: SandboxStore):
    box.commit((fax(),))

    def write(state: State) -> bool:
        try:
            box.commit((after(fax(), state=state),), adds=(Add("wins", 1),))
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(write, list(State)[:8]))
    assert (won.count(True), box.number("wins")) == (1, 1)


def test_a_bounded_counter_is_never_beyond_its_bound(box: SandboxStore):
    def take(_: int) -> bool:
        try:
            box.commit(adds=(Add("lines", 1, at_most=3),))
        except LimitReached:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(take, range(40))) == 3


def test_numbers_are_given_to_one_caller_each(box: SandboxStore):
    with ThreadPoolExecutor(8) as pool:
        given = list(pool.map(lambda _: box.next("n"), range(200)))
    assert sorted(given) == list(range(1, 201))
