"""What is received: a live call under incoming, then a fax in the inbox, to be read, sent on, deleted."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.receiver import Receiver
from tests.vendors.kazoo.conftest import NUMBER, Kazoo

SENDER = "12125550123"


def received(kazoo: Kazoo, **more: Any) -> str:
    fax = kazoo.receive(**more)["vendor_view"]["id"]
    kazoo.control.advance()
    return str(fax)


def test_a_fax_is_incoming_while_its_call_lasts_and_then_in_the_inbox(kazoo: Kazoo) -> None:
    fax = kazoo.receive(pages=2)["vendor_view"]["id"]
    assert re.fullmatch(r"\d{6}-[0-9a-f]{32}", fax)
    kazoo.control.advance(by=20)
    live = kazoo.get(f"/faxes/incoming/{fax}")["data"]
    assert (live["folder"], live["status"], live["rx_result"]["pages_sent"]) == ("incoming", "processing", 0)
    assert [row["id"] for row in kazoo.get("/faxes/incoming")["data"]] == [fax]
    assert kazoo.get("/faxes/inbox")["data"] == []
    assert kazoo.answer("GET", f"/faxes/inbox/{fax}", 404)["message"] == "bad_identifier"
    created = live["created"]
    kazoo.control.advance()
    data = kazoo.get(f"/faxes/inbox/{fax}")["data"]
    elapsed = data["rx_result"]["time_elapsed"]
    job = fax[7:]
    assert re.fullmatch(
        r"fax message received at \d{4}-\d{1,2}-\d{1,2} \d{1,2}:\d{1,2}:\d{1,2} UTC", data["name"]
    )
    assert data == {
        "id": fax,
        "name": data["name"],
        "from_number": SENDER,
        "to_number": NUMBER,
        "description": "fax document received",
        "source_type": "incoming_fax",
        "folder": "inbox",
        "timestamp": data["timestamp"],
        "created": created,
        "status": "completed",
        "owner_id": data["owner_id"],
        "faxbox_id": None,
        "media_type": "tiff",
        "call_id": f"{job}-1",
        "cdr_doc_id": f"{fax[:6]}-{job}-1",
        "fax_timezone": "undefined",
        "notifications": {},
        "rx_result": {
            "error_message": "",
            "fax_bad_rows": 0,
            "fax_error_correction": True,
            "fax_receiver_id": "+18884732963",
            "fax_speed": 14400,
            "pages_sent": 2,
            "success": True,
            "time_elapsed": elapsed,
            "result_code": 200,
            "result_text": "OK",
            "result_cause": "NORMAL_CLEARING",
            "total_pages": 2,
            "transferred_pages": 2,
            "bad_rows": 0,
            "ecm_used": "on",
            "t38_used": False,
            "transfer_rate": 14400,
            "local_station_id": "+18884732963",
            "remote_station_id": "+12125550123",
            "image_resolution": "8031x7700",
            "file_image_resolution": "8031x7700",
            "encoding": 3,
            "encoding_name": "T.6",
        },
    }
    row = kazoo.get("/faxes/inbox")["data"][0]
    assert {key: row[key] for key in ("id", "from", "to", "status")} == {
        "id": fax, "from": SENDER, "to": NUMBER, "status": "completed"
    }  # fmt: skip
    wrong = kazoo.answer("GET", f"/faxes/incoming/{fax}", 500)
    assert wrong["message"] == "document is not in folder incoming"
    assert kazoo.answer("GET", f"/faxes/outbox/{fax}", 500)["message"] == "document is not in folder outbox"
    assert [row["id"] for row in kazoo.get("/faxes/incoming")["data"]] == [fax]


@pytest.mark.parametrize("outcome", ["line_error", "hangup", "no_answer"])
def test_a_call_that_fails_leaves_nothing(kazoo: Kazoo, outcome: str) -> None:
    fax = received(kazoo, scenario=outcome)
    for folder in ("incoming", "inbox"):
        assert kazoo.answer("GET", f"/faxes/{folder}/{fax}", 404)["message"] == "bad_identifier"
        assert kazoo.get(f"/faxes/{folder}")["data"] == []


def test_a_received_document_is_a_tiff_and_a_pdf_on_wish(kazoo: Kazoo) -> None:
    fax = received(kazoo)
    answer = kazoo.call("GET", f"/faxes/inbox/{fax}/attachment")
    assert (answer.status_code, answer.headers["Content-Type"], answer.content[:4]) == (
        200,
        "image/tiff",
        b"II*\0",
    )
    assert answer.headers["Content-Disposition"] == f"attachment; filename=received_file_{fax[7:]}.tiff"
    pdf = kazoo.call("GET", f"/faxes/inbox/{fax}/attachment", headers={"Accept": "application/pdf"})
    assert (pdf.headers["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    assert kazoo.answer("DELETE", f"/faxes/inbox/{fax}/attachment")["data"] == {}
    assert kazoo.call("GET", f"/faxes/inbox/{fax}/attachment").status_code == 404
    assert kazoo.get(f"/faxes/inbox/{fax}")["data"]["id"] == fax


def test_a_received_fax_is_deleted(kazoo: Kazoo) -> None:
    fax = received(kazoo)
    shown = kazoo.get(f"/faxes/inbox/{fax}")["data"]
    assert kazoo.answer("DELETE", f"/faxes/inbox/{fax}")["data"] == shown
    assert kazoo.answer("GET", f"/faxes/inbox/{fax}", 404)["data"]["cause"] == fax
    assert kazoo.get("/faxes/inbox")["data"] == []


def test_a_received_fax_is_sent_on(kazoo: Kazoo) -> None:
    fax = received(kazoo, pages=2)
    made = kazoo.put(f"/faxes/inbox/{fax}", {"to_number": "12125550177"}, action="forward")
    assert made == {
        "attempts": 0,
        "fax_timezone": "undefined",
        "folder": "inbox",
        "from_number": NUMBER,
        "id": made["id"],
        "retries": 1,
        "to_number": "12125550177",
    }
    kazoo.control.advance()
    sent = kazoo.get("/faxes/outbox")["data"][0]
    assert (sent["id"][7:], sent["status"], sent["tx_result"]["pages_sent"]) == (made["id"], "completed", 2)


def test_a_fax_cannot_be_sent_on_without_a_number_a_document_or_the_action(kazoo: Kazoo) -> None:
    fax = received(kazoo)
    path = f"/faxes/inbox/{fax}"
    assert list(kazoo.put(path, {}, 400, action="forward")) == ["document.to_number"]
    assert kazoo.answer("PUT", path, 500, json={"data": {}})["message"] == "action required"
    wrong = kazoo.answer("PUT", path, 500, json={"data": {}, "action": "resubmit"})
    assert wrong["message"] == "invalid action"
    kazoo.answer("DELETE", f"{path}/attachment")
    gone = kazoo.answer("PUT", path, 500, json={"data": {"to_number": NUMBER}, "action": "forward"})
    assert (gone["message"], gone["data"]) == (
        "error when forwarding fax", {"message": "error when forwarding fax"}
    )  # fmt: skip


def test_a_fax_comes_to_the_faxbox_that_has_its_number(kazoo: Kazoo, receiver: Receiver, app: Any) -> None:
    told = {"inbound": {"email": {"send_to": "desk@b.test"}}}
    box = kazoo.put(
        "/faxboxes",
        {"name": "Box", "caller_id": "+1 888 473 2963", "notifications": told, "fax_timezone": "UTC"},
    )["id"]
    fax = received(kazoo)
    data = kazoo.get(f"/faxboxes/{box}/faxes/inbox/{fax}")["data"]
    assert (data["faxbox_id"], data["fax_timezone"], data["notifications"]) == (box, "UTC", told["inbound"])
    assert [row["id"] for row in kazoo.get(f"/faxboxes/{box}/faxes/inbox")["data"]] == [fax]
    assert [row["id"] for row in kazoo.get(f"/users/{data['owner_id']}/faxes/inbox")["data"]] == [fax]
    other = received(kazoo, to="12125550188")
    assert kazoo.get(f"/faxes/inbox/{other}")["data"]["faxbox_id"] is None
    assert [row["id"] for row in kazoo.get(f"/faxboxes/{box}/faxes/inbox")["data"]] == [fax]
    entries = [entry for _, entry in app.store.journal(kazoo.control.id, "notifications").entries]
    assert [(entry["to"], entry["event"], entry["subject"]) for entry in entries] == [
        (["desk@b.test"], "inbound_fax", "New fax from +12125550123")
    ]


def test_the_webhooks_of_what_is_received(kazoo: Kazoo, receiver: Receiver) -> None:
    kazoo.control.vendor("kazoo", webhooks={"inbound": receiver.url})
    data = {"name": "Box", "caller_id": NUMBER, "fax_timezone": "Europe/Dublin"}
    box = kazoo.put("/faxboxes", data)["id"]
    fax = received(kazoo)
    failed = received(kazoo, scenario="line_error")
    good, bad = (dict(post.form()) for post in receiver.wait(2))
    account, realm = kazoo.account, f"{kazoo.credentials['account_name']}.sip.localfax.test"
    assert good == {
        "account_id": account, "account_db": f"account%2F{account[:2]}%2F{account[2:4]}%2F{account[4:]}",
        "call_id": f"{fax[7:]}-1", "caller_id_name": SENDER, "caller_id_number": SENDER,
        "callee_id_name": NUMBER, "callee_id_number": NUMBER, "fax_id": fax,
        "fax_timestamp": good["fax_timestamp"], "fax_timezone": "Europe/Dublin", "faxbox_id": box,
        "from_user": SENDER, "from_realm": realm, "to_user": NUMBER, "to_realm": realm,
        "owner_id": kazoo.get(f"/faxes/inbox/{fax}")["data"]["owner_id"], "event_name": "inbound_fax",
        "fax_success": "true", "fax_total_pages": "1", "fax_result_code": "0", "fax_result_text": "OK",
        "fax_transferred_pages": "1", "fax_hangup_code": "16", "fax_hangup_cause": "NORMAL_CLEARING",
        "fax_transfer_rate": "14400", "fax_bad_rows": "0", "fax_ecm_used": "on", "fax_t38_used": "false",
        "fax_encoding": "3", "fax_encoding_name": "T.6", "fax_local_station_id": "+18884732963",
        "fax_remote_station_id": "+12125550123", "fax_image_resolution": "8031x7700",
        "fax_file_image_resolution": "8031x7700",
    }  # fmt: skip
    assert (bad["event_name"], bad["fax_id"], bad["fax_error"]) == (
        "inbound_fax_error", failed, "Disconnected after permitted retries"
    )  # fmt: skip
