"""Nothing by which somebody could be recognised is found in a recording, whatever a vendor's client sends."""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import requests

from emulator.outbound.policy import OutboundPolicy
from emulator.server.http_server import in_process
from emulator.traffic.files import read_recordings
from emulator.traffic.proxy import WEBHOOKS, RecordingProxy
from emulator.traffic.recorder import HarFile
from localfax import Localfax, Sandbox
from localfax.receiver import Receiver
from tests.conftest import Control
from tests.sending import pages

NAME, SUBJECT, MAIL = "Hildegard Zwerg", "Zwerg, kidney stones", "h.zwerg@praxis-zwerg.example.de"
TO, OURS, THEM = "+13107778888", "+14157776666", "+16467775555"
FILE, LINK = "kidney-zwerg.pdf", "https://files.praxis-zwerg.example.de/zwerg/kidney.pdf?who=zwerg"
HOOK = "http://127.0.0.1:9/zwerg/kidney?who=zwerg"
PARTS = (
    "Hildegard", "Zwerg", "zwerg", "kidney", "praxis", TO[1:], OURS[1:], THEM[1:], TO[2:], OURS[2:], THEM[2:],
    "hunter2",
)  # fmt: skip
"""Pieces of all of them; none may be found."""
Ask = Mapping[str, Any]


def document() -> str:
    return b64encode(pages(2)).decode()


def of_openfax(keys: Mapping[str, str]) -> Iterator[Ask]:
    form = {**keys, "FaxNumber": TO[1:], "paperSize": "0", "faxResolution": "0", "Priority": "Normal"}
    yield {
        "path": "/faxSendSubmit.php",
        "data": {**form, "toHeader": NAME, "frHeader": "Zwerg", "PDF_encode": document()},
    }
    yield {
        "path": "/outboundDetailsbyDate.php",
        "data": {**keys, "FromDate": "2026-01-01", "ToDate": "2027-01-01", "DetailType": "1"},
    }
    yield {"path": "/getAccountDIDS.php", "data": {**keys, "Password": "hunter2"}}


def of_kazoo(keys: Mapping[str, str]) -> Iterator[Ask]:
    own, base = {"X-Auth-Token": keys["X-Auth-Token"]}, f"/v2/accounts/{keys['account']}"
    login = hashlib.md5(f"{keys['user']}:{keys['password']}".encode(), usedforsecurity=False).hexdigest()
    yield {
        "method": "PUT",
        "path": "/v2/user_auth",
        "json": {"data": {"credentials": login, "account_name": keys["account_name"]}},
    }
    data = {"from_number": OURS, "to_number": TO, "to_name": NAME, "from_name": NAME, "subject": SUBJECT,
            "document": {"url": LINK}, "own_note": SUBJECT,
            "notifications": {"email": {"send_to": [MAIL]}}}  # fmt: skip
    yield {"method": "PUT", "path": f"{base}/faxes", "json": {"data": data}, "headers": own}
    yield {
        "method": "PUT",
        "path": f"{base}/faxboxes",
        "json": {"data": {"name": NAME, "caller_id": OURS}},
        "headers": own,
    }
    hook = {"name": NAME, "uri": HOOK, "hook": "outbound_fax", "custom_data": {"who": NAME}}
    yield {"method": "PUT", "path": f"{base}/webhooks", "json": {"data": hook}, "headers": own}
    for path in ("faxes/outgoing", "faxes/outbox", f"faxes/outgoing?filter_to_name={NAME}", "faxes/Zwerg"):
        yield {"method": "GET", "path": f"{base}/{path}", "headers": own}


def of_ifax(keys: Mapping[str, str]) -> Iterator[Ask]:
    own = {"accessToken": keys["accessToken"]}
    body = {"faxNumber": TO, "callerId": OURS, "subject": SUBJECT, "from_name": NAME, "to_name": NAME,
            "message": f"{NAME}, {MAIL}, {THEM}",
            "faxData": [{"fileName": FILE, "fileData": document()}]}  # fmt: skip
    yield {"path": "/v1/customer/fax-send", "json": body, "headers": own}
    yield {
        "path": "/v1/customer/fax-send",
        "json": {**body, "faxData": [{"fileName": FILE, "fileUrl": LINK}]},
        "headers": own,
    }
    yield {
        "path": "/v1/customer/fax-lists",
        "json": {},
        "headers": {**own, "X-Person": NAME, "Cookie": "a=hunter2"},
    }
    yield {
        "path": "/v1/customer/zwerg",
        "data": f"{NAME} {MAIL} {THEM}",
        "headers": {**own, "Content-Type": "text/plain"},
    }


