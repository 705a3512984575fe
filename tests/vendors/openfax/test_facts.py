"""What is known of the vendor, walked row by row: each is reached over HTTP, its answer given whole."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from emulator.vendors.openfax import vendor
from tests.conftest import Control, read_yaml
from tests.receiver import Receiver
from tests.vendors.stories import NOW, SEED, World, calls

FACTS: dict[str, Any] = read_yaml("openfax/facts.yaml")
STORIES: list[dict[str, Any]] = read_yaml("openfax/answers.yaml")["stories"]
ENDPOINTS = {each["id"]: each for each in FACTS["endpoints"]}
TYPES = {"integer": int, "string": str}


@pytest.mark.parametrize("story", STORIES, ids=lambda story: str(story["name"]))
def test_story_is_answered_wholly(
    server: Control, receiver: Receiver, document: Callable[[str], bytes], story: dict[str, Any]
) -> None:
    sandbox = server.create(seed=SEED, clock={"mode": "manual", "now": NOW})
    world = World(sandbox, "openfax", receiver, document)
    world.known["account"] = int(world.known["AccountID"])
    for name, file in (("pdf", "one-page.pdf"), ("three", "three-pages.pdf")):
        world.known[name] = b64encode(document(file)).decode()
    world.play(story["steps"])


def answers(path: str) -> Iterator[tuple[str, Mapping[str, Any], Any]]:
    """Give method, parameters and body of each call that a story makes there."""
    for step in calls(STORIES):
        method, _, where = step["call"].partition(" ")
        if where == path:
            yield method, step.get("query") or step.get("form") or {}, step["answers"]


def rows() -> list[dict[str, Any]]:
    """Give the rows of every report in a story."""
    path = ENDPOINTS["history"]["path"]
    return [row for _, _, body in answers(path) for row in body if "OutTransID" in row]


@pytest.mark.parametrize("name", ENDPOINTS)
def test_each_endpoint_and_parameter_is_in_a_story(name: str) -> None:
    endpoint = ENDPOINTS[name]
    made = list(answers(endpoint["path"]))
    assert {method for method, _, _ in made} >= {endpoint["method"], *endpoint.get("also", [])}
    given = {parameter for _, parameters, _ in made for parameter in parameters}
    known = {each for row in endpoint["parameters"] for each in (row["name"], *row.get("also", []))}
    assert given == known


@pytest.mark.parametrize("name", ENDPOINTS)
def test_each_endpoint_is_answered_with_its_keys(name: str) -> None:
    endpoint = ENDPOINTS[name]
    for path, keys in endpoint["success"]["keys"].items():
        bodies = [body for _, _, body in answers(endpoint["path"])]
        found = [row for body in bodies for row in (body if path == "$[]" else [body])]
        assert any(list(row) == keys for row in found), "no story has exactly these"


@pytest.mark.parametrize("name", ENDPOINTS)
def test_each_endpoint_and_parameter_is_declared(name: str) -> None:
    endpoint = ENDPOINTS[name]
    [declared] = [each for each in vendor.endpoints if each.path == endpoint["path"]]
    assert {endpoint["method"], *endpoint.get("also", [])} <= set(declared.methods)
    assert declared.evidence == endpoint["evidence"]
    fields = {field.data_key: field.required for field in declared.schema().fields.values()}
    for parameter in endpoint["parameters"]:
        for spelling in [parameter["name"], *parameter.get("also", [])]:
            assert fields[spelling] == parameter["required"]


def test_each_state_result_and_choice_is_in_a_story() -> None:
    assert {row["CurrentState"] for row in rows()} == {each["state"] for each in FACTS["states"]}
    assert {row["LastStatus"] for row in rows() if "LastStatus" in row} == {
        each["code"] for each in FACTS["codes"]
    }
    assert {row["RenderStatus"] for row in rows()} == {each["state"] for each in FACTS["render_states"]}
    sent = [parameters for _, parameters, _ in answers(ENDPOINTS["send"]["path"])]
    asked = [parameters for _, parameters, _ in answers(ENDPOINTS["history"]["path"])]
    for name, made in (
        ("paperSize", sent), ("faxResolution", sent), ("Priority", sent), ("DetailType", asked)
    ):  # fmt: skip
        wanted = {str(each["value"]) for each in FACTS["choices"][name]}
        assert wanted <= {parameters[name] for parameters in made if name in parameters}


@pytest.mark.parametrize("fact", FACTS["codes"], ids=lambda fact: str(fact["code"]))
def test_redials_and_last_state_of_each_result_are_the_documented_ones(fact: dict[str, Any]) -> None:
    reports = [
        body for _, asked, body in answers(ENDPOINTS["history"]["path"]) if asked.get("DetailType") == "1"
    ]
    ended = [body for body in reports if body and {row.get("LastStatus") for row in body} == {fact["code"]}]
    assert ended
    if fact["spent"] is not None:
        calls = 1 + FACTS["redials"]["count"] if fact["redial"] else 1
        wanted = [fact["spent"]] * calls  # a call that another one followed is over
        assert wanted in [[row["CurrentState"] for row in body] for body in ended]


def test_each_result_is_told_with_its_text() -> None:
    shown = [step["shown"] for story in STORIES for step in story["steps"] if "shown" in step]
    wanted = {str(each["code"]): each["text"] for each in FACTS["codes"]}
    assert {each["code"]: each["text"] for each in shown} == wanted


def test_each_word_of_the_send_is_in_a_story() -> None:
    words = {body["Response"] for _, _, body in answers(ENDPOINTS["send"]["path"])}
    assert words == {each["response"] for each in FACTS["responses"]}


@pytest.mark.parametrize("fact", FACTS["errors"], ids=lambda fact: f"{fact['endpoint']}: {fact['when']}")
def test_each_error_is_in_a_story(fact: dict[str, Any]) -> None:
    assert fact["status"] == 200
    assert fact["body"] in [body for _, _, body in answers(ENDPOINTS[fact["endpoint"]]["path"])]


def test_each_field_of_the_report_has_its_type() -> None:
    for field in FACTS["rows"]["history"]["fields"]:
        told = [row[field["name"]] for row in rows() if row[field["name"]] != "$account"]
        assert all(type(value) is TYPES[field["type"]] for value in told)
        assert all(len(str(value)) <= field.get("max", field.get("digits", 255)) for value in told)


def test_postback_has_its_fields() -> None:
    [hook] = FACTS["webhooks"]
    posted = [step["posted"] for story in STORIES for step in story["steps"] if "posted" in step]
    assert posted
    assert all(list(fields) == hook["fields"] for fields in posted)


@pytest.fixture
def shown(server: Control) -> dict[str, Any]:
    """Give what the control plane tells of the vendor's coverage."""
    vendors = server.call("GET", "/coverage", 200)["vendors"]
    return dict(next(each for each in vendors if each["vendor"] == "openfax"))


