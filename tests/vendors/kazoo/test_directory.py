"""What public fax clients read before a send, as a browser client signs in and looks around."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Control
from tests.vendors.kazoo.client import Kazoo, login, plain


@pytest.mark.parametrize("key", ["realm", "account_realm"])
def test_the_realm_of_the_credentials_opens_the_account(kazoo: Kazoo, key: str) -> None:
    realm = kazoo.credentials["account_realm"]
    name = kazoo.credentials["account_name"]
    assert realm == f"{name}.sip.localfax.test"
    told = login(kazoo, account_name=None, **{key: realm})["data"]
    assert told["account_id"] == kazoo.account


def test_the_default_sandbox_has_a_realm(server: Control) -> None:
    shown = server.call("GET", "/sandboxes/default", 200)["vendors"]["kazoo"]["credentials"]
    assert shown["account_realm"] == "localfax.sip.localfax.test"


def test_an_account_its_user_and_its_numbers_tell_who_faxes(kazoo: Kazoo) -> None:
    kazoo.control.vendor("kazoo", numbers=["(212) 555-0100", "+12125550101"])
    caller: dict[str, Any] = {
        "external": {"name": kazoo.credentials["account_name"], "number": "+12125550100"}
    }
    account = kazoo.get("")["data"]
    assert (account["caller_id"], account["realm"]) == (caller, kazoo.credentials["account_realm"])
    user = kazoo.get(f"/users/{login(kazoo)['data']['owner_id']}")["data"]
    assert user["caller_id"] == caller
    numbers = kazoo.get("/phone_numbers")["data"]["numbers"]
    assert list(numbers) == ["+12125550100", "+12125550101"]
    assert {row["state"] for row in numbers.values()} == {"in_service"}


def test_another_user_or_account_is_unknown(kazoo: Kazoo, server: Control) -> None:
    wrong = "f" * 32
    error = (404, "bad_identifier", {"cause": wrong, "message": "bad identifier"})
    kazoo.refused("GET", f"/users/{wrong}", error)
    other = Kazoo(server.create())
    assert kazoo.call("GET", f"{kazoo.root}/accounts/{other.account}").status_code == 403


def test_the_schema_of_a_fax_needs_no_token(kazoo: Kazoo) -> None:
    answer = plain("GET", f"{kazoo.root}/schemas/faxes")
    assert answer.status_code == 200
    assert answer.json()["data"]["required"] == ["from_number", "to_number"]
