"""What mFax, Fax.to and Openfax answer is as their OpenAPI documents say, to the last key."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from itertools import product
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from jsonschema_rs import is_valid

from emulator.vendors import all_vendors
from tests.conftest import Control, exchange, read_yaml
from tests.receiver import Receiver
from tests.sending import send
from tests.vendors.faxto.test_facts import countries
from tests.vendors.ifax.client import path_of
from tests.vendors.mfax import facts as mfax_facts
from tests.vendors.mfax.conftest import NUMBER, Mfax
from tests.vendors.mfax.world import CALLS
from tests.vendors.mfax.world import World as MfaxWorld
from tests.vendors.openfax.conftest import Openfax
from tests.vendors.stories import NOW, SEED, World

JSON = "application/json"
FILES = {
    "mfax": {
        "preview", "download", "delete", "ping", "number-user-remove", "number-release", "tag-delete",
        "contact-delete", "custom-field-delete", "webhook-delete", "user-delete",
    },
    "faxto": {"inbox_file", "inbox_preview", "picture"},
    "openfax": {"document"},
}  # fmt: skip
"""Endpoints of each vendor that answer a file, a text or nothing; which of them, their answers say."""


def exact(shape: Any) -> Any:
    """Give a schema that takes no key that it does not name, and null where OpenAPI says `nullable`."""
    if isinstance(shape, list):
        return [exact(each) for each in shape]
    if not isinstance(shape, dict):
        return shape
    told = {name: exact(each) for name, each in shape.items() if name != "nullable"}
    if isinstance(shape.get("properties"), dict):
        told = {"additionalProperties": False, **told}
    return {"anyOf": [told, {"type": "null"}]} if shape.get("nullable") is True else told


class Description:
    """A vendor's document, against which answers are held; `told` names the endpoints that did well."""

    def __init__(self, server: Control, vendor: str) -> None:
        self.paths = server.call("GET", f"/openapi/{vendor}.json", 200)["paths"]
        self.vendor = vendor
        self.told: set[str] = set()

    def operation(self, method: str, path: str) -> dict[str, Any] | None:
        """Find what is described there; a path without variables is nearer than one with some."""
        fitting = [
            known for known in sorted(self.paths, key=lambda each: each.count("{"))
            if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", known), path) and method in self.paths[known]
        ]  # fmt: skip
        return self.paths[fitting[0]][method] if fitting else None

    def hold(self, answer: requests.Response) -> None:
        """Check one answer against its description."""
        method = str(answer.request.method).lower()
        path = urlsplit(str(answer.url)).path.removeprefix(f"/{self.vendor}").rstrip("/")
        if (operation := self.operation(method, path)) is None:
            assert answer.status_code == 404, path
            return
        content = operation["responses"][str(answer.status_code)].get("content", {})
        name = operation["operationId"]
        kind = answer.headers.get("Content-Type", "").partition(";")[0]
        assert (kind in content) == (answer.status_code != 204), (name, kind)
        if JSON in content:
            assert is_valid(exact(content[JSON]["schema"]), answer.json()), (name, answer.text)
        if answer.ok:
            self.told.add(name.rpartition("_")[0])


def endpoints(vendor: str) -> set[str]:
    return {endpoint.name for endpoint in all_vendors()[vendor].endpoints}


@pytest.mark.parametrize("vendor", FILES)
def test_every_endpoint_says_what_it_answers(server: Control, vendor: str) -> None:
    described = Description(server, vendor)
    bare = {
        operation["operationId"].rpartition("_")[0]
        for methods in described.paths.values()
        for method, operation in methods.items()
        if method != "parameters"
        for status, said in operation["responses"].items()
        if status < "400" and JSON not in said.get("content", {})
    }
    assert bare == FILES[vendor]


