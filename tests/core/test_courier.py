from __future__ import annotations

import time
from dataclasses import replace

import pytest

from emulator.core.engine.courier import Errand
from emulator.core.errors import NotFound
from emulator.core.faxes.fax import Source
from emulator.core.message import Fetch, Trouble
from emulator.core.sandbox import Hook, Mode
from emulator.core.webhooks.delivery import Delivery, DeliveryState, RetryRule
from tests.core.world import HOOK, START, World, acme, notices

DELIVERED_AT = 35.986


def the_delivery(world: World) -> Delivery:
    found = world.own.store.get(Delivery, "delivery-1")
    assert found is not None
    return found


# webhooks
def test_a_refused_webhook_is_sent_again_at_the_vendor_s_intervals(world: World):
    world.network.statuses = [500, Trouble.timeout, 200]
    world.send()
    posts = [each.entry for each in world.advance() if each.entry.kind == "webhook"]
    assert [(round(post.at - START, 3), post.detail) for post in posts] == [
        (DELIVERED_AT, {**posts[0].detail, "attempt": 1, "status": 500, "error": None, "state": "pending"}),
        (95.986, {**posts[0].detail, "attempt": 2, "status": None, "error": "timeout", "state": "pending"}),
        (695.986, {**posts[0].detail, "attempt": 3, "status": 200, "error": None, "state": "delivered"}),
    ]
    assert posts[0].detail.keys() == {"delivery", "attempt", "status", "error", "url", "state"}


def test_a_webhook_is_given_up_after_its_last_interval(world: World):
    world.network.statuses = [500] * 9
    world.send()
    world.advance()
    delivery = the_delivery(world)
    assert (delivery.state, len(delivery.attempts), delivery.due_at, delivery.leased_until) == (
        DeliveryState.failed, 3, None, None,
    )  # fmt: skip


def test_two_days_of_retries_take_well_under_a_second():
    rule = RetryRule(192, (900.0,))
    world = World(acme(notices=lambda moment: [replace(each, rule=rule) for each in notices(moment)]))
    world.set(outbound=Hook(HOOK))
    world.network.statuses = [500] * 1000
    world.send()
    begun = time.perf_counter()
    world.advance()
    assert time.perf_counter() - begun < 1
    assert (len(world.network.posts), world.now()) == (193, DELIVERED_AT + 48 * 3600)


def test_an_error_of_ours_while_sending_counts_as_a_failed_try_and_is_raised(world: World):
    def explode(what: object) -> None:
        world.network.when_called = lambda what: None
        raise RuntimeError("a bug")

    world.network.when_called = explode
    world.send()
    with pytest.raises(RuntimeError, match="a bug"):
        world.advance()
    world.advance()
    delivery = the_delivery(world)
    assert [post.reply.error or post.reply.status for post in delivery.attempts] == ["bad_message", 200]


# receivers that call back
def test_a_receiver_that_sends_a_fax_from_inside_its_webhook_is_answered_with_the_time_of_the_webhook(
    world: World,
):
    def send_one(what: object) -> None:
        if len(world.network.posts) == 1:
            world.send()

    world.network.when_called = send_one
    world.send()
    world.advance()
    assert world.history("fax-2")[0] == (DELIVERED_AT, "received")
    assert world.history("fax-2")[-1][1] == "delivered"
    assert world.network.said() == [("fax-1", "delivered"), ("fax-2", "delivered")]


def test_a_receiver_that_cancels_a_fax_from_inside_its_webhook_stops_it_there(world: World):
    world.set(profile={"all": True})
    world.network.when_called = lambda what: len(world.network.posts) == 5 and world.cancel(world.fax())
    world.send()
    world.advance()
    assert world.states()[-2:] == ["queued", "cancelled"]


def test_a_reset_from_inside_a_webhook_leaves_an_empty_sandbox(world: World):
    world.network.when_called = lambda what: world.sandboxes.reset(world.sandbox.id)
    world.send(), world.send()
    world.advance()
    assert world.own.store.count("fax") == 0
    assert world.own.store.count("delivery") == 0
    assert len(world.network.posts) == 1


def test_the_answer_to_a_webhook_from_before_a_reset_does_not_reach_its_namesake(world: World):
    errands: list[Errand] = []
    for _ in range(2):
        world.sandboxes.reset(world.sandbox.id)
        world.send()
        world.sandboxes.set_clock(world.sandbox.id, mode=Mode.running, speed=1)
        world.real.pass_(40)
        world.player.play_due(world.sandbox.id, lambda errand: errands.append(errand) or [])
    before, after = errands
    assert before.work() == []
    assert the_delivery(world).state is DeliveryState.sending
    after.work()
    assert [post.reply.status for post in the_delivery(world).attempts] == [200]


def test_a_sandbox_that_is_removed_from_inside_a_webhook_is_not_found(world: World):
    world.network.when_called = lambda what: world.store.remove(world.sandbox.id)
    world.send()
    with pytest.raises(NotFound, match="no sandbox"):
        world.advance()


def test_a_sandbox_that_is_removed_from_inside_a_fetch_is_not_found(world: World):
    world.network.documents["http://files.test/1"] = b"Dear Sir"
    world.network.when_called = lambda what: world.store.remove(world.sandbox.id)
    world.send(source=Source(Fetch("http://files.test/1")))
    with pytest.raises(NotFound, match="no sandbox"):
        world.advance()
