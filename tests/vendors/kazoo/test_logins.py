"""Logging in with user and password or with the account's key, and what a wrong login is told."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
import requests

from tests.conftest import Control
from tests.vendors.kazoo.client import (
    NO_TOKEN,
    VALIDATION,
    Kazoo,
    check,
    digest,
    log_in,
    login,
    plain,
    refusal,
)
from tests.vendors.kazoo.rules import not_allowed, one_of, required, too_long, too_short


def about(kazoo: Kazoo, owner: str | None = None) -> dict[str, Any]:
    """Give what a login tells of the account."""
    told = {
        "account_id": kazoo.account,
        "apps": [],
        "is_reseller": False,
        "language": "en-us",
        "reseller_id": kazoo.account,
    }
    return told if owner is None else {**told, "owner_id": owner}


def api_auth(kazoo: Kazoo, key: str) -> requests.Response:
    return plain("PUT", f"{kazoo.root}/api_auth", json={"data": {"api_key": key}})


def test_the_default_credentials_are_those_of_the_contract(server: Control) -> None:
    account = "0123456789abcdef0123456789abcdef"
    url = f"{server.url}/kazoo/v2/accounts/{account}/api_key"
    answer = plain("GET", url, headers={"X-Auth-Token": "kazoo-test-token"})
    assert check(answer, "kazoo-test-token")["data"] == {"api_key": "kazoo-test-api-key".ljust(64, "0")}
    wanted = {"credentials": hashlib.md5(b"admin:admin").hexdigest(), "account_name": "localfax"}
    answer = plain("PUT", f"{server.url}/kazoo/v2/user_auth", json={"data": wanted})
    assert (answer.status_code, answer.json()["data"]["account_id"]) == (201, account)


def test_user_auth_gives_a_token_that_works(kazoo: Kazoo) -> None:
    body = login(kazoo)
    assert body["data"] == about(kazoo, owner=body["data"]["owner_id"])
    assert len(body["data"]["owner_id"]) == 32
    kazoo.token = body["auth_token"]
    assert kazoo.get("/faxes/outgoing")["data"] == []
    assert kazoo.get(f"{kazoo.root}/user_auth/{kazoo.token}")["data"] == body["data"]


def test_each_way_of_naming_the_account_and_of_hashing_works(kazoo: Kazoo) -> None:
    realm = f"{kazoo.credentials['account_name']}.sip.localfax.test"
    kazoo.control.vendor("kazoo", numbers=["+1 222 333 4444"])
    first = login(kazoo)["data"]
    ways: list[dict[str, Any]] = [
        {"method": "md5"},
        {"method": "sha", "credentials": digest(kazoo, "sha1")},
        {"account_name": None, "account_realm": realm},
        {"account_name": None, "realm": realm},
        {"account_name": None, "phone_number": "2223334444"},
    ]
    assert [login(kazoo, **way)["data"] for way in ways] == [first] * len(ways)


@pytest.mark.parametrize(
    "wrong",
    [
        {"credentials": "0" * 32},
        {"method": "sha"},
        {"account_name": "nobody"},
        {"account_name": None, "phone_number": "1"},
    ],
)
def test_wrong_credentials_are_refused(kazoo: Kazoo, wrong: dict[str, Any]) -> None:
    refusal(log_in(kazoo, **wrong), *NO_TOKEN)


@pytest.mark.parametrize(
    ("wrong", "rules"),
    [
        ({"credentials": None}, {"credentials": required("credentials")}),
        ({"credentials": ""}, {"credentials": too_short(1, "")}),
        ({"credentials": "x" * 65}, {"credentials": too_long(64, "x" * 65)}),
        ({"method": "md4"}, {"method": one_of("md5", "sha", value="md4")}),
        ({"account_name": None}, {"account_name": required("account_name")}),
    ],
)
def test_a_login_that_breaks_a_rule_is_told_which(
    kazoo: Kazoo, wrong: dict[str, Any], rules: dict[str, Any]
) -> None:
    refusal(log_in(kazoo, **wrong), 400, VALIDATION, rules)


def test_api_auth_gives_a_token_without_an_owner(kazoo: Kazoo) -> None:
    answer = api_auth(kazoo, kazoo.get("/api_key")["data"]["api_key"])
    kazoo.token = answer.json()["auth_token"]
    assert (answer.status_code, check(answer, kazoo.token)["data"]) == (201, about(kazoo))
    assert kazoo.get("/faxes/outgoing")["data"] == []


def test_an_unknown_api_key_is_not_found_and_a_short_one_breaks_a_rule(kazoo: Kazoo) -> None:
    refusal(api_auth(kazoo, "9" * 64), 404, "bad identifier", ["9" * 64])
    refusal(api_auth(kazoo, "short"), 400, VALIDATION, {"api_key": too_short(64, "short")})
    refusal(api_auth(kazoo, "x" * 65), 400, VALIDATION, {"api_key": too_long(64, "x" * 65)})


def test_api_auth_takes_the_key_and_nothing_else(kazoo: Kazoo) -> None:
    key = kazoo.credentials["api_key"]
    for data, rules in (
        ({"api_key": key, "method": "md5"}, {"method": not_allowed("md5")}),
        ({"apikey": key}, {"api_key": required("api_key"), "apikey": not_allowed(key)}),
    ):
        answer = plain("PUT", f"{kazoo.root}/api_auth", json={"data": data})
        refusal(answer, 400, VALIDATION, rules)
