"""What is received: a live call under incoming, then a fax in the inbox, to be read, sent on, deleted."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.receiver import Receiver
from tests.vendors.kazoo.client import GREGORIAN, NUMBER, UNTRIED, Kazoo, login, own_fault, unknown
from tests.vendors.kazoo.expected import STATION, faxed, listed, received, sent
from tests.vendors.kazoo.rules import rule

SENDER = "12125550123"


def receive(kazoo: Kazoo, **more: Any) -> str:
    """Let somebody fax us, and everything happen; gives the fax's id."""
    fax = kazoo.receive(**more)
    kazoo.control.advance()
    return fax


def spoken(pages: int, elapsed: int) -> dict[str, Any]:
    """Give the rx_result of a fax that came whole."""
    return faxed(elapsed=elapsed, pages=pages, csid=f"+{SENDER}", receiver=STATION)


def inboxed(fax: str, created: int, owner: str, *, pages: int = 1, **more: Any) -> dict[str, Any]:
    """Give the whole of a fax that has just come into the inbox."""
    elapsed = {1: 37, 2: 57}[pages]
    when = datetime.fromtimestamp(created + elapsed - GREGORIAN, UTC)
    day = f"{when.year}-{when.month}-{when.day} {when.hour}:{when.minute}:{when.second}"
    result = spoken(pages, elapsed)
    return received(fax, created, created + elapsed, day, owner, result, **more)


def owner_of(kazoo: Kazoo) -> str:
    """Give the id of the account's one user."""
    return str(login(kazoo)["data"]["owner_id"])


def test_a_fax_is_incoming_while_its_call_lasts_and_then_in_the_inbox(kazoo: Kazoo) -> None:
    created, owner, fax = kazoo.now(), owner_of(kazoo), kazoo.receive(pages=2)
    assert re.fullmatch(r"201603-[0-9a-f]{32}", fax)
    kazoo.control.advance(by=20)
    begun = {"folder": "incoming", "status": "processing", "rx_result": UNTRIED}
    live = received(fax, created, created, "2016-3-28 19:2:53", owner, UNTRIED) | begun
    assert kazoo.get(f"/faxes/incoming/{fax}")["data"] == live
    assert kazoo.get("/faxes/incoming")["data"] == [listed(live)]
    assert kazoo.get("/faxes/inbox")["data"] == []
    kazoo.refused("GET", f"/faxes/inbox/{fax}", unknown(fax))
    kazoo.control.advance()
    whole = inboxed(fax, created, owner, pages=2)
    assert whole["name"] == "fax message received at 2016-3-28 19:3:50 UTC"
    assert kazoo.get(f"/faxes/inbox/{fax}")["data"] == whole
    assert kazoo.get("/faxes/inbox")["data"] == [listed(whole)]
    for folder in ("incoming", "outbox"):
        kazoo.refused("GET", f"/faxes/{folder}/{fax}", own_fault(f"document is not in folder {folder}"))
    assert kazoo.get("/faxes/incoming")["data"] == [listed(whole)]


@pytest.mark.parametrize("outcome", ["line_error", "hangup", "no_answer"])
def test_a_call_that_fails_leaves_nothing(kazoo: Kazoo, outcome: str) -> None:
    fax = receive(kazoo, scenario=outcome)
    for folder in ("incoming", "inbox"):
        kazoo.refused("GET", f"/faxes/{folder}/{fax}", unknown(fax))
        assert kazoo.get(f"/faxes/{folder}")["data"] == []


