"""Masters of a Redis cluster die while faxes are on their way, and their replicas take their places."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import redis
import requests

from emulator.app import App
from emulator.config import Config
from emulator.server.http_server import in_process
from emulator.stores.redis.schema import sandbox_key
from tests.conftest import Control
from tests.sending import send
from tests.soak.runners import Patient
from tests.soak.storm import Storm, storm, until
from tests.soak.workers import workers
from tests.stores.redis_server import RedisServer, redis_cluster

pytestmark = pytest.mark.soak

SHORT, LONG = pytest.param(150, 1, id="short"), pytest.param(1000, 10, id="long")
"""How many faxes, and how many masters die."""
PATIENCE = 240.0
ALONE, FEW = 2.0, 3
"""Real seconds for which a master has no replica, unless more than so many faxes were accepted: a server that
heeds its replicas accepts none then but those that were on their way."""


class Cluster:
    """Three masters with a replica each."""

    def __init__(self, servers: list[RedisServer]) -> None:
        self.servers = servers
        self.lost = 0

    def master_of(self, sandbox: str) -> RedisServer:
        """Find who has a sandbox now; the others say that they have not."""
        for server in self.servers:
            with suppress(redis.ResponseError):
                if server.client.exists(sandbox_key(sandbox)):
                    return server
        raise AssertionError(f"nobody has {sandbox}")

    def lose_master(self, sent: Storm) -> None:
        """End the sandbox's master when it would have faxes that its replica has not; it is replica then."""
        master = self.master_of(sent.control.id)
        replica = next(each for each in self.servers if _info(each).get("master_port") == master.port)
        with replica.paused():
            master.client.execute_command("CLIENT", "KILL", "TYPE", "replica")
            until(lambda: _info(master)["connected_slaves"] == 0, PATIENCE, "it is alone")
            more = partial(sent.has_accepted, len(sent.accepted) + FEW)
            with suppress(AssertionError):
                until(more, ALONE, "faxes are accepted that only one has")
            master.kill()
        until(lambda: _info(replica)["role"] == "master", PATIENCE, "there is a new master")
        master.start()
        until(lambda: _info(master).get("master_link_status") == "up", PATIENCE, "the old one follows")
        self.lost += 1


def _info(server: RedisServer) -> dict[str, Any]:
    return dict(server.client.info("replication"))


@pytest.mark.parametrize(("faxes", "times"), [SHORT, LONG])
def test_a_master_that_dies_loses_nothing_that_was_acknowledged(
    tmp_path: Path, faxes: int, times: int, record_property: Callable[[str, object], None]
) -> None:
    with redis_cluster(tmp_path, replicas=1) as servers, requests.Session() as session:
        until(lambda: all(map(_is_linked, servers)), PATIENCE, "all replicas follow")
        cluster = Cluster(servers)
        with (
            workers(f"{servers[0].url}?replicas=1") as server,
            storm(server.url, Patient(server.url, session)) as sent,
        ):
            before = sent.balances()
            sent.begin(faxes)
            for number in range(1, times + 1):
                until(partial(sent.has_accepted, faxes * number // (times + 1)), PATIENCE, "more accepted")
                cluster.lose_master(sent)
            sent.settle(PATIENCE)
            counts = sent.check(before)
    assert cluster.lost == times
    record_property("counts", dict(counts))


def test_a_master_that_became_a_replica_is_asked_no_more(tmp_path: Path) -> None:
    with redis_cluster(tmp_path, replicas=1) as servers:
        until(lambda: all(map(_is_linked, servers)), PATIENCE, "all replicas follow")
        cluster, app = Cluster(servers), App(Config(store=f"{servers[0].url}?replicas=1", speed=0.0))
        try:
            with in_process(app) as server:
                control = Control(server.url).create()
                assert send(control, "ifax").ok
                master = cluster.master_of(control.id)
                replica = next(each for each in servers if _info(each).get("master_port") == master.port)
                replica.client.execute_command("CLUSTER", "FAILOVER")
                until(lambda: _info(replica)["role"] == "master", PATIENCE, "they change places")
                until(lambda: send(control, "ifax").ok, PATIENCE, "the new one is asked")
        finally:
            app.close()


def _is_linked(server: RedisServer) -> bool:
    found = _info(server)
    return bool(found.get("connected_slaves")) or found.get("master_link_status") == "up"
