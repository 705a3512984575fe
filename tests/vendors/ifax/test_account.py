"""Keys, what they may do, and the two profiles."""

from __future__ import annotations

import pytest
import requests

from tests.conftest import WAIT, Control
from tests.vendors.ifax.client import BEGUN, JOB, TO, Ifax, attachment, fax_object, path_of
from tests.vendors.ifax.story import known, refusal

BAD_KEY = {"status": 0, "code": 12001, "message": "accessToken invalid"}


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
            server.url + "/ifax" + path_of(operation), json={}, headers=headers, timeout=WAIT
        )
        assert (answer.status_code, answer.json()) == (200, BAD_KEY)


@pytest.mark.parametrize("key", ["ifax-test-key", "test_ifax-test-key"])
def test_the_default_sandbox_answers_its_well_known_keys(server: Control, key: str) -> None:
    answer = requests.post(
        server.url + "/ifax" + path_of("label-list"), json={}, headers={"accessToken": key}, timeout=WAIT
    )
    assert (answer.status_code, answer.json()) == (200, known("label-list"))


def test_the_default_sandbox_shows_its_live_and_its_test_key(server: Control) -> None:
    shown = server.call("GET", "/sandboxes/default", 200)["vendors"]["ifax"]
    keys = {"accessToken": "ifax-test-key", "testAccessToken": "test_ifax-test-key"}
    assert shown == {"base_url": f"{server.url}/ifax", "credentials": keys}


def test_the_test_key_of_the_default_sandbox_is_limited(server: Control) -> None:
    wanted = {"faxNumber": "+442079460123", "faxData": [attachment()]}
    headers = {"accessToken": "test_ifax-test-key"}
    answer = requests.post(server.url + "/ifax" + path_of("send"), json=wanted, headers=headers, timeout=WAIT)
    assert (answer.status_code, answer.json()) == (200, refusal(120101))


def test_the_host_selects_the_vendor(server: Control) -> None:
    headers = {"accessToken": "ifax-test-key", "Host": "api.ifaxapp.com"}
    answer = requests.post(server.url + path_of("label-list"), json={}, headers=headers, timeout=WAIT)
    assert (answer.status_code, answer.json()) == (200, known("label-list"))


def test_a_blocked_user_is_refused(ifax: Ifax) -> None:
    ifax.control.vendor("ifax", active=False)
    assert ifax.body("list") == {"status": 0, "code": 12001, "message": "USER_BLOCKED"}
    ifax.profile(profile="live")
    assert ifax.body("list") == BAD_KEY


def test_a_plan_without_the_api(ifax: Ifax) -> None:
    ifax.profile(professional_plan=False)
    assert ifax.body("list") == {"status": 0, "code": 12004, "message": "Professional plan isn't activated"}


def test_both_keys_are_of_one_account(ifax: Ifax) -> None:
    job = ifax.send()
    assert ifax.with_test_key().status(job) == ifax.status(job) == fax_object(JOB, "sending", -11)


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


def test_a_caller_id_must_be_the_account_s_own_once_it_has_bought_a_number(ifax: Ifax) -> None:
    bought = ifax.data("buy", faxNumber="+12125550100")
    assert ifax.control.vendor("ifax")["numbers"] == ["+12125550100"]
    wanted = {"faxNumber": TO, "faxData": [attachment()]}
    assert ifax.code("send", **wanted, callerId="+12125550109") == 120104
    assert ifax.status(ifax.send(callerId="+12125550100"))["fromNumber"] == "+12125550100"
    assert ifax.status(ifax.send())["fromNumber"] == "+12125550100"
    ifax.body("number-delete", **bought)
    assert ifax.control.vendor("ifax")["numbers"] == []
    assert ifax.status(ifax.send(callerId="+12125550109"))["fromNumber"] == "+12125550109"


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
    sent = {"status": 1, "message": "Fax processed for sending", "data": {"jobId": JOB}}
    assert ifax.body("send", faxNumber=TO, subject="a cover alone") == sent
    assert ifax.finish(JOB) == fax_object(JOB, "delivered", 0, sent=1, seconds=35)
    begun = BEGUN + 35
    assert ifax.body("send", faxNumber=TO) == sent | {"data": {"jobId": JOB + 1}}
    assert ifax.finish(JOB + 1) == fax_object(JOB + 1, "failed", 9042, pages=0, seconds=2, begun=begun)


@pytest.mark.parametrize(
    ("digits", "status", "code"),
    [("06", 200, 12012), ("13", 200, 120100), ("20", 500, 256), ("21", 429, 11013)],
)
def test_a_magic_number_is_refused_at_submit(ifax: Ifax, digits: str, status: int, code: int) -> None:
    answer = ifax.call("send", {"faxNumber": f"+150055500{digits}", "faxData": [attachment()]})
    assert (answer.status_code, answer.json()) == (status, refusal(code))
    assert ifax.control.faxes() == []


@pytest.mark.parametrize("settings", [{}, {"max_attempts": 2}])
def test_as_many_calls_are_made_as_the_scenario_names(ifax: Ifax, settings: dict[str, int]) -> None:
    ifax.control.vendor("ifax", **settings)
    to = "+15005550004"
    assert ifax.finish(ifax.send(to)) == fax_object(JOB, "delivered", 0, to=to, sent=1, seconds=338)
    assert [each["outcome"] for each in ifax.control.faxes()[0]["attempts"]] == ["busy", "delivered"]


def test_redials_happen_when_the_account_allows_them(ifax: Ifax) -> None:
    ifax.control.vendor("ifax", max_attempts=2)
    to = "+15005550002"
    assert ifax.finish(ifax.send(to)) == fax_object(JOB, "failed", 263, to=to, seconds=310)
    assert [each["outcome"] for each in ifax.control.faxes()[0]["attempts"]] == ["busy", "busy"]
