"""What is known of the vendor, walked row by row: all of it is there, and is reached."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml

from emulator.vendors.faxto import vendor
from tests.conftest import WAIT
from tests.receiver import Receiver
from tests.vendors.faxto.conftest import Faxto

FACTS: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parents[3] / "fixtures" / "faxto" / "facts.yaml").read_text(encoding="utf-8")
)
ENDPOINTS = {each["id"]: each for each in FACTS["endpoints"]}
REACHED = {"ok": "01", "unknown": "11", "no_answer": "03", "busy": "02", "file_error": "12", "hangup": "10"}


class World:
    """A sandbox in which there is one of everything, and the values that paths and fields need."""

    def __init__(self, faxto: Faxto) -> None:
        faxto.receive()
        self.document = faxto.upload()
        self.values = {
            "document_id": self.document,
            "fax_job_id": faxto.send(document=self.document),
            "recipient": "12048134699",
            "ALPHA3": "USA",
            "stateId": faxto.get("/states/USA")["states"][0]["id"],
            "did_group_id": faxto.get("/countries/CAN/didgroups", areaCode="204")["data"][0]["did_group_id"],
            "id": faxto.get("/incoming-faxes")["inbox"][0]["id"],
            "fax_number": "+123456789",
            "email": "someone@example.com",
            "password": "secret",
        }


@pytest.fixture
def world(faxto: Faxto) -> World:
    return World(faxto)


def called(faxto: Faxto, world: World, endpoint: dict[str, Any], path: str, method: str) -> requests.Response:
    filled = {name: value for name, value in world.values.items() if f"{{{name}}}" in path}
    url = faxto.control.base_url("faxto") + path.format(**filled)
    wanted = [each["name"] for each in endpoint["parameters"]]
    fields = {name: str(value) for name, value in world.values.items() if name in wanted}
    options: dict[str, Any] = {"data": fields} if method == "POST" else {"params": fields}
    if "file" in wanted and "document_id" not in wanted:
        options["files"] = {"file": ("a.pdf", faxto.document("one-page.pdf"))}
    options.setdefault("headers", {})["api_key"] = faxto.key
    return requests.request(method, url, timeout=WAIT, **options)


def at(body: Any, path: str) -> Iterator[dict[str, Any]]:
    """Give the objects that a JSON path of the facts names."""
    found = [body]
    for step in path.replace("$[]", "$.[]").split(".")[1:]:
        name, _, rest = step.partition("[]")
        found = [each[name] for each in found] if name else found
        found = [row for each in found for row in each] if "[]" in step else found
        assert not rest
    yield from found


@pytest.mark.parametrize("name", [name for name in ENDPOINTS if name != "login"])
def test_each_endpoint_answers_with_its_documented_keys(faxto: Faxto, world: World, name: str) -> None:
    endpoint = ENDPOINTS[name]
    paths = [endpoint["path"], *filter(None, [endpoint.get("also_path")])]
    for path in paths:
        for method in [endpoint["method"], *endpoint.get("also", [])]:
            answer = called(faxto, world, endpoint, path, method)
            assert answer.status_code == endpoint["success"]["status"], answer.text
            if endpoint["success"]["body"] != "json":
                assert answer.content
                continue
            for where, keys in endpoint["success"]["keys"].items():
                for row in at(answer.json(), where):
                    assert list(row) == keys


def test_login_answers_with_its_documented_keys(faxto: Faxto, world: World) -> None:
    for name in ("register", "login"):
        answer = called(faxto, world, ENDPOINTS[name], ENDPOINTS[name]["path"], "POST")
        assert (answer.status_code, list(answer.json())) == (200, ["status", "api_key"])


@pytest.mark.parametrize("name", ENDPOINTS)
def test_each_endpoint_and_parameter_is_declared(name: str) -> None:
    endpoint = ENDPOINTS[name]
    shape = _shape(endpoint["path"])
    declared = [each for each in vendor.endpoints() if _shape(each.path) == shape]
    methods = {method for each in declared for method in each.methods}
    assert {endpoint["method"], *endpoint.get("also", [])} <= methods
    assert "documented" in {each.evidence for each in declared}
    fields = {
        field.data_key or key
        for each in declared
        if each.schema
        for key, field in each.schema().fields.items()
    }
    assert {each["name"] for each in endpoint["parameters"]} - {"file"} <= fields


def _shape(path: str) -> list[str]:
    return ["*" if part[0] in "<{" else part for part in path.strip("/").split("/")]


@pytest.mark.parametrize("name", [name for name, each in ENDPOINTS.items() if "/api/v2/" in each["path"]])
def test_older_base_has_the_same_endpoint(name: str) -> None:
    wanted = _shape(ENDPOINTS[name]["path"].replace("v2", "v1"))
    assert [each for each in vendor.endpoints() if _shape(each.path) == wanted]


@pytest.mark.parametrize("code", FACTS["codes"], ids=lambda code: str(code["code"]))
def test_each_code_is_posted_with_its_status_and_text(
    faxto: Faxto, receiver: Receiver, code: dict[str, Any]
) -> None:
    faxto.control.vendor("faxto", webhooks={"outbound": {"url": receiver.url}})
    job = faxto.send(f"+150055500{REACHED[code['code']]}")
    faxto.control.advance()
    [posted] = receiver.requests
    expected = {
        "fax_job_id": str(job),
        "status": code["status"],
        "msg_code": code["code"],
        "message": code["text"],
    }
    assert dict(posted.form()) == expected
    [hook] = [each for each in FACTS["webhooks"] if each["id"] == "outbound"]
    assert list(dict(posted.form())) == [*hook["fields"], *(each["name"] for each in hook["more_fields"])]


BREAKS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "missing or wrong api_key": ("GET", "/balance", {"params": {"api_key": "wrong"}}),
    "rate limit": ("POST", "/fax", {"data": {"fax_number": "+15005550021"}}),
    "unknown document or job or path": ("GET", "/fax/1/status", {}),
    "server fault": ("POST", "/fax", {"data": {"fax_number": "+15005550020"}}),
    "bad send request": ("POST", "/fax", {"data": {"fax_number": "x"}}),
    "bad registration": ("POST", "/user", {"data": {"email": "x"}}),
    "bad login": ("POST", "/user/login", {"data": {"email": "a@example.com", "password": "x"}}),
    "bad sub-user": ("POST", "/subuser", {"data": {"email": "x"}}),
    "balance too low": ("POST", "/fax", {"data": {"fax_number": "+123456789"}}),
}


@pytest.mark.parametrize("fact", FACTS["errors"], ids=lambda fact: str(fact["when"]))
def test_each_error_is_reached(faxto: Faxto, fact: dict[str, Any]) -> None:
    method, path, options = BREAKS[fact["when"]]
    if path == "/fax":
        options = {"data": {**options["data"], "document_id": faxto.upload()}}
    if fact["when"] == "balance too low":
        faxto.control.vendor("faxto", balance=0.01)
    message = faxto.fail(method, path, fact["status"], **options)
    assert message == (fact["text"] or message)


@pytest.mark.parametrize("fact", FACTS["messages"], ids=lambda fact: str(fact["endpoint"]))
def test_each_published_message_is_said(faxto: Faxto, world: World, fact: dict[str, Any]) -> None:
    faxto.control.advance()
    endpoint = ENDPOINTS[fact["endpoint"]]
    answer = called(faxto, world, endpoint, endpoint["path"], endpoint["method"])
    assert answer.json()["message"] == fact["message"]


def test_coverage_has_every_documented_row() -> None:
    tables = {name: {row["name"]: row for row in rows} for name, rows in vendor.coverage().items()}
    assert set(tables["states"]) == {each["state"] for each in FACTS["states"]}
    assert {name: row["text"] for name, row in tables["codes"].items()} == {
        each["code"]: each["text"] for each in FACTS["codes"]
    }
    assert {str(each["status"]) for each in FACTS["errors"]} <= set(tables["errors"])
    assert all(row["source"] and row["evidence"] for rows in tables.values() for row in rows.values())
    assert set(vendor.codes) == {each["code"] for each in FACTS["codes"]}
    rule = next(each for each in FACTS["webhooks"] if each["id"] == "outbound")["retries"]
    delays = vendor.retries["outbound"].delays
    assert (set(delays), len(delays), sum(delays)) == ({rule["every"]}, rule["at_most"], rule["within"])


def test_sample_line_works_as_it_stands(faxto: Faxto) -> None:
    import json
    import subprocess

    line = vendor.sample.format(base=f"{faxto.control.url}/faxto", **vendor.credentials)
    done = subprocess.run(line, shell=True, capture_output=True, text=True, timeout=WAIT, check=True)
    assert json.loads(done.stdout)["status"] == "executed"
