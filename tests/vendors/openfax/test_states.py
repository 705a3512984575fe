"""Every CurrentState and every LastStatus, with the redial rule of each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from itertools import pairwise

import pytest

from tests.conftest import read_yaml
from tests.vendors.openfax.conftest import Openfax

STATES = {
    "received": 0,
    "rendering": 1,
    "credit_check": 2,
    "waiting_line": 3,
    "queued": 4,
    "dialing": 5,
    "transmitting": 5,
    "reporting": 6,
    "waiting_redial": 7,
    "retry_eligible": 12,
    "delivered": 8,
}

ENDS = {"failed": 9, "credit_hold": 11}

RESULTS = [
    ("15005550001", [0], 8),
    ("15005550002", [2, 2, 2, 2], 9),
    ("15005550003", [1, 1, 1, 1], 9),
    ("15005550004", [2, 0], 8),
    ("15005550005", [7, 7, 7, 7], 9),
    ("15005550007", [3], 9),
    ("15005550008", [5], 9),
    ("15005550009", [4, 4, 4, 4], 9),
    ("15005550010", [6, 6, 6, 6], 9),
    ("15005550011", [7, 7, 7, 7], 9),
    ("15005550012", [8], 10),
    ("15005550015", [0], 8),
]

OUTCOMES = [
    (0, "delivered"),
    (1, "no_answer"),
    (2, "busy"),
    (3, "not_fax"),
    (4, "circuits_busy"),
    (5, "bad_number"),
    (6, "hangup"),
    (7, "line_error"),
    (8, "conversion_failed"),
    (9, "no_credit"),
]


@pytest.mark.parametrize("state", STATES)
def test_each_state_shows_its_number(openfax: Openfax, state: str) -> None:
    transaction = openfax.send(FaxNumber="15005550004")
    openfax.until(transaction, state)
    assert openfax.history()[-1]["CurrentState"] == STATES[state]
    shown = openfax.control.fax(openfax.neutral(transaction))["vendor_view"]
    assert (shown["id"], shown["state"]) == (str(transaction), str(STATES[state]))


@pytest.mark.parametrize(("number", "statuses", "final"), RESULTS)
def test_each_result_ends_and_is_tried_again_as_documented(
    openfax: Openfax, number: str, statuses: list[int], final: int
) -> None:
    openfax.send(FaxNumber=number)
    openfax.control.advance()
    rows = openfax.history()
    assert [row["LastStatus"] for row in rows] == statuses
    assert [row["CurrentState"] for row in rows] == [9] * (len(rows) - 1) + [final]
    assert [row["RetryCount"] for row in rows] == list(range(len(rows)))
    assert {row["MaxAttempts"] for row in rows} == {3}
    numbers = [row["HistoryOutboundFaxID"] for row in rows]
    assert numbers == list(range(numbers[0], numbers[0] + len(rows)))


def test_states_follow_each_other_in_the_known_ways_only(openfax: Openfax) -> None:
    openfax.control.vendor("openfax", balance=0.01)
    openfax.send()
    openfax.control.advance()
    openfax.send()
    openfax.control.advance(by="1m")
    openfax.control.vendor("openfax", balance=100)
    for number in ("15005550002", "15005550004", "15005550012"):
        openfax.send(FaxNumber=number)
    openfax.control.advance()
    seen: set[tuple[int, int]] = set()
    for fax in openfax.control.faxes():
        unread = fax["outcome"] == "conversion_failed"
        words = [entry["what"] for entry in fax["timeline"] if entry["kind"] == "state"]
        states = [10 if unread and word == "failed" else (STATES | ENDS)[word] for word in words]
        seen |= {(before, after) for before, after in pairwise(states) if before != after}
    known = read_yaml("openfax/facts.yaml")["transitions"]["from_to"]
    assert seen == {(before, after) for before, following in known.items() for after in following}


def test_redials_begin_four_minutes_after_the_call_before_has_ended(openfax: Openfax) -> None:
    transaction = openfax.send(FaxNumber="15005550002")
    openfax.control.advance()
    calls = openfax.control.fax(openfax.neutral(transaction))["attempts"]
    begun = [datetime.fromisoformat(call["started_at"]) for call in calls]
    ends = [at.timestamp() + call["ring"] + call["duration"] for at, call in zip(begun, calls, strict=True)]
    waits = [at.timestamp() - end for at, end in zip(begun[1:], ends, strict=False)]
    assert waits == pytest.approx([240, 240, 240])


def test_number_of_calls_is_a_setting(openfax: Openfax) -> None:
    openfax.control.vendor("openfax", max_attempts=3)
    openfax.send(FaxNumber="15005550002")
    openfax.control.advance()
    assert [(row["MaxAttempts"], row["RetryCount"]) for row in openfax.history()] == [(2, 0), (2, 1), (2, 2)]


def test_result_is_received_until_the_call_has_been_reported(openfax: Openfax) -> None:
    transaction = openfax.send(FaxNumber="15005550004")
    before = ("received", "rendering", "credit_check", "waiting_line", "queued", "dialing", "reporting")
    for state in before:
        openfax.until(transaction, state)
        [row] = openfax.history()
        assert row["LastStatus"] == -1
    openfax.until(transaction, "waiting_redial")
    assert [row["LastStatus"] for row in openfax.history()] == [2]
    openfax.until(transaction, "transmitting")
    assert [row["LastStatus"] for row in openfax.history()] == [2, -1]


def test_stuck_fax_stays_received_at_the_fax_node(openfax: Openfax) -> None:
    openfax.send(FaxNumber="15005550014")
    openfax.control.advance(by="48h")
    [row] = openfax.history()
    assert (row["CurrentState"], row["LastStatus"]) == (5, -1)
    assert openfax.history(detail=0) == []


@pytest.mark.parametrize(
    "name", ["encrypted.pdf", "truncated.pdf", "zero-pages.pdf", "not-a-pdf.pdf", "photo.png", "letter.txt"]
)
def test_what_is_no_readable_pdf_fails_late_with_conversion_failed(
    openfax: Openfax, encoded: Callable[[str], str], name: str
) -> None:
    openfax.send(PDF_encode=encoded(name))
    openfax.control.advance()
    [row] = openfax.history(detail=0)
    shown = {
        name: row[name] for name in ("CurrentState", "LastStatus", "RenderStatus", "PageCount", "FaxDocURL")
    }
    assert shown == {"CurrentState": 10, "LastStatus": 8, "RenderStatus": 2, "PageCount": 0, "FaxDocURL": ""}


def test_render_status_goes_from_pending_to_complete(openfax: Openfax) -> None:
    transaction = openfax.send()
    found = []
    for state in ("received", "rendering", "credit_check", "delivered"):
        openfax.until(transaction, state)
        found.append(openfax.history()[0]["RenderStatus"])
    assert found == [0, 0, 1, 1]


def test_fax_without_credit_is_held_and_goes_on_when_the_balance_is_raised(
    openfax: Openfax, encoded: Callable[[str], str]
) -> None:
    openfax.control.vendor("openfax", balance=0.12, rates={"page": 0.05})
    for _ in range(2):
        openfax.send(PDF_encode=encoded("three-pages.pdf"))
    openfax.control.advance(by="59m")
    held = [(row["CurrentState"], row["LastStatus"]) for row in openfax.history()]
    assert held == [(11, 9), (11, 9)]
    assert openfax.history(detail=0) == []
    assert openfax.credit() == 0.12
    openfax.control.vendor("openfax", balance=1)
    openfax.control.advance()
    assert [(row["CurrentState"], row["LastStatus"]) for row in openfax.history()] == [(8, 0), (8, 0)]
    assert openfax.credit() == pytest.approx(0.7)


def test_money_that_runs_out_between_submit_and_credit_check_holds_the_fax(openfax: Openfax) -> None:
    transaction = openfax.send()
    openfax.until(transaction, "rendering")
    openfax.control.vendor("openfax", balance=0)
    openfax.control.advance(by="30m")
    assert [(row["CurrentState"], row["LastStatus"]) for row in openfax.history()] == [(11, 9)]


def test_a_hold_without_money_ends_with_credit_check_failed(openfax: Openfax) -> None:
    openfax.control.vendor("openfax", balance=0.01)
    transaction = openfax.send()
    openfax.control.advance(by="30m")
    openfax.control.vendor("openfax", balance=0.02)
    assert openfax.history(detail=0) == []
    openfax.control.advance()
    [row] = openfax.history(detail=0)
    told = {
        name: row[name] for name in ("OutTransID", "CurrentState", "LastStatus", "RetryCount", "RealCost")
    }
    assert told == {
        "OutTransID": transaction, "CurrentState": 9, "LastStatus": 9, "RetryCount": 0, "RealCost": 0.0
    }  # fmt: skip
    assert openfax.control.now().startswith(openfax.control.faxes()[0]["finished_at"][:16])
    assert openfax.credit() == 0.02


def test_the_length_of_a_hold_is_a_switch(openfax: Openfax) -> None:
    openfax.control.vendor("openfax", balance=0.01, profile={"credit_hold_seconds": 90})
    openfax.send()
    openfax.control.advance(by="90s")
    assert openfax.history()[0]["CurrentState"] == 11
    openfax.control.advance(by="2s")
    assert openfax.history()[0]["CurrentState"] == 9


@pytest.mark.parametrize(
    ("state", "status"), [("received", -1), ("queued", -1), ("transmitting", 7), ("waiting_redial", 2)]
)
def test_cancelled_fax_is_final(openfax: Openfax, state: str, status: int) -> None:
    transaction = openfax.send(FaxNumber="15005550004")
    openfax.until(transaction, state)
    openfax.cancel(transaction)
    openfax.control.advance()
    [row] = openfax.history(detail=0)
    assert (row["CurrentState"], row["LastStatus"]) == (13, status)


def test_low_priority_waits_for_normal_when_all_lines_are_busy(openfax: Openfax) -> None:
    openfax.control.vendor("openfax", lines=1)
    order = ["Normal", "Low", "Low", "Normal", "Normal"]
    sent = [openfax.send(Priority=priority) for priority in order]
    openfax.until(sent[0], "transmitting")
    waiting = {row["OutTransID"]: row["CurrentState"] for row in openfax.history()}
    assert waiting == dict(zip(sent, [5, 3, 3, 3, 3], strict=True))
    openfax.control.advance()
    begun = {
        int(fax["vendor_view"]["id"]): fax["attempts"][0]["started_at"] for fax in openfax.control.faxes()
    }
    assert sorted(sent, key=lambda each: begun[each]) == [sent[index] for index in (0, 3, 4, 1, 2)]


@pytest.mark.parametrize(("status", "outcome"), OUTCOMES)
def test_scenario_may_name_each_result_directly(openfax: Openfax, status: int, outcome: str) -> None:
    openfax.control.script(name="named", attempts=[{outcome: {"code": str(status)}}])
    openfax.send()
    openfax.control.advance()
    assert openfax.history()[-1]["LastStatus"] == status


def test_credit_is_not_reserved(openfax: Openfax) -> None:
    openfax.control.vendor("openfax", balance=0.05)
    for _ in range(2):
        openfax.send()
    openfax.control.advance()
    assert [row["CurrentState"] for row in openfax.history()] == [8, 8]
    assert openfax.credit() == -0.05
