"""What of iFax is emulated, table by table, each row with its evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from emulator.vendors.ifax.codes import BAD_KEY, LIVE, NAMED
from emulator.vendors.ifax.profile import SWITCHES
from emulator.vendors.ifax.tables import ASSUMED, DOCUMENTED, OBSERVED

STATES = {
    "sending": ("on its way to the recipient", DOCUMENTED, "line 46"),
    "delivered": ("sent and received", DOCUMENTED, "line 47"),
    "canceled": ("cancelled", DOCUMENTED, "line 48"),
    "failed": ("not sent; the code says why", DOCUMENTED, "line 49"),
    "received": ("a fax has come in", OBSERVED, "live traffic"),
}

WEBHOOKS = {
    "fax.sent": (
        "the fax object as JSON when a sent fax has ended; 5 retries",
        DOCUMENTED,
        "lines 27 to 43, 314",
    ),
    "fax.received": ("multipart, the PDF in part filename; 16 retries", DOCUMENTED, "lines 394 to 403"),
    "fax.received (live)": ("JSON without the file, profile live", OBSERVED, "live traffic"),
    "failure": ("no answer within 10 seconds, or any status but 2xx", ASSUMED, "nothing says what counts"),
}

ERRORS = {
    "12001": ("no account has this key, or its user is blocked", OBSERVED),
    "12004": ("profile switch professional_plan is false", OBSERVED),
    "12020": ("faxNumber is missing; 120012 in the live profile", ASSUMED),
    "120100": ("faxNumber is no number, or a restricted one", ASSUMED),
    "-2028": ("faxNumber has no country", ASSUMED),
    "-111": ("not the designated number of a developer account", ASSUMED),
    "120101": ("a test key or a free trial, and neither the United States nor Canada", ASSUMED),
    "120103": ("callerId is no number", ASSUMED),
    "120104": ("callerId is not among the account's numbers", ASSUMED),
    "120105": ("the free trial's pages are used up", ASSUMED),
    "120106": ("the test key's pages are used up", ASSUMED),
    "120107": ("fileName is missing or no file's name", ASSUMED),
    "120108": ("fileUrl is no http or https address", ASSUMED),
    "120109": ("neither a PDF nor an image", ASSUMED),
    "-123": ("no faxData; accepted in the live profile", ASSUMED),
    "-1004": ("fileData is no base64; as a fax's code: fileUrl gave nothing", ASSUMED),
    "-1008": ("an attachment without content, or too many of them", ASSUMED),
    "-1063": ("too much content", ASSUMED),
    "12012": ("too little credit; 12005 in the live profile", ASSUMED),
    "12021": ("unknown jobId; 120033 in the live profile for a received fax", ASSUMED),
    "12091": ("archive pair: unknown jobId", ASSUMED),
    "12130": ("unknown faxId or lastFaxId", ASSUMED),
    "12006": ("unknown label, or nothing to put away or back", ASSUMED),
    "-162": ("cancel after the end", ASSUMED),
    "9030": ("cancel of a cancelled fax", ASSUMED),
    "12107": ("resend while sending", ASSUMED),
    "12094": ("resend without a stored file", ASSUMED),
    "12092": ("a sent fax's file is gone", ASSUMED),
    "-1011": ("a received fax's file is gone", ASSUMED),
    "12100": ("delete while sending", ASSUMED),
    "12131": ("chunkNumber says nothing", ASSUMED),
    "12133": ("chunkNumber is too high", ASSUMED),
    "12093": ("no text was asked for", ASSUMED),
    "-2040": ("endDate is before startDate", ASSUMED),
    "-1005": ("jobId or faxId is missing", ASSUMED),
    "12108": ("abbreviation is missing", ASSUMED),
    "12127": ("unknown country", ASSUMED),
    "12117": ("unknown area", ASSUMED),
    "12123": ("id or numberId is missing", ASSUMED),
    "12137": ("orderId is missing", ASSUMED),
    "12124": ("faxNumber of a number for sale is missing", ASSUMED),
    "12090": ("faxNumber of a number for sale is no number", ASSUMED),
    "12134": ("no number is for sale there, or not this one", ASSUMED),
    "12113": ("buy of a number that is not for sale", ASSUMED),
    "12129": ("the account has this number", ASSUMED),
    "12135": ("the account has no such number", ASSUMED),
    "11008": ("another required parameter is missing", ASSUMED),
    "12009": ("another parameter, or the body, is malformed", ASSUMED),
    "12010": ("another verb than POST", ASSUMED),
    "256": ("an internal error that a scenario asks for, HTTP 500", ASSUMED),
    "11013": ("a rate limit that a scenario asks for, HTTP 429", ASSUMED),
}
"""When an operation itself answers a code: texts are documented, mostly not their occasions."""

MAGIC = {
    "02": "failed with 263: iFax documents no redial",
    "04": "failed with 263, since one call is made; delivered when the setting max_attempts is 2 or more",
    "06": "12012 (12005 in the live profile)",
    "13": "120100: iFax documents no restricted numbers",
    "20": "HTTP 500 with code 256",
    "21": "HTTP 429 with code 11013: iFax documents no rate limit",
}


def coverage() -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Give the tables of states, codes, errors, webhooks and switches."""
    return {
        "states": [_row(name, *row) for name, row in STATES.items()],
        "codes": [_row(name, row.text, DOCUMENTED, f"line {row.line}") for name, row in NAMED.items()]
        + [
            _row(str(code), text, OBSERVED, "live traffic") for code, text in {**LIVE, 12001: BAD_KEY}.items()
        ],
        "errors": [
            _row(code, when, evidence, "when the text fits") for code, (when, evidence) in ERRORS.items()
        ],
        "webhooks": [_row(name, *row) for name, row in WEBHOOKS.items()],
        "switches": [_row(name, text, ASSUMED, "this emulator's") for name, text in SWITCHES.items()],
    }


def _row(name: str, text: str, evidence: str, source: str) -> dict[str, str]:
    return {"name": name, "text": text, "evidence": evidence, "source": source}
