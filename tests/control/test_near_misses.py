"""What a request was nearly: the path, the method, the field, the credential that was meant."""

from __future__ import annotations

import json

import pytest
import requests

from tests.conftest import WAIT, Control
from tests.control.shown import requests_of
from tests.sending import send


def test_wrong_path_names_the_nearest(control: Control) -> None:
    url = f"{control.base_url('ifax')}/v1/customer/fax_send"
    requests.post(url, headers=control.credentials("ifax"), timeout=WAIT)
    [call] = requests_of(control)["requests"]
    assert call["near_misses"] == ["no such path; nearest is POST /v1/customer/fax-send"]


def test_wrong_method_names_the_right_one(control: Control) -> None:
    url = f"{control.base_url('ifax')}/v1/customer/fax-send"
    requests.get(url, headers=control.credentials("ifax"), timeout=WAIT)
    [call] = requests_of(control)["requests"]
    assert call["near_misses"] == ["/v1/customer/fax-send takes POST, not GET"]


def test_misspelt_field_is_found(control: Control) -> None:
    url = f"{control.base_url('ifax')}/v1/customer/fax-send"
    body = {"fax_number": "+12125550123", "faxData": []}
    requests.post(url, json=body, headers=control.credentials("ifax"), timeout=WAIT)
    [call] = requests_of(control)["requests"]
    assert "field `faxNumber` missing, found `fax_number`" in call["near_misses"]


def test_misspelt_form_field_is_found(control: Control) -> None:
    url = f"{control.base_url('openfax')}/faxSendSubmit.php"
    requests.post(url, data={**control.credentials("openfax"), "fax_number": "12125550123"}, timeout=WAIT)
    [call] = requests_of(control)["requests"]
    assert "field `FaxNumber` missing, found `fax_number`" in call["near_misses"]


@pytest.mark.parametrize(
    ("asked", "path", "meant"),
    [
        ("mfax", "/v1/customer/fax-send", "this is iFax's path: /ifax/v1/customer/fax-send"),
        ("ifax", "/faxSendSubmit.php", "this is Openfax's path: /openfax/faxSendSubmit.php"),
        ("openfax", "/v1/faxes", "this is mFax's path: /mfax/v1/faxes"),
    ],
)
def test_a_path_below_the_prefix_of_another_vendor_is_told(
    server: Control, asked: str, path: str, meant: str
) -> None:
    requests.post(f"{server.url}/{asked}{path}", timeout=WAIT)
    [call] = requests_of(server, "?limit=1")["requests"]
    assert (call["vendor"], call["near_misses"]) == (asked, [meant])


def test_misspelt_fields_of_parts_are_found(control: Control) -> None:
    url = f"{control.base_url('kazoo')}/v2/accounts/{control.credentials('kazoo')['account']}/faxes"
    key = {"X-Auth-Token": control.credentials("kazoo")["X-Auth-Token"]}
    requests.put(url, json={"data": {"toNumber": "+12125550123"}}, headers=key, timeout=WAIT)
    url = f"{control.base_url('ifax')}/v1/customer/fax-send"
    body = {"faxNumber": "+12125550123", "faxData": [{"filename": "a.pdf", "fileData": "QQ=="}]}
    requests.post(url, json=body, headers=control.credentials("ifax"), timeout=WAIT)
    ifax, kazoo = requests_of(control)["requests"]
    assert "field `faxData[0].fileName` missing, found `faxData[0].filename`" in ifax["near_misses"]
    assert "field `data.to_number` missing, found `data.toNumber`" in kazoo["near_misses"]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("faxResolution", "9", "field `faxResolution` cannot be '9'"),
        ("faxResolution", "", "field `faxResolution` is empty, which counts as missing"),
        ("PDF_encode", "*", "field `PDF_encode` is no base64"),
    ],
)
def test_what_openfax_has_no_word_for_is_told(control: Control, field: str, value: str, said: str) -> None:
    form = {**control.credentials("openfax"), "FaxNumber": "12125550123", "faxResolution": "0"}
    form |= {"paperSize": "0", "Priority": "Normal", "PDF_encode": "JVBERi0=", field: value}
    requests.post(f"{control.base_url('openfax')}/faxSendSubmit.php", data=form, timeout=WAIT)
    [call] = requests_of(control)["requests"]
    assert call["near_misses"] == [said]


