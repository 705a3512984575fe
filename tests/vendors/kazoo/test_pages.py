"""Pages follow one another, whole and in order: at any size, through ties, deep in the past."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from emulator.vendors.kazoo.lists.paging import CHUNK
from tests.vendors.kazoo.client import NUMBER, Kazoo
from tests.vendors.kazoo.queued import URL, ids, queue

SECONDS, EACH = 6, CHUNK // 4
"""A job is queued so many times within each of so many seconds."""


@pytest.fixture
def jobs(kazoo: Kazoo) -> list[str]:
    """Queue jobs, second by second, without playing any; gives their ids, oldest first."""
    begun, made = kazoo.now(), []
    for second in range(SECONDS):
        for _ in range(EACH):
            made.append(kazoo.put("/faxes", {**URL, "to_number": NUMBER})["id"])
        now = {"now": instant(begun + second + 1)}
        kazoo.control.call("PATCH", f"/sandboxes/{kazoo.control.id}/clock", 200, json=now)
    return made


def instant(gregorian: int) -> str:
    return datetime.fromtimestamp(gregorian - 62_167_219_200, UTC).isoformat()


def walk(kazoo: Kazoo, **query: Any) -> list[str]:
    seen: list[str] = []
    more: dict[str, Any] = {}
    while more is not None:
        page = kazoo.get("/faxes/outgoing", params={"page_size": EACH, **query, **more})
        seen += ids(page)
        key = page.get("next_start_key")
        more = None if key is None else {"start_key": json.dumps(key)}
    return seen


def test_pages_follow_one_another_through_a_long_list(kazoo: Kazoo, jobs: list[str]) -> None:
    assert walk(kazoo) == jobs[::-1]
    assert walk(kazoo, ascending="true") == jobs
    assert walk(kazoo, page_size=EACH + 7) == jobs[::-1]
    for second in range(SECONDS):
        key = json.dumps([kazoo.account, kazoo.now() - SECONDS + second])
        older, newer = jobs[: (second + 1) * EACH][::-1], jobs[second * EACH :]
        assert ids(kazoo.get("/faxes/outgoing", params={"start_key": key})) == older[:50]
        assert ids(kazoo.get("/faxes/outgoing", params={"start_key": key, "ascending": "true"})) == newer[:50]


def test_the_next_key_is_account_and_instant_where_that_says_it_all(kazoo: Kazoo) -> None:
    jobs, instants = [], []
    for count in (1, 2, 1):
        instants.append(kazoo.now())
        jobs = queue(kazoo, count, retries=4) + jobs
        kazoo.control.advance(by=1)
    for order, whole, place, last in (("descending", jobs, 2, 0), ("ascending", jobs[::-1], 3, 2)):
        seen: list[str] = []
        keys: list[Any] = [[kazoo.account]]
        while keys[-1] is not None:
            wanted = {order: "true", "page_size": 1, "start_key": json.dumps(keys[-1])}
            page = kazoo.get("/faxes/outgoing", params=wanted)
            seen += ids(page)
            keys.append(page.get("next_start_key"))
        assert seen == whole
        assert keys == [
            [kazoo.account],
            [kazoo.account, instants[1]],
            [kazoo.account, instants[1], place],
            [kazoo.account, instants[last]],
            None,
        ]


@pytest.mark.parametrize("seconds", ["001011", "010101", "101010", "000101", "012345", "000000"])
def test_pages_are_whole_where_rows_stand_out_of_order_by_a_second(kazoo: Kazoo, seconds: str) -> None:
    """Calls that are answered at one time may be numbered in another order than that of their instants."""
    jobs, control = queue(kazoo, len(seconds)), kazoo.control
    snapshot = control.call("GET", f"/sandboxes/{control.id}/snapshot", 200)
    faxes = {item["vendor_id"]: item for item in snapshot["items"] if item["kind"] == "fax"}
    for job, second in zip(reversed(jobs), seconds, strict=True):
        faxes[job]["created_at"] += int(second) - 10
    control.call("POST", f"/sandboxes/{control.id}/snapshot", 200, json=snapshot)
    for size in (1, 2, 3):
        assert walk(kazoo, page_size=size, ascending="true") == jobs[::-1]
        assert walk(kazoo, page_size=size, ascending="") == jobs
