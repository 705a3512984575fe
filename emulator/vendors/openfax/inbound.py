"""The inbound side, known from a public client: new faxes, read and unread, the account's numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Response

from emulator.core.dialect.moment import Scene
from emulator.core.faxes.fax import Arrival, Fax
from emulator.core.faxes.machine import State
from emulator.core.faxes.numbers import normalise
from emulator.core.instants import spell
from emulator.core.sandbox import Ids, Settings
from emulator.core.world import World
from emulator.vendors.dialect import RequestContext, context
from emulator.vendors.openfax import parameters
from emulator.vendors.openfax.errors import answer
from emulator.vendors.openfax.links import INBOUND, inbound_name, link
from emulator.vendors.openfax.parameters import load
from emulator.vendors.openfax.tables import MOST_ROWS, RECEIVED

UNREAD = "openfax/unread"
KIND = "inbound"


def arrive(scene: Scene, arrival: Arrival) -> Arrival:
    """Assign an inbound call its InTransID."""
    number = _base(scene.world.ids) + scene.world.next(f"openfax/{KIND}")
    return replace(arrival, vendor_id=str(number), names=(inbound_name(number),))


def _base(ids: Ids) -> int:
    """The number before the sandbox's first InTransID."""
    return ids.serial("openfax/inbound", 0, 6)


def unread(fax: Fax) -> tuple[str, ...]:
    """Name the lists of the unread faxes that a fax belongs to."""
    return (UNREAD, f"{UNREAD}/{fax.to}")


def list_new() -> Response:
    """Answer with the unread faxes and mark them read."""
    here, wanted = context(), load(parameters.NewFaxes)
    number = wanted["did"]
    name = f"{UNREAD}/{normalise(number)}" if number else UNREAD
    faxes = here.world.list(Fax, name, limit=min(wanted["limit"], MOST_ROWS), descending=False)
    shown = [_shown(here, _mark(here, fax, read=True)) for fax in faxes]
    return answer(shown or [{"Response": "NoNewFaxReceived"}])


def mark() -> Response:
    """Mark faxes read or unread."""
    here, wanted = context(), load(parameters.ReadUnread)
    # Both ends of the range belong to it (assumed).
    start = _base(here.ids)
    end = start + here.world.store.number(f"openfax/{KIND}")
    for number in range(max(wanted["first"], start + 1), min(wanted["last"], end) + 1):
        fax = here.world.find("openfax", inbound_name(number))
        if fax is not None:
            _mark(here, fax, read=wanted["flag"] == "1")
    return answer([{"Response": "Success"}])


def list_numbers() -> Response:
    """List the account's numbers."""
    settings = context().settings
    return answer([_number(settings, number) for number in settings.numbers])


def check_version() -> Response:
    """Tell a download client that no newer version of it is to be had (its keys observed)."""
    return answer({"Version": "0", "DownloadURL": ""})


def _mark(here: RequestContext, fax: Fax, *, read: bool) -> Fax:
    if fax.state is not State.arrived:
        return fax
    return here.world.amend(fax.id, folders=() if read else unread(fax))


def describe(world: World, fax: Fax) -> dict[str, Any]:
    """What is told of an inbound fax anywhere: all text but the cost (types observed, values assumed)."""
    number, call = fax.vendor_id, fax.attempt
    return {
        "InTransID": number,
        "ReceivedTime": spell(fax.finished_at or fax.created_at),
        "Status": RECEIVED,
        "SenderCallerID": fax.sender.lstrip("+"),
        "SenderCallerName": (call and call.csid) or "",
        "To": fax.to.lstrip("+"),
        "Pages": str(fax.pages_sent),
        "Cost": 0.0,
        "PDFFileName": f"{number}.pdf",
        "DocPDFSize": str(len(world.blob(fax.document) or b"")),
    }


_KEYS = (
    "InTransID", "FaxDocJpegURL", "ReceivedTime", "Status", "SenderCallerID", "SenderCallerName", "To",
    "Pages", "Cost", "FaxDocPDFURL", "PDFFileName", "DocPDFSize", "FaxDocTiffURL", "PostToS3",
    "CustomerBucketURL", "Response",
)  # fmt: skip
"""The fields of an inbound fax in their order (observed)."""


def _shown(here: RequestContext, fax: Fax) -> dict[str, Any]:
    number = fax.vendor_id
    shown = {
        **describe(here.world, fax),
        "FaxDocJpegURL": link(INBOUND, f"{number}.jpg"),
        "FaxDocPDFURL": link(INBOUND, f"{number}.pdf"),
        "FaxDocTiffURL": link(INBOUND, f"{number}.tif"),
        "PostToS3": "0",
        "CustomerBucketURL": "",
        "Response": "Success",
    }
    return {key: shown[key] for key in _KEYS}


def _number(settings: Settings, number: str) -> dict[str, Any]:
    """The fields of a number of the account's (names observed, values assumed)."""
    return {
        "DID": normalise(number).removeprefix("+1").lstrip("+"),
        "CustomerDescription": None,
        "MonthlyCharge": "0.00",
        "ToEmail": "",
        "FromEmail": "",
        "EmailNotification": "0",
        "PostToS3": "0",
        "PostBack": "1" if settings.inbound.url else "0",
        "BucketName": "",
        "PostBackURL": settings.inbound.url or "",
        "DIDType": "Fax",
        "is_deleted": "0",
        "Response": "Success",
    }
