"""Lists of more rows than are looked at in one go: pages deep in the past come in order and whole."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from emulator.vendors.kazoo.paging import CHUNK
from tests.vendors.kazoo.client import NUMBER, Kazoo
from tests.vendors.kazoo.test_lists import URL, ids

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
