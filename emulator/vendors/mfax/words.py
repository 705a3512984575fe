"""A fax in mFax's words: one table of values, and the keys of each answer in their order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from emulator.core.dialect.moment import Moment
from emulator.core.dialect.vendor import ABSENT, View
from emulator.core.dialect.words import code_of
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import Direction, State
from emulator.core.faxes.outcomes import Outcome
from emulator.core.instants import iso
from emulator.core.sandbox import Settings
from emulator.core.world import World
from emulator.vendors.mfax.account import (
    CONTACTS,
    TAGS,
    ObjectKind,
    find_users,
    national,
    show_account,
    show_times,
    switch,
)
from emulator.vendors.mfax.errors import not_found
from emulator.vendors.mfax.tables import CONNECT_FAILED, RESULT_OF, RESULTS, STATE_OF, TRANSMITTING

DEVICE = {"deviceCode": "210000000000", "name": "FaxBridge", "isActive": True}
"""The FaxBridge device of the reference's samples, shown with the profile switch `faxbridge`."""

ANY = "all"
"""Every direction, or every status, of the history."""
V34_ABOVE = 14_400
ECM_BYTES = 256
"""The frame of error correction, as the reference's samples have it."""


@dataclass(frozen=True)
class Shown:
    """A fax that is being shown, and the result code that it has come to by itself, None when it has none."""

    world: World
    settings: Settings
    fax: Fax
    code: str | None


Value = Callable[[Shown], Any]


def extended_status_of(fax: Fax) -> str:
    """The status word of the extended webhook, which knows when the fax server has taken over."""
    called = fax.attempts and fax.state is not State.ringing and not fax.final
    return TRANSMITTING if called else STATE_OF[fax.state]


def status_of(fax: Fax) -> str:
    """The status word of all else."""
    return extended_status_of(fax) if fax.details.get("transmitting_word") else STATE_OF[fax.state]


def amend(moment: Moment) -> Fax:
    """Put a fax into the lists that the history reads: by account, direction and status, and by user."""
    fax = moment.fax
    details, directions, words = fax.details, (ANY, fax.direction.value), (ANY, status_of(fax))
    folders = (folder_of(details["account"], each, word) for word in words for each in directions)
    return fax.evolve(folders=(*folders, *map(user_folder, details["users"])))


def folder_of(account: str, direction: str, word: str) -> str:
    """Name the list of an account's faxes of a direction and a status word, or of ANY."""
    return f"mfax/{account}/{direction}/{word}"


def user_folder(user: str) -> str:
    """Name the list of a user's faxes."""
    return f"mfax/user/{user}"


def result_of(fax: Fax) -> str | None:
    """The result code of a fax that has ended by itself: a scenario's own, else by outcome."""
    if not fax.final or fax.state is State.cancelled:
        return None
    return code_of(fax, RESULTS, RESULT_OF, CONNECT_FAILED)


def view(moment: Moment) -> View:
    """Show the fax's messageId, status, resultCode and resultInfo."""
    fax = moment.fax
    code, text = _result(Shown(moment.world, moment.settings, fax, result_of(fax)))
    return View(fax.vendor_id, status_of(fax), code, text)


def absence(fax: Fax) -> View | None:
    """Show no fax that was deleted."""
    missing = not_found("Fax")
    return View(fax.vendor_id, ABSENT, missing.name, missing.message) if fax.hidden else None


def _resolved(value: Callable[[Fax], Any]) -> Value:
    """Show a value once the fax has come to its end by itself."""
    return lambda shown: value(shown.fax) if shown.code is not None else None


def _of_call(value: Callable[[Any], Any], cancelled: Any = None) -> Value:
    """Show a value of the call; of a cancelled fax the reference's sample shows one without a call."""
    resolved = _resolved(lambda fax: value(fax.attempt) if fax.attempt else None)
    return lambda shown: cancelled if shown.fax.state is State.cancelled else resolved(shown)


def _of_fax(value: Callable[[Fax], Any]) -> Value:
    return lambda shown: value(shown.fax)


def _detail(name: str) -> Value:
    return lambda shown: shown.fax.details.get(name)


def _flag(name: str) -> Value:
    return lambda shown: bool(shown.fax.details.get(name))


def _fixed(value: Any) -> Value:
    return lambda shown: value


def _device(value: Any) -> Value:
    return lambda shown: value if switch(shown.settings, "faxbridge") else None


