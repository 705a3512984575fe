"""Tokens: where they may stand, how they end, and what a wrong one is told; and whose account one opens."""

from __future__ import annotations

from base64 import b64encode, urlsafe_b64encode
from typing import Any

import pytest

from tests.conftest import Control
from tests.vendors.kazoo.client import (
    BY_URL,
    FORBIDDEN,
    NO_TOKEN,
    UNKNOWN_TOKEN,
    Kazoo,
    check,
    login,
    plain,
    refusal,
    unknown,
)

LIST = "/faxes/outgoing"


def empty(kazoo: Kazoo, token: str) -> dict[str, Any]:
    """Give the whole body of a list of nothing, but for its revision."""
    return {
        "data": [],
        "page_size": 0,
        "start_key": [kazoo.account],
        "request_id": "asked by a test",
        "status": "success",
        "auth_token": token,
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
    answer = plain("GET", f"{kazoo.base}{LIST}", **carriers(kazoo.token)[carrier])
    body = check(answer, kazoo.token)
    assert (answer.status_code, body) == (200, {**empty(kazoo, kazoo.token), "revision": body["revision"]})


@pytest.mark.parametrize("carrier", list(carriers("")))
def test_an_unknown_token_is_refused_in_each_of_its_places(kazoo: Kazoo, carrier: str) -> None:
    refusal(plain("GET", f"{kazoo.base}{LIST}", **carriers("nobody")[carrier]), *UNKNOWN_TOKEN)


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
    refusal(plain("GET", f"{kazoo.base}{LIST}", headers=headers), *NO_TOKEN)


def test_an_account_id_or_api_key_is_no_token(kazoo: Kazoo) -> None:
    for word in (kazoo.account, kazoo.credentials["api_key"], kazoo.credentials["account_name"]):
        refusal(plain("GET", f"{kazoo.base}{LIST}", headers={"X-Auth-Token": word}), *UNKNOWN_TOKEN)


def test_a_login_ends_after_an_hour_on_the_sandboxs_clock_and_the_accounts_own_token_never(
    kazoo: Kazoo,
) -> None:
    own, kazoo.token = kazoo.token, login(kazoo)["auth_token"]
    kazoo.control.advance(by="59m")
    assert kazoo.get(LIST)["data"] == []
    kazoo.control.advance(by="1m")
    kazoo.refused("GET", LIST, UNKNOWN_TOKEN, token="")
    kazoo.token = own
    assert kazoo.get(LIST)["data"] == []
    assert login(kazoo)["auth_token"] != own


def test_a_deleted_token_ends_at_once_but_the_accounts_own_stays(kazoo: Kazoo) -> None:
    own, kazoo.token = kazoo.token, login(kazoo)["auth_token"]
    assert kazoo.answer("DELETE", f"{kazoo.root}/token_auth")["data"] == {}
    kazoo.refused("GET", LIST, UNKNOWN_TOKEN, token="")
    kazoo.token = own
    assert kazoo.answer("DELETE", f"{kazoo.root}/token_auth")["data"] == {}
    assert kazoo.get(LIST)["data"] == []


def test_a_token_of_another_account_cannot_be_read(kazoo: Kazoo, server: Control) -> None:
    other = Kazoo(server.create())
    kazoo.refused("GET", f"{kazoo.root}/user_auth/{other.token}", unknown(other.token))


def test_another_account_is_forbidden(kazoo: Kazoo, server: Control) -> None:
    other = Kazoo(server.create())
    kazoo.refused("GET", f"{other.base}{LIST}", FORBIDDEN)


def test_an_account_that_is_switched_off_is_locked(kazoo: Kazoo) -> None:
    kazoo.control.vendor("kazoo", active=False)
    kazoo.refused("GET", LIST, (423, "locked", {}))


def test_the_tokens_own_account_has_a_short_path(kazoo: Kazoo) -> None:
    job = kazoo.put("/faxes", {**BY_URL, "document": {"url": "http://x"}})
    listed = kazoo.get(f"{kazoo.root}/account{LIST}")
    row = {"created": kazoo.now(), "from": job["from_number"], "id": job["id"], "status": "pending"}
    assert listed["data"] == [{**row, "to": job["to_number"]}]
    assert listed["start_key"] == [kazoo.account]
    refusal(plain("GET", f"{kazoo.root}/account{LIST}"), *NO_TOKEN)


def test_a_login_survives_a_snapshot(kazoo: Kazoo, server: Control) -> None:
    token, other = login(kazoo)["auth_token"], Kazoo(server.create())
    snapshot = kazoo.control.call("GET", f"/sandboxes/{kazoo.control.id}/snapshot", 200)

    def load(into: Kazoo) -> None:
        into.control.call("POST", f"/sandboxes/{into.control.id}/snapshot", 200, json=snapshot)

    kazoo.control.call("POST", f"/sandboxes/{kazoo.control.id}/reset", 200)
    load(kazoo)
    load(other)
    kazoo.token = token
    assert kazoo.get(LIST)["data"] == []
    # As long as the first account is there, its tokens find no other.
    other.token = token
    other.refused("GET", LIST, FORBIDDEN)
    kazoo.control.call("DELETE", f"/sandboxes/{kazoo.control.id}", 204)
    other.refused("GET", LIST, UNKNOWN_TOKEN, token="")
    load(other)
    assert other.get(LIST)["start_key"] == [other.account]
    assert other.get(f"{other.root}/account{LIST}")["start_key"] == [other.account]
