"""When a fax may be cancelled or deleted, and what that leaves of it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Control
from tests.receiver import Receiver
from tests.vendors.mfax.bodies import NOW, fax, listed, whole
from tests.vendors.mfax.conftest import Mfax, error, subscribe
from tests.vendors.mfax.lives import (
    FIRST,
    LIVES,
    OUTBOUND,
)

FINAL = error("InvalidInputError", "Only processing or scheduled faxes can be cancelled.")
ON_CALL = error("InvalidInputError", "The fax is being transmitted and can no longer be cancelled.")
CANCELLABLE = ("processing", "scheduled")


@pytest.mark.parametrize("status", LIVES)
def test_only_processing_and_scheduled_faxes_are_cancelled(mfax: Mfax, pdf: bytes, status: str) -> None:
    LIVES[status](mfax, pdf)
    before = mfax.info(FIRST)
    answer = mfax.post(f"/v1/fax/{FIRST}/cancel")
    if status in CANCELLABLE:
        whole(answer, fax("cancel", 1, "cancelled"))
        mfax.control.advance()
        whole(mfax.get(f"/v1/fax/{FIRST}/info"), fax("info", 1, "cancelled"))
    else:
        whole(answer, ON_CALL if status == "transmitting" else FINAL, 400)
        whole(mfax.get(f"/v1/fax/{FIRST}/info"), before)


BEFORE = ["received", "rendering", "credit_check", "waiting_line", "queued"]


@pytest.mark.parametrize("state", BEFORE)
def test_a_fax_is_cancelled_until_its_call_begins(mfax: Mfax, pdf: bytes, state: str) -> None:
    mfax.send(pdf)
    mfax.control.advance(until={"fax": mfax.control.faxes()[0]["id"], "state": state})
    at = {"createdAt": NOW}
    whole(mfax.post(f"/v1/fax/{FIRST}/cancel"), fax("cancel", 1, "cancelled", **at))
    mfax.control.advance()
    assert mfax.control.faxes()[0]["attempts"] == []


@pytest.mark.parametrize("state", ["waiting_redial", "retry_eligible", "waiting_line", "queued"])
def test_a_fax_is_cancelled_between_two_calls(mfax: Mfax, pdf: bytes, state: str) -> None:
    mfax.send(pdf, "15005550004")
    neutral = mfax.control.faxes()[0]["id"]
    for reached in dict.fromkeys(("waiting_redial", state)):
        mfax.control.advance(until={"fax": neutral, "state": reached})
    to = {"faxNumber": "+15005550004"}
    whole(mfax.get("/v1/fax/history", status="processing"), listed(fax("history", **to)))
    whole(mfax.get("/v1/fax/history", status="transmitting"), listed())
    whole(mfax.post(f"/v1/fax/{FIRST}/cancel"), fax("cancel", 1, "cancelled", **to))
    mfax.control.advance()
    whole(mfax.get(f"/v1/fax/{FIRST}/info"), fax("info", 1, "cancelled", **to))
    assert [each["outcome"] for each in mfax.control.fax(neutral)["attempts"]] == ["busy"]


DELETED = ["scheduled", "processing", "transmitting"]


@pytest.mark.parametrize("status", DELETED)
def test_a_deleted_fax_is_not_sent_and_posts_nothing(
    mfax: Mfax, pdf: bytes, receiver: Receiver, status: str
) -> None:
    LIVES[status](mfax, pdf)
    subscribe(mfax, receiver, *OUTBOUND)
    whole(mfax.delete(f"/v1/fax/{FIRST}"), "OK")
    gone = error("NotFoundError", "Fax not found.")
    for answer in (mfax.get(f"/v1/fax/{FIRST}/info"), mfax.post(f"/v1/fax/{FIRST}/cancel")):
        whole(answer, gone, 404)
    whole(mfax.get("/v1/fax/history"), listed())
    mfax.control.advance()
    assert receiver.requests == []
    (neutral,) = mfax.control.faxes()
    ended = {"state": "cancelled", "outcome": "cancelled", "pages": {"total": 1, "sent": 0}}
    assert {name: neutral[name] for name in ended} == ended


def test_a_running_sandbox_leaves_time_to_cancel(server: Control, pdf: bytes) -> None:
    made = server.create(clock={"mode": "running", "speed": 20})
    assert made.vendor("mfax")["profile"] == {"processing_seconds": 60}
    mfax = Mfax(made)
    message = mfax.send(pdf)["messageId"]
    neutral = made.faxes()[0]["id"]
    made.advance(until={"fax": neutral, "state": "waiting_line"})
    made.advance(by="30s")  # half of the three real seconds
    whole_life = mfax.post(f"/v1/fax/{message}/cancel").json()
    assert (whole_life["status"], whole_life["messageId"]) == ("cancelled", message)


@pytest.mark.parametrize("clock", [{"mode": "manual"}, {"mode": "running", "speed": "max"}])
def test_a_sandbox_whose_clock_stands_or_jumps_does_not_wait(server: Control, clock: dict[str, Any]) -> None:
    assert server.create(clock=clock).vendor("mfax")["profile"] == {}


def test_the_wait_before_the_first_call_is_a_switch(mfax: Mfax, pdf: bytes) -> None:
    mfax.control.vendor("mfax", profile={"processing_seconds": 60})
    mfax.send(pdf)
    mfax.control.advance()
    end = {"resolvedDate": "2026-03-02T12:01:35.486Z"}
    whole(mfax.get(f"/v1/fax/{FIRST}/info"), fax("info", 1, "success", **end))
