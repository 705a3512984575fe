"""What Kazoo's endpoints answer, as JSON Schema: one envelope, whose `data` is each endpoint's own."""

from __future__ import annotations

from collections.abc import Mapping

from emulator.core.dialect.shapes import (
    ANYTHING,
    TEXT,
    TRUTH,
    WHOLE,
    Shape,
    alike,
    by_name,
    nullable,
    record,
    rows,
)
from emulator.vendors.kazoo.account.directory import SCHEMA
from emulator.vendors.kazoo.tables import UNTRIED

_KINDS = {bool: TRUTH, int: WHOLE, str: TEXT}
_ANY: Shape = {}


def _open(*required: str, **properties: Shape) -> Shape:
    """An object of which these keys are known; the client's own stand beside them."""
    return {"type": "object", "required": list(required), "properties": properties}


# a fax
_UNTRIED = {key: _KINDS[type(usual)] for key, usual in UNTRIED.items()}
_TRIED = {
    **alike("bad_rows encoding result_code total_pages transfer_rate transferred_pages", WHOLE),
    **alike("encoding_name file_image_resolution image_resolution local_station_id remote_station_id", TEXT),
    **alike("result_cause result_text", TEXT),
    **alike("ecm_used t38_used", TRUTH),
}
_RESULT = _open(**_UNTRIED, **_TRIED)
_SEAL = record(created=WHOLE, status=TEXT)
_SEAL["properties"]["deleted"] = TRUTH
_SENT = {
    name: shape for name, shape in SCHEMA["properties"].items() if name not in ("tx_result", "notifications")
}
_KEPT = {
    **alike("fax_timezone subject", TEXT),
    **alike("faxbox_id fax_identity_name fax_identity_number notifications folder", _ANY),
}
"""What a job may have beside what the schema of a fax names; of some the client decides what it is."""
_JOB = _open("id", "from_number", "to_number", id=TEXT, **_SENT, **_KEPT, tx_result=_RESULT)
_RECEIVED = {
    **alike("call_id cdr_doc_id description media_type name source_type", TEXT),
    "owner_id": nullable(TEXT),
    "timestamp": WHOLE,
}
_MORE = {
    "created": WHOLE,
    "status": TEXT,
    "delivered": {"oneOf": [WHOLE, TEXT]},
    "retry_after": WHOLE,
    "tx_result": _RESULT,
    "rx_result": _RESULT,
    "_read_only": _SEAL,
}
_FAX = _open(
    "id", "created", "status", "from_number", "to_number", id=TEXT, **_SENT, **_KEPT, **_RECEIVED, **_MORE
)
_FAX_ROW = {**_FAX, "properties": {**_FAX["properties"], **alike("from to", TEXT)}}
_ROW = record(created=WHOLE, id=TEXT, status=TEXT, to=TEXT, **{"from": TEXT})
_ROW["properties"] |= {"attempts": WHOLE, "faxbox_id": TEXT}
_FILE_GONE = _open(id=nullable(TEXT), _read_only=_SEAL)

# mail
_MAIL = record(
    **alike("account_id faxbox_domain from id original_number to translated_number", TEXT),
    **alike("content_type faxbox_id faxbox_owner_email faxbox_owner_id", nullable(TEXT)),
    **alike("faxdoc_db faxdoc_id filename", nullable(TEXT)),
    created=WHOLE,
    errors=rows(TEXT),
)
_MAIL_ROW = record(**alike("id from to", TEXT), created=WHOLE, error=nullable(TEXT))

# the account
_CALLER: Mapping[str, Shape] = {"caller_id": ANYTHING, "enabled": TRUTH, "timezone": TEXT}
_ACCOUNT = record(**alike("id language name realm", TEXT), **_CALLER, created=WHOLE, is_reseller=TRUTH)
_USER = record(**alike("id username first_name last_name email priv_level", TEXT), **_CALLER)
_LOGIN = _open(
    "account_id",
    **alike("account_id account_name cluster_id language owner_id reseller_id", TEXT),
    **alike("is_reseller is_master_account", TRUTH),
    **alike("capabilities ui_config", ANYTHING),
    apps=rows(ANYTHING),
)
_SCHEMA = record(
    **{"$schema": TEXT}, **alike("id description type", TEXT), required=rows(TEXT), properties=ANYTHING
)

# faxboxes and webhooks
_FAXBOX = _open(
    "id",
    "name",
    **alike("id name caller_id caller_name fax_header fax_identity fax_timezone", TEXT),
    **alike("custom_smtp_email_address smtp_email_address", TEXT),
    **alike("attempts retries", WHOLE),
    **alike("media notifications", ANYTHING),
    smtp_permission_list=rows(_ANY),
)
_HOOK = _open(
    "id",
    "name",
    "uri",
    "hook",
    **alike("id name uri hook http_verb format disable_reason", TEXT),
    **alike("enabled include_subaccounts include_internal_legs", TRUTH),
    retries=WHOLE,
    custom_data=ANYTHING,
)
_CATALOGUE = _open("id", **alike("id name description", TEXT), modifiers=ANYTHING)
_ATTEMPT = _open(
    "hook_id",
    **alike("hook_id result reason client_error", TEXT),
    **alike("resp_status_code retries_left timestamp", WHOLE),
)

DATA: Mapping[str, Shape] = {
    **alike("create create-alias outbox-resubmit inbox-forward", _JOB),
    **alike("outgoing-read outbox-read inbox-read incoming-read outbox-delete inbox-delete", _FAX),
    **alike("outbox-list inbox-list incoming-list", rows(_FAX_ROW)),
    **alike("outbox-attachment-delete inbox-attachment-delete", _FILE_GONE),
    "outgoing-list": rows(_ROW),
    "smtplog-list": rows(_MAIL_ROW),
    "smtplog-read": _MAIL,
    **alike("user-auth api-auth user-auth-read", _LOGIN),
    "token-delete": record(),
    "api-key-read": record(api_key=TEXT),
    "account-read": _ACCOUNT,
    "user-read": _USER,
    "phone-numbers": record(numbers=by_name(ANYTHING), cascade_quantity=WHOLE),
    "fax-schema": _SCHEMA,
    "faxbox-list": rows(_FAXBOX),
    **alike("faxbox-create faxbox-read faxbox-update faxbox-change faxbox-delete", _FAXBOX),
    "webhook-catalogue": rows(_CATALOGUE),
    "webhook-samples": rows(TEXT),
    "webhook-sample": rows(by_name(_ANY)),
    "webhook-list": rows(_HOOK),
    **alike("webhook-create webhook-read webhook-update webhook-change webhook-delete", _HOOK),
    "webhook-enable": rows(_HOOK),
    **alike("webhook-all-attempts webhook-attempts", rows(_ATTEMPT)),
}
"""By endpoint; the others serve files."""


def _envelope(data: Shape, **more: Shape) -> Shape:
    shape = record(data=data, status=TEXT, request_id=TEXT, auth_token=TEXT, **more)
    paged = {"revision": TEXT, "page_size": WHOLE, "start_key": _ANY, "next_start_key": _ANY}
    modern = alike("node version timestamp", TEXT)
    return {**shape, "properties": {**shape["properties"], **paged, **modern}}


REFUSAL = _envelope(_ANY, error=TEXT, message=TEXT)
SILENT = frozenset({406, 415})
"""Statuses that come without a body."""


def answer_of(endpoint: str) -> Shape | None:
    """What an endpoint answers; None for a file."""
    name = endpoint.rpartition(":")[2]
    return _envelope(DATA[name]) if name in DATA else None
