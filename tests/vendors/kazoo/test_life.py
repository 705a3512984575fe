"""The life of a job: its states, its tries, its move to the outbox, and what is said of each end."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

import pytest

from tests.vendors.kazoo.conftest import NUMBER, UNTRIED, Kazoo

STEP = 0.5


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
    assert kazoo.ended(job)["status"] == "completed"


def test_a_job_is_picked_up_by_the_poll_after_five_seconds(kazoo: Kazoo, one_page: bytes) -> None:
    job = kazoo.send(one_page)["id"]
    kazoo.control.advance(by=4.9)
    assert kazoo.status(job) == "pending"
    kazoo.control.advance(by=0.1)
    assert kazoo.status(job) == "processing"


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
        "attempts": 1,
        "created": created,
        "delivered": created + elapsed,
        "fax_timezone": "undefined",
        "folder": "outbox",
        "from_number": NUMBER,
        "id": kept,
        "retries": 1,
        "status": "completed",
        "to_name": "Someone",
        "to_number": NUMBER,
        "tx_result": {
            "bad_rows": 0,
            "ecm_used": "on",
            "encoding": 3,
            "encoding_name": "T.6",
            "error_message": "",
            "fax_bad_rows": 0,
            "fax_error_correction": True,
            "fax_receiver_id": "+18884732963",
            "fax_speed": 14400,
            "file_image_resolution": "8031x7700",
            "image_resolution": "8031x7700",
            "local_station_id": "+18884732963",
            "pages_sent": 3,
            "remote_station_id": "+18884732963",
            "result_cause": "NORMAL_CLEARING",
            "result_code": 200,
            "result_text": "OK",
            "success": True,
            "t38_used": False,
            "time_elapsed": elapsed,
            "total_pages": 3,
            "transfer_rate": 14400,
            "transferred_pages": 3,
        },
    }
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
    assert [after - before for before, after in pairwise(begun)] == [300 + busy] * (tries - 1)
    row = kazoo.ended(job)
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
    assert kazoo.status(job) == "processing"
    kazoo.control.advance()
    row = kazoo.ended(job)
    assert (row["status"], row["attempts"], row["tx_result"]["success"]) == ("completed", 2, True)


def test_one_call_at_a_time_goes_to_a_destination(kazoo: Kazoo, one_page: bytes) -> None:
    jobs = [kazoo.send(one_page)["id"] for _ in range(3)]
    kazoo.control.advance(by=6)
    assert [kazoo.status(job) for job in jobs] == ["processing", "pending", "pending"]
    kazoo.control.advance()
    assert len(kazoo.get("/faxes/outbox")["data"]) == 3


def test_ten_calls_at_a_time_go_out_of_an_account(kazoo: Kazoo, one_page: bytes) -> None:
    assert kazoo.control.vendor("kazoo")["lines"] == 10
    jobs = [kazoo.send(one_page, to=f"1212555{number:04}")["id"] for number in range(100, 112)]
    kazoo.control.advance(by=6)
    words = [kazoo.status(job) for job in jobs]
    assert words == ["processing"] * 10 + ["pending"] * 2
    kazoo.control.advance()
    assert {row["status"] for row in kazoo.get("/faxes/outbox")["data"]} == {"completed"}


def test_a_status_that_waits_for_reads_moves_on_when_it_was_read(kazoo: Kazoo, one_page: bytes) -> None:
    kazoo.scenario({"delivered": {"after": {"polls": 2}}})
    job = kazoo.send(one_page)["id"]
    kazoo.control.advance(by=60)
    assert kazoo.status(job) == "pending"
    kazoo.call("GET", f"/faxes/outgoing/{job}")
    kazoo.control.advance()
    assert kazoo.ended(job)["status"] == "completed"
