"""What mFax's operations answer, as JSON Schema: faxes and numbers by the keys that each operation shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from emulator.core.dialect.shapes import (
    ANYTHING,
    INSTANT,
    TEXT,
    TRUTH,
    WHOLE,
    Shape,
    alike,
    nullable,
    record,
    rows,
)
from emulator.vendors.mfax import words
from emulator.vendors.mfax.objects import numbers

_TIMES = {"createdAt": INSTANT, "updatedAt": INSTANT}
_ACCOUNT = record(**alike("uuid accountNumber accountName accountType", TEXT))
_PERSON = alike("uuid email firstName lastName userRole accountId", TEXT)
_SHORT_USER = alike("userId firstName lastName email", TEXT)
_RIGHTS = record(viewStatus=TRUTH, downloadStatus=TRUTH)
_FAX_USER = record(
    **_SHORT_USER,
    **alike("uuid accountId", TEXT),
    **alike("avatarPath avatar", nullable(TEXT)),
    UserFax=_RIGHTS,
)
_DEVICE = alike("deviceCode name", TEXT)
_TAG = record(
    **alike("uuid name color type accountId createdBy", TEXT),
    isPublic=TRUTH,
    **_TIMES,
)
_CONTACT = record(
    **alike("uuid name email faxNumber phoneNumber accountId userId", TEXT),
    **alike("isPublic isOrganization publicEditable", TRUTH),
    organizationId=nullable(TEXT),
    **_TIMES,
) | {"required": ["uuid"]}  # one of an older snapshot has fewer fields
_FIELD = record(
    **alike("uuid label apiName entity hint accountId", TEXT),
    **alike("displayUI displayUITable isArchived", TRUTH),
    **_TIMES,
) | {"required": ["uuid"]}
_HOOK = record(
    **alike("uuid name url accountId", TEXT),
    **alike("attachmentEnabled enabled", TRUTH),
    authType=nullable(TEXT),
    **_TIMES,
)
_COVER = record(
    **alike("uuid name template previewLink", TEXT),
    **alike("accountId userId", nullable(TEXT)),
    isPublic=TRUTH,
)
_CALLER = record(
    **_PERSON,
    timezone=TEXT,
    phoneVerified=TRUTH,
    account=record(accountName=TEXT, accountType=TEXT, allowApi=TRUTH),
)

FAX: Mapping[str, Shape] = {
    **alike(
        "messageId accountId status processingStatusName direction classificationLabel channelType faxNumber "
        "faxCallerId country",
        TEXT,
    ),
    **alike(
        "faxCsid deliveryId messageNumber watermark resultCode resultInfo errorCode errorInfo recipientName "
        "subject deviceId device faxbridge_id",
        nullable(TEXT),
    ),
    "pagesCount": WHOLE,
    **alike(
        "pagesComplete duration faxECM faxSpeed faxProtocol faxAttempt faxbridgeId",
        nullable(WHOLE),
    ),
    "faxDetected": nullable(TRUTH),
    **alike("isArchived isFilePurged isRead", TRUTH),
    "createdAt": INSTANT,
    **alike("resolvedDate deletedAt", nullable(INSTANT)),
    "faxbridge": nullable(record(**_DEVICE, isActive=TRUTH)),
    "users": rows(_FAX_USER),
    "account": _ACCOUNT,
    "tags": rows(_TAG),
    "contacts": rows(_CONTACT),
    "cf": ANYTHING,
}
"""Every key that an answer shows of a fax."""
IN_SHORT: Mapping[str, Shape] = {
    "users": rows(record(**_SHORT_USER)),
    "account": record(**alike("uuid supportCode companyName", TEXT)),
}
NUMBER: Mapping[str, Shape] = {
    **alike("uuid number ownedBy managedBy", TEXT),
    "pendingUntil": nullable(INSTANT),
    "createdAt": INSTANT,
    "storage": nullable(TEXT),
    "faxbridge": nullable(record(**_DEVICE)),
    "users": rows(record(**_SHORT_USER, accountId=TEXT, avatarUrl=nullable(TEXT))),
    "owner": _ACCOUNT,
    "manager": _ACCOUNT,
}
"""Every key that an answer shows of a number."""


def _keys(table: Mapping[str, Shape], keys: Iterable[str]) -> Shape:
    return record(**{key: table[key] for key in keys})


def _listed(shape: Shape, count: Shape = WHOLE) -> Shape:
    return record(count=count, rows=rows(shape), query=record(limit=WHOLE, offset=WHOLE))


def _many(fax: Shape, **error: Shape) -> Shape:
    return record(success=rows(fax), errors=rows(record(error=TEXT, **error)))


_ID: Shape = {**record(messageId=TEXT), "additionalProperties": False}
_SENT = _many(_keys(FAX, words.MULTIPLE_KEYS), recipientFax=TEXT)
_RESENT = {"anyOf": [_keys(FAX, keys) for keys in (words.RESEND_KEYS, words.RESEND_SHORT_KEYS)]}
_CHANGED = _keys(FAX, words.CHANGE_KEYS)
_ROWS = rows(_keys(NUMBER, numbers.ROW_KEYS))
_PLACE = record(**alike("country_iso rate_center state", TEXT))
_OFFER = record(number_e164=TEXT, regional_data=_PLACE, preferable=TRUTH)

ANSWERS: Mapping[str, Shape] = {
    "send": {"anyOf": [_keys(FAX, words.SEND_KEYS), _ID]},
    **alike("send-multiple fax-send blast", _SENT),
    "resend": _many(_RESENT, input=record(faxNumber=TEXT)),
    **alike("cancel update fax-tag", _CHANGED),
    "history": _listed(_keys(FAX, words.LIST_KEYS), {"anyOf": [TEXT, WHOLE]}),
    "info": _keys({**FAX, **IN_SHORT}, words.READ_KEYS),
    "cover-pages": rows(_COVER),
    "numbers": record(rows=_ROWS, **alike("count limit offset", WHOLE)),
    "number-user-add": _keys(NUMBER, numbers.ASSIGN_KEYS),
    "provision": rows(_keys(NUMBER, numbers.PROVISION_KEYS)),
    "number-search": record(result=rows(_OFFER), limit=WHOLE),
    "number-update": _keys(NUMBER, numbers.CONFIGURE_KEYS),
    "number-validate": record(isValid=TRUTH),
    "number-read": _keys(NUMBER, numbers.NUMBER_KEYS),
    "me": _CALLER,
    "tags": _listed(_TAG),
    **alike("tag-create tags-create tag-update", _TAG),
    "contacts": _listed(_CONTACT),
    **alike("contact-create contact-read contact-update", _CONTACT),
    "custom-fields": _listed(_FIELD),
    **alike("custom-field-create custom-field-update", _FIELD),
    "webhook-list": record(count=WHOLE, rows=rows(_HOOK)),
    **alike("webhook-create webhook-read webhook-update", _HOOK),
    "users": _listed(record(**_PERSON)),
    "user-create": record(**_PERSON),
    "accounts": _listed(_ACCOUNT),
}
"""By operation; the others answer a PDF, the text OK or nothing."""

REFUSAL = record(error=record(name=TEXT, message=TEXT))
