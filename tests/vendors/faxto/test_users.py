"""Keys: registration, login, sub-users, and calls without a good one."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
import requests

from tests.conftest import WAIT, Control
from tests.vendors.faxto.conftest import Faxto


def address() -> str:
    return f"{uuid4().hex}@example.com"


def post(server: Control, path: str, **options: Any) -> requests.Response:
    return requests.post(f"{server.url}/faxto/api/v2{path}", timeout=WAIT, **options)


def test_new_user_of_an_account_has_a_key_that_works(faxto: Faxto) -> None:
    body = faxto.call("POST", "/user", data={"email": "someone@example.com", "password": "secret"})
    assert list(body) == ["status", "api_key"]
    assert body["status"] == "success"
    faxto.upload()
    faxto.key = body["api_key"]
    assert len(faxto.get("/files")) == 1


@pytest.mark.parametrize("carrier", ["data", "json", "files", "params"])
def test_anybody_can_register_and_log_in_without_a_key(server: Control, carrier: str) -> None:
    fields = {"email": address(), "password": "secret"}
    carried = {name: (None, value) for name, value in fields.items()} if carrier == "files" else fields
    made = post(server, "/user", **{carrier: carried})
    assert (made.status_code, list(made.json())) == (200, ["status", "api_key"])
    found = post(server, "/user/login", **{carrier: carried})
    assert (found.status_code, found.json()) == (200, made.json())


def test_login_without_a_key_finds_the_account_of_the_address(faxto: Faxto, server: Control) -> None:
    fields = {"email": address(), "password": "secret"}
    made = faxto.call("POST", "/subuser", data=fields)
    assert post(server, "/user/login", data=fields).json() == made
    upper = fields | {"email": fields["email"].upper()}
    assert post(server, "/user/login", data=upper).json() == made


def test_sub_user_may_have_no_password(faxto: Faxto) -> None:
    body = faxto.call("POST", "/subuser", data={"email": "sub@example.com"})
    assert list(body) == ["status", "api_key"]
    message = faxto.fail("POST", "/user/login", 400, data={"email": "sub@example.com", "password": "x"})
    assert message == "The email or the password is wrong"


def test_sub_user_needs_the_accounts_key(server: Control) -> None:
    answer = post(server, "/subuser", data={"email": address()})
    assert (answer.status_code, answer.json()) == (401, {"status": "failed", "message": "Unauthorized"})


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, "The email is required"),
        ({"email": "someone@example.com"}, "The password is required"),
        ({"email": "nobody", "password": "x"}, "The email is not valid"),
        ({"email": f"{'x' * 250}@example.com", "password": "x"}, "The email is not valid"),
        ({"email": "someone@example.com", "password": ""}, "The password is not valid"),
        ({"email": "someone@example.com", "password": "x" * 300}, "The password is not valid"),
    ],
)
@pytest.mark.parametrize("path", ["/user", "/user/login"])
def test_bad_registration_or_login_is_told(
    faxto: Faxto, path: str, fields: dict[str, str], message: str
) -> None:
    assert faxto.fail("POST", path, 400, data=fields) == message


def test_address_is_taken_once(faxto: Faxto) -> None:
    fields = {"email": "one@example.com", "password": "x"}
    faxto.call("POST", "/user", data=fields)
    again = fields | {"email": "ONE@example.com"}
    for path in ("/user", "/subuser"):
        assert faxto.fail("POST", path, 400, data=again) == "The email has already been taken"


def test_wrong_password_or_unknown_address_does_not_log_in(faxto: Faxto, server: Control) -> None:
    fields = {"email": address(), "password": "right"}
    faxto.call("POST", "/user", data=fields)
    for wrong in (fields | {"password": "wrong"}, fields | {"email": address()}):
        answer = post(server, "/user/login", data=wrong)
        body = {"status": "failed", "message": "The email or the password is wrong"}
        assert (answer.status_code, answer.json()) == (400, body)


def test_key_of_a_user_dies_with_a_reset_and_the_accounts_own_lives(faxto: Faxto) -> None:
    own = faxto.key
    faxto.key = faxto.call("POST", "/user", data={"email": "a@example.com", "password": "x"})["api_key"]
    faxto.balance()
    faxto.control.call("POST", f"/sandboxes/{faxto.control.id}/reset", 200)
    assert faxto.fail("GET", "/balance", 401) == "Unauthorized"
    faxto.key = own
    assert faxto.balance() == 100.0


def test_sandboxes_of_one_seed_give_their_users_different_keys(server: Control, document: Any) -> None:
    users = [Faxto(server.create(seed="same"), document) for _ in range(2)]
    keys = [
        each.call("POST", "/user", data={"email": address(), "password": "x"})["api_key"] for each in users
    ]
    assert len(set(keys)) == 2


PATHS = [
    ("POST", "/fax"),
    ("GET", "/fax"),
    ("GET", "/fax/1/costs"),
    ("GET", "/fax/1/status"),
    ("GET", "/fax-history"),
    ("POST", "/files"),
    ("GET", "/files"),
    ("DELETE", "/files/1"),
    ("GET", "/file-clean"),
    ("GET", "/file-generate-preview"),
    ("GET", "/balance"),
    ("POST", "/subuser"),
    ("GET", "/numbers"),
    ("GET", "/incoming-faxes"),
    ("GET", "/incoming-faxes/1"),
    ("GET", "/countries"),
    ("GET", "/states/USA"),
    ("GET", "/areacodes/USA/1"),
    ("GET", "/countries/USA/didgroups"),
    ("POST", "/countries/didgroups/1/provision"),
]


@pytest.mark.parametrize(("method", "path"), PATHS)
def test_call_without_a_good_key_is_unauthorized(server: Control, method: str, path: str) -> None:
    url = f"{server.url}/faxto/api/v2{path}"
    for options in (
        {},
        {"params": {"api_key": "x"}},
        {"headers": {"api_key": "login:a@b"}},
        {"json": {"api_key": [1]}},
    ):
        answer = requests.request(method, url, timeout=WAIT, **options)
        assert (answer.status_code, answer.json()) == (401, {"status": "failed", "message": "Unauthorized"})


def test_inactive_account_is_unauthorized(faxto: Faxto) -> None:
    faxto.control.vendor("faxto", active=False)
    assert faxto.fail("GET", "/balance", 401) == "Unauthorized"


def test_unknown_path_and_method_are_answered_in_json(faxto: Faxto) -> None:
    assert faxto.fail("GET", "/nothing", 404) == "Resource not found"
    assert faxto.fail("PUT", "/fax", 405) == "Method Not Allowed"
    answer = requests.get(f"{faxto.control.url}/faxto/", timeout=WAIT)
    assert (answer.status_code, answer.json()) == (404, {"status": "failed", "message": "Resource not found"})


@pytest.mark.parametrize("host", ["fax.to", "api.fax.to"])
def test_vendor_answers_by_host_name_too(server: Control, host: str) -> None:
    url = f"{server.url}/api/v2/balance?api_key=f@x2r0ckkz"
    answer = requests.get(url, headers={"Host": host}, timeout=WAIT)
    assert (answer.status_code, answer.json()["status"]) == (200, "success")


def test_key_of_a_user_survives_a_snapshot_of_its_sandbox(server: Control, faxto: Faxto) -> None:
    email = address()
    key = faxto.call("POST", "/user", data={"email": email, "password": "secret"})["api_key"]
    taken = faxto.control.call("GET", f"/sandboxes/{faxto.control.id}/snapshot", 200)
    faxto.control.call("DELETE", f"/sandboxes/{faxto.control.id}", 204)
    heir = server.create()
    heir.call("POST", f"/sandboxes/{heir.id}/snapshot", 200, json=taken)
    found = post(server, "/user/login", json={"email": email, "password": "secret"})
    assert (found.status_code, found.json()) == (200, {"status": "success", "api_key": key})
