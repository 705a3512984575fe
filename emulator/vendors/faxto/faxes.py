"""Faxes that are sent: one is sent, its status read, all are listed; what they cost."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from emulator.core.dialect.moment import Moment
from emulator.core.errors import LimitReached
from emulator.core.faxes.fax import Fax, Submission
from emulator.core.faxes.machine import Direction
from emulator.core.item import Record
from emulator.core.sandbox import MICROS
from emulator.vendors.dialect import RequestContext, concerns, context
from emulator.vendors.faxto import files, parameters
from emulator.vendors.faxto.errors import FaxtoError, answer, found, success
from emulator.vendors.faxto.parameters import RowsAsked, load, number_in_path, read_given
from emulator.vendors.faxto.tables import MOST_ROWS, OWN_NUMBER, REFUSALS, STATION_ID
from emulator.vendors.faxto.words import message_of, php_instant, state_of


def charge(moment: Moment) -> int:
    """Price a fax, in micros: it is paid for when it is accepted, and not paid back (assumed)."""
    accepted = moment.before is None and moment.fax.direction is Direction.outbound
    return moment.settings.rates.page * moment.fax.pages if accepted else 0


def send() -> Response:
    """Send a document to a number."""
    here, wanted = context(), load(parameters.Send)
    if here.settings.restricts(wanted["fax_number"]):
        raise FaxtoError(*REFUSALS["restricted"])
    document = _document(here, wanted)
    fax = _submit(here, wanted, document)
    concerns(fax.id)
    if wanted["delete_file"]:
        files.change(here, document, leaves_with=fax.id)
    return answer(
        {
            "status": "executed",
            "fax_job_id": int(fax.vendor_id),
            "user_cash_balance": _balance(here),
            "cost": fax.charged / MICROS,
        }
    )


def _document(here: RequestContext, wanted: dict[str, Any]) -> Record:
    """Find the document to send, or take one that comes along; a wrong number is a bad request here."""
    if (file := request.files.get("file")) is not None and (content := file.read()):
        return files.add(here, content, file.filename or "", file.mimetype)
    if "document_id" not in wanted:
        raise FaxtoError(400, "The document_id or a file is required")
    try:
        return files.find(here, wanted["document_id"])
    except FaxtoError:
        raise FaxtoError(400, "The document_id is not known") from None


def _submit(here: RequestContext, wanted: dict[str, Any], document: Record) -> Fax:
    """Send as the station that is asked for, else as the account's first number."""
    data, numbers = document.data, here.settings.numbers
    station = wanted["tsi_number"].strip()[:STATION_ID].rstrip()
    try:
        return here.world.submit(
            Submission(
                vendor="faxto",
                to=wanted["fax_number"],
                sender=station or (numbers[0] if numbers else OWN_NUMBER),
                vendor_id=str(here.ids.serial("faxto/job", here.next("job"), 6)),
                document=data["digest"],
                document_name=data["name"],
                pages=data["pages"],
                problem=data["problem"],
                resolution="fine",
                details={"document_id": data["id"], "document": data["name"]},
            ),
        )
    except LimitReached:
        raise FaxtoError(*REFUSALS["no_credit"]) from None


def _balance(here: RequestContext) -> float:
    return here.settings.amount(here.world.balance("faxto"))


def send_or_list() -> Response:
    """Send, or list the fax jobs when no number and no document is named."""
    return send() if read_given().keys() & {"fax_number", "document_id"} else list_jobs()


def tell_cost(document_id: str) -> Response:
    """Tell what sending a document would cost."""
    load(parameters.Cost)
    here = context()
    document = files.find(here, number_in_path(document_id))
    return success(cost=here.settings.rates.page * document.data["pages"] / MICROS)


def tell_status(fax_job_id: str) -> Response:
    """Tell how a fax job stands."""
    here = context()
    fax = found(here.world.find("faxto", number_in_path(fax_job_id)))
    concerns(fax.id)
    fax = here.world.count_poll(fax)
    body = {"status": state_of(fax), "message": message_of(fax), "user_cash_balance": _balance(here)}
    return answer(body)


def list_jobs() -> Response:
    """List the fax jobs, newest first."""
    page = RowsAsked.read(MOST_ROWS)
    faxes = context().world.list(Fax, f"faxto/{Direction.outbound}", offset=page.offset, limit=page.limit)
    return success(history=[_job(fax) for fax in faxes])


def _job(fax: Fax) -> dict[str, Any]:
    return {
        "id": int(fax.vendor_id),
        "created": php_instant(fax.created_at),
        "document_id": fax.details["document_id"],
        "document": fax.details["document"],
        "recipient": fax.to.lstrip("+"),
        "status": state_of(fax),
    }


def tell_balance() -> Response:
    """Tell the balance."""
    return success(balance=_balance(context()))
