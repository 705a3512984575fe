"""Received faxes: how they arrive, their lists, download and delete."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Response

from emulator.core.dialect.moment import Scene
from emulator.core.faxes.fax import Arrival, Fax
from emulator.core.faxes.machine import Direction
from emulator.vendors.dialect import RequestContext, context
from emulator.vendors.ifax import files, parameters
from emulator.vendors.ifax.errors import IfaxError, success
from emulator.vendors.ifax.folders import RECEIVED, find_fax, list_faxes
from emulator.vendors.ifax.numbers import find_owned
from emulator.vendors.ifax.words import RECEIVED_ROWS, is_live


def arrive(scene: Scene, arrival: Arrival) -> Arrival:
    """Assign a call that comes in its jobId (7 digits) and transactionId (8; observed)."""
    world, ids = scene.world, scene.world.ids
    number = world.next("ifax/inbound")
    job, fax_id = ids.serial("inbound", number, 7), ids.serial("fax/IB", number, 9)
    details = {"faxId": fax_id, "transactionId": ids.serial("transaction", number, 8)}
    names = (str(job), f"IB/{fax_id}")
    return replace(arrival, vendor_id=str(job), names=names, details={**arrival.details, **details})


def list_one() -> Response:
    """List the faxes that one number received (`inbound/fax-list`)."""
    here, wanted = context(), parameters.load(parameters.NumberPage)
    number = find_owned(here, wanted).number
    return list_faxes(here, f"{RECEIVED}/{number}", wanted, RECEIVED_ROWS)


def list_all() -> Response:
    """List all received faxes (`inbound/fax-list-all`); an empty list ends the paging (observed)."""
    return list_faxes(context(), RECEIVED, parameters.load(parameters.FaxPage), RECEIVED_ROWS)


def download() -> Response:
    """Answer with a received fax's PDF in base64, whole or by chunk (`inbound/fax-download`)."""
    here, wanted = context(), parameters.load(parameters.DownloadReceived)
    return files.download(here, _received(here, wanted), wanted, missing=-1011)


def delete() -> Response:
    """Delete a received fax (`inbound/fax-delete`)."""
    here = context()
    fax = _received(here, parameters.load(parameters.DownloadReceived))
    here.world.amend(fax.id, hidden=True, folders=())
    return success(12037)


def _received(here: RequestContext, wanted: Mapping[str, Any]) -> Fax:
    """Find a received fax by both its ids; raise IfaxError 12021, live 120033, when there is none."""
    missing = 120033 if is_live(here.settings) else 12021
    fax = find_fax(here, wanted["job"], Direction.inbound, missing=missing)
    if str(fax.details["transactionId"]) != wanted["transaction"]:
        raise IfaxError(missing)
    return fax
