"""Callbacks: until 200, every 15 minutes for 48 hours; and the one of a fax that has arrived."""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime
from itertools import pairwise

import pytest

from tests.receiver import Receiver
from tests.vendors.faxto.conftest import Faxto


@pytest.fixture
def hooked(faxto: Faxto, receiver: Receiver) -> Faxto:
    """A client whose account has both callbacks."""
    hooks = {"outbound": {"url": f"{receiver.url}/sent"}, "inbound": {"url": f"{receiver.url}/received"}}
    faxto.control.vendor("faxto", webhooks=hooks)
    return faxto


def instants(faxto: Faxto) -> list[float]:
    [delivery] = faxto.control.webhooks()
    return [datetime.fromisoformat(each["at"]).timestamp() for each in delivery["attempts"]]


def test_refused_callback_is_sent_every_15_minutes_for_48_hours_and_then_given_up(
    hooked: Faxto, receiver: Receiver
) -> None:
    receiver.answer(500, times=None)
    hooked.send()
    hooked.control.advance()
    at = instants(hooked)
    assert len(at) == 1 + 192
    assert {round(later - earlier) for earlier, later in pairwise(at)} == {900}
    assert round(at[-1] - at[0]) == 48 * 3600
    assert hooked.control.webhooks()[0]["state"] == "failed"
    assert len({posted.body for posted in receiver.requests}) == 1


@pytest.mark.parametrize("status", [201, 202, 204, 301, 302, 400, 404, 503])
def test_only_200_stops_it(hooked: Faxto, receiver: Receiver, status: int) -> None:
    receiver.answer(status, headers={"Location": f"{receiver.url}/elsewhere"}, times=2)
    hooked.send()
    hooked.control.advance()
    assert [posted.path for posted in receiver.requests] == ["/sent"] * 3
    assert hooked.control.webhooks()[0]["state"] == "delivered"


def test_a_corrected_callback_url_is_used_for_the_retries_that_follow(
    hooked: Faxto, receiver: Receiver
) -> None:
    receiver.answer(404, path="/sent", times=None)
    hooked.send()
    hooked.control.advance(by="20m")
    corrected = {"outbound": {"url": f"{receiver.url}/right", "auth": "user:secret"}}
    hooked.control.vendor("faxto", webhooks=corrected)
    hooked.control.advance()
    paths = [posted.path for posted in receiver.requests]
    assert paths == ["/sent", "/sent", "/right"]
    first, *_, last = receiver.requests
    assert last.body == first.body
    assert dict(last.headers)["Authorization"] == "Basic dXNlcjpzZWNyZXQ="
    [delivery] = hooked.control.webhooks()
    assert (delivery["state"], len(delivery["attempts"])) == ("delivered", 3)


def test_callback_comes_once_when_final(hooked: Faxto, receiver: Receiver) -> None:
    hooked.send()
    hooked.control.advance(by="20s")
    assert receiver.requests == []
    hooked.control.advance()
    hooked.control.advance(by="72h")
    assert len(receiver.requests) == 1


def test_fax_that_has_arrived_is_posted_with_its_pdf(hooked: Faxto, receiver: Receiver) -> None:
    hooked.control.advance(to="2100-03-09T15:35:00Z")
    pdf = hooked.document("three-pages.pdf")
    hooked.receive(document=b64encode(pdf).decode(), csid="ACME MEDICAL")
    [posted] = receiver.requests
    assert (posted.method, posted.path) == ("POST", "/received")
    parts = {part.name: part for part in posted.parts()}
    file = parts.pop("file")
    texts = {name: part.content.decode() for name, part in parts.items()}
    uuid = texts["uuid"]
    assert (file.filename, file.media_type, file.content) == (f"{uuid}.pdf", "application/pdf", pdf)
    assert texts == {
        "uuid": uuid,
        "from": "+12125550188",
        "to": "+12048134699",
        "time": "2100-03-09 15:36:17",
        "rsid": "ACME MEDICAL",
        "speed": "14400",
        "duration": "71",
        "ecm": "1",
        "pages": "3",
        "compression": "T.6",
    }
    assert hooked.get("/incoming-faxes")["inbox"][0]["filename"] == f"{uuid}.pdf"


def test_refused_inbound_callback_is_sent_again(hooked: Faxto, receiver: Receiver) -> None:
    receiver.answer(500, times=3)
    hooked.receive()
    assert len(receiver.requests) == 4
    at = instants(hooked)
    assert {round(later - earlier) for earlier, later in pairwise(at)} == {900}


def test_call_that_brings_no_fax_posts_nothing(hooked: Faxto, receiver: Receiver) -> None:
    hooked.receive(scenario="hangup")
    assert receiver.requests == []
    assert hooked.get("/incoming-faxes")["inbox"] == []
