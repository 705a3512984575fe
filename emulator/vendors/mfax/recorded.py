"""How mFax's recorded traffic is read."""

from __future__ import annotations

from emulator.core.dialect.recorded import Recorded, senses
from emulator.core.faxes.outcomes import Outcome
from emulator.vendors.mfax.tables import REFUSALS

RECORDED = Recorded(
    origin="https://api.documo.com",
    answers=senses(
        id="messageId accountId deliveryId messageNumber watermark uuid userId organizationId deviceId "
        "faxbridgeId faxbridge_id deviceCode accountNumber supportCode ownedBy managedBy fileId id createdBy "
        "numberId webhookId coverPageId contactId tagId customFieldId recipientContacts tags",
        secret="Authorization authorization apiKey auth password",
        to="faxNumber recipientFax to",
        sender="faxCallerId callerId",
        number="number number_e164 numbers phoneNumber",
        instant="createdAt readyAt resolvedDate deletedAt updatedAt pendingUntil",
        seconds="duration",
        pages="pagesCount",
        sent="pagesComplete",
        state="status processingStatusName",
        code="resultCode errorCode error.name",
        said="resultInfo errorInfo error.message error",
        word="direction channelType classificationLabel country x-webhook-event type isArchived isFilePurged "
        "isRead faxDetected country_iso rate_center state preferable color accountType viewStatus "
        "downloadStatus enabled authType attachmentEnabled isPublic isValid limit offset entity apiName "
        "userRole timezone mimeType",
        figure="count faxECM faxSpeed faxProtocol faxAttempt",
        personal="recipientName senderName subject notes faxCsid faxReceiverCsid firstName lastName name "
        "accountName companyName label cf customFields template hint displayUI",
        mail="email notificationEmails",
        url="url avatarUrl avatarPath avatar previewLink",
        file="filename",
        document="attachments attachment file files recipient",
        whatever="device storage token",
    ),
    requests=senses(
        hook="url",
        word="coverPage format include fromDate toDate order async optimizeFax quantity npa nxx state "
        "city zipcode events status",
        personal="query",
        instant="scheduledDate",
        url="attachmentUrls",
    ),
    accounts={"authorization": "apiKey"},
    ends={"success": Outcome.delivered, "failed": Outcome.line_error, "cancelled": Outcome.cancelled},
    refusals={text: word for word, (_, text) in REFUSALS.items()},
    trials={
        "webhook_format": ("legacy",),
        "lenient_auth": (True,),
        "transmitting_word": (True,),
        "fresh_result": (False,),
        "resend_short": (True,),
        "wrong_auth_404": (True,),
        "history_count_number": (True,),
        "faxbridge": (True,),
        "international": (False,),
        "trial": (True,),
    },
    faxes=frozenset({"messageId"}),
    inbound=("direction", "inbound"),
    headers=frozenset({"x-webhook-event"}),
)
