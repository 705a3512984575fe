"""What scenarios do to submits, to webhooks on their way, to reads of the status and to documents."""

from __future__ import annotations

import time
from typing import Any

import pytest
import requests

from emulator.vendors import all_vendors
from tests.conftest import Control
from tests.receiver import Receiver
from tests.sending import VENDORS, read, send

RETRYING = [name for name, vendor in all_vendors().items() if "retries" in vendor.notions]
"""Vendors that send a webhook again after silence; the fifth does so only by a switch."""
STAGED = [name for name, vendor in all_vendors().items() if "stages" in vendor.notions]


def hook(control: Control, vendor: str, receiver: Receiver, auth: str | None = None) -> None:
    where = {"url": receiver.url, "auth": auth}
    control.vendor(vendor, webhooks={"outbound": where, "inbound": where})


# the submit
@pytest.mark.parametrize("vendor", VENDORS)
def test_an_error_is_answered_although_the_fax_was_made(control: Control, vendor: str) -> None:
    control.script(name="after", http={"refusal": "server_error", "status": 500, "accept": True})
    assert send(control, vendor).status_code == 500
    control.advance()
    assert [fax["state"] for fax in control.faxes()] == ["delivered"]


# webhooks
@pytest.mark.parametrize("vendor", VENDORS)
def test_copies_of_a_webhook_are_on_their_way_at_the_same_time(
    control: Control, receiver: Receiver, vendor: str
) -> None:
    hook(control, vendor, receiver)
    receiver.answer(200, times=2, behaviour="hang")
    control.script(name="both", webhook={"duplicate": 1, "at_once": True})
    send(control, vendor)
    control.client.call("PATCH", "/clock", {"mode": "running", "speed": "max"})
    first, second = receiver.wait(2)  # neither has been answered yet
    receiver.release()
    assert first.body == second.body
    control.advance()
    [delivery] = control.webhooks()
    assert (delivery["fault"], delivery["state"]) == ("at_once", "delivered")
    assert [post["status"] for post in delivery["attempts"]] == [200, 200]


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_held_webhook_goes_when_somebody_sends_it(
    control: Control, receiver: Receiver, vendor: str
) -> None:
    hook(control, vendor, receiver)
    control.script(name="held", webhook={"hold": True})
    send(control, vendor)
    control.advance()
    [held] = control.webhooks()
    assert (held["state"], held["fault"], receiver.requests) == ("pending", "held", [])
    sent = control.client.redeliver(held["id"])
    assert (sent.state, len(receiver.requests)) == ("delivered", 1)


@pytest.mark.parametrize("vendor", RETRYING)
def test_a_lost_try_and_a_lost_answer_are_tried_again(
    control: Control, receiver: Receiver, vendor: str
) -> None:
    hook(control, vendor, receiver)
    for fault, word, came in (("lose", "lost", 1), ("lose_answer", "answer_lost", 2)):
        receiver.answer(200)
        control.script(name="lost", webhook={fault: 1})
        send(control, vendor)
        before = len(receiver.requests)
        control.advance()
        delivery = control.webhooks()[0]
        assert [post["status"] or post["error"] for post in delivery["attempts"]] == ["timeout", 200]
        assert (delivery["fault"], len(receiver.requests) - before) == (word, came)


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_body_drips(control: Control, receiver: Receiver, vendor: str) -> None:
    hook(control, vendor, receiver)
    control.script(name="slowly", webhook={"drip": 0.2})
    send(control, vendor)
    begun = time.monotonic()
    control.advance()
    assert time.monotonic() - begun >= 0.2
    [delivery] = control.webhooks()
    assert (delivery["state"], delivery["fault"]) == ("delivered", "dripped")
    assert receiver.requests[0].header("Content-Length") == str(len(receiver.requests[0].body))


def test_who_tries_again_and_who_tells_of_stages() -> None:
    assert (sorted(RETRYING), STAGED) == (["faxto", "ifax", "kazoo", "mfax"], ["mfax"])


def test_webhooks_of_some_words_come_before_the_answer(control: Control, receiver: Receiver) -> None:
    hook(control, "mfax", receiver)
    stages = ["fax.v1.outbound.init", "document.complete", "fax.v1.outbound.complete"]
    control.vendor("mfax", profile={"webhook_events": stages})
    control.script(name="early", webhook={"before_response": ["document.complete", "received"]})
    send(control, "mfax")
    told = [each.header("x-webhook-event") for each in receiver.requests]
    assert told == [None, "fax.v1.outbound.init"]  # the older form has no such header
    assert control.faxes()[0]["state"] == "credit_check"
    control.advance()
    assert [each["state"] for each in control.webhooks()] == ["delivered"] * 3


