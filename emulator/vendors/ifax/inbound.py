"""Received faxes: how they arrive, their lists, download and delete."""

from __future__ import annotations

from dataclasses import replace

from flask import Response

from emulator.core.dialect.vendor import Moment
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import Direction, State
from emulator.core.faxes.submission import Arrival
from emulator.vendors.dialect import call
from emulator.vendors.ifax.answers import done, success
from emulator.vendors.ifax.body import body
from emulator.vendors.ifax.codes import TEXTS
from emulator.vendors.ifax.download import download_of
from emulator.vendors.ifax.listing import Window, rows
from emulator.vendors.ifax.owned import find_owned
from emulator.vendors.ifax.schemas import NumberPageSchema, PageSchema, ReceivedSchema, load
from emulator.vendors.ifax.store import FOLDERS, inbound, received_by
from emulator.vendors.ifax.view import received

_page, _number_page, _received = PageSchema(), NumberPageSchema(), ReceivedSchema()


def arrive(moment: Moment, arrival: Arrival) -> Arrival:
    """Give a call that comes in its jobId (7 digits) and transactionId (8; observed)."""
    world, ids = moment.world, moment.world.ids
    number = world.next("ifax/inbound")
    job, fax_id = ids.serial("inbound", number, 7), ids.serial("fax/IB", number, 9)
    details = {"faxId": fax_id, "transactionId": ids.serial("transaction", number, 8)}
    names = (str(job), f"IB/{fax_id}")
    return replace(arrival, vendor_id=str(job), names=names, details={**arrival.details, **details})


def amend(moment: Moment) -> Fax:
    """Show a received fax in the lists once it has arrived; a call that failed never shows."""
    fax = moment.fax
    return fax.evolve(folders=FOLDERS[Direction.inbound](fax)) if fax.state is State.arrived else fax


def list_one() -> Response:
    """List the faxes that one number received (`inbound/fax-list`)."""
    here, wanted = call(), load(_number_page, body())
    number = find_owned(here, wanted["number"], wanted["order_id"])
    return success(TEXTS[12106], rows(here, received_by(number.number), Window.of(wanted), received))


def list_all() -> Response:
    """List all received faxes (`inbound/fax-list-all`); an empty list ends the paging (observed)."""
    return success(TEXTS[12106], rows(call(), "ifax/received", Window.of(load(_page, body())), received))


def download() -> Response:
    """Give a received fax's PDF in base64, whole or by chunk (`inbound/fax-download`)."""
    here, wanted = call(), load(_received, body())
    return download_of(here, inbound(here, wanted["job"], wanted["transaction"]), wanted, missing=-1011)


def delete() -> Response:
    """Delete a received fax (`inbound/fax-delete`)."""
    here, wanted = call(), load(_received, body())
    fax = inbound(here, wanted["job"], wanted["transaction"])
    here.world.amend(fax.id, hidden=True, folders=())
    return done(12037)
