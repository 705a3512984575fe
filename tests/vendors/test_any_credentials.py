"""--any-credentials: a key of somebody's real account opens the default sandbox, and is shown nowhere."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from emulator.app import App
from emulator.config import Config
from emulator.server.http_server import in_process
from tests.conftest import WAIT, Control

KEY = "sk-live+8d1f/0aa3=Z99q"
ACCOUNT = "f00dfeedf00dfeedf00dfeedf00dfeed"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj 3 0 obj<</Type/Page/MediaBox[0 0 9 9]/Parent 2 0 R>>endobj\ntrailer<</Root 1 0 R>>"  # noqa: E501
ABOUT = json.dumps({"data": {"to_number": "12125550123", "from_number": "12125550100"}})
ENCODED = base64.b64encode(PDF).decode()

SENDS: dict[str, tuple[str, dict[str, Any]]] = {
    "openfax": (
        "/faxSendSubmit.php",
        {"data": {"AccountID": "987654321", "APIKey": KEY, "FaxNumber": "12125550123", "paperSize": "0",
                  "faxResolution": "0", "Priority": "Normal", "PDF_encode": ENCODED}},
    ),
    "kazoo": (
        f"/v2/accounts/{ACCOUNT}/faxes",
        {"headers": {"X-Auth-Token": KEY}, "files": [
            ("content", ("fax.json", ABOUT, "application/json")),
            ("fax", ("fax.pdf", PDF, "application/pdf")),
        ]},
    ),
    "ifax": (
        "/v1/customer/fax-send",
        {"headers": {"accessToken": KEY}, "json": {
            "faxNumber": "+12125550123", "faxData": [{"fileName": "a.pdf", "fileData": ENCODED}]}},
    ),
    "mfax": (
        "/v1/faxes",
        {"headers": {"Authorization": f"Basic {KEY}"}, "data": {"faxNumber": "12125550123"},
         "files": {"attachments": ("a.pdf", PDF, "application/pdf")}},
    ),
    "faxto": (
        "/api/v2/fax",
        {"params": {"api_key": KEY}, "data": {"fax_number": "+12125550123"},
         "files": {"file": ("a.pdf", PDF)}},
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def lenient() -> Iterator[Control]:
    app = App(Config(seed="any", any_credentials=True))
    with in_process(app) as running:
        yield Control(running.url)
    app.close()


def send(control: Control, vendor: str, **changed: Any) -> requests.Response:
    path, options = SENDS[vendor]
    url = f"{control.url}/{vendor}{path}"
    method = "PUT" if vendor == "kazoo" else "POST"
    return requests.request(method, url, timeout=WAIT, **{**options, **changed})


@pytest.mark.parametrize("vendor", SENDS)
def test_a_key_of_nobody_s_opens_the_default_sandbox(lenient: Control, vendor: str) -> None:
    lenient.call("POST", "/sandboxes/default/reset", 200)
    answer = send(lenient, vendor)
    assert answer.status_code in (200, 201, 202), answer.text
    [fax] = lenient.faxes()
    assert (fax["vendor"], fax["to"]) == (vendor, "+12125550123")
    shown = requests.get(f"{lenient.url}/_localfax/sandboxes/default/requests", timeout=WAIT).text
    snapshot = requests.get(f"{lenient.url}/_localfax/sandboxes/default/snapshot", timeout=WAIT).text
    for written in (KEY, KEY.replace("+", "%2B"), "sk-live", "8d1f"):
        assert written not in shown
        assert written not in snapshot
    assert "…Z99q" in json.loads(shown).__str__()


@pytest.mark.parametrize("vendor", SENDS)
def test_without_it_a_key_of_nobody_s_opens_nothing_and_is_masked(server: Control, vendor: str) -> None:
    answer = send(server, vendor)
    assert "rror" in answer.text or answer.status_code == 401 or "nvalid" in answer.text
    [row] = server.call("GET", "/sandboxes/default/requests?limit=1", 200)["requests"]
    assert (row["sandbox"], row["vendor"]) == (None, vendor)
    assert "8d1f" not in json.dumps(row, ensure_ascii=False)
    assert "…Z99q" in json.dumps(row, ensure_ascii=False)


def test_a_request_without_a_key_is_refused_all_the_same(lenient: Control) -> None:
    for vendor, missing in (
        ("openfax", {"data": {"FaxNumber": "1"}}), ("kazoo", {"headers": {}}), ("ifax", {"headers": {}}),
        ("mfax", {"headers": {}}), ("faxto", {"params": {}}),
    ):  # fmt: skip
        before = len(lenient.faxes())
        send(lenient, vendor, **missing)
        assert len(lenient.faxes()) == before


def test_a_sandbox_s_own_key_still_finds_it(lenient: Control) -> None:
    own = lenient.create()
    key = own.credentials("ifax")["accessToken"]
    assert send(own, "ifax", headers={"accessToken": key}).json()["status"] == 1
    assert len(own.faxes()) == 1
    [row] = own.call("GET", f"/sandboxes/{own.id}/requests", 200)["requests"]
    assert key in json.dumps(row)


@pytest.mark.parametrize(
    ("path", "login"),
    [
        ("api_auth", {"api_key": "e" * 64}),
        ("user_auth", {"credentials": "0" * 32, "account_name": "acme", "method": "md5"}),
        ("user_auth", {"credentials": "0" * 32, "account_name": "localfax", "method": "md5"}),
    ],
)
def test_kazoo_lets_anybody_log_in_and_use_his_token(
    lenient: Control, path: str, login: dict[str, str]
) -> None:
    root = f"{lenient.url}/kazoo/v2"
    answer = requests.put(f"{root}/{path}", json={"data": login}, timeout=WAIT)
    assert answer.status_code == 201, answer.text
    token, account = answer.json()["auth_token"], answer.json()["data"]["account_id"]
    for each in (account, ACCOUNT):
        faxes = requests.get(
            f"{root}/accounts/{each}/faxes/outbox", headers={"X-Auth-Token": token}, timeout=WAIT
        )
        assert faxes.status_code == 200, faxes.text


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"Authorization": "Basic " + base64.b64encode(f"user:{KEY}".encode()).decode()}, b""),
        ({"Authorization": f"Bearer {KEY}"}, b""),
        ({"Cookie": f"session={KEY}"}, b""),
        ({"Content-Type": "application/json"}, json.dumps({"data": {"auth_token": KEY, "x": KEY}}).encode()),
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"api_key=sk-live%2B8d1f%2F0aa3%3DZ99q"),
        ({"Content-Type": "application/json"}, f'{{"password": "{KEY}", "pad": "{"x" * 9000}"}}'.encode()),
    ],
    ids=["basic", "bearer", "cookie", "json", "form", "long json"],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/no/such/path", "/ifax/v1/customer/fax-send", "/openfax/no.php"])
def test_keys_are_masked_wherever_they_come(
    server: Control, path: str, headers: dict[str, str], body: bytes
) -> None:
    requests.post(f"{server.url}{path}", data=body, headers=headers, timeout=WAIT)
    [row] = server.call("GET", "/sandboxes/default/requests?limit=1", 200)["requests"]
    text = json.dumps(row, ensure_ascii=False)
    assert row["path"] == path.removeprefix("/ifax").removeprefix("/openfax")
    assert "8d1f" not in text
    assert base64.b64encode(f"user:{KEY}".encode()).decode() not in text
