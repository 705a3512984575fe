"""OpenAPI documents, made from the route tables and the marshmallow schemas that the views load."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from http import HTTPStatus
from typing import Any

from flask import Response, current_app, jsonify, request
from marshmallow import Schema

from emulator import __version__
from emulator.control.answers import no_vendor, the_program
from emulator.control.route import JSON, ROOT, Route
from emulator.control.shapes import ANSWERS, THINGS
from emulator.core.dialect.shapes import TEXT
from emulator.core.dialect.vendor import Endpoint, Vendor
from emulator.core.errors import NotFound

_PART = re.compile(r"<(?:([^:<>]+):)?([^<>]+)>")
SERVED = "localfax.routes"
"""Under which name the control plane's app holds its routes."""
BODILESS = ("GET", "HEAD", "DELETE")
"""Methods whose fields stand in the query."""
ERRORS = (400, 404, 405, 409, 413, 415, 500, 503)

FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
BODIES = {
    "json": (JSON,),
    "form": (FORM, MULTIPART),
    "query": (),
    "body": (JSON, FORM, MULTIPART),
    "any": (JSON, FORM, MULTIPART),
}
"""Where a vendor's endpoint takes its fields from, to the types of the body that carries them."""

Json = dict[str, Any]


def control_document(routes: Iterable[Route], origin: str) -> Json:
    """Describe the control plane."""
    spec = _spec("Localfax control plane", origin + ROOT)
    for name, shape in THINGS.items():
        spec.components.schema(name, shape)
    for route in routes:
        spec.path(
            path=_PART.sub(r"{\2}", route.path),
            operations={route.method.lower(): _operation(route)},
            parameters=_path_parameters(route.path),
        )
    found: Json = spec.to_dict()
    return found


def vendor_document(vendor: Vendor, origin: str) -> Json:
    """Describe a vendor's endpoints, and how a client says who it is."""
    spec = _spec(vendor.title, origin, _what_is_taken(vendor))
    for way in vendor.security:
        for name, scheme in way.items():
            if name not in spec.components.security_schemes:
                spec.components.security_scheme(name, dict(scheme))
    spec.options["security"] = [{key: [] for key in way} for way in vendor.security]
    for endpoint in vendor.endpoints:
        spec.path(
            path=_PART.sub(r"{\2}", endpoint.path),
            operations={
                method.lower(): _vendor_operation(vendor, endpoint, method) for method in endpoint.methods
            },
            parameters=_path_parameters(endpoint.path, endpoint.whole),
        )
    found: Json = spec.to_dict()
    return found


def _what_is_taken(vendor: Vendor) -> str:
    """Say what can be faxed, type by type, and how well that is known."""
    rows = vendor.tables.get("documents", ())
    lines = (f"- `{row.word}`: {row.text} ({row.evidence}: {row.source})" for row in rows)
    return "\n".join(["What can be faxed:", *lines])


def _spec(title: str, server: str, description: str = "") -> Any:
    from apispec import APISpec
    from apispec.ext.marshmallow import MarshmallowPlugin

    plugin = MarshmallowPlugin(schema_name_resolver=lambda schema: "")  # each schema stands where it is used
    return APISpec(
        title=title,
        version=__version__,
        openapi_version="3.0.3",
        plugins=[plugin],
        servers=[{"url": server}],
        info={"description": description} if description else {},
    )


def _operation(route: Route) -> Json:
    operation: Json = {"operationId": route.name, "summary": route.summary, "responses": {}}
    if route.query is not None:
        operation["parameters"] = [{"in": "query", "schema": route.query}]
    if route.body is not None:
        content = {JSON: {"schema": _body(route.body)}}
        content |= {media: {"schema": {"type": "string"}} for media in route.takes}
        operation["requestBody"] = {"content": content}
    for status in (*route.statuses, *((415,) if route.body is not None else ())):
        operation["responses"][str(status)] = _response(status, route)
    return operation


def _body(schema: type[Schema]) -> Any:
    """A schema, or what it says itself when a body has several shapes."""
    return getattr(schema, "SHAPES", schema)


def _response(status: int, route: Route) -> Json:
    said: Json = {"description": HTTPStatus(status).phrase}
    if status >= 400:
        said["content"] = {JSON: {"schema": "Error"}}
    elif status != 204:
        kinds = {name: ANSWERS[route.name] if name == JSON else TEXT for name in route.media}
        said["content"] = {name: {"schema": shape} for name, shape in kinds.items()}
    return said


def _vendor_operation(vendor: Vendor, endpoint: Endpoint, method: str) -> Json:
    statuses = {str(status): _vendor_response(vendor, endpoint, status) for status in endpoint.statuses}
    operation: Json = {
        "operationId": f"{endpoint.name}_{method.lower()}",
        "summary": endpoint.summary,
        "description": f"{endpoint.evidence}: {endpoint.source}" if endpoint.source else endpoint.evidence,
        "responses": statuses,
    }
    if endpoint.open:
        operation["security"] = []
    bodies = () if method in BODILESS else BODIES[endpoint.place]
    if endpoint.schema is not None and not bodies:
        operation["parameters"] = [{"in": "query", "schema": endpoint.schema}]
    content: Json = {media: {"schema": endpoint.schema} for media in bodies if endpoint.schema is not None}
    content |= {media: {"schema": _file_body(media)} for media in endpoint.media}
    if content:
        operation["requestBody"] = {"content": content}
    return operation


def _vendor_response(vendor: Vendor, endpoint: Endpoint, status: int) -> Json:
    said: Json = {"description": HTTPStatus(status).phrase}
    shape = vendor.answers(endpoint.name) if status < 300 else vendor.refusal if status >= 400 else None
    if status < 300 and status != 204 and endpoint.serves:
        said["content"] = {media: {"schema": _file_answer(media)} for media in endpoint.serves}
    elif shape is not None and status not in vendor.silent | {204}:
        said["content"] = {JSON: {"schema": dict(shape)}}
    return said


def _file_answer(media: str) -> Json:
    return dict(TEXT) if media.startswith("text/") else {"type": "string", "format": "binary"}


def _file_body(media: str) -> Json:
    """A file as it is, or a form of parts of which one is a file."""
    file = {"type": "string", "format": "binary"}
    if not media.startswith("multipart/"):
        return file
    return {"type": "object", "properties": {"content": {"type": "array", "items": file}}}


def _path_parameters(path: str, whole: Container[str] = ()) -> list[Json]:
    return [
        {
            "in": "path",
            "name": name,
            "required": True,
            "schema": {"type": "integer" if kind == "int" or name in whole else "string"},
        }
        for kind, name in _PART.findall(path)
    ]


def read_openapi() -> Response:
    return jsonify(control_document(current_app.extensions[SERVED], _origin()))


def read_vendor_openapi(vendor: str) -> Response:
    vendors: Mapping[str, Any] = the_program().vendors
    if vendor not in vendors:
        raise NotFound(no_vendor(vendor))
    return jsonify(vendor_document(vendors[vendor], f"{_origin()}/{vendor}"))


def _origin() -> str:
    return request.host_url.rstrip("/")


ROUTES = (
    Route("GET", "/openapi.json", read_openapi, "Describe this control plane."),
    Route(
        "GET", "/openapi/<vendor>.json", read_vendor_openapi, "Describe a vendor.", statuses=(200, 404)
    ),
)  # fmt: skip
