"""What public clients send: the older base path, parts that are related, webhooks that name their format."""

from __future__ import annotations

import json

import pytest

from tests.receiver import Receiver
from tests.vendors.kazoo.client import BY_URL, GOOD, Kazoo

RELATED = (
    "--frontier\r\nContent-Type: application/json\r\n\r\n{envelope}\r\n"
    "--frontier\r\nContent-Type: application/pdf\r\nContent-ID: <fax>\r\n\r\n"
)


def test_v1_answers_as_v2(kazoo: Kazoo, one_page: bytes) -> None:
    fax = kazoo.sent(one_page)
    path = f"/accounts/{kazoo.account}/faxes/outbox/{fax['id']}"
    base = kazoo.root.removesuffix("/v2")
    old, new = (kazoo.call("GET", f"{base}/{version}{path}").json() for version in ("v1", "v2"))
    assert old == new | {"request_id": old["request_id"]}
    assert old["data"]["id"] == fax["id"]
    made = kazoo.call("PUT", f"{base}/v1/accounts/{kazoo.account}/faxes", json={"data": GOOD})
    assert made.status_code == 201
    nowhere = kazoo.call("GET", f"{base}/v3/accounts/{kazoo.account}/faxes/outbox")
    assert nowhere.status_code == 404


def test_related_parts_are_taken(kazoo: Kazoo, one_page: bytes) -> None:
    data = {name: GOOD[name] for name in ("from_number", "to_number")}
    head = RELATED.replace("{envelope}", json.dumps({"data": data})).encode()
    body = head + one_page + b"\r\n--frontier--\r\n"
    kind = {"Content-Type": 'multipart/related; boundary="frontier"; type="application/json"'}
    made = kazoo.call("PUT", "/faxes", data=body, headers=kind)
    assert made.status_code == 201, made.text
    kazoo.control.advance()
    assert kazoo.control.fax("fax-1")["state"] == "delivered"


@pytest.mark.parametrize("status", [204, 404])
def test_a_document_that_is_not_there_is_the_documented_retrieval_error(
    kazoo: Kazoo, receiver: Receiver, status: int
) -> None:
    for _ in range(4):
        receiver.answer(status)
    fax = kazoo.put("/faxes", {**BY_URL, "document": {"url": receiver.url}, "retries": 0})["id"]
    kazoo.control.advance()
    ended = kazoo.get(f"/faxes/outbox/201603-{fax}")["data"]
    text = f"could not retrieve file, HTTP response {status}"
    assert (ended["status"], ended["tx_result"]["error_message"]) == ("failed", text)


def test_a_webhook_of_4_0_keeps_its_format_and_is_posted_as_a_form(
    kazoo: Kazoo, receiver: Receiver, one_page: bytes
) -> None:
    wanted = {"name": "Hook", "uri": receiver.url, "hook": "outbound_fax", "format": "json"}
    made = kazoo.put("/webhooks", wanted)
    assert made["format"] == "json"
    assert kazoo.get(f"/webhooks/{made['id']}")["data"]["format"] == "json"
    kazoo.sent(one_page)
    [post] = receiver.wait(1)
    assert post.header("Content-Type") == "application/x-www-form-urlencoded"
    assert dict(post.form())["event_name"] == "outbound_fax"


def test_error_correction_is_a_boolean_and_the_hang_up_code_that_of_sip(
    kazoo: Kazoo, receiver: Receiver, one_page: bytes
) -> None:
    kazoo.put("/webhooks", {"name": "Hook", "uri": receiver.url, "hook": "outbound_fax"})
    fax = kazoo.sent(one_page)
    assert fax["tx_result"]["ecm_used"] is True
    kazoo.sent(one_page, to="15005550002", retries=0)
    sent, busy = (dict(post.form()) for post in receiver.wait(2))
    assert (sent["fax_ecm_used"], sent["fax_hangup_code"]) == ("true", "200")
    assert (busy["fax_hangup_code"], busy["fax_hangup_cause"]) == ("486", "USER_BUSY")
