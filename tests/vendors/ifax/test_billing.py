"""What a fax costs, stage by stage, with a live and with a test key."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Control
from tests.vendors.ifax.client import JOB, TO, Ifax, attachment, fax_object
from tests.vendors.ifax.story import refusal

STAGES = ("rendering", "credit_check", "waiting_line", "queued", "dialing", "transmitting", "reporting")
THREE = "three-pages.pdf"
TOO_LITTLE = {"status": 0, "code": 12012, "message": "Not enough credits"}


def balance(ifax: Ifax) -> float:
    return float(ifax.control.vendor("ifax")["balance"])


def advance_to(ifax: Ifax, state: str) -> None:
    ifax.control.advance(until={"fax": ifax.control.faxes()[0]["id"], "state": state})


def wanted(**more: Any) -> dict[str, Any]:
    return {"faxNumber": TO, "faxData": [attachment(THREE)], **more}


def test_the_stages_are_those_of_the_coverage(server: Control) -> None:
    vendors = server.call("GET", "/coverage", 200)["vendors"]
    rows = next(each for each in vendors if each["vendor"] == "ifax")["billing"]
    assert {row["name"]: row["evidence"] for row in rows} == {
        "live key": "documented",
        "test key": "documented",
        "price": "documented",
        "submit": "assumed",
        "before the call": "assumed",
        "delivered": "assumed",
        "failed, canceled": "assumed",
        "resend, forward": "assumed",
        "several at one time": "assumed",
        "received": "assumed",
        "buy a number": "assumed",
        "test key, free trial": "assumed",
    }


@pytest.mark.parametrize(("key", "left"), [("accessToken", 99.97), ("testAccessToken", 100.0)])
def test_the_balance_falls_on_delivery_and_on_the_live_key_alone(ifax: Ifax, key: str, left: float) -> None:
    ifax.key = ifax.credentials[key]
    ifax.send(TO, attachment(THREE))
    assert balance(ifax) == 100
    for stage in STAGES:
        advance_to(ifax, stage)
        assert (stage, balance(ifax)) == (stage, 100)
    advance_to(ifax, "delivered")
    assert balance(ifax) == left
    ifax.control.advance()
    assert balance(ifax) == left


@pytest.mark.parametrize("rate", [0.01, 0.05, 0])
def test_a_page_costs_the_page_rate(ifax: Ifax, rate: float) -> None:
    ifax.control.vendor("ifax", rates={"page": rate})
    ifax.finish(ifax.send(TO, attachment(THREE), subject="a cover page costs too"))
    assert balance(ifax) == pytest.approx(100 - 4 * rate)


@pytest.mark.parametrize("digits", ["02", "03", "05", "07", "08", "09", "10", "11", "12"])
def test_a_failed_fax_costs_nothing(ifax: Ifax, digits: str) -> None:
    ifax.finish(ifax.send(f"+150055500{digits}", attachment(THREE)))
    assert balance(ifax) == 100


def test_a_cancelled_fax_costs_nothing_for_pages_that_were_sent_neither(ifax: Ifax) -> None:
    job = ifax.send(TO, attachment(THREE))
    ifax.control.advance(by="35s")
    ifax.body("cancel", jobId=job)
    assert ifax.finish(job) == fax_object(JOB, "canceled", 403, pages=3, sent=1, seconds=35)
    assert balance(ifax) == 100


def test_resend_and_forward_cost_what_a_fax_costs(ifax: Ifax) -> None:
    job = ifax.send(TO, attachment(THREE))
    ifax.finish(job)
    ifax.body("resend", jobId=job)
    ifax.control.advance()
    assert balance(ifax) == pytest.approx(99.94)
    ifax.body("forward", jobId=job, faxNumber=TO, callerId=TO)
    ifax.control.advance()
    assert balance(ifax) == pytest.approx(99.91)


def test_received_faxes_bought_numbers_and_all_that_is_read_cost_nothing(ifax: Ifax) -> None:
    row = ifax.receive()
    ifax.body("inbound-download", jobId=row["jobId"], transactionId=row["transactionId"])
    ifax.body("ocr", jobId=row["jobId"], direction="inbound")
    ifax.data("buy", faxNumber="+12125550100")
    assert balance(ifax) == 100


def test_a_number_with_an_upfront_cost_is_not_sold(ifax: Ifax) -> None:
    ifax.profile(upfront_cost=True)
    assert ifax.body("buy", faxNumber="+12125550100") == refusal(12136)
    assert ifax.data("number-list") == []
    ifax.profile(upfront_cost=False)
    ifax.data("buy", faxNumber="+12125550100")


def test_too_little_credit_is_refused_at_submit(ifax: Ifax) -> None:
    ifax.control.vendor("ifax", balance=0.02)
    assert ifax.body("send", **wanted()) == TOO_LITTLE
    job = ifax.send(TO, attachment())
    ifax.finish(job)
    assert balance(ifax) == 0.01
    ifax.control.vendor("ifax", balance=0)
    assert ifax.body("resend", jobId=job) == TOO_LITTLE
    assert ifax.body("forward", jobId=job, faxNumber=TO, callerId=TO) == TOO_LITTLE
    ifax.profile(profile="live")
    assert ifax.body("send", faxNumber=TO) == TOO_LITTLE | {"code": 12005}
    assert len(ifax.control.faxes()) == 1


def test_credit_that_is_gone_before_the_call_fails_the_fax(ifax: Ifax) -> None:
    job = ifax.send(TO, attachment(THREE))
    ifax.control.vendor("ifax", balance=0.02)
    assert ifax.finish(job) == fax_object(JOB, "failed", 9040, pages=3, seconds=2)
    assert balance(ifax) == 0.02


def test_credit_is_not_reserved(ifax: Ifax) -> None:
    ifax.control.vendor("ifax", balance=0.01)
    jobs = [ifax.send(), ifax.send()]
    ifax.control.advance()
    assert [ifax.status(job) for job in jobs] == [
        fax_object(JOB + place, "delivered", 0, sent=1, seconds=35) for place in range(2)
    ]
    assert balance(ifax) == -0.01


def test_a_test_key_needs_no_credit(ifax: Ifax) -> None:
    ifax.control.vendor("ifax", balance=0)
    test = ifax.with_test_key()
    assert test.finish(test.send()) == fax_object(JOB, "delivered", 0, sent=1, seconds=35)
    assert balance(ifax) == 0


def test_a_test_key_runs_out_of_pages(ifax: Ifax) -> None:
    ifax.profile(test_pages=4)
    test = ifax.with_test_key()
    test.send(TO, attachment(THREE))
    assert test.body("send", **wanted()) == refusal(120106)
    test.send(TO, attachment())
    assert test.body("send", **wanted(faxData=[attachment()])) == refusal(120106)
    ifax.send()


def test_a_refused_fax_uses_no_page_of_the_test_key(ifax: Ifax) -> None:
    ifax.profile(test_pages=1)
    test = ifax.with_test_key()
    assert test.body("send", faxNumber="+15005550006", faxData=[attachment()]) == TOO_LITTLE
    test.send()


def test_a_fax_that_failed_has_used_its_pages(ifax: Ifax) -> None:
    ifax.profile(test_pages=1)
    test = ifax.with_test_key()
    test.finish(test.send("+15005550002"))
    assert test.body("send", **wanted()) == refusal(120106)


def test_the_live_key_can_be_made_a_test_key(ifax: Ifax) -> None:
    ifax.profile(test_key=True, test_pages=1)
    ifax.finish(ifax.send())
    assert balance(ifax) == 100
    assert ifax.body("send", **wanted()) == refusal(120106)


def test_a_free_trial_ends(ifax: Ifax) -> None:
    ifax.profile(free_trial=1)
    job = ifax.send()
    assert ifax.body("send", **wanted()) == refusal(120105)
    ifax.finish(job)
    assert ifax.body("resend", jobId=job) == refusal(120105)
