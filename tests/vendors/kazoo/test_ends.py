"""How a try may end, and the worker's words for it: every code of the table."""

from __future__ import annotations

from typing import Any

import pytest

from tests.vendors.kazoo.conftest import UNTRIED, Kazoo


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


def test_an_account_that_runs_out_of_credit_fails_the_job(kazoo: Kazoo, one_page: bytes) -> None:
    kazoo.scenario("no_credit")
    row = kazoo.sent(one_page)
    assert (row["status"], row["attempts"]) == ("failed", 0)
    assert (row["tx_result"]["result_code"], row["tx_result"]["result_text"]) == (402, "no_credit")


def test_a_stuck_job_stays_processing(kazoo: Kazoo, one_page: bytes) -> None:
    job = kazoo.send(one_page, to="15005550014")["id"]
    kazoo.control.advance(by="2d")
    assert kazoo.status(job) == "processing"


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


NAMED = {
    # A SIP status stands for the first hangup cause that it goes with.
    "200": (200, "NORMAL_CLEARING", "NORMAL_CLEARING"),
    "403": (403, "OUTGOING_CALL_BARRED", "OUTGOING_CALL_BARRED"),
    "404": (404, "UNALLOCATED_NUMBER", "UNALLOCATED_NUMBER"),
    "408": (408, "NO_USER_RESPONSE", "NO_USER_RESPONSE"),
    "410": (410, "NUMBER_CHANGED", "NUMBER_CHANGED"),
    "480": (480, "NO_ANSWER", "NO_ANSWER"),
    "484": (484, "INVALID_NUMBER_FORMAT", "INVALID_NUMBER_FORMAT"),
    "486": (486, "USER_BUSY", "USER_BUSY"),
    "487": (487, "ORIGINATOR_CANCEL", "ORIGINATOR_CANCEL"),
    "488": (488, "INCOMPATIBLE_DESTINATION", "INCOMPATIBLE_DESTINATION"),
    "502": (502, "DESTINATION_OUT_OF_ORDER", "DESTINATION_OUT_OF_ORDER"),
    "503": (503, "NORMAL_CIRCUIT_CONGESTION", "NORMAL_CIRCUIT_CONGESTION"),
    "504": (504, "RECOVERY_ON_TIMER_EXPIRE", "RECOVERY_ON_TIMER_EXPIRE"),
    "603": (603, "CALL_REJECTED", "CALL_REJECTED"),
    **{
        f"HTTP {status}": (0, f"could not retrieve file, HTTP response {status}", None)
        for status in (400, 401, 403, 404, 410, 500, 502, 503, 504)
    },
}
"""Codes that the facts do not name: result_code, result_text, result_cause."""


def test_a_sip_status_and_a_documents_http_status_may_be_named(kazoo: Kazoo, one_page: bytes) -> None:
    named = {}
    for number, code in enumerate(NAMED):
        kazoo.scenario({"code": code})
        named[kazoo.send(one_page, to=f"1212555{number:04}")["id"]] = code
    kazoo.control.advance()
    told = {
        named[row["id"][7:]]: (
            row["tx_result"]["result_code"], row["tx_result"]["result_text"],
            row["tx_result"].get("result_cause"),
        )
        for row in kazoo.get("/faxes/outbox?paginate=false")["data"]
        if row["status"] == "failed"
    }  # fmt: skip
    assert told == NAMED
