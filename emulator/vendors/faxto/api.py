"""Fax.to's routes and the order of its checks: path, key, then what the endpoint itself takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Flask, Response, request
from marshmallow import Schema
from werkzeug.exceptions import HTTPException

from emulator.core.engine import Engine
from emulator.core.sandboxes import DEFAULT
from emulator.vendors.dialect import Endpoint, Voice, call, enter, new_app
from emulator.vendors.faxto import accounts, catalogue, inbox, parameters, schemas, sending, uploads, users
from emulator.vendors.faxto.errors import FaxtoError, failure, refused
from emulator.vendors.faxto.tables import ASSUMED, DOCUMENTED, ERRORS, OBSERVED

ANONYMOUS = frozenset({"register", "login"})
OPEN = frozenset({"picture"})


def create_app(engine: Engine) -> Flask:
    """Make Fax.to's Flask app."""
    from emulator.vendors.faxto import vendor

    def authenticate() -> Response | None:
        endpoint = (request.endpoint or "").removesuffix(_ALIAS)
        if request.routing_exception is not None or endpoint in OPEN:
            return None
        try:
            fields = parameters.parameters()
        except FaxtoError as error:
            fields = {**request.args, "broken": error}
        key = _key(engine, fields)
        if key is None and endpoint in ANONYMOUS:
            home = users.home(engine.store, fields.get("email")) if endpoint == "login" else None
            key = engine.store.sandbox(home or DEFAULT).credentials["faxto"]["api_key"]
        if key is None or enter(vendor, engine, key) is None or not call().settings.active:
            return failure(FaxtoError(401))
        return None

    voice = Voice(_http_error, refused, lambda: failure(FaxtoError(503, "Service unavailable")))
    app = new_app(vendor, engine, voice, ENDPOINTS, checks=(authenticate,))
    app.register_error_handler(FaxtoError, failure)
    return app


def _key(engine: Engine, fields: dict[str, Any]) -> str | None:
    """Give the key of the call, from query, body or header, when somebody has it."""
    key = fields.get("api_key") or request.headers.get("api_key")
    sandbox_id = engine.store.bound(f"faxto/{key}")
    known = sandbox_id is not None and isinstance(key, str) and users.valid(engine.store, sandbox_id, key)
    return key if known else None


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    return failure(FaxtoError(status, ERRORS.get(status, error.name)))


_ALIAS = "_v1"
_READS = (200, 401, 403, 404, 500)
_WRITES = (200, 400, 401, 403, 404, 500)
_GET, _POST = ("GET",), ("POST",)


def _row(
    name: str,
    methods: tuple[str, ...],
    path: str,
    view: Callable[..., Response],
    schema: type[Schema] | None = None,
    *,
    summary: str,
    statuses: tuple[int, ...] = _WRITES,
    evidence: str = DOCUMENTED,
    source: str = "later editions of the reference",
) -> Endpoint:
    return Endpoint(name, methods, f"/api/v2{path}", view, schema, "any", statuses, evidence, source, summary)


