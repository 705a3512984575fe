"""What Kazoo's endpoints answer, as JSON Schema: one envelope, whose `data` is each endpoint's own."""

from __future__ import annotations

from collections.abc import Mapping

from emulator.core.dialect.shapes import ANYTHING, TEXT, TRUTH, WHOLE, Shape, by_name, record, rows
from emulator.vendors.kazoo.account.directory import SCHEMA
from emulator.vendors.kazoo.tables import UNTRIED

_KINDS = {bool: TRUTH, int: WHOLE, str: TEXT}


def _open(*required: str, **properties: Shape) -> Shape:
    """An object of which these keys are known; the client's own stand beside them."""
    return {"type": "object", "required": list(required), "properties": properties}


_RESULT = _open(**{key: _KINDS[type(usual)] for key, usual in UNTRIED.items()})
_SENT = {
    name: shape for name, shape in SCHEMA["properties"].items() if name not in ("tx_result", "notifications")
}
_JOB = _open("id", "from_number", "to_number", id=TEXT, **{**_SENT, "tx_result": _RESULT})
_MORE = {
    "created": WHOLE,
    "status": TEXT,
    "delivered": {"oneOf": [WHOLE, TEXT]},
    "folder": TEXT,
    "tx_result": _RESULT,
    "rx_result": ANYTHING,
}
_FAX = _open("id", "created", "status", "from_number", "to_number", id=TEXT, **{**_SENT, **_MORE})
_ROW = record(created=WHOLE, id=TEXT, status=TEXT, to=TEXT, **{"from": TEXT})
_MAIL = _open("id", "created", "errors", id=TEXT, created=WHOLE, errors=rows(TEXT))
_MAIL_ROW = _open("id", "created", "from", "to", id=TEXT, created=WHOLE, to=TEXT, **{"from": TEXT})
_FAXBOX = _open("id", "name", id=TEXT, name=TEXT, retries=WHOLE, smtp_permission_list=rows(TEXT))
_HOOK = _open("id", "name", "uri", "hook", id=TEXT, name=TEXT, uri=TEXT, hook=TEXT, enabled=TRUTH)
_LOGIN = _open("account_id", account_id=TEXT, owner_id=TEXT, apps=rows(ANYTHING), language=TEXT)

DATA: Mapping[str, Shape] = {
    **dict.fromkeys(("create", "create-alias", "outbox-resubmit", "inbox-forward"), _JOB),
    **dict.fromkeys(("outgoing-read", "outbox-read", "inbox-read", "incoming-read"), _FAX),
    **dict.fromkeys(("outbox-list", "inbox-list", "incoming-list"), rows(_FAX)),
    "outgoing-list": rows(_ROW),
    "smtplog-list": rows(_MAIL_ROW),
    "smtplog-read": _MAIL,
    **dict.fromkeys(("user-auth", "api-auth", "user-auth-read"), _LOGIN),
    "api-key-read": record(api_key=TEXT),
    "account-read": _open("id", "name", "realm", id=TEXT, name=TEXT, realm=TEXT, caller_id=ANYTHING),
    "user-read": _open("id", "username", id=TEXT, username=TEXT, email=TEXT),
    "phone-numbers": record(numbers=by_name(ANYTHING), cascade_quantity=WHOLE),
    "fax-schema": _open("id", "properties", id=TEXT, properties=ANYTHING),
    "faxbox-list": rows(_FAXBOX),
    **dict.fromkeys(("faxbox-create", "faxbox-read", "faxbox-update", "faxbox-change"), _FAXBOX),
    "webhook-list": rows(_HOOK),
    **dict.fromkeys(("webhook-create", "webhook-read", "webhook-update", "webhook-change"), _HOOK),
    "webhook-enable": rows(_HOOK),
}
"""By endpoint; of the others it is left open."""
_FILES = ("outbox-attachment", "inbox-attachment")
_ANY: Shape = {}


def _envelope(data: Shape, **more: Shape) -> Shape:
    shape = record(data=data, status=TEXT, request_id=TEXT, auth_token=TEXT, **more)
    paged = {"revision": TEXT, "page_size": WHOLE, "start_key": _ANY, "next_start_key": _ANY}
    return {**shape, "properties": {**shape["properties"], **paged}}


REFUSAL = _envelope(_ANY, error=TEXT, message=TEXT)
SILENT = frozenset({406, 415})
"""Statuses that come without a body."""


def answer_of(endpoint: str) -> Shape | None:
    """What an endpoint answers; None for a file."""
    name = endpoint.rpartition(":")[2]
    return None if name in _FILES else _envelope(DATA.get(name, _ANY))
