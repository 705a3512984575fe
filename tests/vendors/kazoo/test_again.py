"""What is done to a sent fax: sent again, read in a wrong folder, deleted; and who is told of it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.receiver import Receiver
from tests.vendors.kazoo.client import BY_URL, NUMBER, VALIDATION, Kazoo, check, own_fault, unknown
from tests.vendors.kazoo.expected import failed, faxed, job, listed, sent
from tests.vendors.kazoo.rules import at_most, required


def test_a_sent_fax_is_sent_again_as_a_new_job(kazoo: Kazoo, three_pages: bytes) -> None:
    old = kazoo.sent(three_pages, retries=2, to_name="A")
    asked = {
        "data": '{"action": "resubmit", "data": {}}',
        "headers": {"Content-Type": "application/x-www-form-urlencoded"},
    }
    answer = kazoo.call("PUT", f"/faxes/outbox/{old['id']}", **asked)
    made = check(answer, kazoo.token)["data"]
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
    assert answer.headers["Location"] == f"/kazoo/v2/accounts/{kazoo.account}/faxes/outgoing/{made['id']}"
    created, doc = kazoo.now(), {"retries": 2, "to_name": "A"}
    assert kazoo.get(f"/faxes/outgoing/{made['id']}")["data"] == job(made["id"], created, **doc)
    kazoo.control.advance()
    row = kazoo.ended(made["id"])
    assert row == listed(sent(f"201603-{made['id']}", created, faxed(elapsed=83, pages=3), **doc))
    assert [row for row in kazoo.get("/faxes/outbox")["data"] if row["id"] == old["id"]] == [old]


def test_what_is_sent_again_may_differ(kazoo: Kazoo, one_page: bytes) -> None:
    old = kazoo.sent(one_page)
    path = f"/faxes/outbox/{old['id']}"
    made = kazoo.put(path, {"to_number": "12125550123"}, action="resubmit")
    assert made == {
        "attempts": 0, "fax_timezone": "undefined", "folder": "outbox", "from_number": NUMBER,
        "id": made["id"], "retries": 1, "to_number": "12125550123",
    }  # fmt: skip
    kazoo.breaks(path, {"retries": 9}, {"retries": at_most(4, 9)}, action="resubmit")


@pytest.mark.parametrize(
    ("envelope", "message"),
    [({}, "action required"), ({"action": "burn"}, "invalid action"), ({"action": 5}, "invalid action"),
     ({"action": "forward"}, "invalid action")],
)  # fmt: skip
def test_a_wrong_action_is_a_server_error(
    kazoo: Kazoo, one_page: bytes, envelope: dict[str, Any], message: str
) -> None:
    old = kazoo.sent(one_page)
    path = f"/faxes/outbox/{old['id']}"
    kazoo.refused("PUT", path, own_fault(message), json={"data": {}, **envelope})


def test_a_fax_whose_document_is_gone_cannot_be_sent_again(kazoo: Kazoo, one_page: bytes) -> None:
    old = kazoo.sent(one_page)
    path = f"/faxes/outbox/{old['id']}"
    kazoo.answer("DELETE", f"{path}/attachment")
    error = own_fault("error when resubmitting fax")
    kazoo.refused("PUT", path, error, json={"action": "resubmit", "data": {}})
    kazoo.refused("PUT", path, (400, VALIDATION, {"data": required("data")}), json={"action": "resubmit"})


def test_a_broken_document_stays_broken_when_it_is_sent_again(kazoo: Kazoo, document: Any) -> None:
    old = kazoo.sent(document("truncated.pdf"))
    created = kazoo.now()
    made = kazoo.put(f"/faxes/outbox/{old['id']}", {}, action="resubmit")
    kazoo.control.advance()
    result = failed(0, "TIFF/F file cannot be opened", elapsed=1, pages=0)
    assert kazoo.ended(made["id"]) == listed(sent(f"201603-{made['id']}", created, result))


def test_a_document_that_was_fetched_broken_is_fetched_again_when_it_is_sent_again(
    kazoo: Kazoo, receiver: Receiver, document: Any, one_page: bytes
) -> None:
    receiver.answer(200, document("truncated.pdf")).answer(200, one_page)
    job = kazoo.put("/faxes", {**BY_URL, "document": {"url": receiver.url}})["id"]
    kazoo.control.advance()
    created = kazoo.now()
    made = kazoo.put(f"/faxes/outbox/201603-{job}", {}, action="resubmit")
    kazoo.control.advance()
    doc = {"document": {"method": "get", "url": receiver.url}}
    assert kazoo.ended(made["id"]) == listed(sent(f"201603-{made['id']}", created, faxed(elapsed=43), **doc))
    assert len(receiver.wait(2)) == 2


def test_another_document_can_be_named_when_a_fax_is_sent_again(
    kazoo: Kazoo, receiver: Receiver, one_page: bytes, three_pages: bytes
) -> None:
    receiver.answer(200, three_pages)
    old, created = kazoo.sent(one_page), kazoo.now()
    wanted = {"document": {"method": "get", "url": receiver.url}}
    made = kazoo.put(f"/faxes/outbox/{old['id']}", wanted, action="resubmit")
    kazoo.control.advance()
    result = faxed(elapsed=83, pages=3)
    assert kazoo.ended(made["id"]) == listed(sent(f"201603-{made['id']}", created, result, **wanted))


def test_a_fax_of_another_folder_is_a_server_error(kazoo: Kazoo, one_page: bytes) -> None:
    fax = kazoo.sent(one_page)["id"]
    for folder in ("inbox", "incoming"):
        kazoo.refused("GET", f"/faxes/{folder}/{fax}", own_fault(f"document is not in folder {folder}"))
    kazoo.refused("GET", f"/faxes/outgoing/{fax}", unknown(fax))
    queued = kazoo.send(one_page)["id"]
    kazoo.refused("GET", f"/faxes/outbox/{queued}", unknown(queued))
    for path in (f"/faxes/inbox/{fax}", f"/faxes/inbox/{fax}/attachment"):
        kazoo.refused("DELETE", path, own_fault("document is not in folder inbox"))


def test_a_deleted_fax_is_gone_from_every_answer(kazoo: Kazoo, one_page: bytes) -> None:
    created, fax = kazoo.now(), kazoo.sent(one_page)
    path = f"/faxes/outbox/{fax['id']}"
    assert kazoo.answer("DELETE", path)["data"] == sent(fax["id"], created, faxed(elapsed=43))
    for gone in (path, f"{path}/attachment"):
        kazoo.refused("GET", gone, unknown(fax["id"]))
        kazoo.refused("DELETE", gone, unknown(fax["id"]))
    kazoo.refused("PUT", path, unknown(fax["id"]), json={"action": "resubmit", "data": {}})
    assert kazoo.get("/faxes/outbox")["data"] == []
    assert len(kazoo.control.faxes()) == 1


def test_the_same_seed_gives_the_same_ids(kazoo: Kazoo, one_page: bytes) -> None:
    twins = [Kazoo(kazoo.control.create(seed="twin")) for _ in range(2)]
    ids = [twin.send(one_page)["id"] for twin in twins]
    assert ids[0] == ids[1]


def test_notifications_are_written_down_when_a_fax_has_ended(kazoo: Kazoo, one_page: bytes) -> None:
    notifications = {"email": {"send_to": ["a@b.test", "c@d.test"]}, "sms": {"send_to": "12125550100"}}
    kazoo.sent(one_page, notifications=notifications)
    kazoo.sent(one_page, to="15005550002", notifications={"email": {"send_to": "a@b.test"}}, retries=2)
    good = {"vendor": "kazoo", "event": "outbound_fax", "subject": "Fax to +18884732963 was sent"}
    bad = {"event": "outbound_fax_error", "subject": "Fax to +15005550002 failed: USER_BUSY"}
    assert kazoo.told() == [
        {**good, "fax": "fax-1", "kind": "email", "to": ["a@b.test", "c@d.test"]},
        {**good, "fax": "fax-1", "kind": "sms", "to": ["12125550100"]},
        {"vendor": "kazoo", **bad, "fax": "fax-2", "kind": "email", "to": ["a@b.test"]},
    ]
