"""How a try may end, and the worker's words for it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.vendors.kazoo.client import NUMBER, UNTRIED, Kazoo
from tests.vendors.kazoo.ends import compare_ends, lasted
from tests.vendors.kazoo.expected import failed, faxed, job, listed, sent


def compare_sent(kazoo: Kazoo, document: bytes, result: dict[str, Any], to: str = NUMBER) -> None:
    """Upload a document, let everything happen, and compare the whole row of the outbox."""
    created = kazoo.now()
    row = kazoo.sent(document, to=to)
    assert row == listed(sent(row["id"], created, result, to_number=to))
    assert lasted(kazoo)[row["id"]] == result["time_elapsed"]


DROPPED, RETRIED = "The call dropped prematurely", "Disconnected after permitted retries"
NO_FAX, BROKEN = "Timed out waiting for initial communication", "TIFF/F file cannot be opened"


@pytest.mark.parametrize(
    ("digits", "result"),
    [
        ("01", {"elapsed": 83}),
        ("02", {"code": 486, "text": "USER_BUSY", "cause": "USER_BUSY", "elapsed": 9}),
        ("03", {"code": 480, "text": "NO_ANSWER", "cause": "NO_ANSWER", "elapsed": 51}),
        ("05", {"code": 48, "text": RETRIED, "sent": 1, "elapsed": 51}),
        ("07", {"code": 2, "text": NO_FAX, "cause": "NORMAL_CLEARING", "elapsed": 47}),
        ("08", {"code": 404, "text": "UNALLOCATED_NUMBER", "cause": "UNALLOCATED_NUMBER", "elapsed": 8}),
        ("09", {"code": 503, "text": "NORMAL_CIRCUIT_CONGESTION", "cause": "NORMAL_CIRCUIT_CONGESTION",
                "elapsed": 8}),
        ("10", {"code": 49, "text": DROPPED, "sent": 0, "elapsed": 25}),
        ("11", {"code": 48, "text": RETRIED, "sent": 0, "elapsed": 31}),
        ("12", {"code": 0, "text": BROKEN, "cause": None, "elapsed": 1}),
        ("15", {"elapsed": 776}),
    ],
)  # fmt: skip
def test_each_magic_number_ends_in_its_words(
    kazoo: Kazoo, three_pages: bytes, digits: str, result: dict[str, Any]
) -> None:
    to = f"150055500{digits}"
    spoken = "code" not in result or "sent" in result
    told = faxed(to=f"+{to}", pages=3, **result) if spoken else failed(pages=3, **result)
    compare_sent(kazoo, three_pages, told, to)


def test_an_account_that_runs_out_of_credit_fails_the_job(kazoo: Kazoo, one_page: bytes) -> None:
    kazoo.scenario("no_credit")
    row = kazoo.sent(one_page)
    del (whole := sent(row["id"], kazoo.now() - 2, failed(402, "no_credit", elapsed=2)))["retry_after"]
    assert row == listed(whole | {"attempts": 0})


def test_a_stuck_job_stays_processing(kazoo: Kazoo, one_page: bytes) -> None:
    made, created = kazoo.send(one_page, to="15005550014")["id"], kazoo.now()
    kazoo.control.advance(by="2d")
    shown = kazoo.get(f"/faxes/outgoing/{made}")["data"]
    assert shown == job(made, created, "processing", to_number="15005550014")


def test_a_call_without_error_correction_arrives_with_bad_rows(kazoo: Kazoo, three_pages: bytes) -> None:
    kazoo.scenario({"delivered": {"ecm": False, "speed": 9600, "csid": "ACME"}})
    told = faxed(elapsed=106, pages=3, ecm=False, speed=9600, csid="ACME")
    assert {key: told[key] for key in UNTRIED} == {
        "error_message": "", "fax_bad_rows": 6, "fax_error_correction": False, "fax_receiver_id": "ACME",
        "fax_speed": 9600, "pages_sent": 3, "success": True, "time_elapsed": 106,
    }  # fmt: skip
    compare_sent(kazoo, three_pages, told)


@pytest.mark.parametrize(
    ("call", "stage", "elapsed"),
    [
        ({"delivered": {"ring": 61}}, "originate", 66),
        ({"delivered": {"setup": 121}}, "negotiate", 132),
        ({"delivered": {"per_page": 361}}, "send", 384),
        ({"no_answer": {"ring": 100}}, "originate", 66),
    ],
)
def test_a_stage_that_takes_too_long_times_out(
    kazoo: Kazoo, three_pages: bytes, call: dict[str, Any], stage: str, elapsed: int
) -> None:
    kazoo.scenario(call)
    text = f"fax job timed out - {stage}"
    told: dict[str, Any] = {"code": 500, "text": text, "cause": None, "elapsed": elapsed, "pages": 3}
    spoken = "delivered" in call
    compare_sent(kazoo, three_pages, faxed(sent=0, **told) if spoken else failed(**told))


def test_a_page_that_takes_too_long_leaves_those_before_it_sent(kazoo: Kazoo, three_pages: bytes) -> None:
    kazoo.scenario({"delivered": {"per_page": 358}})
    told = faxed(code=500, text="fax job timed out - send", cause=None, elapsed=742, pages=3, sent=1)
    compare_sent(kazoo, three_pages, told)


def test_a_call_just_within_the_workers_patience_is_delivered(kazoo: Kazoo, one_page: bytes) -> None:
    kazoo.scenario({"delivered": {"ring": 60, "setup": 120, "per_page": 360}})
    compare_sent(kazoo, one_page, faxed(elapsed=549))


def test_a_slow_call_that_nobody_answers_loses_no_patience_in_negotiation(
    kazoo: Kazoo, one_page: bytes
) -> None:
    kazoo.scenario({"busy": {"pace": 15}})
    compare_sent(kazoo, one_page, failed(486, "USER_BUSY", "USER_BUSY", elapsed=51))


# A SIP status stands for the first hangup cause that it goes with.
CAUSES = {
    "403": "OUTGOING_CALL_BARRED",
    "404": "UNALLOCATED_NUMBER",
    "408": "NO_USER_RESPONSE",
    "410": "NUMBER_CHANGED",
    "480": "NO_ANSWER",
    "484": "INVALID_NUMBER_FORMAT",
    "486": "USER_BUSY",
    "487": "ORIGINATOR_CANCEL",
    "488": "INCOMPATIBLE_DESTINATION",
    "502": "DESTINATION_OUT_OF_ORDER",
    "503": "NORMAL_CIRCUIT_CONGESTION",
    "504": "RECOVERY_ON_TIMER_EXPIRE",
    "603": "CALL_REJECTED",
}
OF_SEVERAL = {
    "400": f"invalid fax number: 1212555{len(CAUSES) + 1:04}",
    "500": "process terminated. please contact your support for details",
}
FETCHES = tuple(f"HTTP {status}" for status in (400, 401, 403, 404, 410, 500, 502, 503, 504))


def test_a_bare_result_code_and_a_documents_http_status_may_be_named(kazoo: Kazoo, one_page: bytes) -> None:
    def result(code: str, to: str, elapsed: int) -> dict[str, Any]:
        if code in CAUSES:
            return failed(int(code), CAUSES[code], CAUSES[code], elapsed=elapsed)
        if code in OF_SEVERAL:
            return failed(int(code), OF_SEVERAL[code], elapsed=elapsed)
        if code in FETCHES:
            return failed(0, f"could not retrieve file, HTTP response {code[5:]}", elapsed=elapsed)
        hung_up = {"code": 200, "text": "NORMAL_CLEARING", "good": False}
        return faxed(elapsed=elapsed, to=f"+{to}", sent=0, **hung_up)

    compare_ends(kazoo, ("200", *CAUSES, *OF_SEVERAL, *FETCHES), one_page, result)
