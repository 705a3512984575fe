"""The life of a job: its states, its tries, its move to the outbox, and what is said of each end."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest

from emulator.vendors.kazoo import tables
from tests.receiver import Receiver
from tests.vendors.kazoo.conftest import NUMBER, UNTRIED, Kazoo

BY_URL = {"from_number": NUMBER, "to_number": NUMBER}
STEP = 0.5


def status(kazoo: Kazoo, job: str) -> str:
    return str(kazoo.get(f"/faxes/outgoing/{job}")["data"]["status"])


def by_url(receiver: Receiver, **more: Any) -> dict[str, Any]:
    return {**BY_URL, "document": {"url": f"{receiver.url}/fax.pdf"}, **more}


def outbox(kazoo: Kazoo, job: str) -> Any:
    return next(row for row in kazoo.get("/faxes/outbox")["data"] if row["id"].endswith(job))


def starts(kazoo: Kazoo) -> list[float]:
    calls = kazoo.control.faxes()[0]["attempts"]
    return [datetime.fromisoformat(call["started_at"]).timestamp() for call in calls]


def test_an_uploaded_fax_goes_through_its_documented_states(kazoo: Kazoo, one_page: bytes) -> None:
    job = kazoo.send(one_page)["id"]
    seen = []
    for _ in range(95):
        answer = kazoo.call("GET", f"/faxes/outgoing/{job}")
        word = answer.json()["data"]["status"] if answer.ok else answer.status_code
        seen += [word] if seen[-1:] != [word] else []
        kazoo.control.advance(by=STEP)
    assert seen == ["attaching_files", "pending", "processing", 404]
    assert outbox(kazoo, job)["status"] == "completed"


def test_a_job_is_picked_up_by_the_poll_after_five_seconds(kazoo: Kazoo, one_page: bytes) -> None:
    job = kazoo.send(one_page)["id"]
    kazoo.control.advance(by=4.9)
    assert status(kazoo, job) == "pending"
    kazoo.control.advance(by=0.1)
    assert status(kazoo, job) == "processing"


def test_a_fax_that_ends_moves_to_the_outbox_under_a_new_id(kazoo: Kazoo, three_pages: bytes) -> None:
    kazoo.control.call(
        "PATCH", f"/sandboxes/{kazoo.control.id}/clock", 200, json={"now": "2031-02-28T23:59:30Z"}
    )
    job = kazoo.send(three_pages, to_name="Someone")["id"]
    created = kazoo.now()
    kazoo.control.advance()
    gone = kazoo.answer("GET", f"/faxes/outgoing/{job}", 404)
    assert (gone["message"], gone["data"]) == ("bad_identifier", {"cause": job, "message": "bad identifier"})
    kept = f"203102-{job}"
    data = kazoo.get(f"/faxes/outbox/{kept}")["data"]
    elapsed = data["tx_result"]["time_elapsed"]
    assert data == {
        "attempts": 1, "created": created, "delivered": created + elapsed, "fax_timezone": "undefined",
        "folder": "outbox", "from_number": NUMBER, "id": kept, "retries": 1, "status": "completed",
        "to_name": "Someone", "to_number": NUMBER,
        "tx_result": {
            "bad_rows": 0, "ecm_used": "on", "encoding": 3, "encoding_name": "T.6", "error_message": "",
            "fax_bad_rows": 0, "fax_error_correction": True, "fax_receiver_id": "+18884732963", "fax_speed": 14400,
            "file_image_resolution": "8031x7700", "image_resolution": "8031x7700",
            "local_station_id": "+18884732963", "pages_sent": 3, "remote_station_id": "+18884732963",
            "result_cause": "NORMAL_CLEARING", "result_code": 200, "result_text": "OK", "success": True,
            "t38_used": False, "time_elapsed": elapsed, "total_pages": 3, "transfer_rate": 14400,
            "transferred_pages": 3,
        },
    }  # fmt: skip
    assert elapsed > 60
    neutral = kazoo.control.faxes()[0]
    assert neutral["vendor_view"] == {"id": kept, "state": "completed", "code": "200", "text": "OK"}
    assert kazoo.get("/faxes/outgoing")["data"] == []


@pytest.mark.parametrize(("retries", "tries"), [(0, 1), (1, 1), (2, 2), (3, 3), (4, 4)])
def test_retries_bound_the_tries_which_are_five_minutes_apart(
    kazoo: Kazoo, one_page: bytes, retries: int, tries: int
) -> None:
    job = kazoo.send(one_page, to="15005550002", retries=retries)["id"]
    kazoo.control.advance()
    begun = starts(kazoo)
    assert len(begun) == tries
    busy = 3
    assert [after - before for before, after in zip(begun, begun[1:], strict=False)] == [300 + busy] * (
        tries - 1
    )
    row = outbox(kazoo, job)
    assert (row["status"], row["attempts"], row["delivered"]) == ("failed", tries, "undefined")
    elapsed = row["tx_result"]["time_elapsed"]
    assert row["retry_after"] == 300
    assert row["tx_result"] == {
        **UNTRIED, "error_message": "USER_BUSY", "time_elapsed": elapsed, "result_code": 486,
        "result_text": "USER_BUSY", "result_cause": "USER_BUSY", "total_pages": 1, "transferred_pages": 0,
    }  # fmt: skip


def test_between_two_tries_a_job_is_pending_and_tells_of_the_first(kazoo: Kazoo, one_page: bytes) -> None:
    job = kazoo.send(one_page, to="15005550004", retries=2)["id"]
    kazoo.control.advance(by=60)
    data = kazoo.get(f"/faxes/outgoing/{job}")["data"]
    assert (data["status"], data["attempts"], data["retry_after"]) == ("pending", 1, 300)
    assert data["tx_result"]["result_text"] == "USER_BUSY"
    kazoo.control.advance(by=260)
    assert status(kazoo, job) == "processing"
    kazoo.control.advance()
    row = outbox(kazoo, job)
    assert (row["status"], row["attempts"], row["tx_result"]["success"]) == ("completed", 2, True)


def test_one_call_at_a_time_goes_to_a_destination(kazoo: Kazoo, one_page: bytes) -> None:
    jobs = [kazoo.send(one_page)["id"] for _ in range(3)]
    kazoo.control.advance(by=6)
    assert [status(kazoo, job) for job in jobs] == ["processing", "pending", "pending"]
    kazoo.control.advance()
    assert len(kazoo.get("/faxes/outbox")["data"]) == 3


def test_ten_calls_at_a_time_go_out_of_an_account(kazoo: Kazoo, one_page: bytes) -> None:
    assert kazoo.control.vendor("kazoo")["lines"] == 10
    jobs = [kazoo.send(one_page, to=f"1212555{number:04}")["id"] for number in range(100, 112)]
    kazoo.control.advance(by=6)
    words = [status(kazoo, job) for job in jobs]
    assert words == ["processing"] * 10 + ["pending"] * 2
    kazoo.control.advance()
    assert {row["status"] for row in kazoo.get("/faxes/outbox")["data"]} == {"completed"}


def test_a_status_that_waits_for_reads_moves_on_when_it_was_read(kazoo: Kazoo, one_page: bytes) -> None:
    kazoo.scenario({"delivered": {"after": {"polls": 2}}})
    job = kazoo.send(one_page)["id"]
    kazoo.control.advance(by=60)
    assert status(kazoo, job) == "pending"
    kazoo.call("GET", f"/faxes/outgoing/{job}")
    kazoo.control.advance()
    assert outbox(kazoo, job)["status"] == "completed"


# documents that cannot be had
def test_a_document_that_the_server_refuses_fails_with_the_documented_text(
    kazoo: Kazoo, receiver: Receiver
) -> None:
    receiver.answer(404, times=None)
    job = kazoo.put("/faxes", by_url(receiver, retries=2))["id"]
    kazoo.control.advance()
    row = outbox(kazoo, job)
    text = "could not retrieve file, HTTP response 404"
    assert (row["status"], row["attempts"]) == ("failed", 2)
    assert row["tx_result"] == {
        **UNTRIED, "error_message": text, "time_elapsed": row["tx_result"]["time_elapsed"], "result_code": 0,
        "result_text": text, "total_pages": 0, "transferred_pages": 0,
    }  # fmt: skip
    assert len(receiver.wait(2)) == 2


def test_a_document_is_fetched_again_for_the_next_try(
    kazoo: Kazoo, receiver: Receiver, one_page: bytes
) -> None:
    receiver.answer(503).answer(200, body=one_page)
    job = kazoo.put("/faxes", by_url(receiver, retries=2))["id"]
    kazoo.control.advance()
    row = outbox(kazoo, job)
    assert (row["status"], row["attempts"], row["tx_result"]["total_pages"]) == ("completed", 2, 1)


def test_a_server_that_is_not_there_is_told(kazoo: Kazoo) -> None:
    job = kazoo.put("/faxes", {**BY_URL, "document": {"url": "http://127.0.0.1:1/x"}})["id"]
    kazoo.control.advance()
    assert outbox(kazoo, job)["tx_result"]["result_text"] == "could not connect to document URL"


@pytest.mark.parametrize(
    ("url", "cause"),
    [("http://", "bad_url"), ("http://169.254.169.254/", "refused"), ("https://[::", "bad_url")],
)
def test_a_url_that_cannot_be_reached_is_told_with_its_cause(kazoo: Kazoo, url: str, cause: str) -> None:
    job = kazoo.put("/faxes", {**BY_URL, "document": {"url": url}})["id"]
    kazoo.control.advance()
    assert outbox(kazoo, job)["tx_result"]["result_text"] == f"could not connect to document URL: {cause}"


def test_a_header_that_would_smuggle_a_request_makes_the_fetch_fail(kazoo: Kazoo, receiver: Receiver) -> None:
    document = {"url": receiver.url, "host": "a\r\nX-Evil: 1", "referer": "b\n"}
    job = kazoo.put("/faxes", {**BY_URL, "document": document})["id"]
    kazoo.control.advance()
    assert outbox(kazoo, job)["status"] == "failed"
    assert receiver.requests == []


@pytest.mark.parametrize("name", ["encrypted.pdf", "not-a-pdf.pdf", "truncated.pdf", "zero-pages.pdf"])
def test_a_document_that_cannot_be_sent_fails_later(kazoo: Kazoo, document: Any, name: str) -> None:
    row = kazoo.sent(document(name))
    elapsed = row["tx_result"]["time_elapsed"]
    assert row["status"] == "failed"
    assert row["tx_result"] == {
        **UNTRIED, "error_message": "TIFF/F file cannot be opened", "time_elapsed": elapsed, "result_code": 0,
        "result_text": "TIFF/F file cannot be opened", "total_pages": 0, "transferred_pages": 0,
    }  # fmt: skip


def test_a_caller_id_that_is_not_owned_fails_later(kazoo: Kazoo, receiver: Receiver, one_page: bytes) -> None:
    kazoo.control.vendor("kazoo", numbers=["12125550100"])
    job = kazoo.put("/faxes", by_url(receiver, retries=2))["id"]
    row = kazoo.sent(one_page)
    assert (row["tx_result"]["result_code"], row["tx_result"]["result_text"]) == (
        400, f"invalid fax cid number: {NUMBER}"
    )  # fmt: skip
    assert outbox(kazoo, job)["attempts"] == 2
    assert receiver.requests == []
    meta = {**BY_URL, "from_number": "+1 212 555 0100", "document": {"url": f"{receiver.url}/x"}}
    receiver.answer(200, body=one_page)
    job = kazoo.put("/faxes", meta)["id"]
    kazoo.control.advance()
    assert outbox(kazoo, job)["status"] == "completed"


# how a call may end
@pytest.mark.parametrize(
    ("digits", "code", "text", "cause", "pages"),
    [
        ("01", 200, "OK", "NORMAL_CLEARING", 3),
        ("02", 486, "USER_BUSY", "USER_BUSY", 0),
        ("03", 480, "NO_ANSWER", "NO_ANSWER", 0),
        ("05", 48, "Disconnected after permitted retries", "NORMAL_CLEARING", 1),
        ("07", 2, "Timed out waiting for initial communication", "NORMAL_CLEARING", 0),
        ("08", 404, "UNALLOCATED_NUMBER", "UNALLOCATED_NUMBER", 0),
        ("09", 503, "NORMAL_CIRCUIT_CONGESTION", "NORMAL_CIRCUIT_CONGESTION", 0),
        ("10", 49, "The call dropped prematurely", "NORMAL_CLEARING", 0),
        ("11", 48, "Disconnected after permitted retries", "NORMAL_CLEARING", 0),
        ("12", 0, "TIFF/F file cannot be opened", None, 0),
        ("15", 200, "OK", "NORMAL_CLEARING", 3),
    ],
)
def test_each_magic_number_ends_in_its_words(
    kazoo: Kazoo, three_pages: bytes, digits: str, code: int, text: str, cause: str | None, pages: int
) -> None:
    row = kazoo.sent(three_pages, to=f"150055500{digits}")
    result = row["tx_result"]
    told = [result["result_code"], result["result_text"], result.get("result_cause"), result["pages_sent"]]
    assert told == [code, text, cause, pages]
    assert (row["status"] == "completed") is result["success"] is (code == 200)
    assert result["error_message"] == ("" if code == 200 else text)
    assert (result["total_pages"], result["transferred_pages"]) == (3, pages)


def test_a_stuck_job_stays_processing(kazoo: Kazoo, one_page: bytes) -> None:
    job = kazoo.send(one_page, to="15005550014")["id"]
    kazoo.control.advance(by="2d")
    assert status(kazoo, job) == "processing"


def test_a_call_without_error_correction_arrives_with_bad_rows(kazoo: Kazoo, three_pages: bytes) -> None:
    kazoo.scenario({"delivered": {"ecm": False, "speed": 9600, "csid": "ACME"}})
    result = kazoo.sent(three_pages)["tx_result"]
    told = {key: result[key] for key in UNTRIED if key != "time_elapsed"}
    assert told == {
        "error_message": "", "fax_bad_rows": 6, "fax_error_correction": False, "fax_receiver_id": "ACME",
        "fax_speed": 9600, "pages_sent": 3, "success": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("call", "stage", "sent"),
    [
        ({"delivered": {"ring": 61}}, "originate", 0),
        ({"delivered": {"setup": 121}}, "negotiate", 0),
        ({"delivered": {"per_page": 361}}, "send", 0),
        ({"no_answer": {"ring": 100}}, "originate", 0),
    ],
)
def test_a_stage_that_takes_too_long_times_out(
    kazoo: Kazoo, three_pages: bytes, call: dict[str, Any], stage: str, sent: int
) -> None:
    kazoo.scenario(call)
    result = kazoo.sent(three_pages)["tx_result"]
    assert (result["result_code"], result["result_text"], result["pages_sent"]) == (
        500, f"fax job timed out - {stage}", sent
    )  # fmt: skip
    assert result["time_elapsed"] < 600


def test_a_call_just_within_the_workers_patience_is_delivered(kazoo: Kazoo, one_page: bytes) -> None:
    kazoo.scenario({"delivered": {"ring": 60, "setup": 120, "per_page": 360}})
    assert kazoo.sent(one_page)["status"] == "completed"


def codes() -> list[str]:
    from emulator.vendors.kazoo.results import rows

    return [code for code in rows() if code != "0"]


@pytest.mark.parametrize("chunk", range(5))
def test_every_code_is_reached_by_a_scenario(kazoo: Kazoo, one_page: bytes, chunk: int) -> None:
    wanted = codes()[chunk::5]
    kazoo.control.vendor("kazoo", profile={"rate_limit": False}, lines=100)
    told = {}
    for number, code in enumerate(wanted):
        kazoo.scenario({"code": code})
        job = kazoo.send(one_page, to=f"1212555{number:04}")["id"]
        told[job] = code
    kazoo.control.advance()
    from emulator.vendors.kazoo.results import rows

    for row in kazoo.get("/faxes/outbox?paginate=false")["data"]:
        expected = rows()[told[row["id"][7:]]]
        text = expected.text.format(to=row["to_number"], sender=NUMBER)
        result = row["tx_result"]
        shown = (result["result_code"], result["result_text"], result.get("result_cause"))
        assert shown == (expected.code, text, expected.cause)
        assert row["status"] == "failed"


def test_the_tables_texts_are_whole() -> None:
    assert len(tables.T30) == 62
    assert len({cause.name for cause in tables.CAUSES}) == len(tables.CAUSES)


# again
def test_a_sent_fax_is_sent_again_as_a_new_job(kazoo: Kazoo, three_pages: bytes) -> None:
    old = kazoo.sent(three_pages, retries=2, to_name="A")
    answer = kazoo.call(
        "PUT", f"/faxes/outbox/{old['id']}", data='{"action": "resubmit", "data": {}}',
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )  # fmt: skip
    made = answer.json()["data"]
    assert answer.status_code == 201
    assert made == {
        "attempts": 0, "fax_timezone": "undefined", "folder": "outbox", "from_number": NUMBER, "id": made["id"],
        "retries": 2, "to_name": "A", "to_number": NUMBER,
    }  # fmt: skip
    assert re.fullmatch(r"[0-9a-f]{32}", made["id"])
    assert answer.headers["Location"].endswith(f"/faxes/outgoing/{made['id']}")
    assert status(kazoo, made["id"]) == "pending"
    kazoo.control.advance()
    assert outbox(kazoo, made["id"])["tx_result"]["pages_sent"] == 3
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
