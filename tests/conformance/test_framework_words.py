"""What HTTP itself refuses is said by every vendor in its own words: the framework below says nothing."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from emulator.vendors import all_vendors
from tests.conftest import Control, exchange

SENTENCES = (
    "requested URL",
    "manually",
    "check your spelling",
    "<!doctype",
    "<html",
    "Werkzeug",
    "could not understand",
)
"""Pieces of what Flask and Werkzeug say of their own."""

GOOD: dict[str, str] = {
    "openfax": "/getAvailableCredit.php",
    "kazoo": "/v2/accounts/{account}/faxes/outgoing",
    "ifax": "/v1/customer/inbound/number-list",
    "mfax": "/v1/me",
    "faxto": "/api/v2/balance",
}
"""A path that each vendor has."""


class Caller:
    """Calls a vendor with the credentials of a sandbox, as its clients do."""

    def __init__(self, control: Control, vendor: str) -> None:
        self.known = control.credentials(vendor)
        self.base = control.base_url(vendor)
        self.path = GOOD[vendor].format(**self.known)
        headers: dict[str, dict[str, str]] = {
            "kazoo": {"X-Auth-Token": self.known.get("X-Auth-Token", "")},
            "ifax": {"accessToken": self.known.get("accessToken", "")},
            "mfax": {"Authorization": self.known.get("Authorization", "")},
        }
        self.options: dict[str, Any] = {"headers": headers.get(vendor, {})}
        if vendor in ("openfax", "faxto"):
            self.options["params"] = self.known

    def call(self, method: str, path: str) -> requests.Response:
        return exchange(method, self.base + path, allow_redirects=False, **self.options)


@pytest.fixture(params=list(all_vendors()))
def caller(server: Control, request: pytest.FixtureRequest) -> Caller:
    return Caller(server.create(), request.param)


def said(answer: requests.Response) -> str:
    assert answer.headers["Content-Type"] == "application/json"
    assert isinstance(answer.json(), dict)
    assert [sentence for sentence in SENTENCES if sentence in answer.text] == []
    return answer.text


@pytest.mark.parametrize("path", ["/nothing", "/nothing.php", "/v1/nothing", "/"])
def test_an_unknown_path_is_said_without_a_sentence_of_the_framework(caller: Caller, path: str) -> None:
    answer = caller.call("GET", path)
    said(answer)
    assert answer.status_code in (401, 404)


def test_a_method_that_is_not_there_is_told_those_that_are(caller: Caller) -> None:
    answer = caller.call("TRACE", caller.path)
    said(answer)
    if "customer" in caller.path:  # iFax says with 200, by a code of its table, that the method is wrong
        assert (answer.status_code, answer.json()["code"]) == (200, 12010)
        return
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) & {"GET", "POST"}


def test_a_slash_too_many_behind_the_base_url_leads_where_a_single_one_does(caller: Caller) -> None:
    single, double = (caller.call("POST" if "number-list" in caller.path else "GET", slashes + caller.path)
                      for slashes in ("", "/"))  # fmt: skip
    assert (double.status_code, double.headers["Content-Type"]) == (single.status_code, "application/json")
    assert double.status_code == 200
