"""Hostile and senseless calls: a documented answer, never an error of ours."""

from __future__ import annotations

import re
import subprocess
from typing import Any

import pytest
import requests

from emulator.vendors.openfax import vendor
from tests.conftest import WAIT, Control
from tests.vendors.openfax.conftest import Openfax, body_of

SCRIPTS = {
    "faxSendSubmit.php": {"Response": "InvalidAuthentication"},
    "getAvailableCredit.php": [{"Response": "InvalidAuthentication"}],
    "outboundDetailsbyDate.php": [{"Response": "InvalidAuthentication"}],
    "getNewFax.php": [{"Response": "InvalidMissingValue"}],
    "inboundReadUnread.php": [{"Response": "InvalidMissingValue"}],
    "getAccountDIDS.php": [{"Response": "InvalidMissingValue"}],
}

BODIES: list[dict[str, Any]] = [
    {},
    {"data": b""},
    {"data": b"\xff\xfe\x00AccountID=\xff", "headers": {"Content-Type": "application/x-www-form-urlencoded"}},
    {"data": b"{" * 100_000, "headers": {"Content-Type": "application/json"}},
    {"json": [{"AccountID": ["x"]}]},
    {"data": b"--x\r\n", "headers": {"Content-Type": "multipart/form-data; boundary=x"}},
    {"data": b"nothing", "headers": {"Content-Type": "multipart/form-data"}},
    {"data": {"AccountID[]": "1", "APIKey[a][b]": "2"}},
    {
        "data": b"AccountID=%00%ff&APIKey=%zz",
        "headers": {"Content-Type": "application/x-www-form-urlencoded"},
    },
    {"params": {"AccountID": "x" * 5000, "APIKey": "/" * 100}},
]


@pytest.mark.parametrize("script", SCRIPTS)
def test_broken_bodies_are_calls_without_good_credentials(server: Control, script: str) -> None:
    for options in BODIES:
        answer = requests.post(f"{server.url}/openfax/{script}", timeout=WAIT, **options)
        body = body_of(answer)
        expected = [SCRIPTS[script], [{"Response": "InvalidAuthentication"}]]
        assert body in expected, options


def test_answers_are_compact_as_in_the_samples(openfax: Openfax) -> None:
    assert openfax.submit(Priority="x").content == b'{"Response":"InvalidPriority"}'
    assert openfax.call("getAvailableCredit.php", openfax.account).content == b'[{"AvailableCredit":100.0}]'


def test_form_weighs_more_than_query_and_the_last_of_equal_names_counts(openfax: Openfax) -> None:
    url = f"{openfax.url('getAvailableCredit.php')}?AccountID=1&APIKey=2"
    account = [("AccountID", "1"), *openfax.account.items()]
    assert body_of(requests.post(url, data=account, timeout=WAIT)) == [{"AvailableCredit": 100.0}]


def test_api_key_is_case_sensitive_and_belongs_to_its_account(openfax: Openfax, server: Control) -> None:
    other = server.create().credentials("openfax")
    for wrong in ({"APIKey": openfax.account["APIKey"].upper()}, {"APIKey": other["APIKey"]}):
        given = openfax.account | wrong
        if given != openfax.account:
            assert body_of(openfax.call("getAvailableCredit.php", given)) == [
                {"Response": "InvalidAuthentication"}
            ]


def test_default_sandbox_has_the_documented_credentials(server: Control) -> None:
    account = {"AccountID": "123456789", "APIKey": "IEYRtw2cd8aGa54"}
    [body] = body_of(
        requests.get(f"{server.url}/openfax/getAvailableCredit.php", params=account, timeout=WAIT)
    )
    assert list(body) == ["AvailableCredit"]


def test_unknown_path_and_method_are_answered_in_json(server: Control) -> None:
    for method, path, status in (
        ("GET", "/nothing.php", 404),
        ("PUT", "/faxSendSubmit.php", 405),
        ("GET", "/", 404),
    ):
        answer = requests.request(method, f"{server.url}/openfax{path}", timeout=WAIT)
        assert (answer.status_code, answer.json()) == (status, {"Response": "Failed"})


def test_body_over_the_limit_is_refused(openfax: Openfax) -> None:
    answer = openfax.submit(PDF_encode="A" * (129 * 2**20))
    assert (answer.status_code, answer.json()) == (413, {"Response": "Failed"})


def test_odd_texts_come_back_as_they_were(openfax: Openfax) -> None:
    openfax.send(toHeader="<b>&\"'\x00é", frHeader="\U0001f4e0 fax")
    [row] = openfax.history()
    assert (row["ToHeader"], row["FromHeader"]) == ("<b>&\"'\x00é", "\U0001f4e0 fax")


def test_vendor_answers_by_host_name_too(server: Control) -> None:
    account = {"AccountID": "123456789", "APIKey": "IEYRtw2cd8aGa54"}
    url = f"{server.url}/getAvailableCredit.php"
    answer = requests.get(url, params=account, headers={"Host": "api.openfax.com"}, timeout=WAIT)
    assert "AvailableCredit" in body_of(answer)[0]


def test_sample_line_works_as_it_stands(server: Control) -> None:
    line = vendor.sample.format(base=f"{server.url}/openfax", **vendor.credentials)
    done = subprocess.run(line, shell=True, capture_output=True, text=True, timeout=WAIT, check=True)
    assert re.fullmatch(r'\{"Response":"Success","OutTransID":[0-9]+\}', done.stdout)


PARAMETERS = {
    "outboundDetailsbyDate.php": {"FromDate": "2100-03-09", "ToDate": "2100-03-10", "DetailType": "1"},
    "getNewFax.php": {"FaxType": "PDF"},
    "inboundReadUnread.php": {"FromInTransID": "1", "ToInTransID": "2", "ReadUnreadFlag": "0"},
}


@pytest.mark.parametrize(
    ("script", "name"), [(script, name) for script, all_ in PARAMETERS.items() for name in all_]
)
def test_missing_and_empty_parameters_answer_alike(openfax: Openfax, script: str, name: str) -> None:
    good = {**openfax.account, **PARAMETERS[script]}
    missing = {each: value for each, value in good.items() if each != name}
    answers = [body_of(openfax.call(script, given)) for given in (missing, good | {name: ""})]
    assert answers == [[{"Response": "InvalidMissingValue"}]] * 2
