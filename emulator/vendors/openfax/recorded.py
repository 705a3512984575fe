"""How Openfax's recorded traffic is read."""

from __future__ import annotations

from emulator.core.dialect.recorded import Recorded, senses
from emulator.core.faxes.outcomes import Outcome
from emulator.vendors.openfax.tables import REFUSALS

RECORDED = Recorded(
    origin="https://api.openfax.com",
    answers=senses(
        id="OutTransID HistoryOutboundFaxID InTransID FromInTransID ToInTransID LastHistoryID",
        secret="AccountID APIKey",
        to="FaxNumber new_faxes:To inbound:To",
        sender="CallerID SenderCallerID",
        number="DID",
        instant="ReceivedTime",
        seconds="CallDuration",
        money="RealCost AvailableCredit Cost MonthlyCharge",
        pages="PageCount Pages",
        sent="PagesSent",
        state="CurrentState",
        code="LastStatus Response",
        word="RenderStatus FaxResolution PaperSize Status is_deleted DIDType EmailNotification PostToS3 "
        "PostBack Version",
        figure="MaxAttempts RetryCount",
        personal="ToHeader FromHeader SenderCallerName From To CustomerDescription BucketName",
        mail="ToEmail FromEmail",
        url="FaxDocURL FaxDocJpegURL FaxDocPDFURL FaxDocTiffURL CustomerBucketURL PostBackURL DownloadURL",
        file="PDFFileName",
        document="PDF_encode",
        whatever="DocPDFSize",
    ),
    requests=senses(
        personal="toHeader fromHeader frHeader",
        word="paperSize faxResolution Priority FromDate ToDate DetailType Limit FaxType ReadUnreadFlag",
    ),
    accounts={"accountid": "AccountID", "apikey": "APIKey"},
    ends={
        "8": Outcome.delivered,
        "9": Outcome.line_error,
        "10": Outcome.conversion_failed,
        "11": Outcome.no_credit,
        "13": Outcome.cancelled,
    },
    refusals={code: word for word, (code, status) in REFUSALS.items() if code != "Failed"},
    trials={"history_call_fields": (False,), "spaces_are_pluses": (True,)},
    faxes=frozenset({"OutTransID", "InTransID"}),
    inbound=("SenderCallerID", ""),
)