def of_mfax(keys: Mapping[str, str]) -> Iterator[Ask]:
    own = {"Authorization": f"Basic {keys['apiKey']}"}
    form = {"faxNumber": TO, "recipientName": NAME, "senderName": NAME, "subject": SUBJECT,
            "notes": f"{MAIL} {THEM}", "callerId": OURS[2:],
            "cf": json.dumps({"patient": NAME, "zwerg": 7})}  # fmt: skip
    yield {
        "path": "/v1/faxes",
        "data": form,
        "files": {"attachments": (FILE, pages(1), "application/pdf")},
        "headers": own,
    }
    yield {"path": "/v1/contacts", "json": {"name": NAME, "email": MAIL, "faxNumber": TO}, "headers": own}
    yield {"path": "/webhooks", "json": {"name": NAME, "url": HOOK, "auth": "zwerg:hunter2"}, "headers": own}
    for path in ("/v1/fax/history?query=Zwerg", "/v1/contacts", "/webhooks", "/v1/fax/zwerg/info"):
        yield {"method": "GET", "path": path, "headers": own}


def of_faxto(keys: Mapping[str, str]) -> Iterator[Ask]:
    file = {"file": (FILE, pages(1), "application/pdf")}
    yield {
        "path": "/api/v2/fax",
        "params": keys,
        "data": {"fax_number": TO, "tsi_number": OURS},
        "files": file,
    }
    yield {"path": "/api/v2/user/login", "params": keys, "json": {"email": MAIL, "password": "hunter2"}}
    for path in (
        "/api/v2/fax-history",
        "/api/v2/files",
        "/api/v2/incoming-faxes",
        f"/api/v2/incoming-faxes/{THEM[1:]}",
    ):
        yield {"method": "GET", "path": path, "params": keys}


STORIES = {"openfax": of_openfax, "kazoo": of_kazoo, "ifax": of_ifax, "mfax": of_mfax, "faxto": of_faxto}


@pytest.fixture
def upstream(server: Control) -> Iterator[Sandbox]:
    with Localfax(server.url) as client:
        yield client.create(clock={"mode": "manual", "now": "2026-03-04T10:00:00Z"}, name="Hildegard Zwerg")


@pytest.mark.parametrize("vendor", STORIES)
def test_no_secret_is_written(upstream: Sandbox, tmp_path: Path, vendor: str) -> None:
    path, keys = tmp_path / "all.har", upstream.credentials(vendor)
    now = lambda: datetime.fromisoformat(upstream.clock()["now"]).timestamp()  # noqa: E731
    with Receiver() as application:
        file = HarFile(path)
        proxy = RecordingProxy(vendor, file, upstream.base_url(vendor), policy=OutboundPolicy(), host="x",
                               receiver=f"{application.url}/zwerg/hook", now=now)  # fmt: skip
        with in_process(proxy, 4) as running:
            hook = {"url": f"{running.url}{WEBHOOKS}/zwerg", "auth": "zwerg:hunter2hunter2"}
            upstream.settings(vendor, webhooks={"outbound": hook, "inbound": hook})
            for ask in STORIES[vendor](keys):
                rest = {name: value for name, value in ask.items() if name not in ("path", "method")}
                requests.request(ask.get("method", "POST"), running.url + ask["path"], timeout=30, **rest)
            upstream.receive(vendor, OURS, THEM, pages=1, csid="ZWERG", force=True)
            upstream.settle()
        file.close()
    text = path.read_text()
    values = [value for name, value in keys.items() if len(value) > 5 and name != "account_realm"]
    ids = [fax.data["vendor_view"]["id"] for fax in upstream.faxes()]
    assert file.entries > 3
    for each in (*PARTS, *values, *ids, document()[60:120]):
        assert each not in text, text[max(0, text.index(each) - 150) : text.index(each) + 50]
    [recording] = read_recordings([path])
    assert any(each.webhook for each in recording.exchanges)
