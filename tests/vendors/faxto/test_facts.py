"""What is known of the vendor, walked row by row: each is reached over HTTP, its answer given whole."""

from __future__ import annotations

import json
import re
import subprocess
from base64 import b64encode
from collections.abc import Callable, Iterator
from typing import Any

import phonenumbers
import pycountry
import pytest

from emulator.vendors.faxto import vendor
from emulator.vendors.faxto.places import Country
from emulator.vendors.faxto.webhooks import RULE
from tests.conftest import WAIT, Control, read_yaml
from tests.receiver import Receiver
from tests.vendors.faxto.conftest import Faxto
from tests.vendors.stories import NOW, SEED, World, calls

FACTS: dict[str, Any] = read_yaml("faxto/facts.yaml")
STORIES: list[dict[str, Any]] = read_yaml("faxto/answers.yaml")["stories"]
ENDPOINTS = {each["id"]: each for each in FACTS["endpoints"]}
PARAMETERS = ("query", "form", "json", "files")


def countries() -> list[dict[str, str]]:
    """Give all countries that have a telephone code, from the two libraries of reference data."""
    found = {
        getattr(each, "common_name", each.name): (each.alpha_2, str(code))
        for each in pycountry.countries
        if (code := phonenumbers.country_code_for_region(each.alpha_2))
    }
    return [
        {"country": name, "slug": Country(name, *row, 0, "").slug, "a2_code": row[0], "dial_code": row[1]}
        for name, row in sorted(found.items())
    ]


@pytest.mark.parametrize("version", ["v2", "v1"])
@pytest.mark.parametrize("story", STORIES, ids=lambda story: str(story["name"]))
def test_story_is_answered_wholly(
    server: Control,
    receiver: Receiver,
    document: Callable[[str], bytes],
    story: dict[str, Any],
    version: str,
) -> None:
    sandbox = server.create(seed=SEED, clock={"mode": "manual", "now": NOW})
    world = World(sandbox, "faxto", receiver, document)
    world.known |= {"version": version, "countries": countries()}
    world.known["three"] = b64encode(document("three-pages.pdf")).decode()
    world.play(story["steps"])


