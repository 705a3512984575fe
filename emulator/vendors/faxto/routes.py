"""Fax.to's routes: faxes, documents, users, numbers and places under both bases; and where links lead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from flask import Response
from marshmallow import Schema

from emulator.core.dialect.endpoint import Endpoint
from emulator.core.dialect.words import ASSUMED, DOCUMENTED, OBSERVED, Evidence
from emulator.vendors.faxto import accounts, catalogue, inbox, schemas, sending, uploads

ALIAS = "_v1"
LATER = "later editions of the reference"
_READS = (200, 401, 403, 404, 500)
_WRITES = (200, 400, 401, 403, 404, 500)


def _row(
    name: str,
    methods: str,
    path: str,
    view: Callable[..., Response],
    schema: type[Schema] | None,
    summary: str,
    source: str = LATER,
    evidence: Evidence = DOCUMENTED,
) -> Endpoint:
    # Only the reading of lists and of what a path names refuses nothing that a call carries.
    statuses = _READS if schema in (None, schemas.Paged) else _WRITES
    where = f"/api/v2{path}"
    return Endpoint(
        name, tuple(methods.split()), where, view, schema, "any", statuses, evidence, source, summary
    )


_V2 = (
    _row("send", "POST", "/fax", sending.send, schemas.Send,
         "Send a document to a number.", "reference, Request"),
    _row("send_or_history", "GET", "/fax", sending.send_or_history, schemas.SendOrHistory,
         "Send, or list the fax jobs when no number and no document is named.", "reference, Encoding"),
    _row("cost", "GET", "/fax/<document_id>/costs", sending.cost, schemas.Cost,
         "Tell what sending a document would cost."),
    _row("status", "GET", "/fax/<fax_job_id>/status", sending.status, None, "Tell how a fax job stands."),
    _row("history", "GET", "/fax-history", sending.history, schemas.Paged,
         "List the fax jobs, newest first."),
    _row("balance", "GET", "/balance", sending.balance, None, "Tell the balance."),
    _row("upload", "POST", "/files", uploads.upload, schemas.Upload,
         "Upload a document, or have it fetched."),
    _row("files", "GET", "/files", uploads.listed, schemas.Paged, "List the documents."),
    _row("delete_file", "DELETE", "/files/<document_id>", uploads.delete, None, "Delete a document."),
    _row("clean_file", "GET", "/file-clean", uploads.clean, schemas.WhichDocument,
         "Clean a document of noise."),
    _row("preview_file", "GET", "/file-generate-preview", uploads.preview, schemas.WhichDocument,
         "Make a picture of the first page."),
    _row("register", "POST", "/user", accounts.register, schemas.User, "Register a user."),
    _row("login", "POST", "/user/login", accounts.log_in, schemas.User, "Give a user's key."),
    _row("subuser", "POST", "/subuser", accounts.subuser, schemas.SubUser, "Add a sub-user."),
    _row("numbers", "GET", "/numbers", catalogue.own_numbers, schemas.Paged, "List the account's numbers."),
    _row("inbox", "GET", "/incoming-faxes", inbox.incoming, schemas.Paged,
         "List the faxes that have arrived."),
    _row("inbox_of_number", "GET", "/incoming-faxes/<recipient>", inbox.incoming, schemas.Paged,
         "List the faxes that have arrived for one number."),
    _row("countries", "GET", "/countries", catalogue.countries, None, "List the countries."),
    _row("states", "GET", "/states/<alpha3>", catalogue.states, None, "List the states of a country."),
    _row("area_codes", "GET", "/areacodes/<alpha3>/<state_id>", catalogue.area_codes, None,
         "List the area codes of a state."),
    _row("groups", "GET", "/countries/<alpha3>/didgroups", catalogue.groups, schemas.GroupFilter,
         "List the groups of numbers that can be had."),
    _row("provision", "POST GET", "/countries/didgroups/<did_group_id>/provision", catalogue.provision, None,
         "Get a number of a group."),
    _row("provision_named", "POST", "/provision-numbers", catalogue.provision_named, schemas.WhichGroup,
         "Get a number of a group that a field names.",
         "a sample of one edition; its parameters are assumed", OBSERVED),
    _row("provisioned", "GET", "/provision-numbers", catalogue.own_numbers, schemas.Paged,
         "List the account's numbers.", "a public client; its answer is assumed", OBSERVED),
)  # fmt: skip

_V1 = tuple(
    replace(
        row,
        name=row.name + ALIAS,
        path=row.path.replace("/v2/", "/v1/", 1),
        source=f"{row.source}; the older base, with the same paths",
    )
    for row in _V2
)

_LINKS = (
    Endpoint(
        "inbox_file",
        ("GET",),
        "/receivefax/api/v1/inbox/<inbound_id>/file",
        inbox.file,
        statuses=_READS,
        source="links of the inbox",
        summary="Serve a fax that has arrived.",
    ),
    Endpoint(
        "inbox_preview",
        ("GET",),
        "/receivefax/api/v1/inbox/<inbound_id>/preview",
        inbox.preview,
        statuses=_READS,
        source="links of the inbox",
        summary="Serve a picture of its first page.",
    ),
    Endpoint(
        "picture",
        ("GET",),
        "/previews/<token>/<document_id>/<name>",
        uploads.picture,
        statuses=(200, 404, 500),
        evidence=ASSUMED,
        source="where the url of file-generate-preview leads",
        summary="Serve the picture of a document's first page.",
    ),
)

ENDPOINTS = (*_V2, *_V1, *_LINKS)
