"""A fax in mFax's words: one table of values, and the keys of each answer in their order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from emulator.core.dialect import words
from emulator.core.dialect.vendor import View
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import Direction, State
from emulator.core.faxes.outcomes import Outcome
from emulator.core.instants import iso
from emulator.vendors.mfax import labels, people
from emulator.vendors.mfax.recipients import national
from emulator.vendors.mfax.tables import CONNECT_FAILED, OUTCOME_CODES, REDIALLED, TEXTS, WORDS
from emulator.vendors.mfax.tenant import Tenant

DEVICE = {"deviceCode": "210000000000", "name": "FaxBridge", "isActive": True}
"""The FaxBridge device of the reference's samples, shown with the profile switch `faxbridge`."""

V34_ABOVE = 14_400
ECM_BYTES = 256
"""The frame of error correction, as the reference's samples have it."""


def words_of(fax: Fax) -> Mapping[State, str]:
    """Give the status words of the states that the fax has before it: those of a redial after a call."""
    return REDIALLED if fax.attempts else WORDS


def status_of(fax: Fax) -> str:
    """Give the status word."""
    return words_of(fax)[fax.state]


def code_of(fax: Fax) -> str | None:
    """Give the result code of an ended fax: a scenario's own, else by outcome; None when it has none."""
    if not fax.final or fax.state is State.cancelled:
        return None
    return words.code_of(fax, TEXTS, OUTCOME_CODES, CONNECT_FAILED)


def view(fax: Fax) -> View:
    """Show the fax's messageId, status, resultCode and resultInfo."""
    code = code_of(fax)
    return View(fax.vendor_id, status_of(fax), code, None if code is None else TEXTS.get(code, ""))


Value = Callable[[Tenant, Fax], Any]


def _resolved(value: Callable[[Fax], Any]) -> Value:
    """Show a value of the call once the fax has come to its end by itself."""
    return lambda tenant, fax: value(fax) if code_of(fax) is not None else None


def _of_call(value: Callable[[Any], Any]) -> Value:
    return _resolved(lambda fax: value(fax.attempt) if fax.attempt else None)


def _capability(value: Callable[[Any], Any], cancelled: Any) -> Value:
    """Show a value of the call; of a cancelled fax the reference's sample shows one without a call."""
    shown = _of_call(value)
    return lambda tenant, fax: cancelled if fax.state is State.cancelled else shown(tenant, fax)


def _detail(name: str) -> Value:
    return lambda tenant, fax: fax.details.get(name)


def _fixed(value: Any) -> Value:
    return lambda tenant, fax: value


def _result(tenant: Tenant, fax: Fax) -> tuple[str | None, str | None]:
    if (code := code_of(fax)) is not None:
        # Observed: of a fax that has arrived the text is empty.
        return code, "" if fax.state is State.arrived else TEXTS.get(code, "")
    return ("0", "OK") if not fax.final and tenant.switch("fresh_result") else (None, None)


def _error_info(fax: Fax) -> str:
    return "" if code_of(fax) == "0" else (fax.outcome or Outcome.line_error).value.replace("_", " ")


def _caller_id(tenant: Tenant, fax: Fax) -> Any:
    inbound = fax.direction is Direction.inbound
    return national(fax.sender) if inbound else fax.details["callerId"]


def _csid(tenant: Tenant, fax: Fax) -> str | None:
    return _remote_csid(tenant, fax) if fax.direction is Direction.inbound else "mFax"


def _receiver_csid(tenant: Tenant, fax: Fax) -> str | None:
    return "mFax" if fax.direction is Direction.inbound else _remote_csid(tenant, fax)


def _remote_csid(tenant: Tenant, fax: Fax) -> str | None:
    return fax.attempt.csid if fax.attempt else None


def _device(value: Any) -> Value:
    return lambda tenant, fax: value if tenant.switch("faxbridge") else None


def _users(tenant: Tenant, fax: Fax) -> list[dict[str, Any]]:
    known = (people.find_user(tenant, uuid) for uuid in fax.details["users"])
    return [_user(user) for user in known if user is not None]


def _user(user: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "avatarPath": None,
        "userId": user["uuid"],
        "uuid": user["uuid"],
        "email": user["email"],
        "firstName": user["firstName"],
        "lastName": user["lastName"],
        "accountId": user["accountId"],
        "avatar": None,
        "UserFax": {"viewStatus": True, "downloadStatus": False},
    }


