"""Sandboxes that nobody uses are removed, and counted; those in use and the default one stay."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
import requests

from emulator.app import App
from emulator.config import Config
from emulator.server.http_server import in_process
from tests.conftest import WAIT, Control
from tests.sending import send
from tests.stores.redis_server import RedisServer

HOUR = 3600.0


class Clock:
    """Real time that a test moves on."""

    def __init__(self) -> None:
        self.at = 1_800_000_000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def start(clock: Clock) -> Iterator[Callable[..., tuple[App, Control]]]:
    with ExitStack() as stack:

        def starting(**options: object) -> tuple[App, Control]:
            app = App(Config(**options), real=clock)  # type: ignore[arg-type]
            stack.callback(app.close)
            return app, Control(stack.enter_context(in_process(app)).url)

        yield starting


def ids(control: Control) -> set[str]:
    return {each["id"] for each in control.call("GET", "/sandboxes")["sandboxes"]}


@pytest.mark.parametrize("shared", [False, True], ids=["memory", "redis"])
def test_what_nobody_uses_for_a_day_is_removed_and_counted(
    start: Callable[..., tuple[App, Control]], clock: Clock, redis: RedisServer, shared: bool
) -> None:
    app, server = start(store=redis.url if shared else "memory")
    left, sent_by, read_by = (server.create() for _ in range(3))
    for _ in range(8):
        clock.at += 6 * HOUR
        assert send(sent_by, "ifax").ok
        server.call("GET", f"/sandboxes/{read_by.id}/faxes", 200)
        app.expiry.sweep()
    assert ids(server) == {"default", sent_by.id, read_by.id}
    assert send(left, "ifax").json()["code"] == 12001
    metrics = requests.get(f"{server.url}/_localfax/metrics", timeout=WAIT).text
    assert "localfax_sandboxes_expired_total 1.0" in metrics
    clock.at += 26 * HOUR
    assert set(app.expiry.sweep()) == {sent_by.id, read_by.id}
    assert ids(server) == {"default"}


def test_a_use_of_one_worker_counts_for_all_and_each_is_removed_once(
    start: Callable[..., tuple[App, Control]], clock: Clock, redis: RedisServer
) -> None:
    (one, here), (other, there) = (start(store=redis.url, expire=10 * HOUR) for _ in range(2))
    used, left = here.create(), here.create()
    clock.at += 9 * HOUR
    there.call("GET", f"/sandboxes/{used.id}/faxes", 200)
    clock.at += 3 * HOUR
    assert [*one.expiry.sweep(), *other.expiry.sweep()] == [left.id]


def test_nothing_is_removed_when_that_is_off(start: Callable[..., tuple[App, Control]], clock: Clock) -> None:
    app, server = start(expire=None)
    made = server.create()
    clock.at += 1000 * HOUR
    assert not hasattr(app, "expiry")
    assert made.id in ids(server)
