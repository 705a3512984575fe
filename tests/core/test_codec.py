from __future__ import annotations

import json
from dataclasses import dataclass, fields
from typing import Any

import pytest

from emulator.core.errors import Invalid
from emulator.core.faxes.fax import Arrival, Fax, Source
from emulator.core.faxes.machine import State
from emulator.core.faxes.outcomes import Outcome
from emulator.core.faxes.plan import CallPlan, HttpFault, Plan, WebhookFault
from emulator.core.item import Item, Record
from emulator.core.message import Encoding, Fetch, FilePart, Message, Trouble
from emulator.core.sandbox import Clock, Hook, Mode, Rates, Sandbox, Settings
from emulator.core.scripting.scenario import Match, Rule, Scenario
from emulator.core.storage.codec import decode, encode, pack, unpack
from emulator.core.webhooks.delivery import Delivery, RetryRule
from tests.core.world import START, World


def assert_kept(item: Any) -> None:
    """Check that an item comes back from JSON and from bytes as it was."""
    assert decode(type(item), json.loads(json.dumps(encode(item), allow_nan=False))) == item
    assert unpack(type(item), pack(item)) == item


def test_everything_of_a_busy_sandbox_comes_back_as_it_was(world: World):
    world.set(
        profile={"all": True, "deep": [1, {"two": None}]}, rates=Rates(page=7), numbers=("+12125550199",)
    )
    world.network.statuses = [500, Trouble.tls]
    world.plan(
        Outcome.busy, CallPlan(pages=1, csid="Ä"), http=HttpFault(delay=1), webhook=WebhookFault(duplicate=1)
    )
    world.send(pages=2, details={"tags": ["a", "b"], "none": None})
    world.send(source=Source(Fetch("http://files.test/none")), send_at=START + 60)
    world.own.ring(Arrival("acme", "+12125550199", "+12125550123", 1))
    world.advance(by=200)
    kept: list[Item] = [world.sandbox, world.own.clock]
    kept.append(world.own.settings("acme"))
    for kind, name in ((Fax, "fax"), (Delivery, "delivery")):
        kept += world.own.store.list(kind, name, limit=1000)
    assert len(kept) > 20
    for item in kept:
        assert_kept(item)


@pytest.mark.parametrize(
    "item",
    [
        Clock(mode=Mode.manual, speed=None, base=1.5, real_base=2),
        Settings(id="acme", outbound=Hook("http://x/", "user:password"), lines=0, rates=Rates(1, 2)),
        Record(id="1", group="labels", data={"name": "Ä", "ids": [1, 2]}, names=("a",), groups=("b",)),
        Rule(id="r", scenario=Scenario("r", Plan((CallPlan(pages=1),)), Match(nth=2), expect=({"a": 1},))),
        Delivery(
            id="d", vendor="acme", fax=None, event="e", rule=RetryRule(2, (1.0,)), created_at=1,
            message=Message(
                "http://x/", encoding=Encoding.multipart, fields=(("a", [1, {"b": True}]),),
                files=(FilePart("file", "a.pdf", "application/pdf", "00"),), headers=(("X-A", "b"),),
            ),
        ),
    ],
    ids=lambda item: item.kind,
)  # fmt: skip
def test_an_item_comes_back_as_it_was(item: Item):
    assert_kept(item)


def test_defaults_are_left_out():
    assert encode(Clock(base=1.5, real_base=2.5)) == {"base": 1.5, "real_base": 2.5}
    assert encode(Plan()) == {}


def test_every_kind_of_item_can_be_read():
    for kind in (Clock, Delivery, Fax, Record, Rule, Sandbox, Settings):
        with pytest.raises(Invalid, match="a value is missing"):
            decode(kind, {})


FAX = {"id": "fax-1", "vendor": "acme", "to": "+1", "state": "queued", "created_at": 1, "changed_at": 1.5}


def test_a_whole_number_is_taken_for_seconds():
    fax = decode(Fax, FAX)
    assert (fax.created_at, type(fax.created_at), fax.state) == (1.0, float, State.queued)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"state": "asleep"}, "state: Invalid enum value 'asleep'"),
        ({"state": ["queued"]}, "state: Expected `str`, got `array`"),
        ({"pages": "2"}, "pages: Expected `int`, got `str`"),
        ({"pages": True}, "pages: Expected `int`, got `bool`"),
        ({"pages": 1.0}, "pages: Expected `int`, got `float`"),
        ({"pages": 2**53 + 1}, "pages: a number is finite and at most 9007199254740992"),
        ({"pages": -(10**400)}, "pages: a number is finite and at most"),
        ({"created_at": 10**400}, "created_at: .*(number is finite|out of range)"),
        ({"created_at": "now"}, "created_at: Expected `float`, got `str`"),
        ({"created_at": float("nan")}, "created_at: a number is finite and at most"),
        ({"due_at": float("inf")}, "due_at: a number is finite and at most"),
        ({"hidden": 1}, "hidden: Expected `bool`, got `int`"),
        ({"to": None}, "to: Expected `str`, got `null`"),
        ({"names": "abc"}, "names: Expected `array`, got `str`"),
        ({"names": ["a", 1]}, r"names\[1\]: Expected `str`, got `int`"),
        ({"details": []}, "details: Expected `object`, got `array`"),
        ({"colour": "red"}, "colour: there is no field of that name"),
        (
            {"plan": {"attempts": [{"outcome": "fun"}]}},
            r"plan.attempts\[0\].outcome: Invalid enum value 'fun'",
        ),
        ({"plan": {"attempts": [{"fun": 1}]}}, r"plan.attempts\[0\].fun: there is no field of that name"),
        ({"plan": {"attempts": [{"pages": 10**30}]}}, r"plan.attempts\[0\].pages: a number is finite"),
        ({"source": {"request": {}}}, "source.request.url: a value is missing"),
        ({"attempts": [1]}, r"attempts\[0\]: Expected `object`, got `int`"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(change: dict[str, Any], message: str):
    with pytest.raises(Invalid, match=message) as wrong:
        decode(Fax, FAX | change)
    assert wrong.value.field == str(wrong.value).split(": ")[0]


def test_what_is_no_object_at_all_is_refused():
    with pytest.raises(Invalid, match="the whole: Expected `object`, got `array`") as wrong:
        decode(Fax, [])
    assert wrong.value.field is None


def test_a_pair_has_two_parts():
    with pytest.raises(Invalid, match=r"fields\[0\]: Expected `array` of length 2"):
        decode(Message, {"url": "http://x/", "fields": [["a"]]})


def test_what_json_cannot_carry_is_refused():
    with pytest.raises(TypeError, match="object is unsupported"):
        encode({"a": object()})


@pytest.mark.parametrize(
    "odd", ["half a pair: \ud800", "\udfff", 2**64, -(10**400), {"a": [None, "Ä"]}, 1e300]
)
def test_whatever_json_may_carry_comes_back_from_bytes_as_it_was(odd: Any):
    assert_kept(Record(id="1", group="labels", data={"odd": odd}))


def test_a_dataclass_without_defaults_is_written_whole():
    @dataclass
    class Pair:
        left: int
        right: int

    assert encode(Pair(1, 2)) == {each.name: index + 1 for index, each in enumerate(fields(Pair))}
