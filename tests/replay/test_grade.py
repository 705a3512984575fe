"""`localfax grade`, on endpoints that take webhooks well and badly."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from emulator.grading.forwarder import Taken
from emulator.grading.verdicts import Told, Usual, take_calmly
from localfax.received import Received
from localfax.receiver import Receiver
from tests.cli.conftest import run_command

CASES = [
    "plain",
    "duplicate",
    "redelivered",
    "retried",
    "slow",
    "late",
    "early",
    "reordered",
    "crowd",
    "truncated",
]


PATIENT = "60"
"""Seconds that are not exceeded on a machine that has other things to do."""


def graded(url: str, *words: str) -> tuple[int, dict[str, Any]]:
    done = run_command("grade", "--webhook", url, "--within", PATIENT, "--json", *words)
    return done.returncode, {each["name"]: each for each in json.loads(done.stdout)}


@pytest.mark.parametrize("vendor", ["openfax", "ifax", "mfax", "faxto", "kazoo"])
def test_endpoint_that_takes_everything_fails_on_the_broken_body_alone(
    vendor: str, receiver: Receiver
) -> None:
    code, grades = graded(f"{receiver.url}/hook", "--vendor", vendor)
    assert code == 4
    assert list(grades) == CASES
    assert [name for name, each in grades.items() if each["survived"] is False] == ["truncated"]
    assert grades["truncated"]["problem"] == "answered 200; a 4xx is right"
    others = [each for name, each in grades.items() if name != "truncated"]
    assert {each["verdict"] for each in others} == {"cannot be seen"}
    assert {each["problem"] for each in others} == {"it answers so to a broken body, too"}
    assert len(grades["duplicate"]["statuses"]) % 2 == 0
    assert len(grades["redelivered"]["statuses"]) == 2 * len(grades["plain"]["statuses"])
    assert len(grades["retried"]["statuses"]) > len(grades["plain"]["statuses"])
    assert set(grades["retried"]["statuses"]) == {"200"}
    assert grades["slow"]["statuses"] == grades["plain"]["statuses"]


def test_endpoint_that_is_not_idempotent_is_found_out(receiver: Receiver) -> None:
    for _ in range(3):
        receiver.answer(200)
        receiver.answer(500, times=1)
    code, grades = graded(f"{receiver.url}/hook", "--vendor", "openfax")
    assert code == 4
    assert grades["plain"]["survived"] is not False
    assert grades["duplicate"]["problem"] == "answered 500"


def reading(receiver: Receiver, unknown: int = 200, second: int = 200) -> None:
    """Let a receiver answer as one that reads what it gets, and knows its messages again."""
    seen: set[bytes] = set()

    def status_of(received: Received) -> int:
        if not received.body.endswith((b"}", b"=0.05")):
            return 400
        known = received.body in seen
        seen.add(received.body)
        return second if known else unknown

    receiver.status_of = status_of  # type: ignore[method-assign]


def test_endpoint_that_reads_survives_what_it_answers_alike(receiver: Receiver) -> None:
    reading(receiver)
    code, grades = graded(f"{receiver.url}/hook", "--vendor", "ifax")
    assert code == 0
    assert {each["verdict"] for each in grades.values()} == {"survives"}


def test_second_answer_that_differs_is_found_out(receiver: Receiver) -> None:
    reading(receiver, second=409)
    code, grades = graded(f"{receiver.url}/hook", "--vendor", "ifax")
    assert code == 4
    assert {name for name, each in grades.items() if each["verdict"] == "FAILS"} == {
        "duplicate", "redelivered", "retried",
    }  # fmt: skip
    assert grades["redelivered"]["problem"] == "answered 409, and 200 as a rule"


def test_a_404_to_a_fax_that_is_not_known_is_no_failure(receiver: Receiver) -> None:
    reading(receiver, unknown=404, second=404)
    code, grades = graded(f"{receiver.url}/hook", "--vendor", "ifax")
    assert [name for name, each in grades.items() if each["survived"] is False] == []
    assert grades["duplicate"]["problem"] == "it answers 404 to a fax that it does not know"
    assert (code, grades["truncated"]["verdict"]) == (0, "survives")  # 400 where 404 is usual: it reads


def test_endpoint_that_checks_its_password_survives_the_wrong_ones(receiver: Receiver) -> None:
    receiver.answer(401, times=None)
    code, grades = graded(f"{receiver.url}/hook", "--vendor", "openfax", "--auth", "user:secret")
    assert code == 4
    assert list(grades) == [*CASES, "wrong-password", "no-password"]
    assert {each["verdict"] for each in grades.values()} == {"cannot be seen"}
    assert grades["wrong-password"]["problem"] == "it answers 401 to a good one, too"


def test_password_that_is_not_looked_at_is_found_out(receiver: Receiver) -> None:
    reading(receiver)
    code, grades = graded(f"{receiver.url}/hook", "--vendor", "ifax", "--auth", "user:secret")
    assert code == 4
    failed = [name for name, each in grades.items() if each["survived"] is False]
    assert failed == ["wrong-password", "no-password"]


def test_answer_that_takes_too_long_is_found_out() -> None:
    quick, slow = Taken("", 200, None, 0.1), Taken("", 200, None, 3.5)
    usual = Usual.of([quick], [], 3.0)
    assert take_calmly([quick], usual) == (Told.survives, None)
    assert take_calmly([quick, slow], usual) == (Told.fails, "took 3.5 s to answer")


def test_answer_is_too_late_after_the_seconds_that_are_given(receiver: Receiver) -> None:
    code, grades = graded(receiver.url, "--vendor", "ifax", "--within", "0.000001")
    assert code == 4
    assert re.fullmatch(r"took \d+\.\d s to answer", grades["plain"]["problem"])


def test_retry_that_is_answered_otherwise_is_found_out(receiver: Receiver) -> None:
    receiver.answer(200, times=6).answer(409)
    code, grades = graded(f"{receiver.url}/hook", "--vendor", "mfax")
    assert code == 4
    assert [name for name, each in grades.items() if each["survived"] is False] == ["retried", "truncated"]
    assert grades["retried"]["problem"] == "answered 409, and 200 as a rule"
    assert grades["retried"]["statuses"] == ["200", "409", "200"]  # the vendor tries once more


def test_grades_are_a_table_for_people(receiver: Receiver) -> None:
    done = run_command("grade", "--webhook", receiver.url, "--vendor", "ifax", "--within", PATIENT)
    assert "the same webhook twice at once" in done.stdout
    assert "FAILS" in done.stdout
    assert "localfax explore asks your application itself." in done.stdout


def test_nobody_listening_is_one_line() -> None:
    url = "http://127.0.0.1:9/hook"
    code, grades = graded(url, "--vendor", "openfax")
    assert (code, list(grades)) == (4, ["plain"])
    assert grades["plain"]["problem"] == "no answer: unreachable"
    done = run_command("grade", "--webhook", url, "--vendor", "openfax", "--within", PATIENT)
    assert (done.returncode, done.stdout) == (4, f"{url}: no answer: unreachable\n")


@pytest.mark.parametrize(
    "words", [("--webhook", "nonsense", "--vendor", "ifax"), ("--webhook", "http://x/", "--vendor", "pigeon")]
)
def test_wrong_url_or_vendor_is_a_usage_error(words: tuple[str, ...]) -> None:
    assert run_command("grade", *words).returncode == 2
