"""Tokens: where they may stand, how one gets them, how they end, and what a wrong one is told."""

from __future__ import annotations

import hashlib
from base64 import b64encode, urlsafe_b64encode
from typing import Any

import pytest
import requests

from tests.conftest import WAIT, Control
from tests.vendors.kazoo.conftest import NUMBER, Kazoo

UNKNOWN_TOKEN = ("invalid credentials", {})
NO_TOKEN = ("invalid_credentials", {"message": "invalid credentials"})


def plain(method: str, url: str, **options: Any) -> requests.Response:
    return requests.request(method, url, timeout=WAIT, **options)


def digest(kazoo: Kazoo, method: str = "md5") -> str:
    text = f"{kazoo.credentials['user']}:{kazoo.credentials['password']}"
    return hashlib.new(method, text.encode()).hexdigest()


def login(kazoo: Kazoo, status: int = 201, **data: Any) -> Any:
    wanted = {"credentials": digest(kazoo), "account_name": kazoo.credentials["account_name"]} | data
    wanted = {key: value for key, value in wanted.items() if value is not None}
    answer = plain("PUT", f"{kazoo.root}/user_auth", json={"data": wanted})
    assert answer.status_code == status, answer.text
    return answer.json()


def refusal(message: str, data: Any, answer: requests.Response) -> None:
    body = answer.json()
    assert body == {
        "data": data,
        "error": str(answer.status_code),
        "message": message,
        "status": "error",
        "request_id": body["request_id"],
        "auth_token": body["auth_token"],
    }


def carriers(token: str) -> dict[str, dict[str, Any]]:
    pair = b64encode(f"user:{token}".encode()).decode()
    return {
        "header": {"headers": {"X-Auth-Token": token}},
        "query": {"params": {"auth_token": token}},
        "bearer": {"headers": {"Authorization": f"Bearer {token}"}},
        "basic": {"headers": {"Authorization": f"Basic {token}"}},
        "basic pair": {"headers": {"Authorization": f"Basic {pair}"}},
        "envelope": {"json": {"data": {}, "auth_token": token}},
    }


@pytest.mark.parametrize("carrier", list(carriers("")))
def test_a_token_is_taken_from_each_of_its_places(kazoo: Kazoo, carrier: str) -> None:
    answer = plain("GET", f"{kazoo.base}/faxes/outgoing", **carriers(kazoo.token)[carrier])
    assert (answer.status_code, answer.json()["auth_token"]) == (200, kazoo.token)


@pytest.mark.parametrize("carrier", list(carriers("")))
def test_an_unknown_token_is_refused_in_each_of_its_places(kazoo: Kazoo, carrier: str) -> None:
    answer = plain("GET", f"{kazoo.base}/faxes/outgoing", **carriers("nobody")[carrier])
    assert answer.status_code == 401
    refusal(*UNKNOWN_TOKEN, answer)


def broken_tokens() -> list[dict[str, str]]:
    text = urlsafe_b64encode(b"not an object").decode()
    return [
        {},
        {"X-Auth-Token": ""},
        {"X-Auth-Token": "a.b.c"},
        {"X-Auth-Token": f"{text}.{text}.x"},
        {"Authorization": "Digest x"},
    ]


@pytest.mark.parametrize("headers", broken_tokens())
def test_a_missing_or_unreadable_token_is_refused(kazoo: Kazoo, headers: dict[str, str]) -> None:
    answer = plain("GET", f"{kazoo.base}/faxes/outgoing", headers=headers)
    assert answer.status_code == 401
    refusal(*NO_TOKEN, answer)


def test_an_account_id_or_api_key_is_no_token(kazoo: Kazoo) -> None:
    for word in (kazoo.account, kazoo.credentials["api_key"], kazoo.credentials["account_name"]):
        answer = plain("GET", f"{kazoo.base}/faxes/outgoing", headers={"X-Auth-Token": word})
        assert answer.status_code == 401


def test_the_default_credentials_are_those_of_the_contract(server: Control) -> None:
    account = "0123456789abcdef0123456789abcdef"
    url = f"{server.url}/kazoo/v2/accounts/{account}/api_key"
    answer = plain("GET", url, headers={"X-Auth-Token": "kazoo-test-token"})
    assert answer.json()["data"] == {"api_key": "kazoo-test-api-key".ljust(64, "0")}
    wanted = {"credentials": hashlib.md5(b"admin:admin").hexdigest(), "account_name": "localfax"}
    answer = plain("PUT", f"{server.url}/kazoo/v2/user_auth", json={"data": wanted})
    assert (answer.status_code, answer.json()["data"]["account_id"]) == (201, account)


