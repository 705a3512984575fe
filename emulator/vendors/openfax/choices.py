"""What Openfax's document leaves open, as it is here, and the switches with which it is otherwise."""

from __future__ import annotations

from emulator.core.dialect.switch import TRUE_OR_FALSE, whole
from emulator.core.dialect.words import choices, switches
from emulator.vendors.taken import RINGING

MOST_RETRIES, MOST_WAIT = 10, 86_400
"""Tries of a postback after the first, and seconds between two; of more a program learns nothing."""

SWITCHES = switches(
    {
        "history_call_fields": (
            TRUE_OR_FALSE,
            "true unless set; false leaves out what the reference's table of the history has not",
        ),
        "credit_hold_seconds": (
            whole(0, 99_999_999),
            "virtual seconds for which a fax without credit waits for money; 3600 unless set",
        ),
        "postback_retries": (
            whole(0, MOST_RETRIES),
            "more tries of a postback that got no 2xx; 0 unless set",
        ),
        "postback_retry_wait": (whole(1, MOST_WAIT), "seconds between two tries; 240 unless set"),
        "spaces_are_pluses": (
            TRUE_OR_FALSE,
            "true reads spaces in PDF_encode as pluses that a client did not encode; false unless set",
        ),
    }
)

CHOICES = choices(
    {
        "FromHeader": "read as fromHeader (the example's name) or frHeader (the table's)",
        "ToHeader": "both headers are cut off after 15 characters",
        "numbers abroad": "of a length that their country has; North American ones without their 1 are "
        "refused",
        "missing or empty parameter": "alike: where a fax is sent the word of a wrong value, Failed for "
        "PDF_encode; InvalidMissingValue elsewhere",
        "parameters that no table lists": "passed over",
        "order of checks": "credentials, account, number, resolution, paper, priority, restriction, document",
        "unreadable base64, over 50 MB": "Failed at once; what is no PDF fails later, with LastStatus 8",
        "spaces in base64": (
            "passed over, so that a plus which a client did not encode is missing",
            "spaces_are_pluses",
        ),
        "redials": "one call and three redials; MaxAttempts and RetryCount count redials: the first call has "
        "0",
        "calls before the last": "finalized and failed (CurrentState 9) once the next one has begun",
        "credit hold": (
            "after an hour without money the fax is finalized and failed (9), with LastStatus 9",
            "credit_hold_seconds",
        ),
        "cancelled": "LastStatus -1 where no call was made, else that of the last call; cut short it is 7",
        "postback": ("sent once, whatever is answered", "postback_retries postback_retry_wait"),
        "a corrected postback URL": "is where the tries that follow go",
        "inbound postback": "a form with what getNewFax shows of the fax, but for the links; sent once",
        "charge": "each call as it ends, by pages and minutes at the rates of the settings",
        "credit": "checked before the first call, not reserved: faxes under way together may take it below "
        "zero",
        "fields of the history": (
            "LastStatus, PagesSent, CallDuration and RealCost stand beside the table's",
            "history_call_fields",
        ),
        "days of the history": "in UTC, both inclusive, of the call's beginning",
        "Limit": "at most and by default 1000",
        "state 6": "LastStatus is still -1, and the call's cost 0, until the call has been reported",
        "state 12": "the last 30 seconds before a redial; state 7 is what comes before them",
        **RINGING,
    }
)
