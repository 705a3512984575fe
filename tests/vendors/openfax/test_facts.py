"""What is known of the vendor, walked row by row: all of it is there, and is reached."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from emulator.vendors.openfax import vendor
from tests.vendors.openfax.conftest import Openfax, body_of

FACTS: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parents[3] / "fixtures" / "openfax" / "facts.yaml").read_text(encoding="utf-8")
)
ENDPOINTS = {each["id"]: each for each in FACTS["endpoints"]}
TYPES = {"integer": int, "string": str}

# A number whose calls end so, and which of its rows shows it; -1 and 9 are states of a fax before its call.
REACHED = {
    code: f"150055500{digits}"
    for code, digits in enumerate(("01", "03", "02", "07", "09", "08", "10", "11", "12"))
}


def sample(endpoint: dict[str, Any], openfax: Openfax) -> dict[str, Any]:
    more = {"PDF_encode": openfax.pdf, "FaxType": "PDF"}
    numbers = {"FromInTransID": "1", "ToInTransID": "2", "ReadUnreadFlag": "0"}
    known = {each["name"]: each.get("sample") for each in endpoint["parameters"]}
    given = {name: value for name, value in known.items() if value is not None}
    needed = {name: value for name, value in (more | numbers).items() if name in known}
    return given | needed | openfax.account


@pytest.mark.parametrize("name", ENDPOINTS)
def test_each_endpoint_answers_its_documented_parameters(openfax: Openfax, name: str) -> None:
    endpoint = ENDPOINTS[name]
    openfax.receive()
    for method in [endpoint["method"], *endpoint.get("also", [])]:
        answer = openfax.call(endpoint["path"].lstrip("/"), sample(endpoint, openfax), method)
        assert answer.status_code == endpoint["success"]["status"]
        body = answer.json()
        for path, keys in endpoint["success"]["keys"].items():
            rows = body if path == "$[]" else [body]
            assert all(list(row)[: len(keys)] == keys or sorted(row) == sorted(keys) for row in rows)


@pytest.mark.parametrize("name", ENDPOINTS)
def test_each_endpoint_and_parameter_is_declared(name: str) -> None:
    endpoint = ENDPOINTS[name]
    [declared] = [each for each in vendor.endpoints() if each.path == endpoint["path"]]
    assert {endpoint["method"], *endpoint.get("also", [])} <= set(declared.methods)
    assert declared.evidence == endpoint["evidence"]
    fields = {field.data_key: field.required for field in declared.schema().fields.values()}
    for parameter in endpoint["parameters"]:
        for spelling in [parameter["name"], *parameter.get("also", [])]:
            assert fields[spelling] == parameter["required"]


@pytest.mark.parametrize("code", [each["code"] for each in FACTS["codes"]])
def test_each_result_is_reached(openfax: Openfax, code: int) -> None:
    [fact] = [each for each in FACTS["codes"] if each["code"] == code]
    if code == 9:
        openfax.control.vendor("openfax", balance=0.01)
    transaction = openfax.send(FaxNumber=REACHED.get(code, "12125550123"))
    if code != -1:
        openfax.control.advance()
    rows = openfax.history()
    assert {row["LastStatus"] for row in rows} == {code}
    assert len(rows) == (1 + FACTS["redials"]["count"] if fact["redial"] else 1)
    if code != -1:
        assert rows[-1]["CurrentState"] == fact["spent"]
        assert {row["CurrentState"] for row in rows[:-1]} <= {fact["left"]}
    assert openfax.control.fax(openfax.neutral(transaction))["vendor_view"]["text"] == fact["text"]


def test_types_of_the_history_are_the_documented_ones(openfax: Openfax) -> None:
    openfax.send(toHeader="Jones Smith", frHeader="Mike T.")
    openfax.control.advance()
    [row] = openfax.history()
    for field in FACTS["rows"]["history"]["fields"]:
        assert type(row[field["name"]]) is TYPES[field["type"]], field["name"]
        assert len(str(row[field["name"]])) <= field.get("max", field.get("digits", 255))


@pytest.mark.parametrize("value", [each["value"] for each in FACTS["choices"]["paperSize"]])
def test_each_paper_is_taken(openfax: Openfax, value: int) -> None:
    openfax.send(paperSize=value)
    assert openfax.history()[0]["PaperSize"] == value


@pytest.mark.parametrize("value", [each["value"] for each in FACTS["choices"]["faxResolution"]])
def test_each_resolution_is_taken(openfax: Openfax, value: int) -> None:
    openfax.send(faxResolution=value)
    assert openfax.history()[0]["FaxResolution"] == value


@pytest.mark.parametrize("value", [each["value"] for each in FACTS["choices"]["Priority"]])
def test_each_priority_is_taken(openfax: Openfax, value: str) -> None:
    openfax.send(Priority=value)


BREAKS: dict[str, dict[str, Any]] = {
    "wrong credentials": {"APIKey": "wrong"},
    "restricted number": {"FaxNumber": "15005550013"},
    "bad number": {"FaxNumber": "1"},
    "bad faxResolution": {"faxResolution": "2"},
    "bad paperSize": {"paperSize": "3"},
    "bad Priority": {"Priority": "high"},
    "missing parameter": {"PDF_encode": None, "APIKey": None},
    "account inactive or without funds": {},
    "no new fax": {},
}


@pytest.mark.parametrize("fact", FACTS["errors"], ids=lambda fact: f"{fact['endpoint']}: {fact['when']}")
def test_each_error_is_reached(openfax: Openfax, fact: dict[str, Any]) -> None:
    endpoint = ENDPOINTS[fact["endpoint"]]
    if fact["when"].startswith("account inactive"):
        openfax.control.vendor("openfax", active=False)
    changes = dict(BREAKS[fact["when"]])
    if fact["endpoint"] == "send":
        changes.pop("APIKey", None) if fact["when"] == "missing parameter" else None
    given = sample(endpoint, openfax) | changes
    given = {name: value for name, value in given.items() if value is not None}
    answer = openfax.call(endpoint["path"].lstrip("/"), given, endpoint["method"])
    assert (answer.status_code, body_of(answer)) == (fact["status"], fact["body"])


def test_sample_of_the_balance_is_answered_as_printed(openfax: Openfax) -> None:
    [fact] = [each for each in FACTS["samples"] if each["id"] == "balance"]
    openfax.control.vendor("openfax", balance=8956.663775)
    body = body_of(openfax.call("getAvailableCredit.php", openfax.account))
    assert body == [{"AvailableCredit": pytest.approx(fact["response"][0]["AvailableCredit"])}]


def test_coverage_has_every_documented_row() -> None:
    tables = {name: {row["name"]: row for row in rows} for name, rows in vendor.coverage().items()}
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
    assert {code for code, (outcome, _) in vendor.codes.items() if outcome in vendor.redials} == {
        str(each["code"]) for each in FACTS["codes"] if each["redial"]
    }


def test_dates_are_as_in_the_sample(openfax: Openfax) -> None:
    given = sample(ENDPOINTS["history"], openfax)
    assert date.fromisoformat(given["FromDate"]) < date.fromisoformat(given["ToDate"])
    assert body_of(openfax.call("outboundDetailsbyDate.php", given)) == []
