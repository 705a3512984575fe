"""The table of 232 codes: every row is reached over HTTP, with the text to the letter."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tests.conftest import Control
from tests.vendors.ifax.client import JOB, TO, Ifax, attachment, facts, fax_object
from tests.vendors.ifax.story import written

OUTCOMES = written("occasions.yaml")["outcomes"]

KEPT = {0: "NORMAL_CLEARING"}
"""Where the usual text is not the first of several."""


def rows() -> list[tuple[str, int, str, str]]:
    """Give each row of the facts as a scenario names it, with its code, text and group.

    A code with several texts is named by number and place: 6002/2.
    """
    times, seen = Counter(row["code"] for row in facts()["codes"]), Counter[int]()
    named = []
    for row in facts()["codes"]:
        code = row["code"]
        seen[code] += 1
        name = f"{code}/{seen[code]}" if times[code] > 1 else str(code)
        named.append((name, code, row["text"], row["group"]))
        if (
            times[code] > 1
            and row["text"] == KEPT.get(code, row["text"])
            and (code in KEPT or seen[code] == 1)
        ):
            named.append((str(code), code, row["text"], row["group"]))
    return named


NO_ENDS = (-11, -3, 403)
"""Codes of faxes that are on their way, or were cancelled: no call ends with them."""


def test_the_facts_hold_the_whole_table() -> None:
    assert len(facts()["codes"]) == 232
    assert len({row["code"] for row in facts()["codes"]}) == 222


def test_every_row_is_the_code_and_text_of_a_finished_fax(ifax: Ifax) -> None:
    table = [row for row in rows() if row[3] != "ok" and row[1] not in NO_ENDS]
    queue(ifax, [{"attempts": [{"code": name}]} for name, *_ in table])
    jobs = [ifax.send() for _ in table]
    ifax.control.advance()
    meant = {code: outcome for outcome, row in OUTCOMES.items() for code in row["codes"]}
    for job, (name, code, text, _) in zip(jobs, table, strict=True):
        outcome = meant.get(code, "line_error")
        assert (name, ifax.status(job)) == (name, fax_after(outcome, job, code) | {"message": text})


@pytest.mark.parametrize("code", ["-11", "-3", "-3/2", "-3/3", "403"])
@pytest.mark.parametrize("call", [{}, {"busy": {}}, {"delivered": {}}])
def test_a_code_that_means_another_state_ends_no_call(ifax: Ifax, code: str, call: dict[str, Any]) -> None:
    attempt = {name: {"code": code} for name in call} or {"code": code}
    wanted = {"name": "wrong", "match": {"vendor": "ifax"}, "attempts": [attempt]}
    path = f"/sandboxes/{ifax.control.id}/scenarios/next"
    said = ifax.control.call("POST", path, 400, json=wanted)["error"]
    meant = "a cancelled fax: no call ends so" if code == "403" else "a fax on its way, not of a call's end"
    assert said["field"] == "attempts[0]"
    assert f"code {code!r} is that of {meant}" in said["message"]


@pytest.mark.parametrize(("call", "code"), [("busy", "0"), ("delivered", "263")])
def test_a_code_of_another_end_is_refused(ifax: Ifax, call: str, code: str) -> None:
    wanted = {"name": "wrong", "match": {"vendor": "ifax"}, "attempts": [{call: {"code": code}}]}
    path = f"/sandboxes/{ifax.control.id}/scenarios/next"
    said = ifax.control.call("POST", path, 400, json=wanted)["error"]
    other = {"busy": "delivered", "delivered": "busy"}[call]
    assert said["message"] == f"code {code!r} is that of {other}, not of {call}."


def test_every_row_is_the_answer_of_a_call_that_a_scenario_decides(ifax: Ifax) -> None:
    queue(ifax, [{"http": {"code": name}} for name, *_ in rows()])
    for name, code, text, group in rows():
        good = int(group in ("ok", "progress"))
        answer = ifax.body("send", faxNumber=TO, faxData=[attachment()])
        assert (name, answer) == (name, {"status": good, "code": code, "message": text})
    assert ifax.control.faxes() == []


def queue(ifax: Ifax, scenarios: list[dict[str, Any]]) -> None:
    """Queue a scenario for each of the next faxes."""
    body = [
        {"name": f"row-{place}", "match": {"vendor": "ifax"}, **each} for place, each in enumerate(scenarios)
    ]
    ifax.control.call("POST", f"/sandboxes/{ifax.control.id}/scenarios/next", 201, json=body)


def fax_after(outcome: str, job: int, code: int) -> dict[str, Any]:
    """Give the whole fax object of a fax of one page that ended so."""
    good = outcome == "delivered"
    state = "delivered" if good else "failed"
    return fax_object(job, state, code, sent=int(good), seconds=OUTCOMES[outcome]["seconds"])


@pytest.mark.parametrize("row", facts()["live_codes"], ids=lambda row: str(row["code"]))
def test_every_live_code_is_an_answer_that_a_scenario_can_ask_for(ifax: Ifax, row: dict[str, Any]) -> None:
    ifax.scenario(http={"code": str(row["code"])})
    answer = ifax.body("send", faxNumber=TO, faxData=[attachment()])
    text = "USER_BLOCKED" if row["code"] == 12001 else row["text"]
    assert answer == {"status": 0, "code": row["code"], "message": text}


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_an_outcome_has_a_code(ifax: Ifax, outcome: str) -> None:
    ifax.scenario(attempts=[outcome])
    assert ifax.finish(ifax.send()) == fax_after(outcome, JOB, OUTCOMES[outcome]["code"])


def test_a_code_alone_means_its_outcome(ifax: Ifax) -> None:
    ifax.scenario(attempts=[{"code": "3931"}])
    assert ifax.finish(ifax.send()) == fax_after("busy", JOB, 3931)
    fax = ifax.control.faxes()[0]
    view = {"id": str(JOB), "state": "failed", "code": "3931", "text": "Busy"}
    assert (fax["outcome"], fax["vendor_view"]) == ("busy", view)


def test_a_scenario_answers_with_its_own_status_body_and_retry_after(ifax: Ifax) -> None:
    ifax.scenario(http={"status": 503, "retry_after": 7})
    answer = ifax.call("send", {"faxNumber": TO, "faxData": [attachment()]})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "7")
    assert answer.json() == {"status": 0, "code": 256, "message": "Internal error"}
    ifax.scenario(http={"body": {"status": -3}})
    assert ifax.body("send", faxNumber=TO, faxData=[attachment()]) == {"status": -3}


def test_coverage_lists_every_endpoint_state_and_code(server: Control) -> None:
    vendors = server.call("GET", "/coverage", 200)["vendors"]
    shown = next(each for each in vendors if each["vendor"] == "ifax")
    assert {each["path"] for each in shown["endpoints"]} == {each["path"] for each in facts()["endpoints"]}
    assert [row["name"] for row in shown["states"]] == [row["state"] for row in facts()["states"]]
    known = {(row["name"].partition("/")[0], row["text"]) for row in shown["codes"]}
    assert {(str(row["code"]), row["text"]) for row in facts()["codes"]} <= known
    assert {(str(row["code"]), row["text"]) for row in facts()["live_codes"]} <= known
    every = [row for table in ("endpoints", "states", "codes", "errors", "webhooks") for row in shown[table]]
    assert {row["evidence"] for row in every} == {"documented", "observed", "assumed"}
    assert all(row["source"] for row in every)
