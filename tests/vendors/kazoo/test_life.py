"""The life of a job: its states, its tries, its move to the outbox, and what is said of each end."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest

from tests.vendors.kazoo.client import GOOD, NUMBER, Kazoo, check, parts, refusal, unknown
from tests.vendors.kazoo.expected import failed, faxed, job, listed, sent

STEP = 0.5


def starts(kazoo: Kazoo) -> list[float]:
    calls = kazoo.control.faxes()[0]["attempts"]
    return [datetime.fromisoformat(call["started_at"]).timestamp() for call in calls]


def test_an_uploaded_fax_goes_through_its_documented_states(kazoo: Kazoo, one_page: bytes) -> None:
    made, created = kazoo.send(one_page)["id"], kazoo.now()
    path, seen = f"/faxes/outgoing/{made}", []
    while (answer := kazoo.call("GET", path)).ok:
        shown = check(answer, kazoo.token)["data"]
        assert shown == job(made, created, shown["status"])  # no result before the end
        seen += [shown["status"]] if seen[-1:] != [shown["status"]] else []
        row = {"created": created, "from": NUMBER, "id": made, "status": shown["status"], "to": NUMBER}
        assert kazoo.get("/faxes/outgoing")["data"] == [row]
        kazoo.control.advance(by=STEP)
    assert seen == ["attaching_files", "pending", "processing"]
    refusal(answer, *unknown(made), token=kazoo.token)
    assert kazoo.ended(made) == listed(sent(f"201603-{made}", created, faxed(elapsed=43)))


def test_a_tries_result_is_told_with_the_state_that_follows_it(kazoo: Kazoo, one_page: bytes) -> None:
    busy, created = "15005550002", kazoo.now()
    for retries in (1, 2):
        made = kazoo.send(one_page, to=busy, retries=retries)["id"]
        fax = kazoo.control.faxes()[0]["id"]
        kazoo.control.advance(until={"fax": fax, "state": "reporting"})
        doc = {"retries": retries, "to_number": busy}
        shown = kazoo.get(f"/faxes/outgoing/{made}")["data"]
        assert shown == job(made, created, "processing", **doc)
        kazoo.control.advance()
        created = kazoo.now()


def test_a_fax_by_url_is_pending_from_the_beginning(kazoo: Kazoo) -> None:
    made, created = kazoo.put("/faxes", GOOD)["id"], kazoo.now()
    document = {**GOOD["document"], "method": "get"}
    assert kazoo.get(f"/faxes/outgoing/{made}")["data"] == job(made, created, document=document)


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
    made, created = kazoo.send(three_pages, to_name="Someone")["id"], kazoo.now()
    kazoo.control.advance()
    kazoo.refused("GET", f"/faxes/outgoing/{made}", unknown(made))
    kept = f"203102-{made}"
    whole = sent(kept, created, faxed(elapsed=83, pages=3), to_name="Someone")
    assert kazoo.get(f"/faxes/outbox/{kept}")["data"] == whole
    assert kazoo.get("/faxes/outbox")["data"] == [listed(whole)]
    neutral = kazoo.control.faxes()[0]
    assert neutral["vendor_view"] == {"id": kept, "state": "completed", "code": "200", "text": "OK"}
    assert kazoo.get("/faxes/outgoing")["data"] == []


RULES = {
    "as documented": (None, {0: 1, 1: 2, 2: 3, 3: 4, 4: 5}),
    "tries": ("tries", {0: 1, 1: 1, 2: 2, 3: 3, 4: 4}),
}


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("retries", range(5))
def test_retries_bound_the_tries_which_are_five_minutes_apart(
    kazoo: Kazoo, one_page: bytes, rule: str, retries: int
) -> None:
    switch, counts = RULES[rule]
    kazoo.control.vendor("kazoo", profile={"retries": switch})
    tries = counts[retries]
    busy, ended = "15005550002", 9 + 303 * (tries - 1)
    made, created = kazoo.send(one_page, to=busy, retries=retries)["id"], kazoo.now()
    kazoo.control.advance()
    begun = starts(kazoo)
    # Each call rings for three seconds until it is found busy.
    assert [after - before for before, after in pairwise(begun)] == [303] * (tries - 1)
    result = failed(486, "USER_BUSY", "USER_BUSY", elapsed=ended)
    whole = sent(f"201603-{made}", created, result, attempts=tries, retries=retries, to_number=busy)
    assert kazoo.ended(made) == listed(whole)


@pytest.mark.parametrize("more", [{}, {"retries": 1}], ids=str)
@pytest.mark.parametrize("rule", RULES)
def test_one_retry_is_the_same_whether_it_is_written_or_not(
    kazoo: Kazoo, one_page: bytes, more: dict[str, int], rule: str
) -> None:
    switch, counts = RULES[rule]
    kazoo.control.vendor("kazoo", profile={"retries": switch})
    kazoo.send(one_page, to="15005550002", **more)
    kazoo.scenario("no_answer", "busy", "delivered")
    kazoo.send(one_page, **more)
    kazoo.control.advance()
    scripted, busy = kazoo.control.faxes()
    assert len(busy["attempts"]) == counts[1]
    # A scenario that names more calls has its will.
    assert [call["outcome"] for call in scripted["attempts"]] == ["no_answer", "busy", "delivered"]


@pytest.mark.parametrize(("more", "tries"), [({}, 2), ({"retries": 1}, 2), ({"retries": 0}, 1)], ids=str)
def test_a_job_of_one_retry_is_called_as_often_as_the_scenario_names(
    kazoo: Kazoo, one_page: bytes, more: dict[str, int], tries: int
) -> None:
    kazoo.send(one_page, to="15005550004", **more)
    box = kazoo.put("/faxboxes", {"name": "Box"})["id"]
    data = {"data": {"from_number": NUMBER, "to_number": "15005550004", **more}}
    kazoo.answer("PUT", f"/faxboxes/{box}/faxes", 201, files=parts(data, one_page))
    kazoo.control.advance()
    of_box, alone = kazoo.control.faxes()
    for fax in (of_box, alone):
        assert [call["outcome"] for call in fax["attempts"]] == ["busy", "delivered"][:tries]


def test_between_two_tries_a_job_is_pending_and_tells_of_the_first(kazoo: Kazoo, one_page: bytes) -> None:
    doc: dict[str, Any] = {"to_number": "15005550004", "retries": 2}
    made, created = kazoo.send(one_page, to=doc["to_number"], retries=2)["id"], kazoo.now()
    kazoo.control.advance(by=60)
    first = {"attempts": 1, "tx_result": failed(486, "USER_BUSY", "USER_BUSY", elapsed=8), "retry_after": 300}
    assert kazoo.get(f"/faxes/outgoing/{made}")["data"] == job(made, created, **doc, **first)
    kazoo.control.advance(by=260)
    shown = kazoo.get(f"/faxes/outgoing/{made}")["data"]
    assert shown == job(made, created, "processing", **doc, **first)
    kazoo.control.advance()
    result = faxed(elapsed=346, to="+15005550004")
    assert kazoo.ended(made) == listed(sent(f"201603-{made}", created, result, **doc, attempts=2))


def processing(kazoo: Kazoo) -> list[str]:
    """Give the jobs that a worker has, oldest first."""
    rows = kazoo.get("/faxes/outgoing")["data"][::-1]
    assert {row["status"] for row in rows} <= {"processing", "pending"}
    return [row["id"] for row in rows if row["status"] == "processing"]


def test_one_call_at_a_time_goes_to_a_destination(kazoo: Kazoo, one_page: bytes) -> None:
    jobs = [kazoo.send(one_page)["id"] for _ in range(3)]
    kazoo.control.advance(by=6)
    for number, job_id in enumerate(jobs):
        assert processing(kazoo) == [job_id]
        assert len(kazoo.get("/faxes/outbox")["data"]) == number
        kazoo.control.advance(until={"fax": f"fax-{number + 1}", "state": "delivered"})
        kazoo.control.advance(by=5)
    assert len(kazoo.get("/faxes/outbox")["data"]) == 3


def test_ten_calls_at_a_time_go_out_of_an_account(kazoo: Kazoo, one_page: bytes) -> None:
    assert kazoo.control.vendor("kazoo")["lines"] == 10
    jobs = [kazoo.send(one_page, to=f"1212555{number:04}")["id"] for number in range(100, 112)]
    kazoo.control.advance(by=6)
    assert processing(kazoo) == jobs[:10]
    kazoo.control.advance()
    assert [row["status"] for row in kazoo.get("/faxes/outbox")["data"]] == ["completed"] * 12


def test_a_status_that_waits_for_reads_moves_on_when_it_was_read(kazoo: Kazoo, one_page: bytes) -> None:
    kazoo.scenario({"delivered": {"after": {"polls": 2}}})
    job_id = kazoo.send(one_page)["id"]
    kazoo.control.advance(by=60)
    assert kazoo.status(job_id) == "pending"
    kazoo.call("GET", f"/faxes/outgoing/{job_id}")
    kazoo.control.advance()
    assert kazoo.ended(job_id)["status"] == "completed"
