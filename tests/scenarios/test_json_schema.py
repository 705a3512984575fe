"""The JSON Schema of scenario files: right about what the grammar reads and about what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from emulator.scenarios import ScenarioError, find_catalogue, read_text
from emulator.scenarios.calls import OPTIONS, OUTCOMES, CallSchema
from emulator.vendors import all_vendors
from tests.cli.conftest import run_command
from tests.conftest import YAML, Control

FILES = sorted(find_catalogue().glob("*.yaml"))
COMMENT = "# yaml-language-server: $schema="
OPTION = {
    "pages": 1, "code": "busy", "ring": "3s", "setup": 2, "per_page": 9.5, "speed": 9600, "csid": "name",
    "ecm": False, "pace": 2, "after": {"polls": 2},
}  # fmt: skip
"""Each option of a call with something that it takes."""


@pytest.fixture(scope="module")
def schema(server: Control) -> dict[str, Any]:
    return dict(server.call("GET", "/scenario.schema.json", 200))


@pytest.fixture(scope="module")
def validator(schema: dict[str, Any]) -> Any:
    jsonschema_rs.meta.validate(schema)
    return jsonschema_rs.validator_for(schema)


def is_read(text: str) -> bool:
    try:
        return bool(read_text(text, all_vendors()))
    except ScenarioError:
        return False


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_file_of_the_catalogue_is_valid_and_names_the_schema(file: Path, validator: Any) -> None:
    first, *_ = (text := file.read_text(encoding="utf-8")).splitlines()
    assert first.startswith(COMMENT)
    assert (file.parent / first.removeprefix(COMMENT)).is_file()
    for scenario in yaml.load_all(text, YAML):
        validator.validate(scenario)


def test_command_writes_the_schema_that_is_served_and_that_the_catalogue_names(
    schema: dict[str, Any], tmp_path: Path
) -> None:
    printed = run_command("scenarios", "schema")
    run_command("scenarios", "schema", "--output", tmp_path / "written.json")
    kept = (find_catalogue() / "scenario.schema.json").read_text(encoding="utf-8")
    assert printed.stdout == (tmp_path / "written.json").read_text(encoding="utf-8") == kept
    assert json.loads(kept) == schema


RIGHT = (
    "name: whole\nattempts: [busy, {no_answer: }, {delivered: {speed: 14400, csid: 12}}]",
    "name: code-alone\nattempts: [{code: 8}]\nmatch: {vendor: openfax}",
    "name: 263\nmatch: {to: '+1*', from: 12125550100, header.X-Case: 7, nth: 2}",
    "name: polls\nattempts: [{delivered: {pages: 2}, after: {polls: 3}}]",
    "name: edges\nhttp: {status: 503, retry_after: 90s, body: [1]}\nwebhook: {wrong_auth: true, delay: 5m}",
    "name: played\nsteps: [{send: {from: '1', scenario: {attempts: [busy]}}}, {advance: idle}, {cancel: 1}]",
    "name: world\nsandbox: {vendors: {ifax: {balance: 3}}, answers: [{path: /x, headers: {a: b}}]}",
)
BROKEN = (
    "purpose: has no name",
    "name: 'two words'",
    "name: typing\natempts: [busy]",
    "name: word\nattempts: [buzy]",
    "name: nothing\nattempts: []",
    "name: twice\nattempts: [{busy: {}, delivered: {}}]",
    "name: unanswered\nattempts: [{busy: {pages: 1}}]",
    "name: both\nattempts: [{code: '6017', busy: {}}]",
    "name: speed\nattempts: [{delivered: {speed: 14401}}]",
    "name: duration\nattempts: [{delivered: {ring: soon}}]",
    "name: chance\nprobability: 1.5",
    "name: number\ntimes: '2'",
    "name: steps\nsteps: [{send: {}, advance: idle}]",
    "name: steps\nsteps: [{}]",
    "name: refusal\nhttp: {refusal: no}",
    "name: status\nhttp: {status: 99}",
    "name: nothing-to-say\nhttp: {body: null}",
    "name: auth\nwebhook: {wrong_auth: perhaps}",
    "name: inner\nsteps: [{send: {scenario: {attempts: [buzy]}}}]",
    "name: answers\nsandbox: {answers: [{status: 200}]}",
    "name: expect\nexpect: [{state: done}]",
    "just text",
)


@pytest.mark.parametrize("text", RIGHT)
def test_what_the_grammar_reads_is_valid(text: str, validator: Any) -> None:
    assert is_read(text)
    validator.validate(yaml.load(text, YAML))


@pytest.mark.parametrize("text", BROKEN)
def test_what_is_broken_is_refused_by_both(text: str, validator: Any) -> None:
    assert not is_read(text)
    assert not validator.is_valid(yaml.load(text, YAML))


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_each_outcome_takes_its_own_options_alone(outcome: str, validator: Any) -> None:
    assert set(OPTION) == set(CallSchema().fields)
    for option, value in OPTION.items():
        scenario = {"name": "x", "attempts": [{outcome: {option: value}}]}
        assert validator.is_valid(scenario) is (option in OPTIONS[outcome]), option
