"""What the coverage page and the description of the API say, against what is known of the vendor."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.conftest import Control
from tests.vendors.mfax.facts import ENDPOINTS, FACTS
from tests.vendors.mfax.world import CALLS


@pytest.fixture
def shown(server: Control) -> dict[str, Any]:
    vendors = server.call("GET", "/coverage", 200)["vendors"]
    return dict(next(each for each in vendors if each["vendor"] == "mfax"))


def test_coverage_lists_every_operation(shown: dict[str, Any]) -> None:
    routes = {
        (method, each["path"]): each["evidence"] for each in shown["endpoints"] for method in each["methods"]
    }
    known = {(each["method"], each["path"]): each["evidence"] for each in ENDPOINTS.values()}
    # The other path of the list of numbers differs by a slash alone, which every path may have.
    also = {("POST", "/v1/tags"): "observed"}
    assert routes == known | also
    assert CALLS.keys() == ENDPOINTS.keys() == FACTS["refusals"].keys()


def test_coverage_lists_every_parameter(shown: dict[str, Any]) -> None:
    listed = {row["name"]: row["evidence"] for row in shown["parameters"]}
    known = {
        f"{name}: {parameter}": each.get("evidence", endpoint["evidence"])
        for name, endpoint in ENDPOINTS.items()
        for each in endpoint.get("parameters", ())
        for parameter in (each["name"], *each.get("also", ()))
    }
    known |= {
        f"{name}: {variable}": endpoint["evidence"]
        for name, endpoint in ENDPOINTS.items()
        for variable in re.findall(r"{(\w+)}", endpoint["path"])
    }
    assert {name: listed.get(name) for name in known} == known
    documented = {name for name, evidence in listed.items() if evidence == "documented"}
    assert documented == {name for name, evidence in known.items() if evidence == "documented"}


def test_coverage_says_the_longest_texts(shown: dict[str, Any]) -> None:
    texts = {row["name"]: row["text"] for row in shown["parameters"]}
    longest = {
        f"{name}: {each['name']}": f"at most {each['max']} characters"
        for name in ("send", "send-multiple", "preview")
        for each in ENDPOINTS[name]["parameters"]
        if "max" in each
    }
    assert {name: texts[name] for name in longest} == longest


def test_coverage_lists_states_codes_errors_and_events(shown: dict[str, Any]) -> None:
    states = {row["name"]: row["evidence"] for row in shown["states"]}
    assert states == {row["state"]: row["evidence"] for row in FACTS["states"]}
    codes = {row["name"]: (row["text"], row["evidence"]) for row in shown["codes"]}
    assert codes == {row["code"]: (row["text"], row["evidence"]) for row in FACTS["codes"]}
    names = {row["name"] for row in FACTS["errors"] if row["name"]}
    own = {"TooManyRequestsError", "InternalServerError", "ServiceUnavailableError"}
    assert {row["name"] for row in shown["errors"]} == names | own
    events = {event for each in FACTS["webhooks"] for event in each["events"]}
    assert {row["name"] for row in shown["webhooks"]} == events


def test_coverage_lists_the_documented_limits(shown: dict[str, Any]) -> None:
    documented = {row["name"]: row["text"] for row in shown["limits"] if row["evidence"] == "documented"}
    assert documented == {
        "history": "8 calls a minute",
        "order": "numbers that a search of the last 24 hours has shown",
        "provision": "1000 numbers a call",
    }


def test_coverage_says_what_is_not_there(shown: dict[str, Any]) -> None:
    missing = {row["name"]: row["evidence"] for row in shown["not_emulated"]}
    names = ("fileIds", "/files, /folders", "/api-keys", "/v1/reports/summary", "POST /v1/accounts")
    assert missing == dict.fromkeys(names, "observed")


def test_the_description_declares_the_known_statuses(server: Control) -> None:
    paths = server.call("GET", "/openapi/mfax.json", 200)["paths"]
    declared = {
        name: {int(status) for status in paths[known["path"]][known["method"].lower()]["responses"]}
        for name, known in ENDPOINTS.items()
    }
    refusals = FACTS["refusals"]
    assert declared == {
        name: {known["success"]["status"], *refusals[name]} for name, known in ENDPOINTS.items()
    }