def test_coverage_has_every_documented_endpoint(shown: dict[str, Any]) -> None:
    told = {row["path"]: row for row in shown["endpoints"]}
    for endpoint in ENDPOINTS.values():
        row = told[endpoint["path"]]
        assert {endpoint["method"], *endpoint.get("also", [])} <= set(row["methods"])
        assert row["evidence"] == endpoint["evidence"]
        assert row["text"]
        assert row["source"]


def test_coverage_has_every_documented_row(shown: dict[str, Any]) -> None:
    tables = {name: {row["name"]: row for row in shown[name]} for name in vendor.tables}
    wanted = {
        "states": {str(each["state"]): each for each in FACTS["states"]},
        "codes": {str(each["code"]): each for each in FACTS["codes"]},
        "render_states": {str(each["state"]): each for each in FACTS["render_states"]},
    }
    for name, facts in wanted.items():
        assert {key: row["text"] for key, row in tables[name].items()} == {
            key: fact["text"] for key, fact in facts.items()
        }
        assert {row["evidence"] for row in tables[name].values()} == {"documented"}
    assert {each["response"] for each in FACTS["responses"]} <= set(tables["errors"])
    assert all(row["source"] and row["evidence"] for rows in tables.values() for row in rows.values())
    assert {"fax broadcast", "mail merge broadcast", "query by OutTransID"} <= set(tables["not_emulated"])
    assert set(vendor.codes) == {str(each["code"]) for each in FACTS["codes"]}


def test_redials_are_the_documented_ones() -> None:
    assert vendor.redial_wait == FACTS["redials"]["wait"]
    assert vendor.settings["max_attempts"] == FACTS["redials"]["calls"]
    assert {code for code, word in vendor.codes.items() if word.outcome in vendor.redials} == {
        str(each["code"]) for each in FACTS["codes"] if each["redial"]
    }
