"""How iFax's recorded traffic is read."""

from __future__ import annotations

from emulator.core.dialect.recorded import Recorded, senses
from emulator.core.faxes.outcomes import Outcome
from emulator.vendors.ifax.tables import LIVE_TWINS, REFUSALS

_REFUSED = {code: word for word, (code, _) in REFUSALS.items()}
_TWINS = {LIVE_TWINS[code]: word for code, word in _REFUSED.items() if code in LIVE_TWINS}

RECORDED = Recorded(
    origin="https://api.ifaxapp.com",
    answers=senses(
        id="jobId faxId id transactionId numberId orderId labelId lastFaxId",
        secret="accessToken",
        to="toNumber",
        sender="fromNumber",
        number="faxNumber",
        instant="faxCallStart faxCallEnd receivedTime",
        seconds="faxCallLength",
        pages="faxTotalPages",
        sent="faxTransferredPages faxReceivedPages",
        state="faxStatus",
        code="code",
        said="message",
        word="status direction success faxType abbreviation prefix dialCode type",
        figure="retryAttempt",
        document="fileData filename",
        personal="text custom_fields",
        whatever="chunk",
    ),
    requests=senses(
        to="faxNumber",
        sender="callerId",
        personal="message subject from_name to_name",
        file="fileName",
        url="fileUrl",
        instant="send_at",
        word="templateId faxQuality startDate endDate sortBy pages addLicense fileType",
    ),
    accounts={"accesstoken": "accessToken"},
    ends={"delivered": Outcome.delivered, "failed": Outcome.line_error, "canceled": Outcome.cancelled},
    refusals={str(code): word for code, word in (_REFUSED | _TWINS).items()},
    trials={"profile": ("live",), "professional_plan": (False,), "test_key": (True,), "office_files": (True,),
            "file_storage": (False,), "upfront_cost": (True,)},
    faxes=frozenset({"jobId", "id"}),
    inbound=("direction", "inbound"),
)  # fmt: skip
