from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from emulator.core.storage.store import SandboxStore, Store
from emulator.stores.memory import MemoryStore
from emulator.stores.redis import RedisStore
from tests.stores.redis_server import RedisServer, redis_cluster, redis_server
from tests.stores.things import BOX, sandbox

MakeStore = Callable[..., Store]

STORES = ("memory", "redis", "redis_cluster")
"""Every store that there is, by name; a test that takes `store` says what each of them must do."""


@pytest.fixture(scope="session")
def single(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[RedisServer]]:
    """A redis-server."""
    with redis_server(tmp_path_factory.mktemp("redis")) as server:
        yield [server]


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[RedisServer]]:
    """A cluster of three."""
    with redis_cluster(tmp_path_factory.mktemp("cluster")) as servers:
        yield servers


@pytest.fixture
def redis(single: list[RedisServer]) -> RedisServer:
    """A redis-server without anything in it."""
    single[0].client.flushall()
    return single[0]


@pytest.fixture(params=STORES)
def make_store(request: pytest.FixtureRequest) -> Iterator[MakeStore]:
    """Make stores of one kind, each kind in turn; those of Redis are over the same server."""
    made: list[Store] = []

    def make(**options: int) -> Store:
        store = MemoryStore(**options) if request.param == "memory" else RedisStore(servers[0].url, **options)
        made.append(store)
        return store

    if request.param != "memory":
        servers = request.getfixturevalue({"redis": "single", "redis_cluster": "cluster"}[request.param])
        for server in servers:
            server.client.flushall()
    yield make
    for store in made:
        store.close()


@pytest.fixture
def store(make_store: MakeStore) -> Store:
    """A store of each kind in turn, with one empty sandbox."""
    made = make_store()
    made.create(sandbox(), ())
    return made


@pytest.fixture
def box(store: Store) -> SandboxStore:
    """That sandbox."""
    return store.of(BOX)
