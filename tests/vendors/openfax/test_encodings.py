"""Every script is called by GET and by POST, and reads query, urlencoded and multipart form alike."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from tests.vendors.openfax.conftest import ENCODINGS, Openfax, body_of

SENDING = ["/faxSendSubmit.php", "/getAvailableCredit.php", "/outboundDetailsbyDate.php"]
SCRIPTS = [*SENDING, "/getNewFax.php", "/inboundReadUnread.php", "/getAccountDIDS.php"]
FORMS = ["application/x-www-form-urlencoded", "multipart/form-data"]
WAYS = list(product(("GET", "POST"), ENCODINGS))


def told(openfax: Openfax, script: str, way: tuple[str, str], **given: str) -> Any:
    method, encoding = way
    options = ENCODINGS[encoding]({**openfax.account, **given, "unknown": "ignored"})
    return body_of(openfax.call(script, {}, method, **options))


@pytest.mark.parametrize("way", WAYS, ids="-".join)
def test_reading_scripts_answer_the_same_in_each_way(openfax: Openfax, way: tuple[str, str]) -> None:
    openfax.control.vendor("openfax", numbers=["+17205721703"])
    openfax.send()
    openfax.receive()
    assert told(openfax, "getAvailableCredit.php", way) == [{"AvailableCredit": 99.95}]
    days = {"FromDate": openfax.day(), "ToDate": openfax.day(), "DetailType": "1"}
    assert told(openfax, "outboundDetailsbyDate.php", way, **days) == openfax.history()
    usual = body_of(openfax.call("getAccountDIDS.php", openfax.account))
    assert told(openfax, "getAccountDIDS.php", way) == usual
    assert [row["DID"] for row in usual] == ["7205721703"]


@pytest.mark.parametrize("way", WAYS, ids="-".join)
def test_new_faxes_are_taken_and_given_back_in_each_way(openfax: Openfax, way: tuple[str, str]) -> None:
    openfax.receive()
    [fax] = told(openfax, "getNewFax.php", way, FaxType="PDF")
    assert told(openfax, "getNewFax.php", way, FaxType="PDF") == [{"Response": "NoNewFaxReceived"}]
    number = fax["InTransID"]
    flag = {"FromInTransID": number, "ToInTransID": number, "ReadUnreadFlag": "0"}
    assert told(openfax, "inboundReadUnread.php", way, **flag) == [{"Response": "Success"}]
    assert told(openfax, "getNewFax.php", way, FaxType="PDF") == [fax]


def test_json_is_not_read_and_not_described(openfax: Openfax) -> None:
    refused = openfax.call("getAvailableCredit.php", {}, "POST", json=openfax.account)
    assert body_of(refused) == [{"Response": "InvalidAuthentication"}]
    paths = openfax.control.call("GET", "/openapi/openfax.json", 200)["paths"]
    posted = {path: each["post"] for path, each in paths.items() if "post" in each}
    shown = {path: list(each["requestBody"]["content"]) for path, each in posted.items()}
    assert shown == dict.fromkeys(SCRIPTS, FORMS)
