"""iFax's routes in one table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from marshmallow import Schema

from emulator.core.dialect.endpoint import Endpoint
from emulator.vendors.ifax import extraction, inbound, labels, listing, outbound, schemas, sending, shop
from emulator.vendors.ifax.tables import PATHS

OPERATIONS: tuple[tuple[str, Callable[..., Any], type[Schema], str], ...] = (
    ("send", sending.send, schemas.SendSchema, "table 1"),
    ("resend", sending.resend, schemas.JobSchema, "table 2"),
    ("forward", sending.forward, schemas.ForwardSchema, "table 3"),
    ("status", outbound.status, schemas.JobSchema, "table 4"),
    ("cancel", outbound.cancel, schemas.JobSchema, "table 5"),
    ("download", outbound.download, schemas.DownloadSchema, "table 6"),
    ("list", outbound.listing, schemas.PageSchema, "table 7"),
    ("delete", outbound.delete, schemas.JobSchema, "table 8"),
    ("archive", outbound.archive, schemas.KindSchema, "table 9"),
    ("unarchive", outbound.unarchive, schemas.KindSchema, "table 10"),
    ("inbound-list", inbound.list_one, schemas.NumberPageSchema, "table 11"),
    ("inbound-list-all", inbound.list_all, schemas.PageSchema, "table 12"),
    ("inbound-download", inbound.download, schemas.ReceivedSchema, "table 13"),
    ("inbound-delete", inbound.delete, schemas.ReceivedSchema, "table 14"),
    ("ocr", extraction.request_text, schemas.ExtractSchema, "table 15"),
    ("ocr-result", extraction.result, schemas.ExtractedSchema, "table 16"),
    ("number-list", shop.number_list, schemas.Parameters, "table 17"),
    ("country-list", shop.country_list, schemas.Parameters, "table 18"),
    ("area-list", shop.area_list, schemas.CountrySchema, "table 19"),
    ("numbers", shop.numbers, schemas.AreaSchema, "table 20"),
    ("search", shop.search, schemas.OfferSchema, "table 21"),
    ("buy", shop.buy, schemas.BuySchema, "table 22"),
    ("number-delete", shop.number_delete, schemas.NumberIdSchema, "table 23"),
    ("report", listing.report, schemas.ReportSchema, "table 24"),
    ("label-list", labels.label_list, schemas.Parameters, "table 25"),
    ("label-assign", labels.assign, schemas.LabelSchema, "table 26"),
    ("label-remove", labels.remove, schemas.LabelSchema, "table 27"),
    ("custom-fields", labels.custom_fields, schemas.FaxSchema, "table 28"),
    ("custom-fields-update", labels.custom_fields_update, schemas.CustomFieldsSchema, "table 29"),
    ("label-update", labels.update, schemas.LabelSchema, "table 30"),
)
"""Operation, view, parameters, and the table of the vendor's document that describes its parameters."""


def _endpoint(name: str, view: Callable[..., Any], schema: type[Schema], table: str) -> Endpoint:
    path, evidence, found = PATHS[name]
    source = f"parameters documented ({table}); path {evidence}: {found}"
    return Endpoint(name, ("POST",), path, view, schema, evidence=evidence, source=source)


ENDPOINTS = tuple(_endpoint(*operation) for operation in OPERATIONS)