def test_user_auth_gives_a_token_that_works(kazoo: Kazoo) -> None:
    body = login(kazoo)
    owner = body["data"]["owner_id"]
    assert body == {
        "data": {
            "account_id": kazoo.account,
            "apps": [],
            "is_reseller": False,
            "language": "en-us",
            "owner_id": owner,
            "reseller_id": kazoo.account,
        },
        "revision": body["revision"],
        "request_id": body["request_id"],
        "status": "success",
        "auth_token": body["auth_token"],
    }
    kazoo.token = body["auth_token"]
    assert kazoo.get("/faxes/outgoing")["auth_token"] == body["auth_token"]
    told = kazoo.get(f"{kazoo.root}/user_auth/{kazoo.token}")["data"]
    assert told == body["data"]


def test_each_way_of_naming_the_account_and_of_hashing_works(kazoo: Kazoo) -> None:
    name = kazoo.credentials["account_name"]
    kazoo.control.vendor("kazoo", numbers=["+1 222 333 4444"])
    login(kazoo, method="sha", credentials=digest(kazoo, "sha1"))
    login(kazoo, account_name=None, account_realm=f"{name}.sip.localfax.test")
    login(kazoo, account_name=None, realm=f"{name}.sip.localfax.test")
    login(kazoo, account_name=None, phone_number="2223334444")


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
    body = login(kazoo, 401, **wrong)
    assert (body["message"], body["data"]) == NO_TOKEN


@pytest.mark.parametrize(
    ("wrong", "field", "rule", "text"),
    [
        ({"credentials": None}, "credentials", "required", "Field is required but missing"),
        ({"credentials": ""}, "credentials", "minLength", "String must be at least 1 characters"),
        ({"credentials": "x" * 65}, "credentials", "maxLength", "String must not be more than 64 characters"),
        ({"method": "md4"}, "method", "enum", "Value not found in enumerated list of values"),
        ({"account_name": None}, "account_name", "required", "Field is required but missing"),
    ],
)
def test_a_login_that_breaks_a_rule_is_told_which(
    kazoo: Kazoo, wrong: dict[str, Any], field: str, rule: str, text: str
) -> None:
    body = login(kazoo, 400, **wrong)
    assert body["message"] == "validation error"
    assert {name: list(rules) for name, rules in body["data"].items()} == {field: [rule]}
    assert body["data"][field][rule]["message"] == text


def api_auth(kazoo: Kazoo, key: str) -> requests.Response:
    return plain("PUT", f"{kazoo.root}/api_auth", json={"data": {"api_key": key}})


def test_api_auth_gives_a_token_without_an_owner(kazoo: Kazoo) -> None:
    answer = api_auth(kazoo, kazoo.get("/api_key")["data"]["api_key"])
    assert answer.status_code == 201
    assert answer.json()["data"] == {
        "account_id": kazoo.account, "apps": [], "is_reseller": False, "language": "en-us",
        "reseller_id": kazoo.account,
    }  # fmt: skip
    kazoo.token = answer.json()["auth_token"]
    kazoo.get("/faxes/outgoing")


def test_an_unknown_api_key_is_not_found(kazoo: Kazoo) -> None:
    key = "9" * 64
    answer = api_auth(kazoo, key)
    assert answer.status_code == 404
    refusal("bad identifier", [key], answer)
    rules = api_auth(kazoo, "short").json()["data"]["api_key"]
    assert rules == {
        "minLength": {
            "message": "String must be at least 64 characters",
            "target": 64,
            "cause": "short",
            "value": "short",
        }
    }


def test_a_login_ends_after_an_hour_on_the_sandboxs_clock_and_the_accounts_own_token_never(
    kazoo: Kazoo,
) -> None:
    own, kazoo.token = kazoo.token, login(kazoo)["auth_token"]
    kazoo.control.advance(by="59m")
    kazoo.get("/faxes/outgoing")
    kazoo.control.advance(by="1m")
    refusal(*UNKNOWN_TOKEN, kazoo.call("GET", "/faxes/outgoing"))
    kazoo.token = own
    kazoo.get("/faxes/outgoing")
    assert login(kazoo)["status"] == "success"


def test_a_deleted_token_ends_at_once_but_the_accounts_own_stays(kazoo: Kazoo) -> None:
    own, kazoo.token = kazoo.token, login(kazoo)["auth_token"]
    assert kazoo.answer("DELETE", f"{kazoo.root}/token_auth")["data"] == {}
    refusal(*UNKNOWN_TOKEN, kazoo.call("GET", "/faxes/outgoing"))
    kazoo.token = own
    kazoo.answer("DELETE", f"{kazoo.root}/token_auth")
    kazoo.get("/faxes/outgoing")


