"""Who goes next when more documents wait than can be worked on, and what is not made twice."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from emulator.documents.turns import ALL, EACH, Busy, Results, Turns, on_behalf_of
from tests.conftest import WAIT


class Table:
    """One turn that is taken, and threads that wait behind it."""

    def __init__(self) -> None:
        self.turns = Turns(1)
        self.order: list[str] = []
        self.pool = ThreadPoolExecutor(2 * ALL)
        self.asked = 0

    def ask(self, owner: str, name: str) -> Future[None]:
        """Have a thread wait for a turn; return when it waits."""
        asked = self.pool.submit(self._work, owner, name)
        self.asked += 1
        while sum(map(len, self.turns._lines.values())) < self.asked and not asked.done():
            pass
        return asked

    def _work(self, owner: str, name: str) -> None:
        with on_behalf_of(owner), self.turns.turn():
            self.order.append(name)


@pytest.fixture
def table() -> Iterator[Table]:
    made = Table()
    with made.pool:
        yield made


@contextmanager
def taken(table: Table) -> Iterator[None]:
    with table.turns.turn():
        yield


def test_sandboxes_have_their_turns_in_rotation(table: Table) -> None:
    with taken(table):
        for owner, name in (("a", "a1"), ("a", "a2"), ("a", "a3"), ("b", "b1"), ("c", "c1"), ("b", "b2")):
            table.ask(owner, name)
    table.pool.shutdown()
    assert table.order == ["a1", "b1", "c1", "a2", "b2", "a3"]


def test_a_line_that_is_full_sends_away_its_owner_and_nobody_else(table: Table) -> None:
    with taken(table):
        for number in range(EACH):
            table.ask("a", f"a{number}")
        with pytest.raises(Busy):
            table.ask("a", "too many").result(WAIT)
        table.asked -= 1
        table.ask("b", "b")
    table.pool.shutdown()
    assert table.order[:3] == ["a0", "b", "a1"]
    assert len(table.order) == EACH + 1


def test_in_all_lines_no_more_wait_than_there_are_threads_for(table: Table) -> None:
    with taken(table):
        for number in range(ALL):
            table.ask(f"box-{number}", str(number))
        with pytest.raises(Busy):
            table.ask("one more", "").result(WAIT)
    table.pool.shutdown()
    assert len(table.order) == ALL


def test_a_request_whose_turn_does_not_come_is_told_to_come_again() -> None:
    turns = Turns(1, patience=0.01)
    with turns.turn():
        for _ in range(2):
            with on_behalf_of("a"), pytest.raises(Busy), turns.turn():
                pass
    with on_behalf_of("a"), turns.turn():  # nobody is waited for who has gone
        pass


def test_what_is_being_made_is_made_once_and_remembered() -> None:
    results, go, begun, made = Results(), threading.Event(), threading.Event(), []

    def make() -> bytes:
        begun.set()
        assert go.wait(WAIT)
        made.append(1)
        return b"page"

    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(results.get, "page 1", make) for _ in range(8)]
        assert begun.wait(WAIT)
        go.set()
        assert {each.result(WAIT) for each in asked} == {b"page"}
    assert results.get("page 1", make) == b"page"
    assert made == [1]


def test_what_could_not_be_made_is_tried_by_the_next() -> None:
    results: Results = Results()
    fail: Callable[[], bytes] = lambda: b"%d" % (1 // 0)  # noqa: E731
    with pytest.raises(ZeroDivisionError):
        results.get("page 1", fail)
    assert results.get("page 1", lambda: b"page") == b"page"
