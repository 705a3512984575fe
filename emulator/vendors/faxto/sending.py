"""Sending, costs, status and history."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from emulator.core.dialect.vendor import Moment
from emulator.core.errors import LimitReached
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import Direction
from emulator.core.faxes.submission import Submission
from emulator.core.item import Record
from emulator.vendors.dialect import Call, call, concerns
from emulator.vendors.faxto import files, parameters, schemas
from emulator.vendors.faxto.errors import FaxtoError, answer, not_found, refusal
from emulator.vendors.faxto.parameters import load
from emulator.vendors.faxto.tables import OWN_NUMBER, STATION_ID
from emulator.vendors.faxto.wording import message_of, money, php_instant, state_of

SENDING = frozenset({"fax_number", "document_id"})


def charge(moment: Moment) -> int:
    """Give the price of a fax, in micros: it is paid for when it is accepted, and not paid back (assumed)."""
    accepted = moment.before is None and moment.fax.direction is Direction.outbound
    return moment.settings.rates.page * moment.fax.pages if accepted else 0


def send() -> Response:
    here, wanted = call(), load(schemas.Send)
    to = wanted["fax_number"]
    if here.settings.restricts(to):
        raise refusal("restricted")
    document = _document(here, wanted)
    fax = _submit(here, to, _sender(here, wanted["tsi_number"]), document)
    concerns(fax.id)
    if wanted["delete_file"]:
        files.delete_after(here, document, fax)
    return answer(
        {
            "status": "executed",
            "fax_job_id": int(fax.vendor_id),
            "user_cash_balance": _balance(here),
            "cost": money(fax.charged),
        }
    )


def _document(here: Call, wanted: dict[str, Any]) -> Record:
    """Find the document to send, or take one that comes along; a wrong number is a bad request here."""
    if (file := request.files.get("file")) is not None and (content := file.read()):
        return files.add(here, content, file.filename or "")
    if "document_id" not in wanted:
        raise FaxtoError(400, schemas.NO_DOCUMENT)
    try:
        return files.get(here, wanted["document_id"])
    except FaxtoError:
        raise FaxtoError(400, "The document_id is not known") from None


def _sender(here: Call, station_id: str) -> str:
    """Give whom the fax comes from: the station id asked for, else the account's first number."""
    numbers = here.settings.numbers
    return station_id.strip()[:STATION_ID].rstrip() or (numbers[0] if numbers else OWN_NUMBER)


def _submit(here: Call, to: str, sender: str, document: Record) -> Fax:
    data = document.data
    try:
        return here.world.submit(
            Submission(
                vendor="faxto",
                to=to,
                sender=sender,
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
        raise refusal("no_credit") from None


def _balance(here: Call) -> float:
    return here.settings.amount(here.world.balance("faxto"))


def send_or_history() -> Response:
    """Answer GET /fax, which is two things: with a number or a document it sends, else it lists."""
    return send() if SENDING & parameters.parameters().keys() else history()


def cost(document_id: str) -> Response:
    load(schemas.Cost)
    here = call()
    document = files.get(here, schemas.number_in_path(document_id))
    return answer({"status": "success", "cost": money(here.settings.rates.page * document.data["pages"])})


def status(fax_job_id: str) -> Response:
    here = call()
    fax = here.world.find("faxto", schemas.number_in_path(fax_job_id))
    if fax is None:
        raise not_found()
    concerns(fax.id)
    fax = here.world.polled(fax)
    body = {"status": state_of(fax), "message": message_of(fax), "user_cash_balance": _balance(here)}
    return answer(body)


def history() -> Response:
    here, page = call(), parameters.page(parameters.MOST)
    name = f"faxto/{Direction.outbound}"
    faxes = here.world.list(Fax, name, offset=page.offset, limit=page.limit)
    return answer({"status": "success", "history": [_job(fax) for fax in faxes]})


def _job(fax: Fax) -> dict[str, Any]:
    return {
        "id": int(fax.vendor_id),
        "created": php_instant(fax.created_at),
        "document_id": fax.details["document_id"],
        "document": fax.details["document"],
        "recipient": fax.to.lstrip("+"),
        "status": state_of(fax),
    }


def balance() -> Response:
    return answer({"status": "success", "balance": _balance(call())})
