"""Two clients change one object at a time: the first one wins, the other is told of a conflict.

No public source tells of a client that met this answer; a document whose revision has moved on between its
read and its write is what the server's store calls a conflict.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from emulator.core.item import Record
from emulator.stores.memory.store import MemorySandbox
from tests.conftest import WAIT
from tests.vendors.kazoo.client import Kazoo, check, refusal

CONFLICT = (409, "datastore_conflict", {"message": "conflicting documents"})

Both = Callable[..., list[requests.Response]]


@pytest.fixture
def both(kazoo: Kazoo, monkeypatch: pytest.MonkeyPatch) -> Both:
    """Make two calls which both have read an object before either of them writes it."""
    met, read = threading.Barrier(2, timeout=WAIT), MemorySandbox.get

    def make(path: str, *calls: tuple[str, Any]) -> list[requests.Response]:
        def get(own: MemorySandbox, kind: Any, item_id: str) -> Any:
            item = read(own, kind, item_id)
            if kind is Record and path.endswith(item_id):
                met.wait()
            return item

        monkeypatch.setattr(MemorySandbox, "get", get)
        with ThreadPoolExecutor(2) as callers:
            answers = callers.map(
                lambda call: kazoo.call(call[0], path, **({"json": {"data": call[1]}} if call[1] else {})),
                calls,
            )
            told = list(answers)
        monkeypatch.undo()
        return sorted(told, key=lambda answer: answer.status_code)

    return make


OBJECTS = {
    "/faxboxes": {"name": "Box"},
    "/webhooks": {"name": "Hook", "uri": "http://x.test", "hook": "outbound_fax"},
}


@pytest.mark.parametrize("plural", list(OBJECTS))
def test_of_two_changes_at_once_one_is_a_conflict(kazoo: Kazoo, both: Both, plural: str) -> None:
    made = kazoo.put(plural, OBJECTS[plural])
    path = f"{plural}/{made['id']}"
    won, lost = both(path, ("PATCH", {"name": "One"}), ("PATCH", {"name": "Two"}))
    assert won.status_code == 200
    changed = check(won, kazoo.token)
    assert changed["data"] in ({**made, "name": "One"}, {**made, "name": "Two"})
    refusal(lost, *CONFLICT, token=kazoo.token)
    kept = kazoo.get(path)
    assert (kept["data"], kept["revision"]) == (changed["data"], changed["revision"])


@pytest.mark.parametrize("plural", list(OBJECTS))
def test_a_change_and_a_removal_at_once_are_a_conflict(kazoo: Kazoo, both: Both, plural: str) -> None:
    path = f"{plural}/{kazoo.put(plural, OBJECTS[plural])['id']}"
    won, lost = both(path, ("PATCH", {"name": "One"}), ("DELETE", None))
    assert won.status_code == 200
    refusal(lost, *CONFLICT, token=kazoo.token)
    assert len(kazoo.get(plural)["data"]) == (1 if lost.request.method == "DELETE" else 0)
