"""Faxes that have arrived: their lists, their callback's id, the files behind them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import quote

from flask import Response, request

from emulator.core.dialect.moment import Moment, Scene
from emulator.core.faxes.fax import Arrival, Fax
from emulator.core.faxes.machine import State
from emulator.vendors.dialect import RequestContext, concerns, context
from emulator.vendors.faxto.errors import FaxtoError, found, success
from emulator.vendors.faxto.files import picture
from emulator.vendors.faxto.numbers import number_id
from emulator.vendors.faxto.parameters import RowsAsked
from emulator.vendors.faxto.words import php_instant

GROUP = "faxto/inbox"


def arrive(scene: Scene, arrival: Arrival) -> Arrival:
    """Assign an inbound call its id and uuid."""
    ids, number = scene.world.ids, scene.world.next("faxto/inbound")
    inbound_id = ids.serial("faxto/inbound", number, 5)
    details = {**arrival.details, "uuid": ids.uuid("faxto/inbound", number)}
    return replace(arrival, vendor_id=str(inbound_id), names=(_name(inbound_id),), details=details)


def _name(inbound_id: int | str) -> str:
    """Name an inbound fax among the vendor's ids, apart from the outbound ones."""
    return f"inbox/{inbound_id}"


def amend(moment: Moment) -> Fax:
    """Put a fax that has arrived into the inbox, and that of its recipient."""
    fax = moment.fax
    if fax.state is not State.arrived:
        return fax
    return fax.evolve(folders=(GROUP, f"{GROUP}/{fax.to.lstrip('+')}"))


def list_arrived(recipient: str | None = None) -> Response:
    """List the faxes that have arrived."""
    here, page = context(), RowsAsked.read()
    # A recipient is digits; a plus before them is borne.
    name = GROUP if recipient is None else f"{GROUP}/{recipient.strip().lstrip('+')}"
    faxes = here.world.list(Fax, name, offset=page.offset, limit=page.limit)
    meta = page.meta(here.world.store.count(name), len(faxes))
    return success(inbox=[_shown(here, fax) for fax in faxes], meta=meta)


def _shown(here: RequestContext, fax: Fax) -> dict[str, Any]:
    content = here.world.blob(fax.document) or b""
    return {
        "id": int(fax.vendor_id),
        "did_id": number_id(here.ids, fax.to),
        "filename": f"{fax.details['uuid']}.pdf",
        "filesize": f"{len(content) / 1024:.2f} KB",
        "number": fax.to,
        "sender": fax.sender.lstrip("+"),
        "total_pages": fax.pages_sent,
        "created_at": php_instant(fax.created_at),
        "preview_file": _link(here, fax, "preview"),
        "file_url": _link(here, fax, "file"),
    }


def _link(here: RequestContext, fax: Fax, what: str) -> str:
    """The documented link, which carries the account's key."""
    key = quote(here.sandbox.credentials["faxto"]["api_key"], safe="@")
    return f"{request.url_root}receivefax/api/v1/inbox/{fax.vendor_id}/{what}?api_key={key}"


def serve(inbound_id: str) -> Response:
    """Serve a fax that has arrived."""
    return Response(_content(inbound_id), mimetype="application/pdf")


def serve_preview(inbound_id: str) -> Response:
    """Serve a picture of its first page."""
    return picture(_content(inbound_id))


def _content(inbound_id: str) -> bytes:
    here = context()
    fax = here.world.find("faxto", _name(inbound_id))
    if fax is None or fax.state is not State.arrived:
        raise FaxtoError(404)
    concerns(fax.id)
    return found(here.world.blob(fax.document))
