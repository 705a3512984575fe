"""Everything that fixtures/mfax/facts.yaml says of the vendor, reached over HTTP."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.vendors.mfax.conftest import Mfax, error
from tests.vendors.mfax.facts import ENDPOINTS, FACTS, parts_at
from tests.vendors.mfax.world import World

PARAMETERS = [(name, each) for name, known in ENDPOINTS.items() for each in known.get("parameters", ())]
BAD = {
    "uuid": "no-uuid",
    "boolean": "perhaps",
    "integer": "many",
    "date": "soon",
    "instant": "soon",
    "json object": "{",
    "url": "nowhere",
}
LENIENT = {
    ("send", "coverPageId"),
    ("send-multiple", "coverPageId"),
    ("preview", "coverPageId"),
    ("blast", "coverPageId"),
}
LISTED = ("send-multiple", "blast")


def visit(world: World, name: str, *, path: str = "path") -> requests.Response:
    return world.call(name).make(world.mfax, ENDPOINTS[name]["method"], ENDPOINTS[name][path])


@pytest.mark.parametrize("name", ENDPOINTS)
def test_every_operation_answers_as_documented(world: World, name: str) -> None:
    known = ENDPOINTS[name]["success"]
    answer = visit(world, name)
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    kinds = {"json": "application/json", "text": "text/plain", "bytes": "application/pdf", "empty": ""}
    assert answer.status_code == known["status"], answer.text
    assert kind == kinds.get(known["body"], kind)
    assert answer.text == known.get("text", answer.text)
    for path, keys in known["keys"].items():
        objects = list(parts_at(answer.json(), path))
        assert objects, path
        assert {tuple(each) for each in objects} == {tuple(keys)}, path


@pytest.mark.parametrize("name", [name for name, known in ENDPOINTS.items() if "also_path" in known])
def test_operations_answer_at_their_other_path_too(world: World, name: str) -> None:
    assert visit(world, name, path="also_path").status_code == 200


@pytest.mark.parametrize("name", ENDPOINTS)
def test_the_good_call_carries_every_parameter(world: World, name: str) -> None:
    named = {each["name"] for each in ENDPOINTS[name].get("parameters", ())}
    also = {other for each in ENDPOINTS[name].get("parameters", ()) for other in each.get("also", ())}
    assert named | also <= world.call(name).names


@pytest.mark.parametrize(
    ("name", "known"), PARAMETERS, ids=lambda each: each if isinstance(each, str) else each["name"]
)
def test_every_parameter_is_looked_at(world: World, name: str, known: dict[str, Any]) -> None:
    """A value that its type, words or bound do not allow is refused; so is the lack of a required one."""
    endpoint, call = ENDPOINTS[name], world.call(name)
    for wrong in wrong_values(name, known):
        changed = call.having(**{known["name"]: wrong})
        answer = changed.make(world.mfax, endpoint["method"], endpoint["path"])
        assert (answer.status_code, answer.json()["error"]["name"]) == (400, "InvalidInputError"), wrong
    if not known["required"] or known.get("enforced") is False:
        return
    lacking = call.without(known["name"])
    for other in [*known.get("also", ()), *rivals(known)]:
        lacking = lacking.without(other)
    answer = lacking.make(world.mfax, endpoint["method"], endpoint["path"])
    if name in LISTED and known["name"] == "attachments":
        assert answer.json()["errors"][0]["error"].startswith("InvalidInputError: No files")
    else:
        assert answer.status_code == 400, answer.text


def rivals(known: dict[str, Any]) -> list[str]:
    """Name what may stand in for a required parameter."""
    others = {"recipientFax": ["recipientContacts"], "attachments": ["attachmentUrls"]}
    return [*others.get(known["name"], ()), *([known["unless"]] if "unless" in known else [])]


def wrong_values(name: str, known: dict[str, Any]) -> Iterator[str]:
    kind = known["type"]
    if kind in BAD and (name, known["name"]) not in LENIENT:
        yield BAD[kind]
    if "enum" in known:
        yield "no such word"
    if "max" in known:
        yield "x" * (known["max"] + 1)
    if "maximum" in known:
        yield str(known["maximum"] + 1)
    if "digits" in known:
        yield "1" * (known["digits"] + 1)
    if "pattern" in known:
        yield "red"


@pytest.mark.parametrize(
    "known",
    [each for _, each in PARAMETERS if "default" in each and each.get("in") == "query"],
    ids=lambda each: each["name"],
)
def test_a_default_holds_when_a_parameter_is_empty(world: World, known: dict[str, Any]) -> None:
    shown = {
        ("offset", 0),
        ("limit", 10),
        ("limit", 30),
        ("direction", "all"),
        ("status", "all"),
        ("accountId", "own account"),
    }
    assert (known["name"], known["default"]) in shown
    history = world.mfax.get("/v1/fax/history", **{known["name"]: ""}).json()["query"]
    numbers = world.mfax.get("/v1/numbers", **{known["name"]: ""}).json()
    assert (history, numbers["offset"], numbers["limit"]) == ({"limit": 10, "offset": 0}, 0, 30)


def test_the_history_is_limited_as_documented(world: World) -> None:
    limit = ENDPOINTS["history"]["rate_limit"]
    statuses = [world.mfax.get("/v1/fax/history").status_code for _ in range(limit["calls"] + 1)]
    assert statuses == [200] * limit["calls"] + [429]
    world.mfax.control.advance(by=f"{limit['within']}s")
    assert world.mfax.get("/v1/fax/history").status_code == 200


def test_provisioning_is_limited_as_documented(world: World) -> None:
    limits = ENDPOINTS["provision"]["limits"]
    number = world.offered()
    world.mfax.control.advance(by=f"{limits['seen_in_search_within'] + 1}s")
    assert world.mfax.post("/v1/numbers/provision", type="order", numbers=number).status_code == 400
    many = ",".join(f"+1702555{line:04d}" for line in range(limits["numbers"] + 1))
    assert world.mfax.post("/v1/numbers/provision", type="local", numbers=many).status_code == 400


@pytest.mark.parametrize("name", ENDPOINTS["number-search"]["at_least_one"])
def test_one_of_three_suffices_for_a_search(world: World, name: str) -> None:
    call = world.call("number-search")
    for other in set(ENDPOINTS["number-search"]["at_least_one"]) - {name}:
        call = call.without(other)
    endpoint = ENDPOINTS["number-search"]
    assert (
        len(call.without("nxx").make(world.mfax, endpoint["method"], endpoint["path"]).json()["result"]) == 10
    )
    answer = call.without(name).make(world.mfax, endpoint["method"], endpoint["path"])
    message = "At least one of npa, city, zipcode is required."
    assert answer.json() == error("InvalidInputError", message)


@pytest.mark.parametrize("form", [FACTS["auth"], *FACTS["auth"]["lenient"]], ids=lambda each: each["form"])
def test_every_form_of_the_key_is_known(mfax: Mfax, form: dict[str, str]) -> None:
    key = mfax.control.credentials("mfax")["apiKey"]
    mfax.control.vendor("mfax", profile={"lenient_auth": True})
    coded = b64encode(f"{key}:".encode()).decode()
    value = form["form"].replace("base64({key}:)", coded).replace("{key}", key)
    header = FACTS["auth"]["header"]
    assert requests.get(f"{mfax.base}/v1/me", headers={header: value}, timeout=10).status_code == 200


@pytest.mark.parametrize("sample", FACTS["samples"], ids=lambda sample: sample["id"])
def test_every_sample_is_answered_in_its_shape(world: World, sample: dict[str, Any]) -> None:
    """The request of a sample with ids that exist; the answer has the sample's keys and types."""
    known = ENDPOINTS[sample["endpoint"]]
    profile = {"resend_short": sample["id"] == "resend-observed"}
    world.mfax.control.vendor("mfax", profile=profile)
    call = world.call(sample["endpoint"])
    if sample["id"] == "send-async":
        call = call.having(**{"async": "true"})
    if sample["endpoint"] in ("send", "preview"):
        own = {name: value for name, value in sample.get("request", {}).items() if isinstance(value, str)}
        call = call.having(**own)
    answer = call.make(world.mfax, known["method"], known["path"])
    assert answer.status_code == sample["status"], answer.text
    if isinstance(sample.get("response"), str):
        assert answer.text == sample["response"]
    elif "response" in sample:
        assert_same_shape(sample["response"], answer.json(), "$")
    for path, keys in sample.get("keys", {}).items():
        assert {tuple(each) for each in parts_at(answer.json(), path)} == {tuple(keys)}


def assert_same_shape(sample: Any, given: Any, path: str) -> None:
    """Same keys in the same order, and where neither is null the same type; free keys only inside `cf`."""
    if sample is None or given is None:
        return
    assert type(sample) is type(given), path
    if isinstance(sample, dict) and not path.endswith(".cf"):
        assert list(sample) == list(given), path
        for key, value in sample.items():
            assert_same_shape(value, given[key], f"{path}.{key}")
    if isinstance(sample, list) and sample and given:
        assert_same_shape(sample[0], given[0], f"{path}[]")
