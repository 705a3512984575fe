"""Every scenario of the catalogue does what it says."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from emulator.core.scripting.scenario import Scenario
from emulator.scenarios import Files, find_catalogue, write_scenario
from emulator.vendors import all_vendors
from tests.scenarios.conftest import VENDOR, Replay

CATALOGUE = Files([], all_vendors()).scenarios()
INBOUND = "ifax"
"""Tells of received faxes by webhook."""


def vendor_of(scenario: Scenario) -> str:
    return INBOUND if scenario.match.direction == "inbound" else VENDOR


@pytest.mark.parametrize("scenario", CATALOGUE, ids=lambda scenario: scenario.name)
def test_scenario_comes_to_what_it_expects(scenario: Scenario, new_replay: Callable[..., Replay]) -> None:
    replay = new_replay(vendor_of(scenario))
    replay.play(write_scenario(scenario))
    for place, expected in enumerate(scenario.expect):
        found = replay.found(place)
        assert {name: found[name] for name in expected} == dict(expected)


def test_catalogue_has_a_purpose_and_an_expectation_in_every_file() -> None:
    assert len(CATALOGUE) >= 20
    assert all(scenario.purpose.endswith((".", "?")) and scenario.expect for scenario in CATALOGUE)
    files = sorted(path.stem for path in find_catalogue().glob("*.yaml"))
    assert files == sorted(scenario.name for scenario in CATALOGUE)


def test_each_scenario_of_the_catalogue_has_a_number_of_its_own() -> None:
    numbers = [scenario.match.to or scenario.match.sender for scenario in CATALOGUE]
    assert len(set(numbers)) == len(numbers)
    assert all(str(number).startswith("+15005551") for number in numbers)


def test_same_seed_meets_chance_at_the_same_faxes(new_replay: Callable[..., Replay]) -> None:
    [scenario] = [each for each in CATALOGUE if each.name == "sometimes-busy"]
    lives = []
    for seed in ("one", "one", "two"):
        replay = new_replay(seed=seed)
        replay.play(write_scenario(scenario))
        lives.append([replay.found(place)["state"] for place in range(8)])
    assert lives[0] == lives[1] != lives[2]
    assert {"delivered", "failed"} == set(lives[0])
