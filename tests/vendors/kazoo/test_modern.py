"""The switch to a 4.3 server: what its envelopes, pages, attachments and webhooks have more or other."""

from __future__ import annotations

import re
import smtplib
from typing import Any

import pytest

from emulator.app import App
from tests.receiver import Receiver
from tests.vendors.kazoo.conftest import NUMBER, Kazoo

URL = {"document": {"url": "http://127.0.0.1:1/x"}, "from_number": NUMBER}


def test_envelopes_have_node_version_and_timestamp(modern: Kazoo) -> None:
    good, bad = modern.get("/faxes/outgoing"), modern.answer("GET", "/faxes/outgoing/x", 404)
    for body in (good, bad):
        assert re.fullmatch(r"[\w-]{22}", body["node"])
        assert body["version"] == "4.3.142"
        assert body["timestamp"] == modern.control.now()[:19] + "Z"


@pytest.mark.parametrize("value", ["4.3", 4.3])
@pytest.mark.parametrize("name", ["kazoo.profile", "profile"])
def test_the_switch_is_text_or_number_under_either_name(kazoo: Kazoo, name: str, value: Any) -> None:
    kazoo.control.vendor("kazoo", profile={name: value})
    assert "node" in kazoo.get("/faxes/outgoing")
    kazoo.control.vendor("kazoo", profile={name: "4.0"})
    assert "node" not in kazoo.get("/faxes/outgoing")


def test_pages_follow_one_another_by_opaque_keys(modern: Kazoo) -> None:
    jobs = [modern.put("/faxes", {**URL, "to_number": NUMBER})["id"] for _ in range(3)][::-1]
    first = modern.get("/faxes/outgoing?page_size=2")
    assert [row["id"] for row in first["data"]] == jobs[:2]
    assert {key for row in first["data"] for key in row} == {
        "attempts", "created", "faxbox_id", "from", "id", "status", "to"
    }  # fmt: skip
    for key in (first["start_key"], first["next_start_key"]):
        assert re.fullmatch(r"g2w[\w-]+", key)
    second = modern.get("/faxes/outgoing", params={"start_key": first["next_start_key"]})
    assert [row["id"] for row in second["data"]] == jobs[2:]
    assert second["start_key"] == first["next_start_key"]
    assert re.fullmatch(r"g2w[\w-]+", modern.get("/faxes/inbox")["start_key"])


def test_the_observed_key_is_read(modern: Kazoo) -> None:
    from emulator.vendors.kazoo.paging import _read_opaque

    assert _read_opaque("g2wAAAACbgUAvn1W1A5tAAAACDk4MDE2ODAwag") == (63_691_980_222, 98_016_800)


def test_what_is_finished_keeps_its_system_fields_apart(modern: Kazoo, one_page: bytes) -> None:
    row = modern.sent(one_page)
    data = modern.get(f"/faxes/outbox/{row['id']}")["data"]
    assert data["_read_only"] == {"created": data["created"], "status": "completed"}
    gone = modern.answer("DELETE", f"/faxes/outbox/{row['id']}")["data"]
    assert gone["_read_only"] == {"created": data["created"], "status": "completed", "deleted": True}