def made(endpoint: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give the method and the step of each call that a story makes of an endpoint."""
    paths = [endpoint["path"], *filter(None, [endpoint.get("also_path")])]
    shapes = "|".join(re.sub(r"{\w+}", "[^/]+", path) for path in paths)
    for step in calls(STORIES):
        method, _, path = step["call"].partition(" ")
        if re.fullmatch(shapes, path.replace("$version", "v2")):
            yield method, step


def given(step: dict[str, Any]) -> set[str]:
    """Give the names of what goes along with a call, but for the key."""
    carried = {name for carrier in PARAMETERS for name in step.get(carrier, ())}
    return (carried | set(step.get("headers", ()))) - {"api_key"}


@pytest.mark.parametrize("name", ENDPOINTS)
def test_each_endpoint_and_parameter_is_in_a_story(name: str) -> None:
    endpoint = ENDPOINTS[name]
    found = [(method, step) for method, step in made(endpoint) if step.get("status", 200) == 200]
    assert {method for method, _ in found} >= {endpoint["method"], *endpoint.get("also", [])}
    told = {parameter for _, step in found for parameter in given(step)}
    assert {each["name"] for each in endpoint["parameters"]} <= told
    for parameter in endpoint["parameters"]:
        for carrier in {"query": "query", "header": "headers"}.keys() & set(parameter.get("in", ())):
            word = {"query": "query", "header": "headers"}[carrier]
            assert any(parameter["name"] in step.get(word, ()) for _, step in found)


def at(body: Any, path: str) -> Iterator[Any]:
    """Give the objects that a JSON path of the facts names."""
    found = [body]
    for step in path.replace("$[]", "$.[]").split(".")[1:]:
        name = step.removesuffix("[]")
        found = [each[name] for each in found if isinstance(each, dict) and name in each] if name else found
        found = [row for each in found for row in each] if step.endswith("[]") else found
    yield from found


@pytest.mark.parametrize("name", ENDPOINTS)
def test_each_endpoint_is_answered_with_its_keys(name: str) -> None:
    endpoint = ENDPOINTS[name]
    bodies = [
        step["answers"] for _, step in made(endpoint) if step.get("status", 200) == 200 and "answers" in step
    ]
    bodies = [{"status": "success", "data": countries()}] if name == "countries" else bodies
    for path, keys in endpoint["success"]["keys"].items():
        assert any(list(row) == keys for body in bodies for row in at(body, path)), path


@pytest.mark.parametrize("name", ENDPOINTS)
def test_each_endpoint_and_parameter_is_declared(name: str) -> None:
    endpoint = ENDPOINTS[name]
    shape = _shape(endpoint["path"])
    declared = [each for each in vendor.endpoints if _shape(each.path) == shape]
    methods = {method for each in declared for method in each.methods}
    assert {endpoint["method"], *endpoint.get("also", [])} <= methods
    assert endpoint["evidence"] in {each.evidence for each in declared}
    fields = {
        field.data_key or key
        for each in declared
        if each.schema
        for key, field in each.schema().fields.items()
    }
    assert {each["name"] for each in endpoint["parameters"]} <= fields


def _shape(path: str) -> list[str]:
    return ["*" if part[0] in "<{" else part for part in path.strip("/").split("/")]


@pytest.mark.parametrize("name", [name for name, each in ENDPOINTS.items() if "/api/v2/" in each["path"]])
def test_older_base_has_the_same_endpoint(name: str) -> None:
    wanted = _shape(ENDPOINTS[name]["path"].replace("v2", "v1"))
    assert [each for each in vendor.endpoints if _shape(each.path) == wanted]


@pytest.mark.parametrize("carrier", FACTS["auth"]["carriers"], ids=lambda carrier: str(carrier["in"]))
def test_key_is_taken_from_each_carrier(faxto: Faxto, carrier: dict[str, str]) -> None:
    word = {"query": "params", "form": "data", "header": "headers"}[carrier["in"]]
    known, faxto.key = {"api_key": faxto.key}, ""
    message = "A file or AddRemoteFile is required"
    body = faxto.call("POST", "/files", 400, **{word: known})
    assert body == {"status": "failed", "message": message}


def test_each_state_is_in_a_story() -> None:
    sent = {
        step["answers"]["status"] for _, step in made(ENDPOINTS["send"]) if "fax_job_id" in step["answers"]
    }
    refused = {step["answers"]["status"] for method, step in made(ENDPOINTS["send"]) if method == "POST"}
    asked = {step["answers"]["status"] for _, step in made(ENDPOINTS["status"])}
    listed = {
        row["status"] for _, step in made(ENDPOINTS["history"]) for row in step["answers"].get("history", ())
    }
    posted = {step["posted"]["status"] for step in webhooks()}
    assert (sent, posted) == ({"executed"}, {"success", "failed"})
    assert refused == {"executed", "failed"}
    assert asked == listed == {each["state"] for each in FACTS["states"]}


def webhooks() -> Iterator[dict[str, Any]]:
    """Give the steps in which a callback of a sent fax comes."""
    return (step for story in STORIES for step in story["steps"] if "posted" in step)


@pytest.mark.parametrize("code", FACTS["codes"], ids=lambda code: str(code["code"]))
def test_each_code_is_posted_with_its_status_and_text(code: dict[str, Any]) -> None:
    wanted = {
        "fax_job_id": "631999",
        "status": code["status"],
        "msg_code": code["code"],
        "message": code["text"],
    }
    assert wanted in [step["posted"] for step in webhooks()]
    [hook] = [each for each in FACTS["webhooks"] if each["id"] == "outbound"]
    assert list(wanted) == [*hook["fields"], *(each["name"] for each in hook["more_fields"])]


def test_fields_of_the_callback_of_an_arrival_are_the_documented_ones() -> None:
    [hook] = [each for each in FACTS["webhooks"] if each["id"] == "inbound"]
    [parts] = [step["parts"] for story in STORIES for step in story["steps"] if "parts" in step]
    assert set(parts) == set(hook["fields"])


@pytest.mark.parametrize("fact", FACTS["errors"], ids=lambda fact: str(fact["when"]))
def test_each_error_is_in_a_story(fact: dict[str, Any]) -> None:
    steps = [step for _, step in made(ENDPOINTS[fact["endpoint"]])] if "endpoint" in fact else calls(STORIES)
    told = [step["answers"] for step in steps if step.get("status") == fact["status"]]
    assert told
    assert all(list(body) == FACTS["error_keys"]["keys"] and body["status"] == "failed" for body in told)
    assert fact["text"] in [None, *(body["message"] for body in told)]


@pytest.mark.parametrize("fact", FACTS["messages"], ids=lambda fact: str(fact["endpoint"]))
def test_each_published_message_is_in_a_story(fact: dict[str, Any]) -> None:
    told = [step["answers"].get("message") for _, step in made(ENDPOINTS[fact["endpoint"]])]
    assert fact["message"] in told


@pytest.fixture
def shown(server: Control) -> dict[str, Any]:
    """Give what the control plane tells of the vendor's coverage."""
    vendors = server.call("GET", "/coverage", 200)["vendors"]
    return dict(next(each for each in vendors if each["vendor"] == "faxto"))


def test_what_is_required_is_described_so(server: Control) -> None:
    described = server.call("GET", "/openapi/faxto.json", 200)["paths"]["/api/v2/fax"]
    get = {field["name"]: field["required"] for field in described["get"]["parameters"]}
    bodies = [each["schema"] for each in described["post"]["requestBody"]["content"].values()]
    [post] = [{name: name in body["required"] for name in body["properties"]} for body in bodies[:1]]
    assert bodies == bodies[:1] * 3  # JSON, and forms in both encodings
    optional = dict.fromkeys(("document_id", "delete_file", "tsi_number"), False)
    assert post == {"fax_number": True, "file": False, **optional}
    assert get == {"fax_number": False, "limit": False, "page": False, **optional}


def test_coverage_has_every_documented_endpoint(shown: dict[str, Any]) -> None:
    told = [(_shape(row["path"]), method, row) for row in shown["endpoints"] for method in row["methods"]]
    for endpoint in ENDPOINTS.values():
        for wanted in (endpoint["method"], *endpoint.get("also", [])):
            [row] = [
                row for shape, method, row in told if (shape, method) == (_shape(endpoint["path"]), wanted)
            ]
            assert row["evidence"] == endpoint["evidence"]
            assert row["text"]
            assert row["source"]


def test_coverage_has_every_documented_row(shown: dict[str, Any]) -> None:
    tables = {name: {row["name"]: row for row in shown[name]} for name in vendor.tables}
    assert set(tables["states"]) == {each["state"] for each in FACTS["states"]}
    assert {name: row["text"] for name, row in tables["codes"].items()} == {
        each["code"]: each["text"] for each in FACTS["codes"]
    }
    assert {str(each["status"]) for each in FACTS["errors"]} <= set(tables["errors"])
    assert all(row["source"] and row["evidence"] for rows in tables.values() for row in rows.values())
    assert set(vendor.codes) == {each["code"] for each in FACTS["codes"]}
    rule = next(each for each in FACTS["webhooks"] if each["id"] == "outbound")["retries"]
    assert (RULE.delays, RULE.retries) == ((rule["every"],), rule["at_most"])
    assert rule["every"] * rule["at_most"] == rule["within"]


def test_sample_line_works_as_it_stands(faxto: Faxto) -> None:
    line = vendor.sample.format(base=f"{faxto.control.url}/faxto", **vendor.credentials)
    done = subprocess.run(line, shell=True, capture_output=True, text=True, timeout=WAIT, check=True)
    assert json.loads(done.stdout)["status"] == "executed"