def _by_direction(outbound: Callable[[Fax], Any], inbound: Callable[[Fax], Any]) -> Value:
    return lambda shown: (inbound if shown.fax.direction is Direction.inbound else outbound)(shown.fax)


def _result(shown: Shown) -> tuple[str | None, str | None]:
    if shown.code is not None:
        # Observed: of a fax that has arrived the text is empty.
        return shown.code, "" if shown.fax.state is State.arrived else RESULTS[shown.code].text
    return ("0", "OK") if not shown.fax.final and switch(shown.settings, "fresh_result") else (None, None)


def _error_info(shown: Shown) -> str | None:
    if shown.code in (None, "0"):
        return None if shown.code is None else ""
    return (shown.fax.outcome or Outcome.line_error).value.replace("_", " ")


def _remote_csid(fax: Fax) -> str | None:
    return fax.attempt.csid if fax.attempt else None


def _users(shown: Shown) -> list[dict[str, Any]]:
    names = ("uuid", "email", "firstName", "lastName", "accountId")
    return [
        {
            "avatarPath": None,
            "userId": user["uuid"],
            **{name: user[name] for name in names},
            "avatar": None,
            "UserFax": {"viewStatus": True, "downloadStatus": False},
        }
        for user in find_users(shown.world, shown.fax.details["users"])
    ]


def _users_in_short(shown: Shown) -> list[dict[str, Any]]:
    names = ("userId", "firstName", "lastName", "email")
    return [{name: user[name] for name in names} for user in _users(shown)]


def _account(shown: Shown) -> dict[str, Any]:
    return show_account(shown.world, shown.fax.details["account"])


def _company(shown: Shown) -> dict[str, Any]:
    account = _account(shown)
    names = {"uuid": "uuid", "supportCode": "accountNumber", "companyName": "accountName"}
    return {name: account[own] for name, own in names.items()}


def _objects(kind: ObjectKind) -> Value:
    """Show the objects that a fax refers to; those that were deleted meanwhile are left out."""

    def value(shown: Shown) -> list[dict[str, Any]]:
        found = (kind.find(shown.world, uuid) for uuid in shown.fax.details[kind.plural])
        return [show_times(record.data) for record in found if record is not None]

    return value


VALUES: Mapping[str, Value] = {
    "messageId": _of_fax(lambda fax: fax.vendor_id),
    "accountId": _detail("account"),
    "status": _of_fax(status_of),
    "processingStatusName": _of_fax(status_of),
    "direction": _of_fax(lambda fax: fax.direction.value),
    "classificationLabel": _of_fax(lambda fax: fax.direction.value),
    "channelType": _by_direction(lambda fax: "api", lambda fax: "web"),
    "faxNumber": _of_fax(lambda fax: fax.to),
    "faxCallerId": _by_direction(lambda fax: fax.details["callerId"], lambda fax: national(fax.sender)),
    "faxCsid": _by_direction(lambda fax: "mFax", _remote_csid),
    "faxReceiverCsid": _by_direction(_remote_csid, lambda fax: "mFax"),
    "pagesCount": _of_fax(lambda fax: fax.pages),
    "pagesComplete": _of_fax(lambda fax: None if fax.state is State.cancelled else fax.pages_sent),
    "duration": _resolved(lambda fax: round(fax.seconds_connected * 1000)),
    "deliveryId": _resolved(lambda fax: fax.details["deliveryId"]),
    "messageNumber": _resolved(lambda fax: fax.details["messageNumber"]),
    "watermark": _resolved(lambda fax: fax.details["watermark"]),
    "faxECM": _of_call(lambda call: ECM_BYTES if call.ecm else 0, ECM_BYTES),
    "faxSpeed": _of_call(lambda call: call.speed or 0),
    "faxDetected": _of_call(lambda call: call.speed is not None, True),
    "faxProtocol": _of_call(lambda call: 34 if (call.speed or 0) > V34_ABOVE else 17 if call.speed else 0),
    "faxAttempt": _resolved(lambda fax: len(fax.attempts)),
    "resultCode": lambda shown: _result(shown)[0],
    "resultInfo": lambda shown: _result(shown)[1],
    "errorCode": lambda shown: shown.code,
    "errorInfo": _error_info,
    "isArchived": _flag("isArchived"),
    "isFilePurged": _flag("isFilePurged"),
    "isRead": _flag("isRead"),
    "createdAt": _of_fax(lambda fax: iso(fax.created_at)),
    "readyAt": _of_fax(lambda fax: iso(fax.finished_at)),
    "resolvedDate": _resolved(lambda fax: iso(fax.finished_at)),
    "deletedAt": _of_fax(lambda fax: iso(fax.details.get("deletedAt"))),
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
    "tags": _objects(TAGS),
    "contacts": _objects(CONTACTS),
    "cf": _detail("cf"),
    "customFields": _detail("cf"),
}
"""Every key that an answer may have. Units and nulls follow the reference's samples; faxProtocol is the modem
recommendation, V.34 or V.17, and duration milliseconds (inferred from the samples)."""