def test_attachments_are_pdf_by_name_and_type(modern: Kazoo, document: Any) -> None:
    row = modern.sent(document("scan.tiff"), kind="image/tiff")
    answer = modern.call("GET", f"/faxes/outbox/{row['id']}/attachment")
    assert (answer.headers["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    name = r"attachment; filename=fax_document_\d{4}-\d\d-\d\d_\d\d:\d\d:\d\d\.pdf"
    assert re.fullmatch(name, answer.headers["Content-Disposition"])
    fax = modern.receive()["vendor_view"]["id"]
    modern.control.advance()
    answer = modern.call("GET", f"/faxes/inbox/{fax}/attachment")
    assert answer.headers["Content-Type"] == "application/pdf"
    tiff = modern.call("GET", f"/faxes/inbox/{fax}/attachment", headers={"Accept": "image/tiff"})
    assert tiff.headers["Content-Type"] == "image/tiff"
    assert modern.get(f"/faxes/inbox/{fax}")["data"]["from_name"] == "12125550123"


def test_the_strict_server_offers_the_stored_type_and_sends_a_pdf(modern: Kazoo, document: Any) -> None:
    modern.control.vendor("kazoo", profile={"kazoo.profile": "4.3", "strict_accept": True})
    row = modern.sent(document("scan.tiff"), kind="image/tiff")
    path = f"/faxes/outbox/{row['id']}/attachment"
    assert modern.call("GET", path, headers={"Accept": "application/pdf"}).status_code == 406
    assert modern.call("GET", path).content[:5] == b"%PDF-"


def test_a_deleted_document_is_a_fault_of_the_store(modern: Kazoo, one_page: bytes) -> None:
    fax = modern.sent(one_page)
    gone = modern.answer("DELETE", f"/faxes/outbox/{fax['id']}/attachment")["data"]
    assert gone == {"id": None, "_read_only": {"created": fax["created"], "status": "completed"}}
    body = modern.answer("GET", f"/faxes/outbox/{fax['id']}/attachment", 503)
    assert (body["message"], body["data"]) == ("datastore_fault", {"cause": "no attachment found"})


def test_a_document_with_a_url_is_there_again(modern: Kazoo, receiver: Receiver, one_page: bytes) -> None:
    receiver.answer(200, body=one_page)
    modern.put("/faxes", {**URL, "document": {"url": receiver.url}, "to_number": NUMBER})
    modern.control.advance()
    fax = modern.get("/faxes/outbox")["data"][0]["id"]
    modern.answer("DELETE", f"/faxes/outbox/{fax}/attachment")
    assert modern.call("GET", f"/faxes/outbox/{fax}/attachment").content == one_page


def test_a_login_says_more(modern: Kazoo) -> None:
    from tests.vendors.kazoo.test_auth import login

    data = login(modern)["data"]
    assert sorted(data) == [
        "account_id",
        "account_name",
        "apps",
        "capabilities",
        "cluster_id",
        "is_master_account",
        "is_reseller",
        "language",
        "owner_id",
        "reseller_id",
        "ui_config",
    ]


def test_a_webhook_of_notifications_needs_its_type(modern: Kazoo) -> None:
    wanted = {"name": "N", "uri": "http://x.test", "hook": "notifications"}
    for custom in ({}, {"custom_data": {}}, {"custom_data": {"type": "rain"}}):
        told = modern.put("/webhooks", wanted | custom, 400)
        assert told == {"custom_data.type": {"required": {"message": "missing required modifier"}}}
    assert list(modern.put("/webhooks", wanted | {"hook": "outbound_fax"}, 400)) == ["hook"]
    catalogue = modern.answer("GET", f"{modern.root}/webhooks")
    assert [row["id"] for row in catalogue["data"]] == ["notifications"]
    assert catalogue["data"][0]["modifiers"]["type"]["items"][-1] == "all"
    names = modern.answer("GET", f"{modern.root}/webhooks/samples")["data"]
    assert "outbound_smtp_fax_error" in names
    assert modern.answer("GET", f"{modern.root}/webhooks/samples/outbound_smtp_fax_error")["data"] == [
        {
            "event_name": "outbound_smtp_fax_error", "event_category": "notification",
            "type": "outbound_smtp_fax_error", "month": modern.control.now()[:7].replace("-", ""),
            "account_id": modern.account, "to": "18884732963@fax.kazoo.io", "from": "me@example.com",
            "original_number": "18884732963", "faxbox_id": None, "errors": ["invalid address"],
        }
    ]  # fmt: skip


def test_notifications_are_nested(modern: Kazoo, receiver: Receiver, one_page: bytes) -> None:
    for kind in ("outbound_fax", "outbound_fax_error", "all"):
        custom = {"type": kind, "mine": kind}
        modern.put(
            "/webhooks", {"name": "N", "uri": receiver.url, "hook": "notifications", "custom_data": custom}
        )
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
        "fax_timestamp": str(fax["delivered"]), "fax_timezone": "undefined", "faxbox_id": "",
        "event_category": "notification", "event_name": "outbound_fax", "type": "outbound_fax",
        "mine": "outbound_fax", "app_name": "fax", "app_version": "4.3.142", "server_id": "",
        "fax_info[fax_success]": "true", "fax_info[fax_total_pages]": "1", "fax_info[fax_result_code]": "0",
        "fax_info[fax_result_text]": "OK", "fax_info[fax_transferred_pages]": "1",
        "fax_info[fax_hangup_code]": "16", "fax_info[fax_hangup_cause]": "NORMAL_CLEARING",
        "fax_info[fax_transfer_rate]": "14400", "fax_info[fax_bad_rows]": "0",
        "fax_info[fax_ecm_used]": "on", "fax_info[fax_t38_used]": "false", "fax_info[fax_encoding]": "3",
        "fax_info[fax_encoding_name]": "T.6", "fax_info[fax_local_station_id]": "+18884732963",
        "fax_info[fax_remote_station_id]": "+18884732963",
        "fax_info[fax_image_resolution]": "8031x7700", "fax_info[fax_file_image_resolution]": "8031x7700",
        "fax_notifications[email][send_to][]": "a@b.test",
    }  # fmt: skip


def test_an_older_webhook_goes_on_hearing_both_events(
    kazoo: Kazoo, receiver: Receiver, one_page: bytes
) -> None:
    kazoo.put("/webhooks", {"name": "Old", "uri": receiver.url, "hook": "outbound_fax"})
    kazoo.control.vendor("kazoo", profile={"kazoo.profile": "4.3"})
    kazoo.sent(one_page)
    kazoo.sent(one_page, to="15005550002")
    events = [dict(post.form())["event_name"] for post in receiver.wait(2)]
    assert events == ["outbound_fax", "outbound_fax_error"]


def test_a_mail_that_makes_no_fax_is_told(mailing: Kazoo, mail_app: App, receiver: Receiver) -> None:
    mailing.control.vendor("kazoo", profile={"kazoo.profile": "4.3"})
    custom = {"type": "outbound_smtp_fax_error"}
    mailing.put(
        "/webhooks", {"name": "N", "uri": receiver.url, "hook": "notifications", "custom_data": custom}
    )
    domain = mailing.put("/faxboxes", {"name": "Box"})["smtp_email_address"]
    with smtplib.SMTP("127.0.0.1", mail_app.listeners[0].port, timeout=20) as client:
        wrong = client.docmd
        client.helo("me")
        wrong("MAIL", "FROM:<me@acme.test>")
        assert wrong("RCPT", f"TO:<desk@{domain}>")[0] == 550
    mailing.control.advance()
    told = dict(receiver.wait(1)[0].form())
    event = "outbound_smtp_fax_error"
    assert told == {
        "event_name": event, "event_category": "notification", "type": event,
        "month": mailing.control.now()[:7].replace("-", ""), "account_id": mailing.account,
        "to": f"desk@{domain}", "from": "me@acme.test", "original_number": "desk",
        "faxbox_id": mailing.get("/faxboxes")["data"][0]["id"], "errors[]": "invalid address",
    }  # fmt: skip


def test_the_workers_own_words_are_shown_on_wish(kazoo: Kazoo, three_pages: bytes) -> None:
    kazoo.control.vendor("kazoo", profile={"live_status": True})
    job = kazoo.send(three_pages)["id"]
    seen = []
    for _ in range(180):
        answer = kazoo.call("GET", f"/faxes/outgoing/{job}")
        if not answer.ok:
            break
        word = answer.json()["data"]["status"]
        seen += [word] if seen[-1:] != [word] else []
        kazoo.control.advance(by=0.5)
    assert seen == [
        "attaching_files",
        "pending",
        "preparing",
        "negotiating",
        "Fax negotiated at 14400",
        "Sent Page 1 of 3",
        "Sent Page 2 of 3",
        "Sent Page 3 of 3",
        "not available",
    ]
