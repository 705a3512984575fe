"""Workers are killed, Redis is restarted, stopped and cut off while faxes of all vendors are on their way.

The short form of each runs with all tests; the long one is asked for by name (make soak).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from tests.soak.storm import storm, trouble
from tests.soak.workers import Workers, workers
from tests.stores.redis_server import RedisServer, redis_server

SHORT, LONG = pytest.param(60, 3, id="short"), pytest.param(800, 40, id="long", marks=pytest.mark.soak)
"""How many faxes, and how often something breaks."""
A_SECOND = 40
"""Faxes a second that the clients get accepted, about: trouble comes while they do."""
PATIENCE = 120


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    """A redis-server that has everything again after a restart, even when it was killed."""
    with redis_server(tmp_path, "--appendonly", "yes", "--appendfsync", "always") as server:
        yield server


@pytest.fixture
def server(redis: RedisServer) -> Iterator[Workers]:
    """Two workers over it."""
    with workers(redis.url) as running:
        yield running


@pytest.mark.parametrize(("faxes", "times"), [SHORT, LONG])
def test_a_worker_that_is_killed_loses_nothing(
    server: Workers, faxes: int, times: int, record_property: Callable[[str, object], None]
) -> None:
    random = Random(8329)
    with storm(server.url) as sent:
        before = sent.balances()
        sent.begin(faxes)
        trouble(times, faxes / A_SECOND, lambda: server.kill_one(random), random)
        sent.settle(PATIENCE)
        counts = sent.check(before)
    assert server.killed == times
    record_property("counts", dict(counts))


@pytest.mark.parametrize(("faxes", "times"), [SHORT, LONG])
def test_a_redis_that_is_restarted_or_cut_off_loses_nothing(
    server: Workers,
    redis: RedisServer,
    faxes: int,
    times: int,
    record_property: Callable[[str, object], None],
) -> None:
    random = Random(8329)
    troubles = (redis.crash, redis.cut, lambda: redis.stand_still(random.uniform(0.1, 4)))
    with storm(server.url) as sent:
        before = sent.balances()
        sent.begin(faxes)
        trouble(times, faxes / A_SECOND, lambda: random.choice(troubles)(), random)
        sent.settle(PATIENCE)
        counts = sent.check(before)
    record_property("counts", dict(counts))