def _users_in_short(tenant: Tenant, fax: Fax) -> list[dict[str, Any]]:
    return [
        {name: user[name] for name in ("userId", "firstName", "lastName", "email")}
        for user in _users(tenant, fax)
    ]


def _account(tenant: Tenant, fax: Fax) -> dict[str, Any]:
    return people.account(tenant, fax.details["account"])


def _company(tenant: Tenant, fax: Fax) -> dict[str, Any]:
    account = _account(tenant, fax)
    return {
        "uuid": account["uuid"],
        "supportCode": account["accountNumber"],
        "companyName": account["accountName"],
    }


VALUES: Mapping[str, Value] = {
    "messageId": lambda tenant, fax: fax.vendor_id,
    "accountId": _detail("account"),
    "status": lambda tenant, fax: status_of(fax),
    "processingStatusName": lambda tenant, fax: status_of(fax),
    "direction": lambda tenant, fax: fax.direction.value,
    "classificationLabel": lambda tenant, fax: fax.direction.value,
    "channelType": lambda tenant, fax: "api" if fax.direction is Direction.outbound else "web",
    "faxNumber": lambda tenant, fax: fax.to,
    "faxCallerId": _caller_id,
    "faxCsid": _csid,
    "faxReceiverCsid": _receiver_csid,
    "pagesCount": lambda tenant, fax: fax.pages,
    "pagesComplete": lambda tenant, fax: None if fax.state is State.cancelled else fax.pages_sent,
    "duration": _resolved(lambda fax: round(fax.seconds_connected * 1000)),
    "deliveryId": _resolved(lambda fax: fax.details["deliveryId"]),
    "messageNumber": _resolved(lambda fax: fax.details["messageNumber"]),
    "watermark": _resolved(lambda fax: fax.details["watermark"]),
    "faxECM": _capability(lambda call: ECM_BYTES if call.ecm else 0, ECM_BYTES),
    "faxSpeed": _of_call(lambda call: call.speed or 0),
    "faxDetected": _capability(lambda call: call.speed is not None, True),
    "faxProtocol": _of_call(lambda call: 34 if (call.speed or 0) > V34_ABOVE else 17 if call.speed else 0),
    "faxAttempt": _resolved(lambda fax: len(fax.attempts)),
    "resultCode": lambda tenant, fax: _result(tenant, fax)[0],
    "resultInfo": lambda tenant, fax: _result(tenant, fax)[1],
    "errorCode": _resolved(code_of),
    "errorInfo": _resolved(_error_info),
    "isArchived": lambda tenant, fax: bool(fax.details.get("isArchived")),
    "isFilePurged": lambda tenant, fax: bool(fax.details.get("isFilePurged")),
    "isRead": lambda tenant, fax: bool(fax.details.get("isRead")),
    "createdAt": lambda tenant, fax: iso(fax.created_at),
    "readyAt": lambda tenant, fax: iso(fax.finished_at),
    "resolvedDate": _resolved(lambda fax: iso(fax.finished_at)),
    "deletedAt": lambda tenant, fax: iso(fax.details.get("deletedAt")),
    "country": _detail("country"),
    "recipientName": _detail("recipientName"),
    "subject": _detail("subject"),
    "deviceId": _detail("deviceId"),
    "device": _fixed(None),
    "faxbridgeId": _device(int(str(DEVICE["deviceCode"]))),
    "faxbridge_id": _fixed(None),
    "faxbridge": _device(DEVICE),
    "users": _users,
    "account": _account,
    "tags": lambda tenant, fax: labels.all_shown(labels.tags(tenant), fax.details["tags"]),
    "contacts": lambda tenant, fax: labels.all_shown(labels.contacts(tenant), fax.details["contacts"]),
    "cf": lambda tenant, fax: fax.details["cf"],
    "customFields": lambda tenant, fax: fax.details["cf"],
}
"""Every key that an answer may have. Units and nulls follow the reference's samples; faxProtocol is the modem
recommendation, V.34 or V.17, and duration milliseconds (inferred from the samples)."""

NOBODY: Mapping[str, Value] = {"users": _fixed([])}
UNFILLED: Mapping[str, Value] = {**NOBODY, "tags": _fixed([]), "contacts": _fixed([])}
IN_SHORT: Mapping[str, Value] = {"users": _users_in_short, "account": _company}


def show(
    tenant: Tenant, fax: Fax, keys: Sequence[str], values: Mapping[str, Value] | None = None
) -> dict[str, Any]:
    """Give the fax with these keys; `values` replace those of the table."""
    table = {**VALUES, **(values or {})}
    return {key: table[key](tenant, fax) for key in keys}
