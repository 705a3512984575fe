"""The keys of every answer in their order on the wire.

Those of the reference's operations are documented by its samples, the short resend and the new webhook are
observed; the order of the webhooks' keys is assumed.
"""

from __future__ import annotations

_START = "accountId channelType direction createdAt deletedAt deliveryId duration faxAttempt"
_MIDDLE = "faxCallerId faxCsid faxDetected faxECM faxNumber faxProtocol faxSpeed isArchived isFilePurged"
_END = (
    "messageId messageNumber pagesComplete pagesCount status resolvedDate resultCode resultInfo contacts tags"
)


def _keys(*texts: str) -> tuple[str, ...]:
    return tuple(" ".join(texts).split())


# Faxes
SENT = _keys(
    "errorInfo resultInfo processingStatusName classificationLabel messageId deliveryId watermark",
    "messageNumber status pagesCount pagesComplete duration faxNumber faxCsid faxCallerId faxECM",
    "faxSpeed faxDetected faxProtocol faxAttempt direction channelType recipientName subject deviceId",
    "faxbridgeId accountId errorCode resultCode isArchived isFilePurged country createdAt resolvedDate",
    "deletedAt faxbridge_id users account tags faxbridge contacts cf device",
)
MULTIPLE = _keys(_START, "faxbridge faxbridgeId", _MIDDLE, _END, "users cf")
RESENT = _keys(_START, "faxbridgeId", _MIDDLE, _END, "users faxbridge cf")
CHANGED = _keys(_START, "faxbridgeId", _MIDDLE, "isRead", _END, "users faxbridge")
LISTED = _keys(_START, "faxbridge faxbridgeId", _MIDDLE, "isRead", _END, "users cf")
READ = _keys(_START, "faxbridgeId", _MIDDLE, _END, "faxbridge users account")
RESENT_SHORT = _keys(
    "messageId pagesComplete isArchived isFilePurged status faxNumber faxCsid faxCallerId direction",
    "accountId channelType country pagesCount createdAt",
)
POSTED = _keys(
    "messageId deliveryId watermark messageNumber status pagesCount pagesComplete duration faxNumber",
    "faxCsid faxReceiverCsid faxCallerId faxECM faxSpeed faxDetected faxProtocol faxAttempt direction",
    "channelType recipientName subject deviceId faxbridgeId accountId errorInfo errorCode resultCode",
    "resultInfo isArchived isFilePurged country createdAt readyAt resolvedDate deletedAt account",
    "customFields",
)
_LEGACY_START = _keys(
    "resultInfo messageId channelType isArchived isFilePurged deliveryId watermark messageNumber",
)
POSTED_LEGACY = (*_LEGACY_START, *(key for key in SENT if key not in _LEGACY_START))

# Numbers
ROW = _keys("uuid number pendingUntil ownedBy managedBy faxbridge users owner manager")
PROVISIONED = _keys("uuid number pendingUntil ownedBy managedBy createdAt owner manager")
ASSIGNED = _keys("uuid number pendingUntil ownedBy createdAt users manager")
CONFIGURED = _keys("uuid number pendingUntil storage ownedBy createdAt users manager")
WHOLE = _keys("uuid number pendingUntil storage ownedBy managedBy createdAt faxbridge users owner manager")

# Webhooks
WEBHOOK = _keys("uuid name url accountId attachmentEnabled authType enabled createdAt updatedAt")
