"""Fax.to's routes: faxes, documents, users, numbers and places under both bases; and where links lead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from flask import Response
from marshmallow import Schema

from emulator.core.dialect.vendor import Endpoint
from emulator.core.dialect.words import ASSUMED, DOCUMENTED, OBSERVED, Evidence
from emulator.documents.media_types import JPEG, PDF
from emulator.vendors.faxto import faxes, files, inbound, numbers, parameters, places, users

WHOLE = ("document_id", "fax_job_id", "did_group_id", "inbound_id")
"""Parameters of paths that are answered as whole numbers."""
_LATER = "later editions of the reference"


def _row(
    name: str,
    methods: str,
    path: str,
    view: Callable[..., Response],
    schema: type[Schema] | None = None,
    source: str = _LATER,
    evidence: Evidence = DOCUMENTED,
    summary: str = "",
    serves: tuple[str, ...] = (),
) -> Endpoint:
    # Only the reading of lists and of what a path names refuses nothing that a request carries.
    reads = schema in (None, parameters.Paged)
    whole = frozenset(name for name in WHOLE if f"<{name}>" in path)
    statuses = (200, 401, 403, 404, 500) if reads else (200, 400, 401, 403, 404, 500)
    return Endpoint(
        name,
        tuple(methods.split()),
        path,
        view,
        schema,
        "any",
        statuses,
        evidence,
        source,
        summary,
        whole=whole,
        serves=serves,
    )


_V2 = (
    _row("send", "POST", "/api/v2/fax", faxes.send, parameters.Send, "reference, Request"),
    _row("send_or_history", "GET", "/api/v2/fax", faxes.send_or_list, parameters.SendOrHistory,
         "reference, Encoding"),
    _row("cost", "GET", "/api/v2/fax/<document_id>/costs", faxes.tell_cost, parameters.Cost),
    _row("status", "GET", "/api/v2/fax/<fax_job_id>/status", faxes.tell_status),
    _row("history", "GET", "/api/v2/fax-history", faxes.list_jobs, parameters.Paged),
    _row("balance", "GET", "/api/v2/balance", faxes.tell_balance),
    _row("upload", "POST", "/api/v2/files", files.upload, parameters.UploadFile),
    _row("files", "GET", "/api/v2/files", files.list_files, parameters.Paged),
    _row("delete_file", "DELETE", "/api/v2/files/<document_id>", files.delete),
    _row("clean_file", "GET", "/api/v2/file-clean", files.clean, parameters.WhichDocument),
    _row("preview_file", "GET", "/api/v2/file-generate-preview", files.preview, parameters.WhichDocument),
    _row("register", "POST", "/api/v2/user", users.register, parameters.User),
    _row("login", "POST", "/api/v2/user/login", users.log_in, parameters.User),
    _row("subuser", "POST", "/api/v2/subuser", users.add_subuser, parameters.SubUser),
    _row("numbers", "GET", "/api/v2/numbers", numbers.list_numbers, parameters.Paged),
    _row("inbox", "GET", "/api/v2/incoming-faxes", inbound.list_arrived, parameters.Paged),
    _row("inbox_of_number", "GET", "/api/v2/incoming-faxes/<recipient>", inbound.list_arrived,
         parameters.Paged, summary="List the faxes that have arrived for one number."),
    _row("countries", "GET", "/api/v2/countries", places.list_countries),
    _row("states", "GET", "/api/v2/states/<alpha3>", places.list_states),
    _row("area_codes", "GET", "/api/v2/areacodes/<alpha3>/<state_id>", places.list_area_codes),
    _row("groups", "GET", "/api/v2/countries/<alpha3>/didgroups", places.list_groups, parameters.GroupFilter),
    _row("provision", "POST GET", "/api/v2/countries/didgroups/<did_group_id>/provision", numbers.provision),
    _row("provision_named", "POST", "/api/v2/provision-numbers", numbers.provision_named,
         parameters.WhichGroup, "a sample of one edition; its parameters are assumed", OBSERVED),
    _row("provisioned", "GET", "/api/v2/provision-numbers", numbers.list_numbers, parameters.Paged,
         "a public client; its answer is assumed", OBSERVED),
)  # fmt: skip

_V1 = tuple(
    replace(
        row,
        name=f"{row.name}_v1",
        path=row.path.replace("/v2/", "/v1/", 1),
        source=f"{row.source}; the older base, with the same paths",
    )
    for row in _V2
)

_LINKS = (
    _row("inbox_file", "GET", "/receivefax/api/v1/inbox/<inbound_id>/file", inbound.serve,
         source="links of the inbox", serves=(PDF,)),
    _row("inbox_preview", "GET", "/receivefax/api/v1/inbox/<inbound_id>/preview", inbound.serve_preview,
         source="links of the inbox", serves=(JPEG,)),
    Endpoint("picture", ("GET",), "/previews/<token>/<document_id>/<name>", files.serve_preview,
             statuses=(200, 404, 500), evidence=ASSUMED, whole=frozenset({"document_id"}), open=True,
             serves=(JPEG,), source="where the url of file-generate-preview leads"),
)  # fmt: skip

ENDPOINTS = (*_V2, *_V1, *_LINKS)
