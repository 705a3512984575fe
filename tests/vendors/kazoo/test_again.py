"""What is done to a sent fax: sent again, read in a wrong folder, deleted; and who is told of it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.vendors.kazoo.conftest import NUMBER, Kazoo


def test_a_sent_fax_is_sent_again_as_a_new_job(kazoo: Kazoo, three_pages: bytes) -> None:
    old = kazoo.sent(three_pages, retries=2, to_name="A")
    answer = kazoo.call(
        "PUT", f"/faxes/outbox/{old['id']}", data='{"action": "resubmit", "data": {}}',
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )  # fmt: skip
    made = answer.json()["data"]
    assert answer.status_code == 201
    assert made == {
        "attempts": 0,
        "fax_timezone": "undefined",
        "folder": "outbox",
        "from_number": NUMBER,
        "id": made["id"],
        "retries": 2,
        "to_name": "A",
        "to_number": NUMBER,
    }
    assert re.fullmatch(r"[0-9a-f]{32}", made["id"])
    assert answer.headers["Location"].endswith(f"/faxes/outgoing/{made['id']}")
    assert kazoo.status(made["id"]) == "pending"
    kazoo.control.advance()
    assert kazoo.ended(made["id"])["tx_result"]["pages_sent"] == 3
    assert kazoo.get(f"/faxes/outbox/{old['id']}")["data"]["id"] == old["id"]


def test_what_is_sent_again_may_differ(kazoo: Kazoo, one_page: bytes) -> None:
    old = kazoo.sent(one_page)
    made = kazoo.put(f"/faxes/outbox/{old['id']}", {"to_number": "12125550123"}, action="resubmit")
    assert made["to_number"] == "12125550123"
    assert list(kazoo.put(f"/faxes/outbox/{old['id']}", {"retries": 9}, 400, action="resubmit")) == [
        "retries"
    ]


@pytest.mark.parametrize(
    ("envelope", "message"),
    [({}, "action required"), ({"action": "burn"}, "invalid action"), ({"action": 5}, "invalid action"),
     ({"action": "forward"}, "invalid action")],
)  # fmt: skip
def test_a_wrong_action_is_a_server_error(
    kazoo: Kazoo, one_page: bytes, envelope: dict[str, Any], message: str
) -> None:
    old = kazoo.sent(one_page)
    body = kazoo.answer("PUT", f"/faxes/outbox/{old['id']}", 500, json={"data": {}, **envelope})
    assert (body["error"], body["message"], body["data"]) == ("500", message, {"message": message})


def test_a_fax_whose_document_is_gone_cannot_be_sent_again(kazoo: Kazoo, one_page: bytes) -> None:
    old = kazoo.sent(one_page)
    kazoo.answer("DELETE", f"/faxes/outbox/{old['id']}/attachment")
    body = kazoo.answer("PUT", f"/faxes/outbox/{old['id']}", 500, json={"action": "resubmit"})
    assert body["message"] == "error when resubmitting fax"


def test_a_fax_of_another_folder_is_a_server_error(kazoo: Kazoo, one_page: bytes) -> None:
    sent = kazoo.sent(one_page)["id"]
    for folder in ("inbox", "incoming"):
        body = kazoo.answer("GET", f"/faxes/{folder}/{sent}", 500)
        message = f"document is not in folder {folder}"
        assert (body["error"], body["message"], body["data"]) == ("500", message, {"message": message})
    assert kazoo.answer("GET", f"/faxes/outgoing/{sent}", 404)["message"] == "bad_identifier"
    queued = kazoo.send(one_page)["id"]
    assert kazoo.answer("GET", f"/faxes/outbox/{queued}", 404)["message"] == "bad_identifier"


def test_a_deleted_fax_is_gone_from_every_answer(kazoo: Kazoo, one_page: bytes) -> None:
    fax = kazoo.sent(one_page)
    body = kazoo.answer("DELETE", f"/faxes/outbox/{fax['id']}")
    assert body["data"] == {key: value for key, value in fax.items() if key not in ("from", "to")}
    for path in ("", "/attachment"):
        assert kazoo.answer("GET", f"/faxes/outbox/{fax['id']}{path}", 404)["message"] == "bad_identifier"
    assert kazoo.get("/faxes/outbox")["data"] == []
    assert kazoo.answer("DELETE", f"/faxes/outbox/{fax['id']}", 404)["data"]["cause"] == fax["id"]
    assert len(kazoo.control.faxes()) == 1


def test_the_same_seed_gives_the_same_ids(kazoo: Kazoo, one_page: bytes) -> None:
    twins = [Kazoo(kazoo.control.create(seed="twin")) for _ in range(2)]
    ids = [twin.send(one_page)["id"] for twin in twins]
    assert ids[0] == ids[1]


def test_notifications_are_written_down_when_a_fax_has_ended(kazoo: Kazoo, one_page: bytes, app: Any) -> None:
    notifications = {"email": {"send_to": ["a@b.test", "c@d.test"]}, "sms": {"send_to": "12125550100"}}
    kazoo.sent(one_page, notifications=notifications)
    kazoo.sent(one_page, to="15005550002", notifications={"email": {"send_to": "a@b.test"}}, retries=2)
    entries = [entry for _, entry in app.store.journal(kazoo.control.id, "notifications").entries]
    told = [(entry["fax"], entry["kind"], entry["to"], entry["event"], entry["subject"]) for entry in entries]
    assert told == [
        ("fax-1", "email", ["a@b.test", "c@d.test"], "outbound_fax", "Fax to +18884732963 was sent"),
        ("fax-1", "sms", ["12125550100"], "outbound_fax", "Fax to +18884732963 was sent"),
        ("fax-2", "email", ["a@b.test"], "outbound_fax_error", "Fax to +15005550002 failed: USER_BUSY"),
    ]
    assert {entry["vendor"] for entry in entries} == {"kazoo"}
