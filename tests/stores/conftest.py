from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from emulator.core.store import Store
from emulator.stores.memory import MemoryStore

STORES: dict[str, Callable[[], Store]] = {"memory": MemoryStore}
"""Every store that there is, by name: what each must do is in test_store.py."""


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """An empty store of each kind in turn."""
    made = STORES[request.param]()
    yield made
    made.close()
