"""Faxes and webhooks over HTTP: whole answers, and what is refused."""

from __future__ import annotations

import json
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.conftest import WAIT, Control
from tests.control.shown import INSTANT, MANUAL, START, path, refused
from tests.receiver import Receiver
from tests.sending import VENDORS, send


# faxes
def test_a_fax_is_shown_whole(still: Control, receiver: Receiver):
    still.vendor("ifax", webhooks={"outbound": receiver.url}, rates={"page": 0.07}, balance=10)
    job = send(still, "ifax", "+1 (212) 555-0123", count=2).json()["data"]["jobId"]
    played = still.advance()
    shown = still.fax("fax-1")
    ended = played["timeline"][-1]["at"]
    assert shown.pop("document")["problem"] is None
    assert [each["what"] for each in shown["timeline"]] == [
        "received",
        *(each["what"] for each in played["timeline"]),
    ]
    assert shown.pop("timeline")[0] == {"at": START, "kind": "state", "fax": "fax-1", "what": "received"}
    [attempt] = shown.pop("attempts")
    assert attempt == {
        "number": 1, "outcome": "delivered", "pages_sent": 2, "speed": 14_400, "ecm": True,
        "csid": "+12125550123", "duration": attempt["duration"], "started_at": "2026-01-31T12:00:03.000Z",
        "ring": 6, "code": None,
        "vendor_view": {"state": "delivered", "code": "0", "text": "NORMAL_CLEARING"},
    }  # fmt: skip
    assert shown.pop("vendor_view")["id"] == str(job)
    assert shown == {
        "id": "fax-1", "vendor": "ifax", "direction": "outbound", "to": "+12125550123", "from": shown["from"],
        "state": "delivered", "outcome": "delivered", "pages": {"total": 2, "sent": 2}, "scenario": None,
        "script": None,
        "created_at": START, "finished_at": ended, "cost": 0.14,
    }  # fmt: skip
    assert still.vendor("ifax")["balance"] == 9.86


def test_faxes_are_listed_newest_first_in_pages(still: Control):
    for _ in range(5):
        send(still, "ifax")
    first = still.call("GET", path(still, "/faxes?limit=2"), 200)
    second = still.call("GET", path(still, f"/faxes?limit=2&after={first['next']}"), 200)
    third = still.call("GET", path(still, f"/faxes?limit=2&after={second['next']}"), 200)
    assert [[fax["id"] for fax in page["faxes"]] for page in (first, second, third)] == [
        ["fax-5", "fax-4"], ["fax-3", "fax-2"], ["fax-1"],
    ]  # fmt: skip
    assert third["next"] is None


def test_an_unknown_fax_is_not_found(still: Control):
    assert still.call("GET", path(still, "/faxes/fax-9"), 404) == refused("not_found", "no fax fax-9")


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=1001", "limit=x", "limit=²", "after=x", "after=²", "after=-1"]
)
@pytest.mark.parametrize("list_of", ["/faxes", "/webhooks"])
def test_a_page_that_cannot_be_is_refused_with_the_field(still: Control, list_of: str, query: str):
    answer = still.call("GET", path(still, f"{list_of}?{query}"), 400)
    assert (answer["error"]["code"], answer["error"]["field"]) == ("invalid", query.partition("=")[0])


