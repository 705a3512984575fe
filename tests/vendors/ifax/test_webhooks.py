"""What iFax posts, and how often."""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime
from itertools import pairwise

import pytest

from tests.conftest import Control
from tests.receiver import Receiver
from tests.vendors.ifax.client import (
    BEGUN,
    JOB,
    RECEIVED,
    TO,
    Ifax,
    attachment,
    document,
    facts,
    fax_object,
    received_row,
)
from tests.vendors.ifax.story import begin, compact

SENT_WAITS = [300, 600, 1200, 1800, 3600]


@pytest.fixture
def ifax(server: Control, receiver: Receiver) -> Ifax:
    """A client of a sandbox that posts to the receiver."""
    hooks = {"outbound": f"{receiver.url}/sent", "inbound": f"{receiver.url}/received"}
    return begin(server, webhooks={"ifax": hooks})


def waits(ifax: Ifax) -> list[float]:
    """Give the seconds between the tries of the newest webhook."""
    attempts = ifax.control.webhooks()[0]["attempts"]
    at = [datetime.fromisoformat(each["at"]).timestamp() for each in attempts]
    return [round(later - earlier) for earlier, later in pairwise(at)]


def test_the_fax_object_is_posted_when_a_fax_has_ended(ifax: Ifax, receiver: Receiver) -> None:
    fax = fax_object(JOB, "delivered", 0, sender="+12125550100", pages=3, sent=3, seconds=64)
    assert ifax.finish(ifax.send(TO, attachment("three-pages.pdf"), callerId="+12125550100")) == fax
    (post,) = receiver.requests
    assert (post.method, post.path, post.header("Content-Type")) == ("POST", "/sent", "application/json")
    assert post.body.decode() == compact(fax)
    assert list(fax) == [row["name"] for row in facts()["rows"]["fax"]["fields"]]


@pytest.mark.parametrize(("to", "code", "seconds"), [("+15005550002", 263, 7), ("+15005550012", 9042, 1)])
def test_a_failed_fax_is_posted_too(ifax: Ifax, receiver: Receiver, to: str, code: int, seconds: int) -> None:
    fax = fax_object(JOB, "failed", code, to=to, seconds=seconds)
    assert ifax.finish(ifax.send(to)) == fax
    assert [post.json() for post in receiver.requests] == [fax]


def test_a_cancelled_fax_is_posted_too(ifax: Ifax, receiver: Receiver) -> None:
    job = ifax.send()
    ifax.body("cancel", jobId=job)
    fax = fax_object(JOB, "canceled", 403, seconds=0)
    assert ifax.finish(job) == fax
    assert [post.json() for post in receiver.requests] == [fax]


def test_nothing_is_posted_before_the_end(ifax: Ifax, receiver: Receiver) -> None:
    ifax.finish(ifax.send("+15005550014"))
    assert receiver.requests == []


def test_a_sent_webhook_is_retried_five_times(ifax: Ifax, receiver: Receiver) -> None:
    receiver.answer(500, times=None)
    ifax.finish(ifax.send())
    assert len(receiver.requests) == 6
    assert waits(ifax) == SENT_WAITS
    assert ifax.control.webhooks()[0]["state"] == "failed"


@pytest.mark.parametrize("status", [300, 404, 500, 503])
def test_only_a_2xx_answer_takes_a_webhook(ifax: Ifax, receiver: Receiver, status: int) -> None:
    receiver.answer(status).answer(204)
    ifax.finish(ifax.send())
    assert [each["status"] for each in ifax.control.webhooks()[0]["attempts"]] == [status, 204]


def test_a_webhook_that_finds_nobody_is_retried(server: Control) -> None:
    ifax = begin(server, webhooks={"ifax": {"outbound": "http://127.0.0.1:9/"}})
    ifax.finish(ifax.send())
    assert waits(ifax) == SENT_WAITS


def test_basic_auth_of_the_portal_is_shown(ifax: Ifax, receiver: Receiver) -> None:
    hook = {"url": f"{receiver.url}/x", "auth": "me:secret"}
    ifax.control.vendor("ifax", webhooks={"outbound": hook, "inbound": hook})
    ifax.finish(ifax.send())
    ifax.receive()
    assert [post.auth for post in receiver.requests] == ["me:secret", "me:secret"]


def test_a_received_fax_is_posted_as_a_form_with_its_pdf(ifax: Ifax, receiver: Receiver) -> None:
    ifax.receive(document=b64encode(document("three-pages.pdf")).decode())
    (post,) = receiver.requests
    assert (post.method, post.path) == ("POST", "/received")
    *fields, file = post.parts()
    assert {part.name: part.content.decode() for part in fields} == {
        "direction": "inbound",
        "jobId": str(RECEIVED),
        "transactionId": "33784367",
        "faxCallLength": "77",
        "faxCallStart": str(BEGUN),
        "faxCallEnd": str(BEGUN + 77),
        "faxTotalPages": "3",
        "faxReceivedPages": "3",
        "faxStatus": "received",
        "success": "true",
        "fromNumber": "+12125550199",
        "toNumber": "+12125550111",
        "code": "0",
        "message": "NORMAL_CLEARING",
        "receivedTime": str(BEGUN + 77),
    }
    assert (file.name, file.filename, file.media_type) == (
        "filename",
        f"{RECEIVED}.pdf",
        "application/pdf",
    )
    assert file.content == document("three-pages.pdf")


def test_a_received_fax_is_posted_as_json_in_the_live_profile(ifax: Ifax, receiver: Receiver) -> None:
    ifax.profile(profile="live")
    assert ifax.receive(pages=2) == received_row(pages=2, at=BEGUN + 57)
    (post,) = receiver.requests
    body = {
        "direction": "inbound",
        "jobId": RECEIVED,
        "transactionId": 33784367,
        "faxCallLength": 57,
        "faxCallStart": BEGUN,
        "faxCallEnd": BEGUN + 57,
        "faxTotalPages": 2,
        "faxReceivedPages": 2,
        "faxStatus": "received",
        "success": True,
        "fromNumber": "+12125550199",
        "toNumber": "+12125550111",
        "code": 0,
        "message": "NORMAL_CLEARING",
    }
    assert post.body.decode() == compact(body)
    live = next(each for each in facts()["webhooks"] if each["id"] == "inbound-live")
    assert list(body) == live["fields"]
    assert {name: post.header(name) for name in live["headers"]} == live["headers"]


def test_a_received_webhook_is_retried_sixteen_times(ifax: Ifax, receiver: Receiver) -> None:
    receiver.answer(500, times=None)
    ifax.receive()
    assert len(receiver.requests) == 17
    assert waits(ifax) == SENT_WAITS + [3600] * 11


def test_a_failed_inbound_call_posts_nothing(ifax: Ifax, receiver: Receiver) -> None:
    wanted = {"vendor": "ifax", "to": "+12125550111", "from": "+12125550199", "scenario": "hangup"}
    ifax.control.call("POST", f"/sandboxes/{ifax.control.id}/inbound", 201, json=wanted)
    ifax.control.advance()
    assert receiver.requests == []
