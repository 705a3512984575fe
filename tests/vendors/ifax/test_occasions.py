"""Every code that a client can meet by doing something, from fixtures/ifax/occasions.yaml; whole bodies."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Control
from tests.vendors.ifax.client import JOB, TO, Ifax, attachment, fax_object, text_of
from tests.vendors.ifax.story import Step, begin, play, refusal, written

OCCASIONS = written("occasions.yaml")

RACES = {"12114"}
"""Answered when two calls meet: test_numbers has them meet."""


def ended(steps: list[Step], body: dict[str, Any], status: int = 200) -> list[Step]:
    """Give steps whose last one must answer `body`."""
    return [*steps[:-1], {**steps[-1], "gives": body, "http": status}]


@pytest.mark.parametrize("row", OCCASIONS["refused"], ids=lambda row: f"{row['code']} {row['when']}")
def test_an_occasion_has_its_code(server: Control, row: dict[str, Any]) -> None:
    body = refusal(row["code"], row.get("text"), row.get("row", 1))
    play(begin(server), ended(row["steps"], body, row.get("http", 200)))


@pytest.mark.parametrize("row", OCCASIONS["refused"], ids=lambda row: f"{row['code']} {row['when']}")
def test_an_occasion_has_its_answer_in_the_live_profile(server: Control, row: dict[str, Any]) -> None:
    ifax = begin(server)
    ifax.profile(**{"ifax.profile": "live"})
    body = row.get("live") or refusal(row["code"], row.get("text"), row.get("row", 1))
    switched = [
        {"profile": {"profile": "live", **step["profile"]}} if "profile" in step else step
        for step in row["steps"]
    ]
    play(ifax, ended(switched, body, row.get("http", 200)))


@pytest.mark.parametrize("row", OCCASIONS["ends"], ids=lambda row: row["when"])
def test_a_fax_stands_as_its_life_makes_it(server: Control, row: dict[str, Any]) -> None:
    ifax = begin(server)
    play(ifax, row["steps"])
    assert ifax.body("status", jobId=JOB) == stands(row, TO)


@pytest.mark.parametrize("digits", OCCASIONS["magic"])
def test_a_magic_number_ends_as_it_says(server: Control, digits: str) -> None:
    ifax, to = begin(server), f"+150055500{digits}"
    job = ifax.send(to, attachment("three-pages.pdf"))
    ifax.control.advance()
    assert job == JOB
    assert ifax.body("status", jobId=JOB) == stands(OCCASIONS["magic"][digits], to)


def stands(row: dict[str, Any], to: str) -> dict[str, Any]:
    """Give the whole answer of fax-status for a row of the fixture."""
    fax = fax_object(
        JOB,
        row["state"],
        row["code"],
        to=to,
        pages=row.get("pages", 3),
        sent=row["sent"],
        seconds=row["seconds"],
    )
    return {"status": 1, "message": text_of(12103), "data": fax}


def test_coverage_says_of_every_code_how_it_is_met(server: Control) -> None:
    """An operation answers it, a fax has it, a scenario makes a fax end so, or it takes a scenario."""
    rows = server_rows(server, "codes")
    ways = {(row["name"], row["text"]): row["source"].partition("; ")[2] for row in rows}
    assert all(ways.values())

    def met(way: str) -> set[str]:
        return {name for (name, _), found in ways.items() if way in found and not name.endswith("/1")}

    live = {str(row["live"]["code"]) for row in OCCASIONS["refused"] if row.get("live", {}).get("code")}
    answered = {name(row) for row in OCCASIONS["refused"]} | live | RACES
    assert met("an operation answers it") == answered
    assert met("a fax has it") - {"0/2"} == {
        str(row["code"]) for row in (*OCCASIONS["ends"], *OCCASIONS["magic"].values())
    }
    messages = {text for (_, text), found in ways.items() if "an operation's message" in found}
    assert messages == set(replies(written("walk.yaml")["operations"]))


def test_coverage_says_when_an_operation_answers_a_code_and_how_that_is_known(server: Control) -> None:
    known: dict[str, str] = {}
    for row in OCCASIONS["refused"]:
        known.setdefault(name(row), row["evidence"])
    shown = {row["name"]: row["evidence"] for row in server_rows(server, "errors")}
    assert shown == known | dict.fromkeys(RACES, "assumed")


def name(row: dict[str, Any]) -> str:
    return f"{row['code']}/{row['row']}" if "row" in row else str(row["code"])


def replies(operations: dict[str, list[Step]]) -> list[str]:
    """List the messages of successful answers."""
    bodies = [step["gives"] for steps in operations.values() for step in steps if "gives" in step]
    return [body["message"] for body in bodies if body["status"] == 1]


def server_rows(server: Control, table: str) -> list[dict[str, Any]]:
    vendors = server.call("GET", "/coverage", 200)["vendors"]
    return list(next(each for each in vendors if each["vendor"] == "ifax")[table])


def test_a_fault_of_an_account_can_be_mended(ifax: Ifax) -> None:
    """What the portal forbids it can allow again."""
    ifax.control.vendor("ifax", active=False)
    assert ifax.body("label-list") == refusal(12001)
    ifax.control.vendor("ifax", active=True)
    assert ifax.body("list") == {"status": 1, "message": "Fax list response", "data": []}