# webhooks
def test_a_webhook_is_shown_with_every_attempt(still: Control, receiver: Receiver):
    still.vendor("ifax", webhooks={"outbound": {"url": f"{receiver.url}/hook", "auth": "me:secret"}})
    receiver.answer(503, "not now", headers={"X-Why": "busy"})
    send(still, "ifax")
    posts = [each for each in still.advance()["timeline"] if each["kind"] == "webhook"]
    [shown] = still.webhooks()
    one, two = shown.pop("attempts")
    request = shown.pop("request")
    assert shown == {
        "id": "delivery-1", "vendor": "ifax", "fax": "fax-1", "event": "fax.sent", "state": "delivered",
        "fault": None, "created_at": posts[0]["at"], "due_at": None,
    }  # fmt: skip
    received = receiver.wait(2)
    assert [each.json() for each in received] == [request["fields"]] * 2
    assert [each.auth for each in received] == ["me:secret"] * 2
    assert (request["method"], request["url"], request["encoding"], request["auth"], request["files"]) == (
        "POST", f"{receiver.url}/hook", "json", "me:secret", [],
    )  # fmt: skip
    answer = one.pop("response")
    assert answer.pop("headers")["X-Why"] == "busy"
    assert answer == {"status": 503, "body": "not now"}
    assert (INSTANT.fullmatch(one.pop("real_at")) is not None, one.pop("seconds") < WAIT) == (True, True)
    assert one == {
        "number": 1, "at": posts[0]["at"], "url": f"{receiver.url}/hook", "status": 503, "error": None,
    }  # fmt: skip
    assert (two["number"], two["at"], two["status"], two["response"]["body"]) == (2, posts[1]["at"], 200, "")


def test_a_receiver_that_calls_back_is_answered_with_the_time_of_its_webhook(
    still: Control, receiver: Receiver
):
    still.vendor("ifax", webhooks={"outbound": receiver.url})
    seen: list[str] = []
    send(still, "ifax")
    receiver.answer(behaviour="hang")

    def call_back() -> None:
        receiver.wait(1)
        seen.append(still.now())
        seen.append(send(still, "mfax").json()["resultInfo"])
        receiver.release()

    thread = threading.Thread(target=call_back)
    thread.start()
    played = still.advance()
    thread.join()
    assert seen[0] == next(each["at"] for each in played["timeline"] if each["kind"] == "webhook")
    assert {fax["state"] for fax in still.faxes()} == {"delivered"}


def test_of_two_advances_of_a_sandbox_one_comes_after_the_other(still: Control, receiver: Receiver):
    still.vendor("ifax", webhooks={"outbound": receiver.url})
    receiver.answer(behaviour="hang")
    send(still, "ifax")
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(still.advance)
        receiver.wait(1)
        out = still.now()  # the first one waits for the answer
        second = pool.submit(still.advance, by="1h")
        assert send(still, "ifax").status_code == 200
        assert still.now() == out
        receiver.release()
        ended = first.result()
    assert [each["what"] for each in ended["timeline"]].count("delivered") == 2
    assert [each["at"] for each in ended["timeline"]] == sorted(each["at"] for each in ended["timeline"])
    hour_later = datetime.fromisoformat(ended["now"]) + timedelta(hours=1)
    assert (datetime.fromisoformat(second.result()["now"]), second.result()["timeline"]) == (hour_later, [])


def test_two_sandboxes_do_not_touch_each_other(server: Control):
    one, other = server.create(clock=MANUAL, seed="a"), server.create(clock=MANUAL, seed="b")
    send(one, "ifax")
    one.advance()
    assert (other.faxes(), other.now()) == ([], START)
    send(other, "ifax")
    assert [fax["state"] for fax in other.faxes()] == ["received"]
    assert [fax["state"] for fax in one.faxes()] == ["delivered"]


def test_the_same_seed_gives_the_same_run(server: Control, receiver: Receiver):
    def run() -> list[Any]:
        control = server.create(clock=MANUAL, seed="again")
        done = len(receiver.requests)
        answers = []
        for vendor in VENDORS:
            control.vendor(vendor, webhooks={"outbound": receiver.url})
            for to in ("+15005550004", "+12125550123"):
                answers.append(send(control, vendor, to).text)
        played = control.advance()
        posted = [each.body.decode() for each in receiver.requests[done:]]
        told = json.dumps([answers, played, control.faxes(), posted])
        for vendor in VENDORS:
            for name, own in control.credentials(vendor).items():
                told = told.replace(own, name)
        # The name of an account's database is its id once more, in pieces.
        return json.loads(re.sub("account_db=[^&]*", "", told))

    assert run() == run()
