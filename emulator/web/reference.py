"""What there is to look up: magic numbers, scenarios, each vendor's coverage, the OpenAPI documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from flask import abort, render_template

from emulator.web.place import JSON, Place, in_sandbox, plane

_METHODS = ("get", "post", "put", "patch", "delete")
_CONTROL = "control"
"""Name of the control plane's own document beside the vendors'."""


@in_sandbox
def magic(here: Place) -> str:
    coverage = plane().read("/coverage")
    rows = [
        {"number": number, "does": does, "differs": _differs(coverage["vendors"], number, does)}
        for number, does in coverage["magic"].items()
    ]
    return render_template("magic.html", rows=rows)


def _differs(vendors: list[JSON], number: str, does: str) -> dict[str, str]:
    return {each["vendor"]: each["magic"][number] for each in vendors if each["magic"][number] != does}


@in_sandbox
def scenarios(here: Place) -> str:
    offered = plane().read(f"{here.root}/scenarios", limit=1000)
    return render_template("scenarios.html", offered=offered)


@in_sandbox
def coverage(here: Place, vendor: str = "") -> str:
    found = plane().read("/coverage")["vendors"]
    shown = [each for each in found if each["vendor"] == vendor] if vendor else found[:1]
    if not shown:
        abort(404, f"no vendor {vendor}")
    tables = {name: rows for name, rows in shown[0].items() if isinstance(rows, list)}
    counts = {name: Counter(row["evidence"] for row in rows) for name, rows in tables.items()}
    return render_template("coverage.html", vendors=found, shown=shown[0], tables=tables, counts=counts)


@in_sandbox
def api(here: Place, name: str = _CONTROL) -> str:
    where = "/openapi.json" if name == _CONTROL else f"/openapi/{name}.json"
    document = plane().read(where)
    return render_template(
        "api.html",
        document=document,
        name=name,
        names=(_CONTROL, *here.sandbox["vendors"]),
        where=where,
        operations=list(_operations(document)),
    )


def _operations(document: JSON) -> Iterator[dict[str, Any]]:
    for path, item in document["paths"].items():
        for method in _METHODS:
            if method in item:
                yield _operation(path, method, item[method], item.get("parameters", []))


def _operation(path: str, method: str, operation: JSON, shared: list[JSON]) -> dict[str, Any]:
    return {
        "method": method.upper(),
        "path": path,
        "summary": operation.get("summary", ""),
        "description": operation.get("description", ""),
        "fields": [
            *(_field(each["in"], each["name"], each) for each in shared),
            *(_field(each["in"], each["name"], each) for each in operation.get("parameters", [])),
            *_body(operation.get("requestBody", {}).get("content", {})),
        ],
        "types": sorted(operation.get("requestBody", {}).get("content", {})),
        "statuses": sorted(operation["responses"]),
    }


def _body(content: JSON) -> Iterator[dict[str, Any]]:
    """List the fields of a body; several types of it carry the same ones."""
    for media in list(content.values())[:1]:
        schema = next(iter(media["schema"].get("oneOf", [media["schema"]])))
        needed = schema.get("required", ())
        for name, field in schema.get("properties", {}).items():
            yield _field("body", name, {"schema": field, "required": name in needed})


def _field(place: str, name: str, field: JSON) -> dict[str, Any]:
    schema = field["schema"]
    return {
        "in": place,
        "name": name,
        "type": _type(schema),
        "required": bool(field.get("required")),
        "text": field.get("description") or schema.get("description", ""),
        "words": [str(word) for word in schema.get("enum", ()) if word is not None],
    }


def _type(schema: JSON) -> str:
    if "oneOf" in schema:
        return " or ".join(_type(each) for each in schema["oneOf"])
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    return str(schema.get("type", "any"))


ROUTES = (
    ("/sandboxes/<sandbox>/reference", magic),
    ("/sandboxes/<sandbox>/reference/scenarios", scenarios),
    ("/sandboxes/<sandbox>/reference/coverage", coverage),
    ("/sandboxes/<sandbox>/reference/coverage/<vendor>", coverage),
    ("/sandboxes/<sandbox>/reference/api", api),
    ("/sandboxes/<sandbox>/reference/api/<name>", api),
)
