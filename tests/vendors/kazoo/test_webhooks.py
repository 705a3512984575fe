"""Webhooks: how they are kept, whom they go to and what they say."""

from __future__ import annotations

from typing import Any

import pytest

from tests.receiver import Receiver
from tests.vendors.kazoo.client import NUMBER, Kazoo, check, unknown
from tests.vendors.kazoo.events import SENT, as_form, common, info
from tests.vendors.kazoo.hooks import hook, shown
from tests.vendors.kazoo.rules import at_most, malformed, one_of, required, typed


def test_a_webhook_is_answered_with_its_defaults(kazoo: Kazoo, receiver: Receiver) -> None:
    wanted = {"name": "Mine", "uri": f"{receiver.url}/hook", "hook": "outbound_fax"}
    answer = kazoo.call("PUT", "/webhooks", json={"data": wanted})
    made = check(answer, kazoo.token)["data"]
    assert (answer.status_code, made) == (201, shown(receiver, made["id"]))
    assert answer.headers["Location"] == f"/kazoo/v2/accounts/{kazoo.account}/webhooks/{made['id']}"
    assert kazoo.get(f"/webhooks/{made['id']}")["data"] == made
    assert kazoo.get("/webhooks")["data"] == [made]


def test_a_webhook_is_changed_replaced_and_removed(kazoo: Kazoo, receiver: Receiver) -> None:
    made = hook(kazoo, receiver)
    path = f"/webhooks/{made}"
    changed = kazoo.answer("PATCH", path, json={"data": {"retries": "4", "enabled": "false"}})
    assert changed["data"] == shown(receiver, made, retries=4, enabled=False)
    assert changed["revision"].startswith("2-")
    missing = {name: required(name) for name in ("hook", "name", "uri")}
    kazoo.breaks(path, {"retries": 1}, missing, method="POST")
    whole = {"name": "Other", "uri": receiver.url, "hook": "inbound_fax", "http_verb": "get"}
    replaced = kazoo.answer("POST", path, json={"data": whole})["data"]
    assert replaced == shown(receiver, made, **whole)
    assert kazoo.answer("DELETE", path)["data"] == replaced
    for method in ("GET", "DELETE"):
        kazoo.refused(method, path, unknown(made))
    assert kazoo.get("/webhooks")["data"] == []


@pytest.mark.parametrize(
    ("change", "field", "broken"),
    [
        ({"name": 5}, "name", typed("string", 5)),
        ({"uri": "mailto:x"}, "uri", malformed("uri", "mailto:x")),
        ({"hook": "rain"}, "hook", one_of("outbound_fax", "inbound_fax", value="rain")),
        ({"hook": "notifications"}, "hook", one_of("outbound_fax", "inbound_fax", value="notifications")),
        ({"http_verb": "put"}, "http_verb", one_of("get", "post", value="put")),
        ({"format": 5}, "format", typed("string", 5)),
        ({"retries": 5}, "retries", at_most(4, 5)),
        ({"enabled": "?"}, "enabled", typed("boolean", "?")),
        ({"custom_data": {"a": 1}}, "custom_data", typed("string", 1)),
        ({"custom_data": []}, "custom_data", typed("object", [])),
    ],
)
def test_a_webhook_that_breaks_a_rule_is_told_which(
    kazoo: Kazoo, change: dict[str, Any], field: str, broken: dict[str, Any]
) -> None:
    data = {"name": "Mine", "uri": "http://x.test", "hook": "outbound_fax"} | change
    kazoo.breaks("/webhooks", data, {field: broken})


