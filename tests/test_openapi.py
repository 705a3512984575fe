"""Every OpenAPI document: valid, and true of what the server answers, whatever is sent."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
import requests
from jsonschema_rs import is_valid

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # what comes with the fuzzer warns of its own
    import schemathesis
    from hypothesis import HealthCheck, Phase, settings
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi.checks import (
        content_type_conformance,
        response_schema_conformance,
        status_code_conformance,
    )

from emulator.control.routes import ROUTES
from emulator.vendors import all_vendors
from tests.conftest import WAIT, Control
from tests.sending import send
from tests.vendors.ifax.client import path_of
from tests.vendors.ifax.story import known, written
from tests.vendors.kazoo import facts as kazoo_facts
from tests.vendors.test_shapes import exact

DOCUMENTS = ("openapi.json", *(f"openapi/{vendor}.json" for vendor in all_vendors()))
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
]  # fmt: skip
EXAMPLES, AGAIN = 4, 2
"""Inputs tried for each operation, and for one that stands below another path too: half of them within."""

UNENDING = {"read_events"}
"""Operations whose answers have no end."""


def document(server: Control, name: str) -> dict[str, Any]:
    return dict(server.call("GET", f"/{name}", 200))


def operations(described: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in described["paths"].items():
        yield from ((method, path, each) for method, each in methods.items() if method != "parameters")


def test_control_planes_document_has_every_route_once(server: Control) -> None:
    named = [each["operationId"] for _, _, each in operations(document(server, "openapi.json"))]
    assert sorted(named) == sorted(route.name for route in ROUTES)


@pytest.mark.parametrize("vendor", all_vendors())
def test_vendors_document_has_every_endpoint(server: Control, vendor: str) -> None:
    described = document(server, f"openapi/{vendor}.json")
    assert described["servers"] == [{"url": f"{server.url}/{vendor}"}]
    endpoints = all_vendors()[vendor].endpoints
    wanted = {f"{each.name}_{method.lower()}" for each in endpoints for method in each.methods}
    assert {each["operationId"] for _, _, each in operations(described)} == wanted


def test_fields_stand_in_the_document_as_the_views_read_them(server: Control) -> None:
    described = document(server, "openapi.json")
    content = described["paths"]["/sandboxes/{sandbox}/inbound"]["post"]["requestBody"]["content"]
    schema = content["application/json"]["schema"]
    assert sorted(schema["required"]) == ["from", "to", "vendor"]
    optional = {"force", "csid", "pages", "document", "scenario"}
    assert set(schema["properties"]) == {"vendor", "to", "from", *optional}


def test_every_answer_in_json_says_what_it_holds(server: Control) -> None:
    described = document(server, "openapi.json")
    things = described["components"]["schemas"]
    bare = set()
    for _, _, operation in operations(described):
        for answer in operation["responses"].values():
            shape = answer.get("content", {}).get("application/json", {}).get("schema", {"properties": {}})
            shape = things[shape["$ref"].rpartition("/")[2]] if "$ref" in shape else shape
            if "properties" not in shape:
                bare.add(operation["operationId"])
    assert bare == {"read_openapi", "read_vendor_openapi", "read_scenario_schema"}


@pytest.mark.parametrize("vendor", all_vendors())
def test_every_answer_of_a_vendor_that_is_good_says_what_it_holds(server: Control, vendor: str) -> None:
    for _, _, operation in operations(document(server, f"openapi/{vendor}.json")):
        for status, answer in operation["responses"].items():
            shapes = [each["schema"] for each in answer.get("content", {}).values()]
            if status < "300" and status != "204":
                assert shapes, (operation["operationId"], status)
            assert all(shape.keys() & {"type", "anyOf"} for shape in shapes), operation["operationId"]


@pytest.mark.parametrize("vendor", all_vendors())
def test_a_vendor_s_document_tells_how_a_client_says_who_it_is(server: Control, vendor: str) -> None:
    described = document(server, f"openapi/{vendor}.json")
    schemes = described["components"]["securitySchemes"]
    assert described["security"], vendor
    assert {name for way in described["security"] for name in way} == set(schemes)
    assert all(scheme["type"] in ("apiKey", "http") for scheme in schemes.values())


def test_openfax_wants_both_keys_at_once_and_its_links_none(server: Control) -> None:
    described = document(server, "openapi/openfax.json")
    assert described["security"] == [{"AccountID": [], "APIKey": []}]
    assert described["paths"]["/documents/{folder}/{token}/{file}"]["get"]["security"] == []


@pytest.mark.parametrize("vendor", all_vendors())
def test_what_stands_in_the_body_does_not_stand_in_the_query_too(server: Control, vendor: str) -> None:
    for method, path, operation in operations(document(server, f"openapi/{vendor}.json")):
        queries = [each["name"] for each in operation.get("parameters", ()) if each["in"] == "query"]
        assert not (queries and "requestBody" in operation), f"{method} {path}"


def test_forms_and_files_that_a_send_takes_are_listed(server: Control) -> None:
    def bodies(vendor: str, path: str, method: str) -> set[str]:
        operation = document(server, f"openapi/{vendor}.json")["paths"][path][method]
        return set(operation["requestBody"]["content"])

    form = {"application/x-www-form-urlencoded", "multipart/form-data"}
    assert bodies("ifax", "/v1/customer/fax-send", "post") == {"application/json", *form}
    assert bodies("mfax", "/v1/faxes", "post") == form
    assert bodies("kazoo", "/v2/accounts/{account}/faxes", "put") == {
        "application/json", "multipart/form-data", "multipart/mixed", "multipart/related",
        "application/pdf", "image/tiff",
    }  # fmt: skip


def test_ids_are_described_as_they_are_answered(server: Control) -> None:
    ifax = document(server, "openapi/ifax.json")["paths"]
    sent = ifax["/v1/customer/inbound/number-delete"]["post"]["requestBody"]["content"]["application/json"]
    kinds = {name: each["type"] for name, each in sent["schema"]["properties"].items()}
    assert kinds == {"numberId": "string", "orderId": "string"}
    faxto = document(server, "openapi/faxto.json")["paths"]["/api/v2/fax/{fax_job_id}/status"]
    assert [each["schema"] for each in faxto["parameters"]] == [{"type": "integer"}]


def answer_schema(described: dict[str, Any], path: str, method: str, status: int) -> Any:
    responses = described["paths"][path][method]["responses"]
    return responses[str(status)].get("content", {}).get("application/json", {}).get("schema")


def test_every_known_answer_of_ifax_is_as_its_schema_says(server: Control) -> None:
    described = document(server, "openapi/ifax.json")
    for operation in written("walk.yaml")["operations"]:
        schema = answer_schema(described, path_of(operation), "post", 200)
        body = known(operation)
        assert is_valid(exact(schema), body), (operation, body)
        if "data" in body:
            assert "data" in schema["properties"], operation
            assert not is_valid(schema, body | {"data": None}), operation


def test_every_known_answer_of_kazoo_is_as_its_schema_says(server: Control) -> None:
    described = document(server, "openapi/kazoo.json")
    for row in kazoo_facts.rows("endpoints"):
        if row["success"]["body"] != "json":
            continue
        path = re.sub(r"\{[A-Z_]+\}", "{}", row["path"])
        [real] = [
            each for each, methods in described["paths"].items()
            if re.sub(r"\{\w+\}", "{}", each) == path and row["method"].lower() in methods
        ]  # fmt: skip
        schema = answer_schema(described, real, row["method"].lower(), row["success"]["status"])
        for modern in (False, True):
            body = kazoo_facts.bodies(modern=modern)[row["id"]]
            if row["id"] == "account-read":
                body = body | {"data": body["data"] | {"created": 1}}
            assert is_valid(exact(schema), body), (row["id"], body)


def test_unknown_vendor_has_no_document(server: Control) -> None:
    said = server.call("GET", "/openapi/nobody.json", 404)
    assert said["error"]["code"] == "not_found"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_whatever_is_sent_is_answered_as_described(server: Control, name: str) -> None:
    described = document(server, name)
    schema = schemathesis.openapi.from_dict(described)
    failures: list[str] = []
    world: World | None = None
    for result in schema.get_all_operations():
        operation = result.ok()
        if operation.definition.raw.get("operationId") not in UNENDING:
            world = world or peopled(server, name.removeprefix("openapi/").removesuffix(".json"))
            failures += fuzz(operation, world, described["servers"][0]["url"])
            world = world if operation.method.upper() == "GET" else None  # another may have changed it
    assert failures == []


def peopled(server: Control, vendor: str) -> World:
    """Make a sandbox with a sent fax, and say what its ids and keys are called in paths and queries."""
    control = server.create()
    known = {"sandbox": control.id, "delivery": "delivery-1", "fax": "fax-1", "vendor": "ifax"}
    if vendor not in all_vendors():
        send(control, "ifax")
        return World(control, known, {})
    send(control, vendor)
    own = str(control.fax("fax-1")["vendor_view"]["id"])
    known = dict.fromkeys(("fax", "messageId", "fax_job_id"), own)
    keys = control.credentials(vendor)
    return World(control, known | keys, keys if vendor in ("openfax", "faxto") else {})


@dataclass(frozen=True)
class World:
    """A sandbox, what its path parameters may be, and credentials that stand in queries and forms.

    No answer is held for long.
    """

    control: Control
    known: dict[str, str]
    keys: dict[str, str]

    def enter(self, case: Any) -> None:
        """Lead a case past the door: to what there is, with the keys that open it."""
        case.path_parameters.update(
            {name: value for name, value in self.known.items() if name in case.path_parameters}
        )
        case.query.update(self.keys | ({"wait": "0.01s"} if "wait" in case.query else {}))
        if isinstance(case.body, dict):
            case.body.update(self.keys)


def fuzz(operation: Any, world: World, origin: str, headers: Mapping[str, str] | None = None) -> list[str]:
    """Try one operation with inputs of all kinds, every other one within; give what was not as described."""
    failures: list[str] = []
    turns = count()

    @settings(
        max_examples=AGAIN if ":" in operation.definition.raw.get("operationId", "") else EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def attempt(case: Any) -> None:
        if next(turns) % 2:
            world.enter(case)
        answer = case.call(base_url=origin, session=session, timeout=WAIT)
        try:
            case.validate_response(answer, checks=CHECKS)
        except AssertionError as failure:
            failures.append(f"{case.method} {case.formatted_path}: {failure}")

    with requests.Session() as session:
        session.headers.update(credentials(world.control) if headers is None else headers)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from hypothesis import given

            given(operation.as_strategy())(attempt)()
    return failures[:1]


def credentials(control: Control) -> dict[str, str]:
    """Give headers by which the vendors know the sandbox, so that calls come further than the door."""
    return {
        "accessToken": control.credentials("ifax")["accessToken"],
        "X-Auth-Token": control.credentials("kazoo")["X-Auth-Token"],
        "Authorization": f"Basic {control.credentials('mfax')['apiKey']}",
        "api_key": control.credentials("faxto")["api_key"],
    }