# reads
def told(answer: requests.Response) -> Any:
    """Give what an answer says of the fax, without what is new in each answer."""
    body = answer.json()
    return body["data"] if answer.ok and "data" in body else answer.status_code if not answer.ok else body


@pytest.mark.parametrize("vendor", VENDORS)
def test_reads_fail_as_often_as_the_scenario_says(control: Control, vendor: str) -> None:
    control.script(name="unread", poll={"status": 500, "times": 2})
    send(control, vendor)
    fax = control.faxes()[0]["id"]
    assert [read(control, vendor, fax).status_code for _ in range(3)] == [500, 500, 200]


@pytest.mark.parametrize("vendor", VENDORS)
def test_reads_are_limited_or_cut(control: Control, vendor: str) -> None:
    control.script(name="limited", poll={"refusal": "rate_limited", "retry_after": 7, "times": 1})
    send(control, vendor)
    assert read(control, vendor, control.faxes()[0]["id"]).headers["Retry-After"] == "7"
    control.script(name="limited", poll={"drop": True})
    send(control, vendor)
    with pytest.raises(requests.ConnectionError):
        read(control, vendor, control.faxes()[0]["id"])


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_read_after_the_end_is_behind(control: Control, vendor: str) -> None:
    control.script(name="behind", poll={"behind": 1})
    send(control, vendor)
    fax = control.faxes()[0]["id"]
    control.advance()
    late, right, again = (told(read(control, vendor, fax)) for _ in range(3))
    assert late != right
    assert again == right


def test_a_delayed_read_still_tells_the_truth(control: Control) -> None:
    control.script(name="slow", poll={"malformed": True, "times": 1})
    send(control, "ifax")
    fax = control.faxes()[0]["id"]
    whole, half = read(control, "ifax", fax), read(control, "ifax", fax)
    assert len(whole.text) < len(half.text)


# received documents
@pytest.mark.parametrize("vendor", VENDORS)
def test_an_empty_document_arrives_all_the_same(control: Control, receiver: Receiver, vendor: str) -> None:
    hook(control, vendor, receiver)
    fax = control.client.receive(vendor, None, "+13105550123", scenario={"document": "empty"})
    control.advance()
    assert control.fax(fax.id)["state"] == "arrived"
    [*_, last] = control.webhooks()
    assert last["state"] == "delivered"
    answer = control.client.connection.answer(
        "GET", f"/sandboxes/{control.id}/faxes/{fax.id}/document", query={"format": "pdf"}
    )
    assert answer.status_code < 500


def test_a_document_is_gone_when_it_is_fetched(control: Control) -> None:
    for scenario, status in ({}, 1), ({"document": "gone"}, 0):
        control.client.receive("ifax", None, "+13105550123", scenario=scenario)
        control.advance()
        keys = {"accessToken": control.credentials("ifax")["accessToken"]}
        url = f"{control.base_url('ifax')}/v1/customer/inbound"
        row = requests.post(f"{url}/fax-list-all", json={}, headers=keys, timeout=30).json()["data"][0]
        asked = {name: row[name] for name in ("jobId", "transactionId")}
        answer = requests.post(f"{url}/fax-download", json=asked, headers=keys, timeout=30).json()
        assert answer["status"] == status, answer


@pytest.mark.parametrize(
    ("vendor", "path", "missing"),
    [
        ("mfax", "/v1/fax/{id}/download", 404),
        ("kazoo", "/v2/accounts/{account}/faxes/inbox/{id}/attachment", 404),
        ("faxto", "/receivefax/api/v1/inbox/{id}/file?api_key={api_key}", 404),
    ],
)
def test_a_document_that_is_gone_is_not_found(control: Control, vendor: str, path: str, missing: int) -> None:
    keys = control.credentials(vendor)
    headers = {
        "mfax": lambda: {"Authorization": f"Basic {keys['apiKey']}"},
        "kazoo": lambda: {"X-Auth-Token": keys["X-Auth-Token"]},
        "faxto": lambda: {},
    }[vendor]()
    for scenario, status in ({}, 200), ({"document": "gone"}, missing):
        fax = control.client.receive(vendor, None, "+13105550123", scenario=scenario)
        control.advance()
        where = path.format(id=control.client.fax(fax.id).vendor_id, **keys)
        url = control.base_url(vendor) + where
        assert requests.get(url, headers=headers, timeout=30).status_code == status


def test_the_grammar_refuses_what_it_does_not_know(control: Control) -> None:
    for wrong in (
        {"poll": {"accept": True}},
        {"document": "lost"},
        {"webhook": {"before_response": ["fax.never"]}},
        {"poll": {"code": "no such"}},
    ):
        answer = control.client.connection.answer(
            "POST", f"/sandboxes/{control.id}/scenarios", json={"name": "wrong", **wrong}
        )
        assert answer.status_code == 400, wrong