def test_a_sent_fax_is_told_in_flat_fields(kazoo: Kazoo, receiver: Receiver, three_pages: bytes) -> None:
    made = hook(kazoo, receiver, custom_data={"mine": "yes", "fax_timezone": "mine too"})
    fax = kazoo.sent(three_pages, from_name="From", to_name="To")
    post = receiver.wait(1)[0]
    account = kazoo.account
    assert (post.method, post.path, post.header("Content-Type")) == (
        "POST", "/hook", "application/x-www-form-urlencoded"
    )  # fmt: skip
    assert (post.header("X-Hook-ID"), post.header("X-Account-ID")) == (made, account)
    told = dict(post.form())
    assert told == {
        "account_id": account, "account_db": f"account%2F{account[:2]}%2F{account[2:4]}%2F{account[4:]}",
        "call_id": f"{fax['id'][7:]}-1", "caller_id_name": "From", "caller_id_number": NUMBER,
        "callee_id_name": "To", "callee_id_number": NUMBER, "fax_id": fax["id"], "fax_jobid": fax["id"],
        "fax_timestamp": str(fax["delivered"]), "fax_timezone": "mine too", "faxbox_id": "", "mine": "yes",
        "event_name": "outbound_fax", "fax_success": "true", "fax_total_pages": "3", "fax_result_code": "0",
        "fax_result_text": "OK", "fax_transferred_pages": "3", "fax_hangup_code": "200",
        "fax_hangup_cause": "NORMAL_CLEARING", "fax_transfer_rate": "14400", "fax_bad_rows": "0",
        "fax_ecm_used": "true", "fax_t38_used": "false", "fax_encoding": "3", "fax_encoding_name": "T.6",
        "fax_local_station_id": "+18884732963", "fax_remote_station_id": "+18884732963",
        "fax_image_resolution": "8031x7700", "fax_file_image_resolution": "8031x7700",
    }  # fmt: skip


def test_a_failed_fax_is_told_with_its_error_after_the_last_try(
    kazoo: Kazoo, receiver: Receiver, one_page: bytes
) -> None:
    hook(kazoo, receiver)
    hook(kazoo, receiver, hook="inbound_fax")
    fax = kazoo.sent(one_page, to="15005550002", retries=2)
    [post] = receiver.wait(1)
    busy = {"code": 486, "text": "USER_BUSY", "hangup": (486, "USER_BUSY"), "pages_sent": 0}
    callee = {"callee_id_name": "15005550002", "callee_id_number": "15005550002"}
    ended = fax["created"] + 312
    known = common(kazoo, "outbound_fax_error", fax["id"], ended, 2, fax_error="USER_BUSY", **callee)
    assert dict(post.form()) == as_form(known | info(busy))


def test_a_webhook_may_get_what_it_is_told_in_the_query(
    kazoo: Kazoo, receiver: Receiver, one_page: bytes
) -> None:
    hook(kazoo, receiver, http_verb="get")
    fax = kazoo.sent(one_page)
    [got] = receiver.wait(1)
    whole = common(kazoo, "outbound_fax", fax["id"], fax["delivered"], 1) | info(SENT)
    assert (got.method, got.body, dict(got.parameters())) == ("GET", b"", as_form(whole))


def test_the_portals_url_is_a_webhook_too(kazoo: Kazoo, receiver: Receiver, one_page: bytes) -> None:
    kazoo.control.vendor("kazoo", webhooks={"outbound": {"url": receiver.url, "auth": "me:secret"}})
    fax = kazoo.sent(one_page)
    post = receiver.wait(1)[0]
    whole = common(kazoo, "outbound_fax", fax["id"], fax["delivered"], 1) | info(SENT)
    assert (post.auth, dict(post.form())) == ("me:secret", as_form(whole))


@pytest.mark.parametrize(("digits", "count"), [("16", 0), ("17", 2), ("18", 1)])
def test_magic_numbers_of_webhooks(
    kazoo: Kazoo, receiver: Receiver, one_page: bytes, digits: str, count: int
) -> None:
    hook(kazoo, receiver)
    kazoo.send(one_page, to=f"150055500{digits}")
    kazoo.control.advance()
    posts = receiver.wait(count)
    assert [dict(post.form())["event_name"] for post in posts] == ["outbound_fax"] * count
