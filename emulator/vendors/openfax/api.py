"""Openfax's endpoints: parameters from query or form, by GET or POST; business errors come with HTTP 200."""

from __future__ import annotations

from typing import Any

from flask import Response, json, request

from emulator.core.dialect.endpoint import Endpoint
from emulator.core.dialect.voice import Voice
from emulator.core.dialect.words import ASSUMED, DOCUMENTED, OBSERVED
from emulator.core.faxes.plan import HttpFault
from emulator.vendors.dialect import Call, call, concerns, enter
from emulator.vendors.openfax import history, inbound, links, schemas
from emulator.vendors.openfax.schemas import OpenfaxError, load
from emulator.vendors.openfax.send import submit
from emulator.vendors.openfax.tables import MOST_ROWS, REFUSALS, RESPONSES
from emulator.vendors.openfax.view import row


def authenticate() -> Response | None:
    """Find the sandbox of the account's number and key."""
    if request.routing_exception is not None or request.endpoint == "document":
        return None
    given = parameters()
    if not (given.get("AccountID") and given.get("APIKey")) and request.endpoint in INBOUND:
        return failure("InvalidMissingValue")
    if enter(f"{given.get('AccountID')}/{given.get('APIKey')}") is None:
        return failure("InvalidAuthentication")
    return None


def parameters() -> dict[str, str]:
    """Give what the call carries: form over query, the last of equal names, as PHP does."""
    lists = (*request.args.lists(), *request.form.lists())
    return {name: values[-1] for name, values in lists}


def answer(body: Any, status: int = 200) -> Response:
    """Make a JSON answer, compact as in the samples; the content type is documented nowhere (assumed)."""
    return Response(json.dumps(body, separators=(",", ":")), status, mimetype="application/json")


def failure(word: str, status: int | None = 200) -> Response:
    """Say an error: an object where a fax is sent, else an array of one (observed on the inbound side)."""
    body = {"Response": word}
    return answer([body] if request.endpoint in LISTS else body, status or 500)


def _refused(fault: HttpFault) -> Response:
    if fault.code in RESPONSES:
        return failure(fault.code)
    return failure(*REFUSALS[fault.refusal or "server_error"])


VOICE = Voice(
    lambda error: failure("Failed", error.code),
    _refused,
    lambda: failure("Failed", 503),
    {OpenfaxError: lambda error: failure(error.word)},
)


def send() -> Response:
    here = call()
    if not here.settings.active or here.world.balance("openfax") <= 0:
        raise OpenfaxError("AccountInactive")
    fax = submit(here, load(schemas.Send, parameters()))
    concerns(fax.id)
    return answer({"Response": "Success", "OutTransID": int(fax.vendor_id)})


def balance() -> Response:
    here = call()
    micros = here.world.balance("openfax")
    return answer([{"AvailableCredit": here.settings.amount(micros)}])


def outbound_details() -> Response:
    here, wanted = call(), load(schemas.History, parameters())
    base = here.ids.serial("openfax/history", 0, 6)
    query = history.Query(
        wanted["from_date"],
        wanted["to_date"],
        max(0, wanted["after"] - base),
        min(wanted["limit"], MOST_ROWS),
        wanted["detail"] == "0",
    )
    return answer([row(here, record, base) for record in _read(here, query)])


def _read(here: Call, query: history.Query) -> list[history.CallRecord]:
    found = history.page(here.world.store, query)
    waiting = {record.fax.id: record.fax for record in found if record.fax.awaited_polls is not None}
    for fax in waiting.values():
        here.world.polled(fax)
    return history.page(here.world.store, query) if waiting else found


def new_faxes() -> Response:
    wanted = load(schemas.NewFaxes, parameters())
    found = inbound.take_new(call(), min(wanted["limit"], MOST_ROWS), wanted["did"])
    return answer(found or [{"Response": "NoNewFaxReceived"}])


def read_unread() -> Response:
    wanted = load(schemas.ReadUnread, parameters())
    inbound.mark_range(call(), wanted["first"], wanted["last"], read=wanted["flag"] == "1")
    return answer([{"Response": "Success"}])


def numbers() -> Response:
    settings = call().settings
    return answer([inbound.did(settings, number) for number in settings.numbers])


_BOTH = ("GET", "POST")
_CLIENT = "a public download client"


def _row(
    name: str, path: str, view: Any, schema: type[schemas.Parameters], source: str, summary: str
) -> Endpoint:
    evidence = OBSERVED if source == _CLIENT else DOCUMENTED
    return Endpoint(
        name, _BOTH, path, view, schema, "form", evidence=evidence, source=source, summary=summary
    )


ENDPOINTS = (
    _row(
        "send",
        "/faxSendSubmit.php",
        send,
        schemas.Send,
        "reference, Send a Single Fax",
        "Send one PDF to one number.",
    ),
    _row(
        "balance",
        "/getAvailableCredit.php",
        balance,
        schemas.Account,
        "reference, Account Balance",
        "Tell the credit.",
    ),
    _row(
        "history",
        "/outboundDetailsbyDate.php",
        outbound_details,
        schemas.History,
        "reference, Single Fax Outbound By Date",
        "List calls by date.",
    ),
    _row(
        "new_faxes",
        "/getNewFax.php",
        new_faxes,
        schemas.NewFaxes,
        _CLIENT,
        "Give the unread faxes and mark them read.",
    ),
    _row(
        "read_unread",
        "/inboundReadUnread.php",
        read_unread,
        schemas.ReadUnread,
        _CLIENT,
        "Mark faxes read or unread.",
    ),
    _row("numbers", "/getAccountDIDS.php", numbers, schemas.Account, _CLIENT, "List the account's numbers."),
    Endpoint(
        "document",
        ("GET",),
        "/documents/<folder>/<token>/<file>",
        links.serve,
        statuses=(200, 404),
        evidence=ASSUMED,
        source="where FaxDocURL and the inbound links lead",
        summary="Serve a fax as its receiver sees it.",
    ),
)

INBOUND = frozenset({"new_faxes", "read_unread", "numbers"})
LISTS = INBOUND | {"balance", "history"}
