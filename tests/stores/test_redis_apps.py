"""Two programs over one Redis, as on two machines: any of them answers, each thing happens once."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
import requests

from emulator.app import App
from emulator.config import Config
from emulator.core.engine.courier import at_once
from emulator.core.engine.leases import LEASE
from emulator.server.http_server import in_process
from tests.conftest import WAIT, Control
from tests.receiver import Receiver
from tests.sending import VENDORS, send
from tests.stores.redis_server import RedisServer


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
def apps(redis: RedisServer, clock: Clock) -> Iterator[list[App]]:
    with ExitStack() as stack:
        made = [App(Config(store=redis.url), real=clock) for _ in range(2)]
        for app in made:
            stack.callback(app.close)
        yield made


@pytest.fixture
def programs(apps: list[App]) -> Iterator[list[Control]]:
    with ExitStack() as stack:
        yield [Control(stack.enter_context(in_process(app)).url) for app in apps]


def twin(made: Control, other: Control) -> Control:
    """The sandbox as the other program shows it."""
    return Control(other.url, other.call("GET", f"/sandboxes/{made.id}", 200))


def test_the_default_sandbox_is_made_once(programs: list[Control]):
    one, other = programs
    assert send(Control(one.url, one.call("GET", "/sandboxes/default")), "ifax").status_code == 200
    assert [fax["id"] for fax in other.faxes()] == ["fax-1"]
    assert (
        one.call("GET", "/sandboxes")["sandboxes"][0]["seed"]
        == other.call("GET", "/sandboxes/default")["seed"]
    )


def test_a_store_that_was_emptied_has_the_default_sandbox_anew(redis: RedisServer, programs: list[Control]):
    for vendor in VENDORS:
        default = Control(programs[0].url, programs[0].call("GET", "/sandboxes/default", 200))
        redis.client.flushall()
        assert send(default, vendor).status_code in (200, 201)
        assert [fax["vendor"] for fax in Control(programs[1].url).faxes()] == [vendor]
    redis.client.flushall()
    answer = requests.get(f"{programs[0].url}/kazoo/v2/accounts/{'a' * 32}/faxes/outgoing", timeout=WAIT)
    assert answer.status_code == 404
    assert answer.json()["request_id"]


def test_what_one_program_is_told_the_other_knows(programs: list[Control], receiver: Receiver):
    here = programs[0].create(webhooks={name: {"outbound": f"{receiver.url}/{name}"} for name in VENDORS})
    there = twin(here, programs[1])
    for vendor, control in zip(VENDORS, [here, there, here, there, here], strict=True):
        assert send(control, vendor).ok
    assert there.advance()["timeline"]
    assert {fax["state"] for fax in here.faxes()} == {"delivered"}
    assert Counter(each.path for each in receiver.requests) == {f"/{name}": 1 for name in VENDORS}
    assert here.advance()["timeline"] == []
    there.call("DELETE", f"/sandboxes/{here.id}", 204)
    here.call("GET", f"/sandboxes/{here.id}", 404)
    assert send(here, "mfax").status_code == 401


def test_two_advances_at_once_play_each_step_once(programs: list[Control]):
    here = programs[0].create()
    there = twin(here, programs[1])
    for _ in range(5):
        send(here, "ifax")
    with ThreadPoolExecutor(2) as pool:
        timelines = [pool.submit(each.advance) for each in (here, there)]
        played = [entry for each in timelines for entry in each.result()["timeline"]]
    assert Counter(entry["what"] for entry in played if entry["kind"] == "state")["delivered"] == 5
    assert len(played) == len({(entry["fax"], entry["what"]) for entry in played})


def test_a_webhook_that_a_program_died_over_is_sent_by_another(
    apps: list[App], programs: list[Control], clock: Clock, receiver: Receiver
):
    hook = {"ifax": {"outbound": receiver.url}}
    sandbox = programs[0].create(webhooks=hook, clock={"mode": "running", "speed": 1}).id
    dead, alive = apps
    send(twin(Control("", {"id": sandbox}), programs[0]), "ifax")
    clock.at += 3600
    dead.player.play_due(sandbox, lambda errand: [])  # it dies when the webhook has been begun

    assert alive.player.next_wake(sandbox) == clock.at + LEASE
    alive.player.play_due(sandbox, at_once)
    assert receiver.requests == []
    clock.at += LEASE
    alive.player.play_due(sandbox, at_once)
    assert alive.player.next_wake(sandbox) == clock.at
    alive.player.play_due(sandbox, at_once)
    assert len(receiver.requests) == 1
    assert alive.player.next_wake(sandbox) is None
    (webhook,) = programs[1].call("GET", f"/sandboxes/{sandbox}/webhooks", 200)["webhooks"]
    tries = [(each["status"], each["error"]) for each in webhook["attempts"]]
    assert (webhook["state"], tries) == ("delivered", [(None, "interrupted"), (200, None)])
    metrics = requests.get(f"{programs[1].url}/_localfax/metrics", timeout=WAIT).text
    assert 'localfax_webhook_attempts_total{outcome="interrupted",vendor="ifax"} 1.0' in metrics


def events(control: Control) -> Iterator[tuple[str, dict[str, object]]]:
    url = f"{control.root}/sandboxes/{control.id}/events"
    with requests.get(url, stream=True, timeout=WAIT) as answer:
        name = ""
        for line in answer.iter_lines():
            word, _, rest = line.decode().partition(": ")
            if word == "event":
                name = rest
            elif word == "data":
                yield name, json.loads(rest)
            elif line:
                yield "", {}


def test_a_stream_of_one_program_tells_what_the_other_does(programs: list[Control]):
    here = programs[0].create()
    there = twin(here, programs[1])
    stream = events(here)
    assert next(stream) == ("", {})
    send(there, "ifax")
    there.advance()
    seen = []
    while "delivered" not in seen:
        name, data = next(stream)
        seen.append(data.get("what", name))
    stream.close()
    assert {"received", "request", "dialing", "transmitting", "delivered"} <= set(seen)


def test_an_answer_that_is_held_by_one_program_ends_when_the_other_makes_it_true(programs: list[Control]):
    here = programs[0].create()
    there = twin(here, programs[1])
    send(here, "ifax")
    with ThreadPoolExecutor(1) as pool:
        held = pool.submit(here.call, "GET", f"/sandboxes/{here.id}/faxes?state=delivered&wait=20s")
        there.advance()
        assert [fax["state"] for fax in held.result()["faxes"]] == ["delivered"]


UNAVAILABLE: dict[str, Callable[[requests.Response], bool]] = {
    "openfax": lambda answer: answer.json() == {"Response": "Failed"},
    "kazoo": lambda answer: answer.json()["message"] == "datastore_unreachable",
    "ifax": lambda answer: answer.json() == {"status": 0, "code": 256, "message": "Internal error"},
    "mfax": lambda answer: answer.json()["error"]["name"] == "ServiceUnavailableError",
    "faxto": lambda answer: answer.json() == {"status": "failed", "message": "Service unavailable"},
}


def test_without_its_store_each_vendor_answers_503_in_its_own_words_and_works_again_with_it(
    redis: RedisServer, programs: list[Control]
):
    control = programs[0].create()
    redis.client.config_set("min-replicas-to-write", 1)
    try:
        for vendor in VENDORS:
            answer = send(control, vendor)
            assert answer.status_code == 503
            assert UNAVAILABLE[vendor](answer)
        refused = control.call("POST", "/sandboxes", 503, json={})
        assert refused["error"]["code"] == "unavailable"
    finally:
        redis.client.config_set("min-replicas-to-write", 0)
    assert all(send(control, vendor).ok for vendor in VENDORS)
    assert len(control.faxes()) == len(VENDORS)