def test_of_a_body_that_is_not_kept_whole_nothing_is_missed(control: Control) -> None:
    url = f"{control.base_url('ifax')}/v1/customer/fax-send"
    body = {"faxData": [{"fileName": "a.txt", "fileData": "QQ==" * 2000}], "faxNumber": "1"}
    requests.post(url, json=body, headers=control.credentials("ifax"), timeout=WAIT)
    assert send(control, "kazoo").status_code == 201
    kazoo, ifax = requests_of(control)["requests"]
    assert json.loads(ifax["answer"])["status"] == 0
    assert (ifax["near_misses"], kazoo["near_misses"]) == ([], [])


SHUT = {
    "openfax": (
        "/faxSendSubmit.php",
        {"data": {"AccountID": "123456789", "APIKey": "wrong", "FaxNumber": "1"}},
    ),
    "kazoo": (
        "/v2/accounts/0123456789abcdef0123456789abcdef/faxes/outgoing",
        {"headers": {"X-Auth-Token": "wrong"}},
    ),
    "ifax": ("/v1/customer/fax-status", {"headers": {"accessToken": "wrong"}, "json": {"jobId": 1}}),
    "mfax": ("/v1/fax/history", {"headers": {"Authorization": "Basic wrong"}}),
    "faxto": ("/api/v2/balance", {"params": {"api_key": "wrong"}}),
}
"""By vendor, a call with credentials of nobody."""
SENT = {
    "openfax": "AccountID 123456789, APIKey …g open",
    "kazoo": "X-Auth-Token …g opens",
    "ifax": "accessToken …g opens",
    "mfax": "Authorization Basic …g opens",
    "faxto": "api_key …g opens",
}
"""What is named of those that were sent: of a key that is nobody's only the end."""
OWN = {
    "openfax": "AccountID 123456789, APIKey IEYRtw2cd8aGa54",
    "kazoo": "X-Auth-Token kazoo-test-token",
    "ifax": "accessToken ifax-test-key",
    "mfax": "Authorization Basic mfax-test-key",
    "faxto": "api_key f@x2r0ckkz",
}
"""What is named of those that the default sandbox has."""


@pytest.mark.parametrize("vendor", SHUT)
def test_credentials_of_nobody_are_what_is_wrong_and_not_the_fields(server: Control, vendor: str) -> None:
    where, options = SHUT[vendor]
    method = "POST" if {"data", "json"} & set(options) else "GET"
    requests.request(method, f"{server.url}/{vendor}{where}", timeout=WAIT, **options)
    [call] = requests_of(server, "?limit=1")["requests"]
    assert (call["vendor"], call["path"]) == (vendor, where)
    said = f"{SENT[vendor]} no active account; this sandbox has {OWN[vendor]}; "
    assert call["near_misses"] == [f"{said}GET /_localfax/sandboxes gives those that do"]


@pytest.mark.parametrize("account", ["0123", "f" * 32])
def test_another_account_in_the_path_is_told_with_this_sandboxs(server: Control, account: str) -> None:
    where = f"{server.url}/kazoo/v2/accounts/{account}/faxes/outgoing"
    requests.get(where, headers={"X-Auth-Token": "kazoo-test-token"}, timeout=WAIT)
    [call] = requests_of(server, "?limit=1")["requests"]
    own = "0123456789abcdef0123456789abcdef"
    assert call["near_misses"] == [f"account {account} is not this sandbox's: it has account {own}"]


def test_of_a_request_without_credentials_that_is_said(server: Control) -> None:
    requests.get(f"{server.url}/faxto/api/v2/balance", timeout=WAIT)
    [call] = requests_of(server, "?limit=1")["requests"]
    assert call["near_misses"][0].startswith("no credentials were sent that open an active account; this ")


def test_a_401_that_a_scenario_asks_for_says_nothing_of_the_credentials(control: Control) -> None:
    rule = {"name": "shut", "http": {"status": 401}}
    control.call("POST", f"/sandboxes/{control.id}/scenarios", 201, json=rule)
    send(control, "faxto")
    call = requests_of(control)["requests"][0]
    assert (call["status"], call["matched"]["scenario"], call["near_misses"]) == (401, "shut", [])
