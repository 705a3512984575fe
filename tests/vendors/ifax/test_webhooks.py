"""What iFax posts, and how often."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

import pytest

from tests.conftest import Control
from tests.receiver import Receiver
from tests.vendors.ifax.client import TO, Ifax, attachment, document, facts

SENT_WAITS = [300, 600, 1200, 1800, 3600]


@pytest.fixture
def ifax(server: Control, receiver: Receiver) -> Ifax:
    """A client of a sandbox that posts to the receiver."""
    hooks = {"outbound": f"{receiver.url}/sent", "inbound": f"{receiver.url}/received"}
    return Ifax(server.create(webhooks={"ifax": hooks}))


def waits(ifax: Ifax) -> list[float]:
    """Give the seconds between the tries of the newest webhook."""
    attempts = ifax.control.webhooks()[0]["attempts"]
    at = [datetime.fromisoformat(each["at"]).timestamp() for each in attempts]
    return [round(later - earlier) for earlier, later in pairwise(at)]


def test_the_fax_object_is_posted_when_a_fax_has_ended(ifax: Ifax, receiver: Receiver) -> None:
    fax = ifax.finish(ifax.send(TO, attachment("three-pages.pdf"), callerId="+12125550100"))
    (post,) = receiver.requests
    assert (post.method, post.path, post.header("Content-Type")) == ("POST", "/sent", "application/json")
    assert post.json() == fax
    assert b": " not in post.body
    assert list(post.json()) == [row["name"] for row in facts()["rows"]["fax"]["fields"]]


@pytest.mark.parametrize(("number", "status"), [("+15005550002", "failed"), ("+15005550012", "failed")])
def test_a_failed_fax_is_posted_too(ifax: Ifax, receiver: Receiver, number: str, status: str) -> None:
    fax = ifax.finish(ifax.send(number))
    assert fax["faxStatus"] == status
    assert [post.json() for post in receiver.requests] == [fax]


def test_a_cancelled_fax_is_posted_too(ifax: Ifax, receiver: Receiver) -> None:
    job = ifax.send()
    ifax.body("cancel", jobId=job)
    fax = ifax.finish(job)
    assert fax["faxStatus"] == "canceled"
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
    ifax = Ifax(server.create(webhooks={"ifax": {"outbound": "http://127.0.0.1:9/"}}))
    ifax.finish(ifax.send())
    assert waits(ifax) == SENT_WAITS


def test_basic_auth_of_the_portal_is_shown(ifax: Ifax, receiver: Receiver) -> None:
    hook = {"url": f"{receiver.url}/x", "auth": "me:secret"}
    ifax.control.vendor("ifax", webhooks={"outbound": hook, "inbound": hook})
    ifax.finish(ifax.send())
    ifax.receive()
    assert [post.auth for post in receiver.requests] == ["me:secret", "me:secret"]


def test_a_received_fax_is_posted_as_a_form_with_its_pdf(ifax: Ifax, receiver: Receiver) -> None:
    from base64 import b64encode

    row = ifax.receive(document=b64encode(document("three-pages.pdf")).decode())
    (post,) = receiver.requests
    assert (post.method, post.path) == ("POST", "/received")
    *fields, file = post.parts()
    assert {part.name: part.content.decode() for part in fields} == {
        "direction": "inbound",
        "jobId": str(row["jobId"]),
        "transactionId": str(row["transactionId"]),
        "fromNumber": "+12125550199",
        "toNumber": "+12125550111",
        "faxStatus": "received",
        "faxTotalPages": "3",
    }
    assert (file.name, file.filename, file.media_type) == (
        "filename",
        f"{row['jobId']}.pdf",
        "application/pdf",
    )
    assert file.content == document("three-pages.pdf")


def test_a_received_fax_is_posted_as_json_in_the_live_profile(ifax: Ifax, receiver: Receiver) -> None:
    ifax.profile(profile="live")
    row = ifax.receive(pages=2)
    (post,) = receiver.requests
    body = post.json()
    assert body == {
        "direction": "inbound",
        "jobId": row["jobId"],
        "transactionId": row["transactionId"],
        "faxCallLength": body["faxCallEnd"] - body["faxCallStart"],
        "faxCallStart": body["faxCallStart"],
        "faxCallEnd": row["receivedTime"],
        "faxTotalPages": 2,
        "faxReceivedPages": 2,
        "faxStatus": "received",
        "success": True,
        "fromNumber": "+12125550199",
        "toNumber": "+12125550111",
        "code": 0,
        "message": "NORMAL_CLEARING",
    }
    live = next(each for each in facts()["webhooks"] if each["id"] == "inbound-live")
    assert list(body) == live["fields"]
    assert {name: post.header(name) for name in live["headers"]} == live["headers"]
    assert b" " not in post.body.replace(b"NORMAL_CLEARING", b"")


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
