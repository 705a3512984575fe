"""A disk that is full under Redis, a receiver that never answers: told clearly, of no harm to others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from emulator.app import App
from emulator.config import Config
from emulator.heart.senders import EACH
from emulator.server.http_server import in_process
from tests.conftest import Control
from tests.receiver import Receiver
from tests.sending import VENDORS, send
from tests.soak.storm import until
from tests.stores.redis_server import RedisServer, redis_server
from tests.stores.test_redis_apps import UNAVAILABLE

FASTEST = {"mode": "running", "speed": 1_000_000}
ROOM = 16 * 1024
"""Bytes that are left on the disk: room for a fax or two."""


@contextmanager
def program(redis: RedisServer) -> Iterator[Control]:
    with ExitStack() as stack:
        app = App(Config(store=redis.url))
        stack.callback(app.close)
        yield Control(stack.enter_context(in_process(app, threads=16)).url)


@contextmanager
def on_disk(folder: Path, policy: str) -> Iterator[tuple[RedisServer, Control]]:
    """Run a program over a server that writes everything to disk."""
    options = ("--appendonly", "yes", "--appendfsync", policy, "--auto-aof-rewrite-percentage", "0")
    with redis_server(folder, *options) as redis, program(redis) as control:
        yield redis, control.create(clock={"mode": "manual"})


def sent_until_refused(control: Control, vendor: str) -> int:
    """Send faxes until one is refused, in the vendor's own words; give how many were accepted."""
    for accepted in range(200):
        answer = send(control, vendor)
        if not answer.ok:
            assert answer.status_code == 503
            assert UNAVAILABLE[vendor](answer)
            return accepted
    raise AssertionError("the disk is never full")


def test_on_a_full_disk_requests_are_answered_503_and_work_again_when_there_is_room(tmp_path: Path):
    with on_disk(tmp_path, "everysec") as (redis, control):
        redis.fill_disk(ROOM)
        accepted = sent_until_refused(control, "ifax")
        for vendor in VENDORS:
            assert sent_until_refused(control, vendor) == 0
        assert control.call("POST", "/sandboxes", 503, json={})["error"]["code"] == "unavailable"
        assert len(control.faxes()) == accepted
        redis.empty_disk()
        until(lambda: send(control, "ifax").ok, 20, "there is room again")
        assert all(send(control, vendor).ok for vendor in VENDORS)
        assert len(control.faxes()) == accepted + 1 + len(VENDORS)
        control.advance()
        assert {fax["state"] for fax in control.faxes()} == {"delivered"}


def test_a_server_that_ends_on_a_full_disk_has_all_that_was_acknowledged_when_it_is_back(tmp_path: Path):
    with on_disk(tmp_path, "always") as (redis, control):
        redis.fill_disk(ROOM)
        accepted = sent_until_refused(control, "ifax")
        assert redis.ended()  # its way with a disk that it must write to at once
        assert not send(control, "ifax").ok
        redis.start()
        assert len(control.faxes()) == accepted
        assert send(control, "ifax").ok
        control.advance()
        assert [fax["state"] for fax in control.faxes()] == ["delivered"] * (accepted + 1)


def test_a_receiver_that_never_answers_holds_up_nobody_else(redis: RedisServer, receiver: Receiver):
    receiver.answer(behaviour="hang", times=None)
    with program(redis) as control, Receiver() as prompt:
        silent, other = (
            control.create(clock=FASTEST, webhooks={"ifax": {"outbound": each.url}})
            for each in (receiver, prompt)
        )
        for _ in range(EACH + 4):
            assert send(silent, "ifax").ok
        receiver.wait(EACH)
        assert send(other, "ifax").ok
        prompt.wait()
        until(lambda: {fax["state"] for fax in silent.faxes()} == {"delivered"}, 20, "the faxes go on")
        assert states_of_webhooks(silent) == ["sending"] * (EACH + 4)
        assert len(receiver.requests) == EACH
        receiver.release()
        until(lambda: set(states_of_webhooks(silent)) == {"delivered"}, 20, "it answers at last")
        assert len(receiver.requests) == EACH + 4


def states_of_webhooks(control: Control) -> list[str]:
    return [each["state"] for each in control.call("GET", f"/sandboxes/{control.id}/webhooks")["webhooks"]]
