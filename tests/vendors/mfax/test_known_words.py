"""Every state, code, error and webhook of fixtures/mfax/facts.yaml, reached over HTTP; and the coverage."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest
import requests

from tests.conftest import Control
from tests.receiver import Receiver
from tests.vendors.mfax.conftest import NUMBER, UNKNOWN, Mfax
from tests.vendors.mfax.facts import ENDPOINTS, FACTS, WEBHOOKS, parts_at
from tests.vendors.mfax.world import CALLS, World


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
