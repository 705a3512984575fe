"""Everything that fixtures/mfax/facts.yaml says of the vendor, reached over HTTP."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest
import requests
import yaml

from tests.conftest import FIXTURES, Control
from tests.receiver import Receiver
from tests.vendors.mfax.conftest import NUMBER, Mfax, error
from tests.vendors.mfax.world import CALLS, World

FACTS: dict[str, Any] = yaml.safe_load((FIXTURES / "mfax" / "facts.yaml").read_text(encoding="utf-8"))
ENDPOINTS = {each["id"]: each for each in FACTS["endpoints"]}
PARAMETERS = [(name, each) for name, known in ENDPOINTS.items() for each in known.get("parameters", ())]
WEBHOOKS = {each["id"]: each for each in FACTS["webhooks"]}
UNKNOWN = "d1077489-5ea1-4db1-9760-853f175e8288"
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


@pytest.fixture
def world(mfax: Mfax, pdf: bytes) -> World:
    return World(mfax, pdf)


def visit(world: World, name: str, *, path: str = "path") -> requests.Response:
    return world.call(name).make(world.mfax, ENDPOINTS[name]["method"], ENDPOINTS[name][path])


def parts_at(body: Any, path: str) -> Iterator[Any]:
    """Give the objects at a path like $.rows[].users[]."""
    found = [body]
    for step in path.replace("[]", ".[]").split(".")[1:]:
        found = [inner for each in found for inner in (each if step == "[]" else [each[step]])]
    yield from found


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


def statuses(mfax: Mfax, receiver: Receiver, act: Callable[[], None]) -> list[str]:
    """Give the statuses that the extended webhook tells while something is done to one fax."""
    before = len(receiver.requests)
    act()
    mfax.control.advance()
    return [json.loads(each.parts()[0].content)["status"] for each in receiver.requests[before:]]


def test_every_status_and_every_way_between_them_is_reached(
    mfax: Mfax, pdf: bytes, receiver: Receiver
) -> None:
    events = json.dumps({"fax.outbound.extended": True})
    mfax.post("/webhooks", url=receiver.url, events=events)

    def cancelled(**form: str) -> None:
        mfax.post(f"/v1/fax/{mfax.send(pdf, **form)['messageId']}/cancel")

    lives = [
        statuses(mfax, receiver, lambda: mfax.send(pdf)),
        statuses(mfax, receiver, lambda: mfax.send(pdf, "15005550008")),
        statuses(mfax, receiver, lambda: mfax.send(b"\0\1\2")),
        statuses(mfax, receiver, lambda: mfax.send(pdf, scheduledDate="2098-01-01")),
        statuses(mfax, receiver, lambda: cancelled(scheduledDate="2099-01-01")),
        statuses(mfax, receiver, cancelled),
    ]
    table = FACTS["transitions"]["from_to"]
    assert {word for life in lives for word in life} == {row["state"] for row in FACTS["states"]}
    assert {step for life in lives for step in pairwise(life)} == {
        (before, after) for before, afters in table.items() for after in afters
    }
    assert {row["state"] for row in FACTS["states"] if row["final"]} == {life[-1] for life in lives}


@pytest.mark.parametrize("row", FACTS["codes"], ids=lambda row: row["code"])
def test_every_result_code_is_reached(mfax: Mfax, pdf: bytes, row: dict[str, str]) -> None:
    ends = {"success": "delivered", "failed": "line_error"}
    scenario = {"attempts": [{ends[row["state"]]: {"code": row["code"]}}]}
    mfax.control.call("POST", f"/sandboxes/{mfax.control.id}/scenarios/next", json=scenario)
    message = mfax.send(pdf)["messageId"]
    mfax.control.advance()
    fax = mfax.info(message)
    assert (fax["status"], fax["resultCode"], fax["resultInfo"]) == (row["state"], row["code"], row["text"])


def test_every_error_is_reached(world: World, pdf: bytes) -> None:
    mfax = world.mfax
    cancelled = world.fax()
    mfax.post(f"/v1/fax/{cancelled}/cancel")

    def trial() -> requests.Response:
        mfax.control.vendor("mfax", profile={"trial": True})
        answer = mfax.get("/v1/numbers")
        mfax.control.vendor("mfax", profile={"trial": False})
        return answer

    reached: dict[str, Callable[[], requests.Response]] = {
        "no key or a bad one": lambda: requests.get(f"{mfax.base}/v1/me", timeout=10),
        "feature not in plan": trial,
        "no file and no cover page": lambda: mfax.post("/v1/faxes", faxNumber=NUMBER),
        "bad number or field": lambda: mfax.post("/v1/faxes", faxNumber="x", coverPage="true"),
        "unknown id": lambda: mfax.get(f"/v1/fax/{UNKNOWN}/info"),
        "cancel refused": lambda: mfax.post(f"/v1/fax/{cancelled}/cancel"),
        "history called too often": lambda: [mfax.get("/v1/fax/history") for _ in range(9)][-1],
    }
    assert reached.keys() == {row["when"] for row in FACTS["errors"]}
    for row in FACTS["errors"]:
        answer = reached[row["when"]]()
        said = answer.json()["error"]
        assert {
            path: list(each) for path in FACTS["error_keys"]["keys"] for each in parts_at(answer.json(), path)
        } == (FACTS["error_keys"]["keys"])
        assert answer.status_code == row["status"]
        assert said["name"] == (row["name"] or said["name"])
        assert said["message"] == (row["message"] or said["message"])


def test_every_listed_error_is_reached(world: World) -> None:
    multiple, resend = (row["item"] for row in FACTS["listed_errors"])
    answer = world.mfax.post("/v1/faxes/multiple", recipientFax=multiple["recipientFax"])
    assert answer.json() == {"success": [], "errors": [multiple]}
    world.mfax.control.vendor("mfax", profile={"international": False})
    abroad = {"faxNumber": "+442079460123"}
    answer = world.mfax.post("/v1/fax/resend", messageId=world.fax(), recipientFax=abroad["faxNumber"])
    assert answer.json() == {"success": [], "errors": [{**resend, "input": abroad}]}


def everything(mfax: Mfax, pdf: bytes) -> None:
    """Do what makes every event happen."""
    mfax.send(pdf)
    mfax.send(pdf, "15005550008")
    mfax.send(b"\0\1\2")
    inbound = {"vendor": "mfax", "to": "+15095550100", "from": "+12125550199", "pages": 1}
    for more in ({}, {"scenario": "hangup"}):
        mfax.control.call("POST", f"/sandboxes/{mfax.control.id}/inbound", json=inbound | more)
    (number,) = mfax.post("/v1/numbers/provision", type="toll-free").json()
    mfax.delete(f"/v1/numbers/{number['uuid']}/release")
    user = mfax.post("/v1/users", email="ada@example.com").json()
    mfax.delete(f"/v1/users/{user['uuid']}")
    mfax.control.advance()


@pytest.mark.parametrize("known", FACTS["webhooks"], ids=lambda known: known["id"])
def test_every_event_is_posted(mfax: Mfax, pdf: bytes, receiver: Receiver, known: dict[str, Any]) -> None:
    for event in known["events"]:
        url, events = f"{receiver.url}/{event}", json.dumps({event: True})
        mfax.post("/webhooks", url=url, events=events, attachmentEnabled="true", auth="user:secret")
    everything(mfax, pdf)
    received = receiver.requests
    assert {each.path[1:] for each in received} == set(known["events"])
    assert {(each.method, each.auth) for each in received} == {(known["method"], "user:secret")}
    kinds = {"json": "application/json", "multipart": "multipart/form-data"}
    assert {str(each.header("Content-Type")).partition(";")[0] for each in received} == {
        kinds[known["encoding"]]
    }
    for name, value in known.get("headers", {}).items():
        assert {each.header(name) for each in received} == {
            value.format(event=event) for event in known["events"]
        }


def test_the_new_webhook_has_the_known_fields(mfax: Mfax, pdf: bytes, receiver: Receiver) -> None:
    known = WEBHOOKS["new"]
    mfax.control.vendor("mfax", webhooks={"outbound": receiver.url, "inbound": receiver.url})
    everything(mfax, pdf)
    fields = [*known["fields"], *(each["name"] for each in known["more_fields"])]
    assert [list(each.json()) for each in receiver.requests] == [fields] * 5


def test_the_legacy_webhook_has_the_known_parts(mfax: Mfax, pdf: bytes, receiver: Receiver) -> None:
    known = WEBHOOKS["legacy"]
    profile = {"webhook_format": "legacy"}
    mfax.control.vendor("mfax", webhooks={"outbound": receiver.url}, profile=profile)
    mfax.send(pdf)
    mfax.control.advance()
    parts = receiver.requests[0].parts()
    beginning = known["data_begins"]["keys"]
    assert [part.name for part in parts] == [*known["fields"], *known["files"]]
    assert list(json.loads(parts[0].content))[: len(beginning)] == beginning


@pytest.mark.parametrize("known", FACTS["webhooks"], ids=lambda known: known["id"])
def test_the_waits_between_tries_are_the_documented_ones(mfax: Mfax, known: dict[str, Any]) -> None:
    events = json.dumps({known["events"][0 if known["id"] == "legacy" else 4]: True})
    mfax.post("/webhooks", url="http://127.0.0.1:9/", events=events)
    body = {"vendor": "mfax", "to": "+15095550100", "from": "+12125550199", "pages": 1}
    mfax.control.call("POST", f"/sandboxes/{mfax.control.id}/inbound", json=body)
    mfax.control.advance()
    (delivery,) = mfax.control.webhooks()
    tries = [datetime.fromisoformat(post["at"]) for post in delivery["attempts"]]
    waits = [(later - earlier).total_seconds() for earlier, later in pairwise(tries)]
    assert waits == known["retries"]["waits"]


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


def test_coverage_lists_all_that_is_documented(server: Control) -> None:
    vendors = server.call("GET", "/coverage", 200)["vendors"]
    shown = next(each for each in vendors if each["vendor"] == "mfax")
    routes = {
        (method, each["path"]): each["evidence"] for each in shown["endpoints"] for method in each["methods"]
    }
    expected = {(each["method"], each["path"]): each["evidence"] for each in ENDPOINTS.values()}
    assert {route: routes[route] for route in expected} == expected
    assert [row["name"] for row in shown["states"]] == [row["state"] for row in FACTS["states"]]
    codes = {row["name"]: (row["text"], row["evidence"]) for row in shown["codes"]}
    assert codes == {row["code"]: (row["text"], row["evidence"]) for row in FACTS["codes"]}
    names = {row["name"] for row in FACTS["errors"] if row["name"]}
    assert names <= {row["name"] for row in shown["errors"]}
    events = {event for each in FACTS["webhooks"] for event in each["events"]}
    assert {row["name"] for row in shown["webhooks"]} == events
    assert CALLS.keys() == ENDPOINTS.keys()
