"""The table of 232 codes: every row is reached over HTTP, with the text to the letter."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tests.conftest import Control
from tests.vendors.ifax.client import TO, Ifax, attachment, facts

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


def test_the_facts_hold_the_whole_table() -> None:
    assert len(facts()["codes"]) == 232
    assert len({row["code"] for row in facts()["codes"]}) == 222


def test_every_row_is_the_code_and_text_of_a_finished_fax(control: Control) -> None:
    ifax = Ifax(control)
    table = [row for row in rows() if row[3] != "ok"]
    scenarios = [
        {"name": f"row-{place}", "attempts": [{"code": name}]} for place, (name, *_) in enumerate(table)
    ]
    control.call("POST", f"/sandboxes/{control.id}/scenarios/next", 201, json=scenarios)
    jobs = [ifax.send() for _ in table]
    control.advance()
    for job, (name, code, text, _) in zip(jobs, table, strict=True):
        fax = ifax.status(job)
        assert (name, fax["code"], fax["message"]) == (name, code, text)
        assert fax["faxStatus"] == ("delivered" if code == 0 else "failed")


def test_every_row_is_the_answer_of_a_call_that_a_scenario_decides(control: Control) -> None:
    ifax = Ifax(control)
    scenarios = [{"name": f"row-{place}", "http": {"code": name}} for place, (name, *_) in enumerate(rows())]
    control.call("POST", f"/sandboxes/{control.id}/scenarios/next", 201, json=scenarios)
    for name, code, text, group in rows():
        good = int(group in ("ok", "progress"))
        answer = ifax.body("send", faxNumber=TO, faxData=[attachment()])
        assert (name, answer) == (name, {"status": good, "code": code, "message": text})
    assert control.faxes() == []


@pytest.mark.parametrize("row", facts()["live_codes"], ids=lambda row: str(row["code"]))
def test_every_live_code_is_an_answer_that_a_scenario_can_ask_for(ifax: Ifax, row: dict[str, Any]) -> None:
    ifax.scenario(http={"code": str(row["code"])})
    answer = ifax.body("send", faxNumber=TO, faxData=[attachment()])
    text = "USER_BLOCKED" if row["code"] == 12001 else row["text"]
    assert answer == {"status": 0, "code": row["code"], "message": text}


@pytest.mark.parametrize(
    ("outcome", "code"),
    [
        ("busy", 263),
        ("no_answer", 8021),
        ("not_fax", 9015),
        ("bad_number", 3912),
        ("circuits_busy", 9001),
        ("hangup", 9012),
        ("line_error", 9009),
        ("conversion_failed", 9042),
        ("fetch_failed", -1004),
        ("no_credit", 9040),
    ],
)
def test_an_outcome_has_a_code(ifax: Ifax, outcome: str, code: int) -> None:
    ifax.scenario(attempts=[outcome])
    fax = ifax.finish(ifax.send())
    text = next(row["text"] for row in facts()["codes"] if row["code"] == code)
    assert (fax["faxStatus"], fax["code"], fax["message"]) == ("failed", code, text)


def test_a_code_alone_means_its_outcome(ifax: Ifax) -> None:
    ifax.scenario(attempts=[{"code": "3931"}])
    ifax.finish(ifax.send())
    fax = ifax.control.faxes()[0]
    assert fax["outcome"] == "busy"
    assert fax["vendor_view"]["text"] == "Busy"


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
