"""How a try may end, and the worker's words for it: every code of the table."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.vendors.kazoo import tables
from tests.vendors.kazoo.conftest import NUMBER, UNTRIED, Kazoo


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