def test_a_token_of_another_account_cannot_be_read(kazoo: Kazoo, server: Control) -> None:
    other = Kazoo(server.create())
    url = f"{kazoo.root}/user_auth/{other.token}"
    refusal("bad_identifier", {"cause": other.token, "message": "bad identifier"}, kazoo.call("GET", url))


def test_another_account_is_forbidden(kazoo: Kazoo, server: Control) -> None:
    other = Kazoo(server.create())
    answer = kazoo.call("GET", f"{other.base}/faxes/outgoing")
    assert answer.status_code == 403
    refusal("forbidden", {"message": "forbidden"}, answer)


def test_an_account_that_is_switched_off_is_locked(kazoo: Kazoo) -> None:
    kazoo.control.vendor("kazoo", active=False)
    answer = kazoo.call("GET", "/faxes/outgoing")
    assert answer.status_code == 423
    refusal("locked", {}, answer)


def test_the_tokens_own_account_has_a_short_path(kazoo: Kazoo) -> None:
    job = kazoo.put("/faxes", {"document": {"url": "http://x"}, "from_number": NUMBER, "to_number": NUMBER})
    listed = kazoo.get(f"{kazoo.root}/account/faxes/outgoing")
    assert [row["id"] for row in listed["data"]] == [job["id"]]
    assert listed["start_key"] == [kazoo.account]
    answer = plain("GET", f"{kazoo.root}/account/faxes/outgoing")
    assert answer.status_code == 401


def statuses(kazoo: Kazoo, count: int) -> list[int]:
    return [kazoo.call("GET", "/faxes/outgoing?page_size=1").status_code for _ in range(count)]


def test_calls_are_not_limited_unless_the_profile_says_so(kazoo: Kazoo) -> None:
    for _ in range(3):
        login(kazoo)
    assert statuses(kazoo, 120) == [200] * 120
    for off in (False, 0, -1, None, "yes", 1e300):
        kazoo.control.vendor("kazoo", profile={"rate_limit": off})
        assert statuses(kazoo, 2) == [200] * 2


def test_one_hundred_calls_at_once_then_ten_a_second(kazoo: Kazoo) -> None:
    kazoo.control.vendor("kazoo", profile={"rate_limit": True})
    assert statuses(kazoo, 101) == [200] * 100 + [429]
    refusal("too_many_requests", {"message": "too many requests"}, kazoo.call("GET", "/faxes/outgoing"))
    kazoo.control.advance(by=1)
    assert statuses(kazoo, 11) == [200] * 10 + [429]
    kazoo.control.vendor("kazoo", profile={"rate_limit": False})
    assert statuses(kazoo, 1) == [200]


def test_the_bucket_may_have_another_size(kazoo: Kazoo) -> None:
    kazoo.control.vendor("kazoo", profile={"rate_limit": 3})
    assert statuses(kazoo, 4) == [200] * 3 + [429]
    kazoo.control.advance(by=60)
    assert statuses(kazoo, 4) == [200] * 3 + [429]


def test_a_login_costs_thirty_five_calls(kazoo: Kazoo) -> None:
    kazoo.control.vendor("kazoo", profile={"rate_limit": True})
    login(kazoo)
    api_auth(kazoo, kazoo.credentials["api_key"])
    assert statuses(kazoo, 31) == [200] * 30 + [429]
    assert login(kazoo, 429)["message"] == "too_many_requests"
    kazoo.control.advance(by=4)
    login(kazoo)


def test_a_login_survives_a_snapshot(kazoo: Kazoo, server: Control) -> None:
    token, other = login(kazoo)["auth_token"], Kazoo(server.create())
    snapshot = kazoo.control.call("GET", f"/sandboxes/{kazoo.control.id}/snapshot", 200)

    def load(into: Kazoo) -> None:
        into.control.call("POST", f"/sandboxes/{into.control.id}/snapshot", 200, json=snapshot)

    kazoo.control.call("POST", f"/sandboxes/{kazoo.control.id}/reset", 200)
    load(kazoo)
    load(other)
    kazoo.token = token
    assert kazoo.get("/faxes/outgoing")["auth_token"] == token
    # As long as the first account is there, its tokens find no other.
    other.token = token
    assert other.call("GET", "/faxes/outgoing").status_code == 403
    kazoo.control.call("DELETE", f"/sandboxes/{kazoo.control.id}", 204)
    assert other.call("GET", "/faxes/outgoing").status_code == 401
    load(other)
    assert other.get("/faxes/outgoing")["start_key"] == [other.account]
    assert other.get(f"{other.root}/account/faxes/outgoing")["start_key"] == [other.account]
