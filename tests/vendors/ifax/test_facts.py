"""A walk over everything that is known of iFax: operations, headers, parameters, states, samples."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import Control
from tests.vendors.ifax.client import JOB, Ifax, attachment, facts, fax_object
from tests.vendors.ifax.story import begin, compact, known, play, refusal, written

ENDPOINTS = {row["id"]: row for row in facts()["endpoints"]}
OCCASIONS = written("occasions.yaml")
BAD_KEY = {"status": 0, "code": 12001, "message": "accessToken invalid"}


class World:
    """The sandbox of walk.yaml, and for each operation parameters that succeed."""

    def __init__(self, server: Control) -> None:
        self.ifax = begin(server)
        self.walk = written("walk.yaml")
        play(self.ifax, self.walk["world"])

    def prepare(self, operation: str) -> dict[str, Any]:
        """Do what must come before an operation; give its parameters."""
        steps = self.walk["operations"][operation]
        place = next(place for place, step in enumerate(steps) if operation in step)
        play(self.ifax, steps[:place])
        return dict(steps[place][operation])


@pytest.fixture
def world(server: Control) -> World:
    return World(server)


@pytest.mark.parametrize("operation", ENDPOINTS)
def test_an_operation_has_the_known_keys(operation: str) -> None:
    row, body = ENDPOINTS[operation]["success"], known(operation)
    assert list(body) == row["keys"]["$"]
    if "$.data" in row["keys"]:
        assert list(body["data"]) == row["keys"]["$.data"]
    for each in body["data"] if "$.data[]" in row["keys"] else ():
        wanted = row["keys"]["$.data[]"]
        assert list(each)[: len(wanted)] == wanted
    if "message_code" in row:
        assert body["message"] == refusal(row["message_code"])["message"]


@pytest.mark.parametrize("operation", ENDPOINTS)
def test_an_operation_asks_for_the_key_and_for_no_other_header(world: World, operation: str) -> None:
    ifax, parameters = world.ifax, world.prepare(operation)
    key, ifax.key = ifax.key, "nobody"
    refused = ifax.call(operation, parameters)
    assert (refused.status_code, refused.text) == (200, compact(BAD_KEY))
    ifax.key = key
    plain = ifax.call(operation, parameters, headers={"Content-Type": None, "Accept": None})
    assert plain.text == compact(known(operation))


OPTIONAL = [
    pytest.param(operation, each["name"], id=f"{operation}-{each['name']}")
    for operation, row in ENDPOINTS.items()
    for each in row["parameters"]
    if "[]" not in each["name"] and not each["required"]
]


def code_of(table: str, operation: str, name: str, otherwise: int = 12009) -> int:
    """Give the code that a table of the occasions has for a parameter of an operation."""
    codes = OCCASIONS[table]
    return int(codes.get(f"{operation} {name}", codes.get(name, otherwise)))


LEFT_OUT = object()
"""A parameter that is not sent."""


def wrongs(operation: str) -> Iterator[tuple[str, Any, int]]:
    """Give the values that no parameter of an operation takes, each with its name and the code."""
    for each in ENDPOINTS[operation]["parameters"]:
        name = each["name"]
        if "[]" in name:
            continue
        if each["required"]:
            missing = code_of("missing", operation, name)
            yield from ((name, nothing, missing) for nothing in (LEFT_OUT, None, ""))
        if name != "addLicense":
            malformed = code_of("malformed", operation, name)
            anything = name == "custom_fields"  # any array
            bad = ({"a": 1}, 1.5, True) if anything else ({"a": 1}, [[1]], 1.5, True)
            yield from ((name, wrong, malformed) for wrong in bad)
        if "enum" in each:
            yield name, "else", 12009


@pytest.mark.parametrize("operation", [each for each in ENDPOINTS if list(wrongs(each))])
def test_a_parameter_that_is_missing_or_wrong_is_refused(world: World, operation: str) -> None:
    good = world.prepare(operation)
    for name, value, code in wrongs(operation):
        given = {key: each for key, each in (good | {name: value}).items() if each is not LEFT_OUT}
        assert (name, value, world.ifax.body(operation, **given)) == (name, value, refusal(code))


@pytest.mark.parametrize(("operation", "name"), OPTIONAL)
def test_an_optional_parameter_is_optional(world: World, operation: str, name: str) -> None:
    parameters = world.prepare(operation)
    parameters.pop(name, None)
    assert world.ifax.body(operation, **parameters) == known(operation)


WORDS = [
    pytest.param(operation, each["name"], word, id=f"{operation}-{each['name']}-{word}")
    for operation, row in ENDPOINTS.items()
    for each in row["parameters"]
    for word in each.get("enum", ())
]


@pytest.mark.parametrize(("operation", "name", "word"), WORDS)
def test_each_word_of_a_choice_is_taken(world: World, operation: str, name: str, word: str) -> None:
    given = world.prepare(operation) | {name: word}
    code = OCCASIONS["words"].get(f"{operation} {name}", {}).get(word)
    assert world.ifax.body(operation, **given) == (refusal(code) if code else known(operation, given))


def test_every_state_is_reached() -> None:
    """test_occasions and test_walk compare these bodies with what is answered."""
    stands = [*OCCASIONS["ends"], *OCCASIONS["magic"].values()]
    received = next(iter(written("walk.yaml")["operations"]["inbound-list-all"]))["gives"]["data"][0]
    seen = {row["state"] for row in stands} | {received["faxStatus"]}
    assert seen == {row["state"] for row in facts()["states"]}
    shown = {(row["code"], row["state"]) for row in stands}
    assert shown >= {(row["code"], row["state"]) for row in facts()["state_codes"]}


@pytest.mark.parametrize(
    "sample",
    [
        row
        for row in facts()["samples"]
        if row["id"].startswith("send-without") or row["id"].endswith("unknown")
    ],
    ids=lambda row: row["id"],
)
def test_an_observed_answer_is_given_byte_for_byte(ifax: Ifax, sample: dict[str, Any]) -> None:
    ifax.profile(profile="live")
    body = {"faxData": []}
    if sample["id"] == "send-without-credit":
        ifax.control.vendor("ifax", balance=0)
        body = {"faxNumber": "+12125550123"}
    answer = ifax.call(sample["endpoint"], sample.get("request", body))
    assert (answer.status_code, answer.text) == (sample["status"], compact(sample["response"]))


def test_the_sample_request_is_taken(ifax: Ifax) -> None:
    sample = next(row for row in facts()["samples"] if row["id"] == "send")
    request = sample["request"] | {"faxData": []}
    for given in sample["request"]["faxData"]:
        request["faxData"].append(
            attachment("three-pages.pdf", pages=["1-2", "2", "1-3"]) | {"fileName": given["fileName"]}
        )
    assert ifax.body("send", **request) == sample["response"] | {"data": {"jobId": JOB}}
    number = sample["request"]["faxNumber"]
    assert ifax.finish(JOB) == fax_object(
        JOB, "delivered", 0, to=number, sender=number, pages=13, sent=13, seconds=209
    )