def test_a_received_document_is_a_tiff_and_a_pdf_on_wish(kazoo: Kazoo) -> None:
    created = kazoo.now()
    fax = receive(kazoo)
    answer = kazoo.call("GET", f"/faxes/inbox/{fax}/attachment")
    assert (answer.status_code, answer.headers["Content-Type"], answer.content[:4]) == (
        200,
        "image/tiff",
        b"II*\0",
    )
    assert answer.headers["Content-Disposition"] == f"attachment; filename=received_file_{fax[7:]}.tiff"
    pdf = kazoo.call("GET", f"/faxes/inbox/{fax}/attachment", headers={"Accept": "application/pdf"})
    assert (pdf.headers["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    whole = inboxed(fax, created, owner_of(kazoo))
    assert kazoo.answer("DELETE", f"/faxes/inbox/{fax}/attachment")["data"] == {}
    kazoo.refused("GET", f"/faxes/inbox/{fax}/attachment", unknown(fax))
    assert kazoo.get(f"/faxes/inbox/{fax}")["data"] == whole


def test_a_received_fax_is_deleted(kazoo: Kazoo) -> None:
    created = kazoo.now()
    fax = receive(kazoo)
    whole = inboxed(fax, created, owner_of(kazoo))
    assert kazoo.answer("DELETE", f"/faxes/inbox/{fax}")["data"] == whole
    for path in ("", "/attachment"):
        kazoo.refused("GET", f"/faxes/inbox/{fax}{path}", unknown(fax))
    assert kazoo.get("/faxes/inbox")["data"] == []


def test_a_received_fax_is_sent_on(kazoo: Kazoo) -> None:
    fax = receive(kazoo, pages=2)
    created = kazoo.now()
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
    told = faxed(elapsed=63, pages=2, to="+12125550177")
    whole = sent(f"201603-{made['id']}", created, told, to_number="12125550177")
    assert kazoo.get("/faxes/outbox")["data"] == [listed(whole)]


def test_a_fax_cannot_be_sent_on_without_a_number_a_document_or_the_action(kazoo: Kazoo) -> None:
    path = f"/faxes/inbox/{receive(kazoo)}"
    nowhere = {"document.to_number": {"required": rule("add a valid number to send the fax to")}}
    kazoo.breaks(path, {}, nowhere, action="forward")
    kazoo.refused("PUT", path, own_fault("action required"), json={"data": {}})
    wrong = {"data": {}, "action": "resubmit"}
    kazoo.refused("PUT", path, own_fault("invalid action"), json=wrong)
    kazoo.answer("DELETE", f"{path}/attachment")
    wanted = {"data": {"to_number": NUMBER}, "action": "forward"}
    kazoo.refused("PUT", path, own_fault("error when forwarding fax"), json=wanted)


def test_a_fax_comes_to_the_faxbox_that_has_its_number(kazoo: Kazoo) -> None:
    told, owner = {"inbound": {"email": {"send_to": "desk@b.test"}}}, owner_of(kazoo)
    wanted = {"name": "Box", "caller_id": "+1 888 473 2963", "notifications": told, "fax_timezone": "UTC"}
    box = kazoo.put("/faxboxes", wanted)["id"]
    created, fax = kazoo.now(), receive(kazoo)
    more = {"faxbox_id": box, "fax_timezone": "UTC", "notifications": told["inbound"]}
    whole = inboxed(fax, created, owner, **more)
    for place in ("", f"/faxboxes/{box}", f"/users/{owner}"):
        assert kazoo.get(f"{place}/faxes/inbox/{fax}")["data"] == whole
        assert kazoo.get(f"{place}/faxes/inbox")["data"] == [listed(whole)]
    other = receive(kazoo, to="12125550188")
    assert kazoo.get(f"/faxes/inbox/{other}")["data"]["faxbox_id"] is None
    assert kazoo.get(f"/faxboxes/{box}/faxes/inbox")["data"] == [listed(whole)]
    assert kazoo.told() == [
        {
            "vendor": "kazoo", "fax": "fax-1", "kind": "email", "to": ["desk@b.test"], "event": "inbound_fax",
            "subject": "New fax from +12125550123",
        }
    ]  # fmt: skip


def test_the_webhooks_of_what_is_received(kazoo: Kazoo, receiver: Receiver) -> None:
    kazoo.control.vendor("kazoo", webhooks={"inbound": receiver.url})
    data = {"name": "Box", "caller_id": NUMBER, "fax_timezone": "Europe/Dublin"}
    box = kazoo.put("/faxboxes", data)["id"]
    created, fax = kazoo.now(), receive(kazoo)
    failed_at, failed = kazoo.now(), receive(kazoo, scenario="line_error")
    good, bad = (dict(post.form()) for post in receiver.wait(2))
    account, realm = kazoo.account, f"{kazoo.credentials['account_name']}.sip.localfax.test"
    assert good == {
        "account_id": account, "account_db": f"account%2F{account[:2]}%2F{account[2:4]}%2F{account[4:]}",
        "call_id": f"{fax[7:]}-1", "caller_id_name": SENDER, "caller_id_number": SENDER,
        "callee_id_name": NUMBER, "callee_id_number": NUMBER, "fax_id": fax,
        "fax_timestamp": str(created + 37), "fax_timezone": "Europe/Dublin", "faxbox_id": box,
        "from_user": SENDER, "from_realm": realm, "to_user": NUMBER, "to_realm": realm,
        "owner_id": owner_of(kazoo), "event_name": "inbound_fax",
        "fax_success": "true", "fax_total_pages": "1", "fax_result_code": "0", "fax_result_text": "OK",
        "fax_transferred_pages": "1", "fax_hangup_code": "200", "fax_hangup_cause": "NORMAL_CLEARING",
        "fax_transfer_rate": "14400", "fax_bad_rows": "0", "fax_ecm_used": "true", "fax_t38_used": "false",
        "fax_encoding": "3", "fax_encoding_name": "T.6", "fax_local_station_id": "+18884732963",
        "fax_remote_station_id": "+12125550123", "fax_image_resolution": "8031x7700",
        "fax_file_image_resolution": "8031x7700",
    }  # fmt: skip
    assert bad == good | {
        "call_id": f"{failed[7:]}-2", "fax_id": failed, "fax_timestamp": str(failed_at + 26),
        "event_name": "inbound_fax_error", "fax_error": "Disconnected after permitted retries",
        "fax_success": "false", "fax_result_code": "48", "fax_transferred_pages": "0",
        "fax_result_text": "Disconnected after permitted retries",
    }  # fmt: skip