def test_every_operation_of_mfax_answers_as_described(
    server: Control, document: Callable[[str], bytes]
) -> None:
    described, control = Description(server, "mfax"), server.create()
    world = MfaxWorld(Mfax(control), document("one-page.pdf"))
    stranger = Mfax(control)
    stranger.headers = {}
    for name, known in mfax_facts.ENDPOINTS.items():
        for path in filter(None, (known["path"], known.get("also_path"))):
            described.hold(CALLS[name](world).make(world.mfax, known["method"], path))
            described.hold(CALLS[name](world).make(stranger, known["method"], path))
    assert described.told == endpoints("mfax")


def test_faxes_of_mfax_are_described_in_every_state(
    server: Control, document: Callable[[str], bytes]
) -> None:
    described, control = Description(server, "mfax"), server.create()
    mfax, pdf = Mfax(control), document("one-page.pdf")
    scheduled = mfax.send(pdf, scheduledDate="2099-01-01T00:00:00.000Z")["messageId"]
    cancelled = mfax.send(pdf)["messageId"]
    described.hold(mfax.post(f"/v1/fax/{cancelled}/cancel"))
    described.hold(mfax.post(f"/v1/fax/{cancelled}/cancel"))
    delivered, failed = mfax.send(pdf)["messageId"], mfax.send(pdf, "+15005550002")["messageId"]
    unrendered = mfax.send(document("not-a-pdf.pdf"))["messageId"]
    described.hold(mfax.post("/v1/faxes", faxNumber=NUMBER, coverPage="true", **{"async": "true"}))
    described.hold(mfax.get("/v1/fax/history"))
    control.advance(by="600s")
    control.receive("mfax", "+15095550100", csid="ACME")
    control.receive("mfax", "+15095550100", **{"from": "+15005550006"})
    for message in (scheduled, cancelled, delivered, failed, unrendered):
        described.hold(mfax.get(f"/v1/fax/{message}/info"))
    described.hold(mfax.get("/v1/fax/history"))
    described.hold(mfax.post("/v1/fax/resend", messageId=delivered, recipientFax="12"))
    control.vendor("mfax", profile={"resend_short": True, "history_count_number": True})
    described.hold(mfax.post("/v1/fax/resend", messageId=delivered))
    described.hold(mfax.get("/v1/fax/history"))
    assert described.told == {"send", "cancel", "info", "history", "resend"}


PLAYED = {"faxto": ("v1", "v2"), "openfax": ("",)}
"""Vendors whose stories are played, and below which of their bases."""


class Watched(World):
    """A story each of whose answers is held against the vendor's description."""

    described: Description

    def ask(self, step: Mapping[str, Any]) -> requests.Response:
        answer = super().ask(step)
        self.described.hold(answer)
        return answer


@pytest.mark.parametrize("vendor", PLAYED)
def test_every_story_is_answered_as_described(
    server: Control, document: Callable[[str], bytes], vendor: str
) -> None:
    described = Description(server, vendor)
    for version, story in product(PLAYED[vendor], read_yaml(f"{vendor}/answers.yaml")["stories"]):
        sandbox = server.create(seed=SEED, clock={"mode": "manual", "now": NOW})
        with Receiver() as receiver:
            world = Watched(sandbox, vendor, receiver, document)
            world.described = described
            world.known |= known(world, version)
            world.play(story["steps"])
    assert described.told == endpoints(vendor)


def known(world: World, version: str) -> dict[str, Any]:
    """Give the values of the names that the stories of both vendors have."""
    files = {"pdf": "one-page.pdf", "three": "three-pages.pdf"}
    account = int(world.known.get("AccountID", 0))
    more = {"version": version, "countries": countries(), "account": account}
    return more | {name: b64encode(world.document(file)).decode() for name, file in files.items()}


def test_openfax_without_the_fields_of_a_call_is_described(
    server: Control, document: Callable[[str], bytes]
) -> None:
    described = Description(server, "openfax")
    openfax = Openfax(server.create(), document("one-page.pdf"))
    openfax.control.vendor("openfax", profile={"history_call_fields": False})
    described.hold(openfax.submit())
    days = {"FromDate": "2000-01-01", "ToDate": "2100-01-01", "DetailType": 1}
    described.hold(openfax.call("outboundDetailsbyDate.php", {**openfax.account, **days}))
    assert described.told == {"send", "history"}


