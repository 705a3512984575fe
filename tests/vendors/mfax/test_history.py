"""The history: paging, filters together, who sees what, and the limit of calls; each filter has its case."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.conftest import Control
from tests.vendors.mfax.bodies import BASE, CUSTOMER, MASTER, MESSAGES, fax, listed, whole
from tests.vendors.mfax.cases.listing import BASES, FRESH, FULL, INBOUND, ROWS, stock
from tests.vendors.mfax.conftest import TOO_MANY, UNKNOWN, Mfax, error

HISTORY = "/v1/fax/history"


def test_a_row_is_shown_when_every_required_parameter_is_empty(mfax: Mfax, pdf: bytes) -> None:
    """What an application sends: the reference calls these five required."""
    mfax.send(pdf)
    mfax.control.advance()
    answer = mfax.get(f"{HISTORY}?accountId=&offset=&limit=&direction=&status=")
    whole(answer, listed(fax("history", 1, "success")))


def test_rows_are_paged_newest_first(mfax: Mfax, pdf: bytes) -> None:
    for _ in range(12):
        mfax.send(pdf)
    rows = [fax("history", number) for number in range(12, 0, -1)]
    whole(mfax.get(HISTORY), listed(*rows[:10], count=12))
    whole(mfax.get(HISTORY, offset=10, limit=500), listed(*rows[10:], limit=500, offset=10, count=12))
    whole(mfax.get(HISTORY, limit=3, offset=4), listed(*rows[4:7], limit=3, offset=4, count=12))
    whole(mfax.get(HISTORY, offset=12), listed(offset=12, count=12))
    whole(mfax.get(HISTORY, limit=1, order="created_at ASC"), listed(rows[-1], limit=1, count=12))


@pytest.mark.parametrize(
    ("query", "body"),
    [
        ({"direction": "outbound", "status": "success"}, listed(BASES, FULL)),
        ({"direction": "inbound", "status": "failed"}, listed()),
        ({"fromDate": "2026-03-03", "toDate": "2026-03-03"}, listed(FULL)),
        ({"userId": BASE["uuid"], "direction": "outbound"}, listed(BASES)),
        ({"userId": BASE["uuid"], "direction": "inbound"}, listed()),
        ({"query": "MFAX", "limit": "2", "offset": "1"}, listed(BASES, FULL, limit=2, offset=1, count=4)),
        ({"isArchived": "true", "status": "failed"}, listed()),
        ({"order": "created_at ASC"}, listed(*ROWS[::-1])),
        ({"order": "created_at DESC", "limit": "1"}, listed(FRESH, limit=1, count=5)),
    ],
)
def test_filters_hold_together(mfax: Mfax, pdf: bytes, query: dict[str, str], body: Any) -> None:
    stock(mfax, pdf)
    whole(mfax.get(HISTORY, **query), body)


def test_with_the_switch_the_count_is_a_number(mfax: Mfax, pdf: bytes) -> None:
    stock(mfax, pdf)
    mfax.control.vendor("mfax", profile={"history_count_number": True})
    whole(mfax.get(HISTORY, direction="inbound"), {**listed(INBOUND), "count": 1})


def test_a_scheduled_fax_is_found_by_its_status(mfax: Mfax, pdf: bytes) -> None:
    mfax.send(pdf, scheduledDate="2099-01-01")
    mfax.send(pdf)
    whole(mfax.get(HISTORY, status="scheduled"), listed(fax("history", 1, "scheduled")))


def test_a_user_of_the_base_level_sees_only_own_faxes(mfax: Mfax, base_user: Mfax, pdf: bytes) -> None:
    mfax.send(pdf)
    base_user.send(pdf)
    own, others = fax("history", 2), fax("history", 1)
    whole(base_user.get(HISTORY), listed(own))
    whole(base_user.get(HISTORY, userId=mfax.me()["uuid"]), listed())
    whole(mfax.get(HISTORY), listed(own, others))
    answer = base_user.get(f"/v1/fax/{MESSAGES[0]}/info")
    whole(answer, error("NotFoundError", "Fax not found."), 404)


def test_a_sub_account_has_a_history_of_its_own(mfax: Mfax, pdf: bytes) -> None:
    mfax.send(pdf)
    whole(mfax.get(HISTORY, accountId=MASTER["uuid"]), listed(fax("history")))
    whole(mfax.get(HISTORY, accountId=CUSTOMER["uuid"]), listed())
    whole(mfax.get(HISTORY, accountId=UNKNOWN), error("NotFoundError", "Account not found."), 404)


def test_the_ninth_call_of_a_minute_is_too_many(mfax: Mfax, base_user: Mfax) -> None:
    for _ in range(8):
        whole(mfax.get(HISTORY), listed())
    refused_for(mfax, 60)
    whole(base_user.get(HISTORY), listed())
    mfax.control.advance(by="59s")
    refused_for(mfax, 1)
    mfax.control.advance(by="1s")
    whole(mfax.get(HISTORY), listed())


def refused_for(mfax: Mfax, seconds: int) -> None:
    answer = mfax.get(HISTORY)
    whole(answer, error("TooManyRequestsError", TOO_MANY.format(seconds=seconds)), 429)
    assert answer.headers["Retry-After"] == str(seconds)


def test_on_a_running_clock_retry_after_is_in_real_seconds(server: Control) -> None:
    made = server.create(clock={"mode": "running", "speed": 20})
    mfax = Mfax(made)
    answers = [mfax.get(HISTORY) for _ in range(9)]
    assert [each.status_code for each in answers] == [200] * 8 + [429]
    assert answers[-1].headers["Retry-After"] in ("2", "3")
    text = r"Too many requests: 8 a minute\. Try again in (60|5[0-9]) seconds of the sandbox's clock\."
    assert re.fullmatch(text, answers[-1].json()["error"]["message"])


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"limit": 501}, "limit: Must be a whole number from 1 to 500."),
        ({"limit": "many"}, "limit: Must be a whole number from 1 to 500."),
        ({"offset": -1}, "offset: Must be a whole number from 0 to 1000000."),
        ({"offset": "9" * 5000}, "offset: Must be a whole number from 0 to 1000000."),
        ({"direction": "up"}, "direction: Must be one of: all, inbound, outbound."),
        (
            {"status": "sent"},
            "status: Must be one of: all, processing, transmitting, scheduled, success, failed, cancelled.",
        ),
        ({"fromDate": "yesterday"}, "fromDate: Must be an ISO date."),
        ({"userId": "me"}, "userId: Not a valid UUID."),
        ({"isArchived": "no"}, "isArchived: Must be true or false."),
        ({"include": "users"}, "include: One or more of the choices you made was not in: contacts, tags."),
        ({"order": "name"}, "order: Must be created_at ASC or created_at DESC."),
    ],
)
def test_a_filter_that_cannot_be_taken_is_said(mfax: Mfax, query: dict[str, Any], message: str) -> None:
    answer = mfax.get("/v1/fax/history", **query)
    whole(answer, error("InvalidInputError", message), 400)