NO_USERS: Mapping[str, Value] = {"users": _fixed([])}
NO_OBJECTS: Mapping[str, Value] = {"tags": _fixed([]), "contacts": _fixed([])}
EXTENDED: Mapping[str, Value] = dict.fromkeys(("status", "processingStatusName"), _of_fax(extended_status_of))
IN_SHORT: Mapping[str, Value] = {"users": _users_in_short, "account": _company}


def show_fax(
    world: World, fax: Fax, keys: Sequence[str], instead: Mapping[str, Value] | None = None
) -> dict[str, Any]:
    """Show the fax with these keys; some values may stand instead of those of the table."""
    table, shown = {**VALUES, **(instead or {})}, Shown(world, world.settings("mfax"), fax, result_of(fax))
    return {key: table[key](shown) for key in keys}


# The keys of every answer in their order on the wire. Those of the reference's operations are documented by
# its samples, the short resend and the new webhook are observed; the order of the webhooks' keys is assumed.
_START = "accountId channelType direction createdAt deletedAt deliveryId duration faxAttempt"
_MIDDLE = "faxCallerId faxCsid faxDetected faxECM faxNumber faxProtocol faxSpeed isArchived isFilePurged"
_END = (
    "messageId messageNumber pagesComplete pagesCount status resolvedDate resultCode resultInfo contacts tags"
)


def split_keys(*texts: str) -> tuple[str, ...]:
    """Read the names of keys that are written with spaces between them."""
    return tuple(" ".join(texts).split())


SEND_KEYS = split_keys(
    "errorInfo resultInfo processingStatusName classificationLabel messageId deliveryId watermark",
    "messageNumber status pagesCount pagesComplete duration faxNumber faxCsid faxCallerId faxECM",
    "faxSpeed faxDetected faxProtocol faxAttempt direction channelType recipientName subject deviceId",
    "faxbridgeId accountId errorCode resultCode isArchived isFilePurged country createdAt resolvedDate",
    "deletedAt faxbridge_id users account tags faxbridge contacts cf device",
)
MULTIPLE_KEYS = split_keys(_START, "faxbridge faxbridgeId", _MIDDLE, _END, "users cf")
RESEND_KEYS = split_keys(_START, "faxbridgeId", _MIDDLE, _END, "users faxbridge cf")
CHANGE_KEYS = split_keys(_START, "faxbridgeId", _MIDDLE, "isRead", _END, "users faxbridge")
LIST_KEYS = split_keys(_START, "faxbridge faxbridgeId", _MIDDLE, "isRead", _END, "users cf")
READ_KEYS = split_keys(_START, "faxbridgeId", _MIDDLE, _END, "faxbridge users account")
RESEND_SHORT_KEYS = split_keys(
    "messageId pagesComplete isArchived isFilePurged status faxNumber faxCsid faxCallerId direction",
    "accountId channelType country pagesCount createdAt",
)
POST_KEYS = split_keys(
    "messageId deliveryId watermark messageNumber status pagesCount pagesComplete duration faxNumber",
    "faxCsid faxReceiverCsid faxCallerId faxECM faxSpeed faxDetected faxProtocol faxAttempt direction",
    "channelType recipientName subject deviceId faxbridgeId accountId errorInfo errorCode resultCode",
    "resultInfo isArchived isFilePurged country createdAt readyAt resolvedDate deletedAt account",
    "customFields",
)
_LEGACY_START = split_keys(
    "resultInfo messageId channelType isArchived isFilePurged deliveryId watermark messageNumber",
)
POST_LEGACY_KEYS = (*_LEGACY_START, *(key for key in SEND_KEYS if key not in _LEGACY_START))