KAZOO_ENDS = (
    "delivered",
    "busy",
    {"line_error": {"pages": 1}},
    "conversion_failed",
    {"delivered": {"ecm": False}},
)
"""Ways in which a job ends, by what its result holds."""


@pytest.mark.parametrize("profile", ["4.0", "4.3"])
def test_faxes_of_kazoo_are_described_in_every_state(server: Control, profile: str) -> None:
    described, control = Description(server, "kazoo"), server.create(profiles={"kazoo": profile})
    own = control.credentials("kazoo")
    place = f"{control.base_url('kazoo')}/v2/accounts/{own['account']}"

    def ask(method: str, path: str, **options: Any) -> Any:
        answer = exchange(method, place + path, headers={"X-Auth-Token": own["X-Auth-Token"]}, **options)
        described.hold(answer)
        return answer.json()["data"]

    hook = {"name": "Hook", "uri": "http://127.0.0.1:9/", "hook": "outbound_fax"}
    if profile == "4.3":
        hook |= {"hook": "notifications", "custom_data": {"type": "all"}}
    ask("PUT", "/webhooks", json={"data": hook})
    box = ask("PUT", "/faxboxes", json={"data": {"name": "Box", "caller_id": "12125550100"}})["id"]
    fax = {"to_number": "12125550123", "retries": 0, "document": {"url": "http://127.0.0.1:9/a.pdf"}}
    ask("PUT", "/faxes", json={"data": fax | {"from_number": "12125550100"}})
    ask("PUT", f"/faxboxes/{box}/faxes", json={"data": fax})
    for end in KAZOO_ENDS:
        control.script(match={"vendor": "kazoo"}, attempts=[end])
        send(control, "kazoo", count=2)
        control.advance(by=45)
        for row in ask("GET", "/faxes/outgoing"):
            ask("GET", f"/faxes/outgoing/{row['id']}")
    control.client.call("POST", "/inbound", {"vendor": "kazoo", "to": "12125550100", "from": "+12125550188"})
    for _ in range(2):
        ask("GET", "/faxes/incoming")
        control.advance()
    for row in (*ask("GET", "/faxes/outbox"), *ask("GET", "/faxes/inbox")):
        folder = ask("GET", f"/faxes/{row['folder']}/{row['id']}")["folder"]
        ask("DELETE", f"/faxes/{folder}/{row['id']}")
        ask("GET", f"/faxes/{folder}/{row['id']}")
    assert len(ask("GET", "/webhooks/attempts")) > 3
    ask("GET", "/webhooks")
    assert {"outgoing-read", "outbox-read", "inbox-read", "incoming-list", "outbox-delete"} <= described.told


def test_faxes_of_ifax_are_described_in_every_state(server: Control) -> None:
    described, control = Description(server, "ifax"), server.create()

    def ask(operation: str, body: Any) -> Any:
        key = {"accessToken": control.credentials("ifax")["accessToken"]}
        answer = exchange("POST", control.base_url("ifax") + path_of(operation), json=body, headers=key)
        described.hold(answer)
        return answer.json().get("data")

    for to in ("+12125550123", "+15005550002", "+15005550005"):
        send(control, "ifax", to, count=2)
    control.client.call("POST", "/inbound", {"vendor": "ifax", "to": "+12125550100", "from": "+12125550188"})
    for _ in range(40):
        rows = ask("list", {})
        for row in rows:
            ask("status", {"jobId": row["jobId"]})
        ask("report", {"startDate": "01/01/2000", "endDate": "01/01/2100"})
        control.advance(by=5)
    (arrived,) = ask("inbound-list-all", {})
    ask("inbound-download", {"jobId": arrived["jobId"], "transactionId": arrived["transactionId"]})
    for row in rows:
        ask("delete", {"jobId": row["jobId"]})
        ask("status", {"jobId": row["jobId"]})
    assert {row["faxStatus"] for row in rows} == {"delivered", "failed"}
