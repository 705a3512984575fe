"""The postback: eight form fields, once, when final; and that of a fax that has arrived."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from itertools import pairwise

import pytest

from tests.conftest import Control
from tests.receiver import Receiver
from tests.vendors.openfax.conftest import Openfax, body_of


@pytest.fixture
def hooked(openfax: Openfax, receiver: Receiver) -> Openfax:
    """A client whose account has a postback."""
    openfax.control.vendor("openfax", webhooks={"outbound": {"url": f"{receiver.url}/getPostBack.php"}})
    return openfax


def test_postback_has_the_eight_documented_fields(
    hooked: Openfax, receiver: Receiver, encoded: Callable[[str], str]
) -> None:
    transaction = hooked.send(
        PDF_encode=encoded("three-pages.pdf"), toHeader="My Customer", fromHeader="My Company"
    )
    hooked.control.advance()
    [posted] = receiver.requests
    assert (posted.method, posted.path) == ("POST", "/getPostBack.php")
    assert posted.header("Content-Type") == "application/x-www-form-urlencoded"
    assert posted.form() == [
        ("OutTransID", str(transaction)),
        ("AccountID", hooked.account["AccountID"]),
        ("From", "My Company"),
        ("To", "My Customer"),
        ("PagesSent", "3"),
        ("CallDuration", "55"),
        ("LastStatus", "0"),
        ("RealCost", "0.15"),
    ]


@pytest.mark.parametrize(
    ("number", "status", "pages", "cost"),
    [
        ("15005550002", "2", "0", "0"),
        ("15005550003", "1", "0", "0"),
        ("15005550005", "7", "1", "0.2"),
        ("15005550007", "3", "0", "0"),
        ("15005550008", "5", "0", "0"),
        ("15005550009", "4", "0", "0"),
        ("15005550010", "6", "0", "0"),
        ("15005550012", "8", "0", "0"),
    ],
)
def test_postback_comes_once_after_the_last_redial(
    hooked: Openfax,
    receiver: Receiver,
    encoded: Callable[[str], str],
    number: str,
    status: str,
    pages: str,
    cost: str,
) -> None:
    hooked.send(FaxNumber=number, PDF_encode=encoded("three-pages.pdf"))
    hooked.control.advance()
    [posted] = receiver.requests
    fields = dict(posted.form())
    assert (fields["LastStatus"], fields["PagesSent"], fields["RealCost"]) == (status, pages, cost)
    assert hooked.credit() == pytest.approx(100 - float(cost))


def test_call_duration_is_of_all_calls_together(hooked: Openfax, receiver: Receiver) -> None:
    transaction = hooked.send(FaxNumber="15005550010")
    hooked.control.advance()
    calls = hooked.control.fax(hooked.neutral(transaction))["attempts"]
    assert len(calls) == 4
    [posted] = receiver.requests
    assert dict(posted.form())["CallDuration"] == str(round(sum(call["duration"] for call in calls)))


def test_refused_postback_has_failed_and_is_not_sent_again(hooked: Openfax, receiver: Receiver) -> None:
    receiver.answer(500, times=None)
    hooked.send()
    hooked.control.advance()
    assert len(receiver.requests) == 1
    [webhook] = hooked.control.webhooks()
    assert webhook["state"] == "failed"
    assert [post["status"] for post in webhook["attempts"]] == [500]


def test_profile_has_a_refused_postback_sent_again(hooked: Openfax, receiver: Receiver) -> None:
    hooked.control.vendor("openfax", profile={"postback_retries": 3})
    receiver.answer(500, times=2)
    hooked.send()
    hooked.control.advance()
    assert len(receiver.requests) == 3
    assert len({posted.body for posted in receiver.requests}) == 1


@pytest.mark.parametrize(("profile", "wait"), [({}, 240), ({"postback_retry_wait": 90}, 90)])
def test_wait_between_two_tries_is_a_setting(
    hooked: Openfax, receiver: Receiver, profile: dict[str, int], wait: int
) -> None:
    hooked.control.vendor("openfax", profile={"postback_retries": 10, **profile})
    receiver.answer(500, times=None)
    hooked.send()
    hooked.control.advance()
    [delivery] = hooked.control.webhooks()
    at = [datetime.fromisoformat(each["at"]).timestamp() for each in delivery["attempts"]]
    assert [later - earlier for earlier, later in pairwise(at)] == [wait] * 10
    assert delivery["state"] == "failed"


def test_no_retries_are_none(hooked: Openfax, receiver: Receiver) -> None:
    hooked.control.vendor("openfax", profile={"postback_retries": 0})
    receiver.answer(500, times=None)
    hooked.send()
    hooked.control.advance()
    assert len(receiver.requests) == 1


def test_postback_that_waits_for_its_next_try_survives_a_snapshot(
    hooked: Openfax, receiver: Receiver, server: Control
) -> None:
    hooked.control.vendor("openfax", profile={"postback_retries": 1, "postback_retry_wait": 3600})
    receiver.answer(500, times=1)
    hooked.send()
    hooked.control.advance(by=1800)
    taken = hooked.control.call("GET", f"/sandboxes/{hooked.control.id}/snapshot", 200)
    heir = server.create()
    heir.call("POST", f"/sandboxes/{heir.id}/snapshot", 200, json=taken)
    heir.advance()
    assert len(receiver.requests) == 2
    assert heir.webhooks()[0]["state"] == "delivered"


def test_cancelled_fax_is_posted_too(hooked: Openfax, receiver: Receiver) -> None:
    transaction = hooked.send(FaxNumber="15005550002")
    hooked.until(transaction, "waiting_redial")
    hooked.cancel(transaction)
    hooked.control.advance()
    [posted] = receiver.requests
    assert posted.form() == [
        ("OutTransID", str(transaction)),
        ("AccountID", hooked.account["AccountID"]),
        ("From", ""),
        ("To", ""),
        ("PagesSent", "0"),
        ("CallDuration", "0"),
        ("LastStatus", "2"),
        ("RealCost", "0"),
    ]


def test_held_fax_posts_nothing_until_its_hold_is_over(hooked: Openfax, receiver: Receiver) -> None:
    hooked.control.vendor("openfax", balance=0.01)
    transaction = hooked.send()
    hooked.control.advance(by="59m")
    assert receiver.requests == []
    hooked.control.advance()
    [posted] = receiver.requests
    assert posted.form() == [
        ("OutTransID", str(transaction)),
        ("AccountID", hooked.account["AccountID"]),
        ("From", ""),
        ("To", ""),
        ("PagesSent", "0"),
        ("CallDuration", "0"),
        ("LastStatus", "9"),
        ("RealCost", "0"),
    ]


def test_a_fax_that_has_arrived_is_posted(openfax: Openfax, receiver: Receiver) -> None:
    openfax.control.vendor("openfax", webhooks={"inbound": {"url": f"{receiver.url}/in", "auth": "u:p"}})
    openfax.control.receive("openfax", "+17205721703", pages=2, csid="ACME")
    [row] = body_of(openfax.call("getNewFax.php", {**openfax.account, "FaxType": "PDF"}))
    [posted] = receiver.requests
    names = ("InTransID", "ReceivedTime", "Status", "SenderCallerID", "SenderCallerName", "To", "Pages",
             "Cost", "PDFFileName", "DocPDFSize")  # fmt: skip
    assert posted.form() == [(name, str(row[name])) for name in names]
    assert posted.header("Content-Type") == "application/x-www-form-urlencoded"
    assert (row["SenderCallerID"], row["SenderCallerName"], row["Pages"]) == ("12125550188", "ACME", "2")
    [number] = body_of(openfax.call("getAccountDIDS.php", openfax.account))
    assert (number["PostBack"], number["PostBackURL"]) == ("1", f"{receiver.url}/in")
    assert [each["event"] for each in openfax.control.webhooks()] == ["inbound_postback"]


def test_a_call_that_breaks_off_is_not_posted(openfax: Openfax, receiver: Receiver) -> None:
    openfax.control.vendor("openfax", webhooks={"inbound": {"url": f"{receiver.url}/in"}})
    openfax.control.receive("openfax", "+17205721703", scenario={"attempts": ["hangup"]})
    openfax.control.advance()
    assert receiver.requests == []
