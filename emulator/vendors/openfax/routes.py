"""Openfax's routes. Parameters come in query or form, by GET or POST."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response
from marshmallow import Schema

from emulator.core.dialect.vendor import Endpoint
from emulator.core.dialect.words import ASSUMED, DOCUMENTED, OBSERVED, Evidence
from emulator.vendors.openfax import account, faxes, inbound, links, parameters


def _route(
    name: str, path: str, view: Callable[[], Response], schema: type[Schema], evidence: Evidence, source: str
) -> Endpoint:
    return Endpoint(name, ("GET", "POST"), path, view, schema, "form", (200,), evidence, source)


_SEND, _BALANCE = "reference, Send a Single Fax", "reference, Account Balance"
_REPORT, _CLIENT = "reference, Single Fax Outbound By Date", "a public download client"

ENDPOINTS = (
    _route("send", "/faxSendSubmit.php", faxes.send, parameters.Send, DOCUMENTED, _SEND),
    _route("balance", "/getAvailableCredit.php", account.balance, parameters.Keyed, DOCUMENTED, _BALANCE),
    _route(
        "history", "/outboundDetailsbyDate.php", faxes.list_by_date, parameters.History, DOCUMENTED, _REPORT
    ),
    _route("new_faxes", "/getNewFax.php", inbound.list_new, parameters.NewFaxes, OBSERVED, _CLIENT),
    _route("read_unread", "/inboundReadUnread.php", inbound.mark, parameters.ReadUnread, OBSERVED, _CLIENT),
    _route("numbers", "/getAccountDIDS.php", inbound.list_numbers, parameters.Keyed, OBSERVED, _CLIENT),
    Endpoint(
        "version",
        ("GET",),
        "/checkVersion.php",
        inbound.check_version,
        evidence=OBSERVED,
        source=f"{_CLIENT}; the values are assumed",
    ),
    Endpoint(
        "document",
        ("GET",),
        "/documents/<folder>/<token>/<file>",
        links.serve,
        statuses=(200, 404),
        evidence=ASSUMED,
        open=True,
        serves=tuple(media for media, _ in links.DRAWINGS.values()),
        source="where FaxDocURL and the inbound links lead",
    ),
)
