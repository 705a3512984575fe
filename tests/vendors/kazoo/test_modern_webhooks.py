"""The webhooks of a 4.3 server: nested fields, a type for each, verbs and formats of their own."""

from __future__ import annotations

from typing import Any

import pytest

from tests.receiver import Receiver
from tests.vendors.kazoo.client import NUMBER, Kazoo
from tests.vendors.kazoo.events import SENT, as_form, common, envelope_of, info, spelt
from tests.vendors.kazoo.hooks import hook
from tests.vendors.kazoo.letters import refused
from tests.vendors.kazoo.rules import one_of, rule


def test_a_webhook_of_notifications_needs_its_type(modern: Kazoo) -> None:
    wanted = {"name": "N", "uri": "http://x.test", "hook": "notifications"}
    missing = {"custom_data.type": {"required": rule("missing required modifier")}}
    for custom in ({}, {"custom_data": {}}, {"custom_data": {"type": "rain"}}):
        modern.breaks("/webhooks", wanted | custom, missing)


def test_every_event_of_a_4_3_server_has_a_sample(modern: Kazoo) -> None:
    names = modern.get(f"{modern.root}/webhooks/samples")["data"]
    assert names == [
        "outbound_fax", "outbound_fax_error", "inbound_fax", "inbound_fax_error", "outbound_smtp_fax_error"
    ]  # fmt: skip
    assert modern.get(f"{modern.root}/webhooks/samples/outbound_smtp_fax_error")["data"] == [
        {
            "event_name": "outbound_smtp_fax_error", "event_category": "notification",
            "type": "outbound_smtp_fax_error", "month": "201603",
            "account_id": modern.account, "to": "18884732963@fax.kazoo.io", "from": "me@example.com",
            "original_number": "18884732963", "faxbox_id": None, "errors": ["invalid address"],
        }
    ]  # fmt: skip


def test_notifications_are_nested(modern: Kazoo, receiver: Receiver, one_page: bytes) -> None:
    for kind in ("outbound_fax", "outbound_fax_error", "all"):
        hook(modern, receiver, hook="notifications", custom_data={"type": kind, "mine": kind})
    fax = modern.sent(one_page, notifications={"email": {"send_to": ["a@b.test"]}})
    told = [dict(post.form()) for post in receiver.wait(2)]
    assert sorted(each["mine"] for each in told) == ["all", "outbound_fax"]
    first = next(each for each in told if each["mine"] == "outbound_fax")
    account, opaque = modern.account, {"node": 22, "msg_id": 16, "system_log_id": 32, "cluster_id": 32}
    assert {name: len(first.pop(name)) for name in opaque} == opaque
    assert first == {
        "account_id": account, "account_db": f"account%2F{account[:2]}%2F{account[2:4]}%2F{account[4:]}",
        "call_id": f"{fax['id'][7:]}-1", "caller_id_name": NUMBER, "caller_id_number": NUMBER,
        "callee_id_name": NUMBER, "callee_id_number": NUMBER, "fax_id": fax["id"], "fax_jobid": fax["id"],
        "fax_timestamp": str(fax["delivered"]), "fax_timezone": "undefined",
        "event_category": "notification", "event_name": "outbound_fax", "type": "outbound_fax",
        "mine": "outbound_fax", "app_name": "fax", "app_version": "4.3.142", "server_id": "",
        "fax_info[fax_success]": "true", "fax_info[fax_total_pages]": "1", "fax_info[fax_result_code]": "0",
        "fax_info[fax_result_text]": "OK", "fax_info[fax_transferred_pages]": "1",
        "fax_info[fax_hangup_code]": "200", "fax_info[fax_hangup_cause]": "NORMAL_CLEARING",
        "fax_info[fax_transfer_rate]": "14400", "fax_info[fax_bad_rows]": "0",
        "fax_info[fax_ecm_used]": "true", "fax_info[fax_t38_used]": "false", "fax_info[fax_encoding]": "3",
        "fax_info[fax_encoding_name]": "T.6", "fax_info[fax_local_station_id]": "+18884732963",
        "fax_info[fax_remote_station_id]": "+18884732963",
        "fax_info[fax_image_resolution]": "8031x7700", "fax_info[fax_file_image_resolution]": "8031x7700",
        "fax_notifications[email][send_to][]": "a@b.test",
    }  # fmt: skip


@pytest.mark.parametrize("verb", ["get", "put", "post"])
@pytest.mark.parametrize("kind", ["form-data", "json"])
def test_verb_and_format_are_as_the_webhook_says(
    modern: Kazoo, receiver: Receiver, one_page: bytes, verb: str, kind: str
) -> None:
    custom = {"hook": "notifications", "custom_data": {"type": "outbound_fax"}}
    hook(modern, receiver, **custom, http_verb=verb, format=kind)
    fax = modern.sent(one_page)
    [post] = receiver.wait(1)
    as_json = kind == "json" and verb != "get"
    told = post.json() if as_json else dict(post.parameters() if verb == "get" else post.form())
    whole = common(modern, "outbound_fax", fax["id"], fax["delivered"], 1)
    whole.pop("faxbox_id")  # what there is not is left out
    whole |= envelope_of("outbound_fax", told) | {"fax_info": spelt(info(SENT))}
    whole |= {"fax_notifications": {}} if as_json else {}
    assert (post.method, told) == (verb.upper(), whole if as_json else as_form(whole))


@pytest.mark.parametrize(
    ("change", "field", "broken"),
    [
        ({"hook": "outbound_fax"}, "hook", one_of("notifications", value="outbound_fax")),
        ({"http_verb": "delete"}, "http_verb", one_of("get", "post", "put", value="delete")),
        ({"format": "xml"}, "format", one_of("form-data", "json", value="xml")),
    ],
)
def test_a_webhook_that_breaks_a_rule_is_told_which(
    modern: Kazoo, change: dict[str, Any], field: str, broken: dict[str, Any]
) -> None:
    wanted = {"name": "N", "uri": "http://x.test", "hook": "notifications"}
    modern.breaks("/webhooks", wanted | {"custom_data": {"type": "all"}} | change, {field: broken})


def test_an_older_webhook_goes_on_hearing_both_events(
    kazoo: Kazoo, receiver: Receiver, one_page: bytes
) -> None:
    hook(kazoo, receiver)
    kazoo.modernise()
    kazoo.sent(one_page)
    kazoo.sent(one_page, to="15005550002")
    events = [dict(post.form())["event_name"] for post in receiver.wait(2)]
    assert events == ["outbound_fax", "outbound_fax_error"]


def test_a_mail_that_makes_no_fax_is_told(mailing: Kazoo, port: int, receiver: Receiver) -> None:
    mailing.modernise()
    event = "outbound_smtp_fax_error"
    hook(mailing, receiver, hook="notifications", custom_data={"type": event})
    domain = mailing.put("/faxboxes", {"name": "Box"})["smtp_email_address"]
    assert refused(port, f"desk@{domain}", b"x") == (550, "invalid address")
    mailing.control.advance()
    told = dict(receiver.wait(1)[0].form())
    assert told == {
        "event_name": event, "event_category": "notification", "type": event,
        "month": "201603", "account_id": mailing.account,
        "to": f"desk@{domain}", "from": "me@acme.test", "original_number": "desk",
        "faxbox_id": mailing.get("/faxboxes")["data"][0]["id"], "errors[]": "invalid address",
    }  # fmt: skip
