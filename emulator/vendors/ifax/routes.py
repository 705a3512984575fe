"""iFax's routes."""

from __future__ import annotations

from emulator.core.dialect.vendor import Endpoint
from emulator.core.dialect.words import ASSUMED, OBSERVED
from emulator.vendors.ifax import faxes, files, inbound, labels, numbers
from emulator.vendors.ifax import parameters as takes

_CLIENT, _LIVE, _GUESSED = "a public client", "live traffic", "guessed"
_PURPOSE, _SIBLINGS = "guessed, its purpose too", "guessed after its siblings"

_OPERATIONS = (
    ("send", "fax-send", faxes.send, takes.Send, OBSERVED, _LIVE),
    ("resend", "fax-resend", faxes.resend, takes.WhichJob, OBSERVED, _CLIENT),
    ("forward", "fax-forward", faxes.forward, takes.Forward, ASSUMED, _GUESSED),
    ("status", "fax-status", faxes.status, takes.WhichJob, OBSERVED, _CLIENT),
    ("cancel", "fax-cancel", faxes.cancel, takes.WhichJob, ASSUMED, _GUESSED),
    ("download", "fax-download", faxes.download, takes.Download, ASSUMED, "guessed after the inbound one"),
    ("list", "fax-lists", faxes.list_sent, takes.FaxPage, OBSERVED, _CLIENT),
    ("delete", "fax-delete", faxes.delete, takes.WhichJob, ASSUMED, _GUESSED),
    ("archive", "fax-archive", faxes.archive, takes.TypedJob, ASSUMED, _PURPOSE),
    ("unarchive", "fax-unarchive", faxes.unarchive, takes.TypedJob, ASSUMED, _PURPOSE),
    ("inbound-list", "inbound/fax-list", inbound.list_one, takes.NumberPage, OBSERVED, _CLIENT),
    ("inbound-list-all", "inbound/fax-list-all", inbound.list_all, takes.FaxPage, OBSERVED, _LIVE),
    ("inbound-download", "inbound/fax-download", inbound.download, takes.DownloadReceived, OBSERVED, _LIVE),
    ("inbound-delete", "inbound/fax-delete", inbound.delete, takes.DownloadReceived, ASSUMED, _GUESSED),
    ("ocr", "fax-ocr", files.request_text, takes.Extract, ASSUMED, _GUESSED),
    ("ocr-result", "fax-ocr-result", files.read_text, takes.Extracted, ASSUMED, _GUESSED),
    ("number-list", "inbound/number-list", numbers.number_list, takes.IfaxSchema, OBSERVED, _CLIENT),
    ("country-list", "inbound/country-list", numbers.country_list, takes.IfaxSchema, ASSUMED, _SIBLINGS),
    ("area-list", "inbound/area-list", numbers.area_list, takes.OfCountry, OBSERVED, _CLIENT),
    ("numbers", "inbound/numbers", numbers.list_for_sale, takes.OfArea, OBSERVED, _CLIENT),
    ("search", "inbound/search", numbers.search, takes.Offer, OBSERVED, _CLIENT),
    ("buy", "inbound/buy", numbers.buy, takes.Buy, OBSERVED, _CLIENT),
    ("number-delete", "inbound/number-delete", numbers.number_delete, takes.NumberId, OBSERVED, _CLIENT),
    ("report", "fax-list", faxes.report, takes.Report, ASSUMED, _GUESSED),
    ("label-list", "label-list", labels.label_list, takes.IfaxSchema, ASSUMED, _GUESSED),
    ("label-assign", "label-assign", labels.assign, takes.SetLabels, ASSUMED, _GUESSED),
    ("label-remove", "label-remove", labels.remove, takes.SetLabels, ASSUMED, _GUESSED),
    ("custom-fields", "custom-fields", labels.show_fields, takes.OneFax, ASSUMED, _GUESSED),
    ("custom-fields-update", "custom-fields-update", labels.set_fields, takes.SetFields, ASSUMED, _GUESSED),
    ("label-update", "label-update", labels.update, takes.SetLabels, ASSUMED, _GUESSED),
)
"""Operation, path, view, what it takes, and how well and from where the path is known.

The vendor's document lost its paths; the operations and what they take stand in it, each in the table whose
number is the row's place here. To rename a guessed path, change it here.
"""

ENDPOINTS = tuple(
    Endpoint(
        name,
        ("POST",),
        f"/v1/customer/{path}",
        view,
        schema,
        "body",
        evidence=evidence,
        source=f"parameters documented (table {number}); path {evidence}: {found}",
    )
    for number, (name, path, view, schema, evidence, found) in enumerate(_OPERATIONS, start=1)
)