_V2 = (
    _row(
        "send",
        _POST,
        "/fax",
        sending.send,
        schemas.Send,
        source="reference, Request",
        summary="Send a document to a number.",
    ),
    _row(
        "send_or_history",
        _GET,
        "/fax",
        sending.send_or_history,
        schemas.Send,
        source="reference, Encoding",
        summary="Send, or list the fax jobs when no number and no document is named.",
    ),
    _row(
        "cost",
        _GET,
        "/fax/<document_id>/costs",
        sending.cost,
        schemas.Cost,
        summary="Tell what sending a document would cost.",
    ),
    _row(
        "status",
        _GET,
        "/fax/<fax_job_id>/status",
        sending.status,
        statuses=_READS,
        summary="Tell how a fax job stands.",
    ),
    _row(
        "history",
        _GET,
        "/fax-history",
        sending.history,
        schemas.Paged,
        statuses=_READS,
        summary="List the fax jobs, newest first.",
    ),
    _row(
        "upload",
        _POST,
        "/files",
        uploads.upload,
        schemas.Upload,
        summary="Upload a document, or have it fetched.",
    ),
    _row(
        "files", _GET, "/files", uploads.listed, schemas.Paged, statuses=_READS, summary="List the documents."
    ),
    _row(
        "delete_file",
        ("DELETE",),
        "/files/<document_id>",
        uploads.delete,
        statuses=_READS,
        summary="Delete a document.",
    ),
    _row(
        "clean_file",
        _GET,
        "/file-clean",
        uploads.clean,
        schemas.WhichDocument,
        summary="Clean a document of noise.",
    ),
    _row(
        "preview_file",
        _GET,
        "/file-generate-preview",
        uploads.preview,
        schemas.WhichDocument,
        summary="Make a picture of the first page.",
    ),
    _row("balance", _GET, "/balance", sending.balance, statuses=_READS, summary="Tell the balance."),
    _row("register", _POST, "/user", accounts.register, schemas.User, summary="Register a user."),
    _row("login", _POST, "/user/login", accounts.log_in, schemas.User, summary="Give a user's key."),
    _row("subuser", _POST, "/subuser", accounts.subuser, schemas.SubUser, summary="Add a sub-user."),
    _row(
        "numbers",
        _GET,
        "/numbers",
        catalogue.own_numbers,
        schemas.Paged,
        statuses=_READS,
        summary="List the account's numbers.",
    ),
    _row(
        "inbox",
        _GET,
        "/incoming-faxes",
        inbox.incoming,
        schemas.Paged,
        statuses=_READS,
        summary="List the faxes that have arrived.",
    ),
    _row(
        "inbox_of_number",
        _GET,
        "/incoming-faxes/<recipient>",
        inbox.incoming,
        schemas.Paged,
        statuses=_READS,
        summary="List the faxes that have arrived for one number.",
    ),
    _row(
        "countries", _GET, "/countries", catalogue.countries, statuses=_READS, summary="List the countries."
    ),
    _row(
        "states",
        _GET,
        "/states/<alpha3>",
        catalogue.states,
        statuses=_READS,
        summary="List the states of a country.",
    ),
    _row(
        "area_codes",
        _GET,
        "/areacodes/<alpha3>/<state_id>",
        catalogue.area_codes,
        statuses=_READS,
        summary="List the area codes of a state.",
    ),
    _row(
        "groups",
        _GET,
        "/countries/<alpha3>/didgroups",
        catalogue.groups,
        schemas.GroupFilter,
        summary="List the groups of numbers that can be had.",
    ),
    _row(
        "provision",
        ("POST", "GET"),
        "/countries/didgroups/<did_group_id>/provision",
        catalogue.provision,
        statuses=_READS,
        summary="Get a number of a group.",
    ),
    _row(
        "provision_named",
        _POST,
        "/provision-numbers",
        catalogue.provision_named,
        schemas.WhichGroup,
        evidence=OBSERVED,
        source="a sample of one edition; its parameters are assumed",
        summary="Get a number of a group that a field names.",
    ),
    _row(
        "provisioned",
        _GET,
        "/provision-numbers",
        catalogue.own_numbers,
        schemas.Paged,
        statuses=_READS,
        evidence=OBSERVED,
        source="a public client; its answer is assumed",
        summary="List the account's numbers.",
    ),
)

_V1 = tuple(
    replace(
        row,
        name=row.name + _ALIAS,
        path=row.path.replace("/v2/", "/v1/", 1),
        source=f"{row.source}; the older base, with the same paths",
    )
    for row in _V2
)

_LINKS = (
    Endpoint(
        "inbox_file",
        _GET,
        "/receivefax/api/v1/inbox/<inbound_id>/file",
        inbox.file,
        statuses=_READS,
        source="links of the inbox",
        summary="Serve a fax that has arrived.",
    ),
    Endpoint(
        "inbox_preview",
        _GET,
        "/receivefax/api/v1/inbox/<inbound_id>/preview",
        inbox.preview,
        statuses=_READS,
        source="links of the inbox",
        summary="Serve a picture of its first page.",
    ),
    Endpoint(
        "picture",
        _GET,
        "/previews/<token>/<document_id>/<name>",
        uploads.picture,
        statuses=(200, 404, 500),
        evidence=ASSUMED,
        source="where the url of file-generate-preview leads",
        summary="Serve the picture of a document's first page.",
    ),
)

ENDPOINTS = (*_V2, *_V1, *_LINKS)
