"""The life of a fax: its statuses and its result."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from tests.receiver import Receiver
from tests.vendors.mfax.bodies import MESSAGES, fax, listed, posted_legacy, whole
from tests.vendors.mfax.conftest import Mfax, subscribe
from tests.vendors.mfax.facts import FACTS
from tests.vendors.mfax.lives import (
    FIRST,
    LIVES,
    NOWHERE,
    STATUSES,
    transmitting,
)

SAID = {"transmitting": "processing"}
"""The word that the API has instead of one that the extended webhook alone has."""


def test_every_status_is_reached_here() -> None:
    assert [row["state"] for row in FACTS["states"]] == list(STATUSES)


@pytest.mark.parametrize("status", LIVES)
def test_a_fax_is_shown_whole_in_every_status(mfax: Mfax, pdf: bytes, status: str) -> None:
    LIVES[status](mfax, pdf)
    to = {"faxNumber": f"+{NOWHERE}"} if status == "failed" else {}
    said = SAID.get(status, status)
    whole(mfax.get(f"/v1/fax/{FIRST}/info"), fax("info", 1, said, **to))
    whole(mfax.get("/v1/fax/history"), listed(fax("history", 1, said, **to)))
    whole(mfax.patch(f"/v1/fax/{FIRST}"), fax("update", 1, said, **to))


def test_a_fax_on_the_telephone_is_processing_unless_the_switch_says_otherwise(
    mfax: Mfax, pdf: bytes
) -> None:
    def words(message: str, found: int) -> list[str]:
        rows = mfax.get("/v1/fax/history", status="processing").json()["rows"]
        assert len(rows) == found
        return [mfax.info(message)["status"], mfax.control.faxes()[0]["vendor_view"]["state"]]

    transmitting(mfax, pdf)
    assert words(MESSAGES[0], 1) == ["processing", "processing"]
    mfax.control.vendor("mfax", profile={"transmitting_word": True})
    transmitting(mfax, pdf)
    assert words(MESSAGES[1], 1) == ["transmitting", "transmitting"]
    body = fax("history", 2, "transmitting", createdAt=mfax.info(MESSAGES[1])["createdAt"])
    whole(mfax.get("/v1/fax/history", status="transmitting"), listed(body))


def test_every_way_between_two_statuses_is_gone(mfax: Mfax, pdf: bytes, receiver: Receiver) -> None:
    subscribe(mfax, receiver, "fax.outbound.extended")

    def cancel(**form: str) -> None:
        mfax.post(f"/v1/fax/{mfax.send(pdf, **form)['messageId']}/cancel")

    lives = [
        statuses(mfax, receiver, lambda: mfax.send(pdf)),
        statuses(mfax, receiver, lambda: mfax.send(pdf, NOWHERE)),
        statuses(mfax, receiver, lambda: mfax.send(b"\0\1\2")),
        statuses(mfax, receiver, lambda: mfax.send(pdf, scheduledDate="2098-01-01")),
        statuses(mfax, receiver, lambda: cancel(scheduledDate="2099-01-01")),
        statuses(mfax, receiver, cancel),
    ]
    table = FACTS["transitions"]["from_to"]
    assert {word for life in lives for word in life} == {row["state"] for row in FACTS["states"]}
    assert {step for life in lives for step in pairwise(life)} == {
        (before, after) for before, afters in table.items() for after in afters
    }
    assert {row["state"] for row in FACTS["states"] if row["final"]} == {life[-1] for life in lives}


def statuses(mfax: Mfax, receiver: Receiver, act: Callable[[], object]) -> list[str]:
    """Give the statuses that the extended webhook tells while something is done to one fax."""
    before = len(receiver.requests)
    act()
    mfax.control.advance()
    return [json.loads(each.parts()[0].content)["status"] for each in receiver.requests[before:]]


def test_the_extended_webhook_tells_every_status_whole(mfax: Mfax, pdf: bytes, receiver: Receiver) -> None:
    subscribe(mfax, receiver, "fax.outbound.extended")
    mfax.send(pdf)
    mfax.control.advance()
    told = [json.loads(each.parts()[0].content) for each in receiver.requests]
    assert told == [posted_legacy(1, status) for status in ("processing", "transmitting", "success")]


ENDS: dict[str, dict[str, Any]] = {
    "15005550002": {"resultCode": "6100", "resultInfo": "Fax Number Busy", "faxAttempt": 3},
    "15005550003": {"faxAttempt": 3},
    "15005550005": {"pagesComplete": 1, "duration": 25986},
    "15005550007": {"duration": 35000},
    "15005550008": {},
    "15005550009": {"faxAttempt": 3},
    "15005550010": {"duration": 13000},
    "15005550011": {"duration": 17243},
}
"""How calls of numbers whose faxes fail end, where it is not as at a number that does not exist."""
RESOLVED = {
    "15005550002": "12:10:13.000",
    "15005550003": "12:12:19.000",
    "15005550005": "12:00:35.986",
    "15005550007": "12:00:45.000",
    "15005550008": "12:00:06.000",
    "15005550009": "12:10:10.000",
    "15005550010": "12:00:23.000",
    "15005550011": "12:00:27.243",
}
HEARD = {"faxECM": 256, "faxSpeed": 14400, "faxDetected": True, "faxProtocol": 17}
"""What is known of a call that a fax machine has taken."""


@pytest.mark.parametrize("to", ENDS)
def test_a_failed_fax_shows_its_result_and_its_last_call(mfax: Mfax, pdf: bytes, to: str) -> None:
    mfax.send(pdf, to)
    mfax.control.advance()
    heard = HEARD if to in ("15005550005", "15005550010", "15005550011") else {}
    end = {"faxNumber": f"+{to}", "resolvedDate": f"2026-03-02T{RESOLVED[to]}Z", **heard, **ENDS[to]}
    whole(mfax.get(f"/v1/fax/{FIRST}/info"), fax("info", 1, "failed", **end))


@pytest.mark.parametrize("row", FACTS["codes"], ids=lambda row: row["code"])
def test_every_result_code_is_shown_whole(mfax: Mfax, pdf: bytes, row: dict[str, str]) -> None:
    plan = {
        "success": {"delivered": {"code": row["code"]}},
        "failed": {"line_error": {"pages": 0, "code": row["code"]}},
    }
    scenario = {"attempts": [plan[row["state"]]]}
    mfax.control.call("POST", f"/sandboxes/{mfax.control.id}/scenarios/next", json=scenario)
    mfax.send(pdf)
    mfax.control.advance()
    broken_off = {"resolvedDate": "2026-03-02T12:00:27.243Z", "duration": 17243, **HEARD}
    result = {"resultCode": row["code"], "resultInfo": row["text"]}
    end = result if row["state"] == "success" else {**result, **broken_off}
    whole(mfax.get(f"/v1/fax/{FIRST}/info"), fax("info", 1, row["state"], **end))


def test_a_busy_line_is_redialled_after_five_minutes(mfax: Mfax, pdf: bytes) -> None:
    to = {"faxNumber": "+15005550004"}
    mfax.send(pdf, "15005550004")
    mfax.control.advance(by="60s")
    whole(mfax.get(f"/v1/fax/{FIRST}/info"), fax("info", **to))
    mfax.control.advance()
    end = {"faxAttempt": 2, "resolvedDate": "2026-03-02T12:05:38.986Z", **to}
    whole(mfax.get(f"/v1/fax/{FIRST}/info"), fax("info", 1, "success", **end))


def test_the_extended_webhook_says_transmitting_until_the_last_redial(
    mfax: Mfax, pdf: bytes, receiver: Receiver
) -> None:
    subscribe(mfax, receiver, "fax.outbound.extended")
    life = statuses(mfax, receiver, lambda: mfax.send(pdf, "15005550002"))
    assert life == ["processing", "transmitting", "failed"]


def test_a_fast_call_shows_the_protocol_of_the_references_sample(mfax: Mfax, pdf: bytes) -> None:
    scenario = {"attempts": [{"delivered": {"speed": 33600}}]}
    mfax.control.call("POST", f"/sandboxes/{mfax.control.id}/scenarios/next", json=scenario)
    mfax.send(pdf)
    mfax.control.advance()
    end = {"duration": 11494, "resolvedDate": "2026-03-02T12:00:21.494Z"}
    shown = fax("info", 1, "success", faxSpeed=33600, faxProtocol=34, **end)
    whole(mfax.get(f"/v1/fax/{FIRST}/info"), shown)


def test_a_scheduled_fax_waits_for_its_date(mfax: Mfax, pdf: bytes) -> None:
    answer = mfax.upload(
        "/v1/faxes", ("a.pdf", pdf), faxNumber="2125550123", scheduledDate="2026-03-03T13:00:00.000+01:00"
    )
    whole(answer, fax("send", 1, "scheduled"))
    mfax.control.advance(by="86399s")
    whole(mfax.get(f"/v1/fax/{FIRST}/info"), fax("info", 1, "scheduled"))
    mfax.control.advance(by="1s")
    whole(mfax.get(f"/v1/fax/{FIRST}/info"), fax("info", 1, "processing"))
    mfax.control.advance()
    end = {"resolvedDate": "2026-03-03T12:00:35.986Z"}
    whole(mfax.get(f"/v1/fax/{FIRST}/info"), fax("info", 1, "success", **end))


def test_a_date_that_has_passed_is_now(mfax: Mfax, pdf: bytes) -> None:
    answer = mfax.upload(
        "/v1/faxes", ("a.pdf", pdf), faxNumber="2125550123", scheduledDate="2020-01-01T00:00:00.000Z"
    )
    whole(answer, fax("send"))


def test_with_the_switch_a_fax_has_no_result_before_its_end(mfax: Mfax, pdf: bytes) -> None:
    mfax.control.vendor("mfax", profile={"fresh_result": False})
    answer = mfax.upload("/v1/faxes", ("a.pdf", pdf), faxNumber="2125550123")
    whole(answer, fax("send", resultCode=None, resultInfo=None))
    mfax.control.advance()
    whole(mfax.get(f"/v1/fax/{FIRST}/info"), fax("info", 1, "success"))


@pytest.mark.parametrize("name", ["encrypted.pdf", "truncated.pdf", "zero-pages.pdf", "not-a-pdf.pdf"])
def test_a_document_that_cannot_be_rendered_fails_later(
    mfax: Mfax, document: Callable[[str], bytes], name: str
) -> None:
    answer = mfax.upload("/v1/faxes", (name, document(name)), faxNumber="2125550123")
    whole(answer, fax("send", pagesCount=0))
    mfax.control.advance()
    whole(mfax.get(f"/v1/fax/{FIRST}/info"), fax("info", 1, "unrendered"))


def test_a_delivered_fax_costs_what_the_account_pays_by_page(
    mfax: Mfax, document: Callable[[str], bytes]
) -> None:
    mfax.control.vendor("mfax", balance=10, rates={"page": 0.05})
    mfax.send(document("three-pages.pdf"))
    mfax.control.advance()
    assert mfax.control.vendor("mfax")["balance"] == 9.85
