"""The six examples: explore finds the fault of five as the smallest combination, and none in the sixth."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.explore.exploration import Verdict
from emulator.explore.report import findings
from tests.explore.conftest import Start

STAGES = {"webhook_events": ["fax.v1.outbound.init", "fax.v1.outbound.complete"]}
FAULTY: dict[str, tuple[str, dict[str, Any], str, str]] = {
    "flask_app": ("openfax", {}, "webhook:twice", "its effect happened 2 times, not once"),
    "fastapi_app": (
        "mfax", {"profile": STAGES}, "webhook:stale",
        "it says 'sending', and never learns the truth: delivered, 1 fax",
    ),
    "django_app": (
        "faxto", {}, "webhook:early", "it says 'sending', and never learns the truth: delivered, 1 fax",
    ),
    "node": ("ifax", {}, "submit:cut-after", "2 faxes for one order: 1 too many"),
    "php": ("ifax", {"timeout": 5.0}, "submit:limited-always", "its send did not end within "),
}  # fmt: skip


SLOW = {
    "submit:slow",
    "submit:limited",
    "submit:limited-always",
    "poll:limited",
    "webhook:drip",
    "line:busy",
}
"""What takes real seconds: tried of one example each here; of all when there is time, as the orders are."""


@pytest.mark.parametrize("name", FAULTY)
def test_the_fault_of_an_example_is_the_smallest_finding(start: Start, name: str) -> None:
    vendor, settings, smallest, problem = FAULTY[name]
    found = findings(start(name, vendor, **settings)(but=SLOW - {smallest}, orders=0))
    assert [each.combination.name for each in found] == [smallest], [
        (each.combination.name, each.problems, each.story and each.story.tell()) for each in found
    ]
    assert problem in found[0].problems[0].text


def test_the_correct_example_bears_everything(start: Start) -> None:
    results = start("correct", "ifax")(but=SLOW - {"submit:limited", "line:busy"})
    assert [(each.combination.name, each.problems) for each in results if each.problems] == []
    assert {each.combination.name for each in results if each.verdict is not Verdict.held} == {"poll:behind"}


@pytest.mark.soak
@pytest.mark.parametrize("name", FAULTY)
def test_no_pair_adds_to_the_fault_of_an_example(start: Start, name: str) -> None:
    vendor, settings, smallest, _ = FAULTY[name]
    found = findings(start(name, vendor, **settings)(pairs=True, orders=60))
    assert [each.combination.name for each in found] == [smallest]


@pytest.mark.soak
def test_the_correct_example_bears_every_pair(start: Start) -> None:
    results = start("correct", "ifax")(pairs=True, orders=60)
    assert [(each.combination.name, each.problems) for each in results if each.problems] == []
