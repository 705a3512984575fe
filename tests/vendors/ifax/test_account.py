"""Keys, limits, credit, and the two profiles."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from tests.conftest import Control
from tests.vendors.ifax.client import TO, Ifax, attachment, path_of, text_of

BAD_KEY = {"status": 0, "code": 12001, "message": "accessToken invalid"}


def balance(ifax: Ifax) -> float:
    return float(ifax.control.vendor("ifax")["balance"])


def test_a_sandbox_has_a_live_and_a_test_key(ifax: Ifax) -> None:
    assert list(ifax.credentials) == ["accessToken", "testAccessToken"]
    assert ifax.credentials["accessToken"].startswith("live_")
    assert ifax.credentials["testAccessToken"].startswith("test_")


@pytest.mark.parametrize(
    "headers", [{}, {"accessToken": ""}, {"accessToken": "nobody"}, {"Authorization": "Bearer x"}]
)
def test_a_wrong_key_is_refused(server: Control, headers: dict[str, str]) -> None:
    for operation in ("send", "status", "country-list"):
        answer = requests.post(
            server.url + "/ifax" + path_of(operation), json={}, headers=headers, timeout=30
        )
        assert (answer.status_code, answer.json()) == (200, BAD_KEY)


def test_the_default_sandbox_answers_its_well_known_key(server: Control) -> None:
    headers = {"accessToken": "ifax-test-key"}
    answer = requests.post(server.url + "/ifax" + path_of("label-list"), json={}, headers=headers, timeout=30)
    assert answer.json()["status"] == 1


def test_the_host_selects_the_vendor(server: Control) -> None:
    headers = {"accessToken": "ifax-test-key", "Host": "api.ifaxapp.com"}
    answer = requests.post(server.url + path_of("label-list"), json={}, headers=headers, timeout=30)
    assert answer.json()["status"] == 1


def test_a_blocked_user_is_refused(ifax: Ifax) -> None:
    ifax.control.vendor("ifax", active=False)
    assert ifax.body("list") == {"status": 0, "code": 12001, "message": "USER_BLOCKED"}
    ifax.profile(profile="live")
    assert ifax.body("list") == BAD_KEY


def test_a_plan_without_the_api(ifax: Ifax) -> None:
    ifax.profile(professional_plan=False)
    assert ifax.body("list") == {"status": 0, "code": 12004, "message": "Professional plan isn't activated"}


def test_a_live_key_pays_for_delivered_pages(ifax: Ifax) -> None:
    ifax.finish(ifax.send(TO, attachment("three-pages.pdf")))
    assert balance(ifax) == pytest.approx(99.97)
    ifax.finish(ifax.send("+15005550002"))
    assert balance(ifax) == pytest.approx(99.97)


def test_a_test_key_pays_nothing(ifax: Ifax) -> None:
    ifax.control.vendor("ifax", balance=0)
    test = ifax.with_test_key()
    assert test.finish(test.send())["faxStatus"] == "delivered"
    assert balance(ifax) == 0


def test_both_keys_are_of_one_account(ifax: Ifax) -> None:
    job = ifax.send()
    assert ifax.with_test_key().status(job)["jobId"] == job


def test_too_little_credit_is_refused_at_submit(ifax: Ifax) -> None:
    ifax.control.vendor("ifax", balance=0.02)
    answer = {"status": 0, "code": 12012, "message": "Not enough credits"}
    assert ifax.body("send", faxNumber=TO, faxData=[attachment("three-pages.pdf")]) == answer
    job = ifax.send(TO, attachment())
    ifax.finish(job)
    ifax.control.vendor("ifax", balance=0)
    assert ifax.code("resend", jobId=job) == 12012
    assert ifax.code("forward", jobId=job, faxNumber=TO, callerId=TO) == 12012
    ifax.profile(profile="live")
    assert ifax.body("send", faxNumber=TO) == answer | {"code": 12005}


def test_credit_that_is_gone_when_the_fax_is_sent_fails_it(ifax: Ifax) -> None:
    job = ifax.send(send_at="2090-01-01T00:00:00Z")
    ifax.control.vendor("ifax", balance=0)
    fax = ifax.finish(job)
    assert (fax["faxStatus"], fax["code"], fax["message"]) == ("failed", 9040, text_of(9040))


def test_a_test_key_runs_out_of_pages(ifax: Ifax) -> None:
    ifax.profile(test_pages=4)
    test = ifax.with_test_key()
    test.send(TO, attachment("three-pages.pdf"))
    assert test.code("send", faxNumber=TO, faxData=[attachment("three-pages.pdf")]) == 120106
    test.send(TO, attachment())
    assert test.code("send", faxNumber=TO, faxData=[attachment()]) == 120106
    ifax.send()


def test_a_refused_fax_uses_no_page_of_the_test_key(ifax: Ifax) -> None:
    ifax.profile(test_pages=1)
    test = ifax.with_test_key()
    assert test.code("send", faxNumber="+15005550006", faxData=[attachment()]) == 12012
    test.send()


def test_the_live_key_can_be_made_a_test_key(ifax: Ifax) -> None:
    ifax.profile(test_key=True, test_pages=0)
    assert ifax.code("send", faxNumber=TO, faxData=[attachment()]) == 120106


def test_a_free_trial_ends(ifax: Ifax) -> None:
    ifax.profile(free_trial=1)
    job = ifax.send()
    assert ifax.code("send", faxNumber=TO, faxData=[attachment()]) == 120105
    ifax.finish(job)
    assert ifax.code("resend", jobId=job) == 120105


@pytest.mark.parametrize("number", ["+442079460123", "+18765550123"])
def test_limited_accounts_send_to_the_us_and_canada_only(ifax: Ifax, number: str) -> None:
    test = ifax.with_test_key()
    assert test.code("send", faxNumber=number, faxData=[attachment()]) == 120101
    for allowed in (TO, "+14165550123", "+15005550001"):
        test.send(allowed)
    ifax.send(number)
    ifax.profile(free_trial=10)
    assert ifax.code("send", faxNumber=number, faxData=[attachment()]) == 120101


def test_a_caller_id_must_be_the_account_s_own_once_it_lists_numbers(ifax: Ifax) -> None:
    ifax.send(callerId="+12125550100")
    ifax.control.vendor("ifax", numbers=["+12125550111"])
    wanted = {"faxNumber": TO, "faxData": [attachment()]}
    assert ifax.code("send", **wanted, callerId="+12125550100") == 120104
    ifax.send(callerId="+12125550111")
    ifax.data("buy", faxNumber="+12125550100")
    job = ifax.send(callerId="+12125550100")
    assert ifax.code("forward", jobId=job, faxNumber=TO, callerId="+12125550109") == 120104
    assert ifax.code("forward", jobId=job, faxNumber=TO) == 120103


def test_a_developer_account_has_one_designated_number(ifax: Ifax) -> None:
    ifax.profile(designated_number="212 555 0124")
    assert ifax.code("send", faxNumber=TO, faxData=[attachment()]) == -111
    ifax.send("+12125550124")


def test_a_restricted_number_is_refused(ifax: Ifax) -> None:
    ifax.control.vendor("ifax", restricted_numbers=["(212) 555-0123"])
    assert ifax.code("send", faxNumber=TO, faxData=[attachment()]) == 120100


def test_the_live_profile_names_missing_fields(ifax: Ifax) -> None:
    ifax.profile(profile="live")
    message = "The faxNumber field is required.,"
    assert ifax.body("send", faxData=[attachment()]) == {"status": 0, "code": 120012, "message": message}
    both = "The jobId field is required.,The transactionId field is required.,"
    assert ifax.body("inbound-download") == {"status": 0, "code": 120012, "message": both}


def test_the_live_profile_takes_a_fax_without_documents(ifax: Ifax) -> None:
    ifax.profile(**{"ifax.profile": "live"})
    covered = ifax.data("send", faxNumber=TO, subject="a cover alone")["jobId"]
    assert ifax.finish(covered)["faxTransferredPages"] == 1
    nothing = ifax.data("send", faxNumber=TO)["jobId"]
    assert ifax.finish(nothing)["code"] == 9042


MAGIC: list[tuple[str, dict[str, Any]]] = [
    ("01", {"faxStatus": "delivered", "code": 0}),
    ("02", {"faxStatus": "failed", "code": 263}),
    ("03", {"faxStatus": "failed", "code": 8021}),
    ("04", {"faxStatus": "failed", "code": 263}),
    ("05", {"faxStatus": "failed", "code": 9009, "faxTransferredPages": 1}),
    ("07", {"faxStatus": "failed", "code": 9015}),
    ("08", {"faxStatus": "failed", "code": 3912}),
    ("09", {"faxStatus": "failed", "code": 9001}),
    ("10", {"faxStatus": "failed", "code": 9012}),
    ("11", {"faxStatus": "failed", "code": 9009, "faxTransferredPages": 0}),
    ("12", {"faxStatus": "failed", "code": 9042}),
    ("14", {"faxStatus": "sending", "code": -3}),
    ("15", {"faxStatus": "delivered", "code": 0}),
]


@pytest.mark.parametrize(("digits", "expected"), MAGIC)
def test_a_magic_number_ends_as_it_says(ifax: Ifax, digits: str, expected: dict[str, Any]) -> None:
    fax = ifax.finish(ifax.send(f"+150055500{digits}", attachment("three-pages.pdf")))
    assert {key: fax[key] for key in expected} == expected
    assert fax["message"] == ("Fax processed for sending" if digits == "14" else ifax_text(fax["code"]))


def ifax_text(code: int) -> str:
    return "NORMAL_CLEARING" if code == 0 else text_of(code)


@pytest.mark.parametrize(
    ("digits", "status", "code"),
    [("06", 200, 12012), ("13", 200, 120100), ("20", 500, 256), ("21", 429, 11013)],
)
def test_a_magic_number_is_refused_at_submit(ifax: Ifax, digits: str, status: int, code: int) -> None:
    answer = ifax.call("send", {"faxNumber": f"+150055500{digits}", "faxData": [attachment()]})
    assert (answer.status_code, answer.json()) == (
        status,
        {"status": 0, "code": code, "message": text_of(code)},
    )
    assert ifax.control.faxes() == []


def test_redials_happen_when_the_account_allows_them(ifax: Ifax) -> None:
    ifax.control.vendor("ifax", max_attempts=2)
    job = ifax.send("+15005550004")
    assert ifax.finish(job)["faxStatus"] == "delivered"
    assert [each["outcome"] for each in ifax.control.faxes()[0]["attempts"]] == ["busy", "delivered"]
