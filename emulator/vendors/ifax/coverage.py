"""What of iFax is emulated, table by table, each row with its evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from emulator.core.dialect.words import ASSUMED, DOCUMENTED, OBSERVED, Word, words
from emulator.vendors.ifax.codes import BAD_KEY, LIVE, NAMED, TEXTS, Row
from emulator.vendors.ifax.profile import SWITCHES
from emulator.vendors.ifax.tables import OUTCOME_CODES

STATES = (
    Word("sending", "on its way to the recipient", DOCUMENTED, "line 46"),
    Word("delivered", "sent and received", DOCUMENTED, "line 47"),
    Word("canceled", "cancelled", DOCUMENTED, "line 48"),
    Word("failed", "not sent; the code says why", DOCUMENTED, "line 49"),
    Word("received", "a fax has come in", OBSERVED, "live traffic"),
)

WEBHOOKS = (
    Word(
        "fax.sent",
        "the fax object as JSON when a sent fax has ended; 5 retries",
        DOCUMENTED,
        "lines 27 to 43, 314",
    ),
    Word("fax.received", "multipart, the PDF in part filename; 16 retries", DOCUMENTED, "lines 394 to 403"),
    Word("fax.received (live)", "JSON without the file, profile live", OBSERVED, "live traffic"),
    Word(
        "failure", "no answer within 10 seconds, or any status but 2xx", ASSUMED, "nothing says what counts"
    ),
)

BILLING = (
    Word("live key", "pays for what costs money, such as sending a fax", DOCUMENTED, "line 6"),
    Word("test key", "pays nothing at any stage; its pages are limited: 120106", DOCUMENTED, "line 280"),
    Word("price", "0.01 a page unless the page rate is set; from that price on", DOCUMENTED, "line 3"),
    Word(
        "submit",
        "nothing is taken; 12012 without the price of the pages that are known by then",
        ASSUMED,
        "the text fits; the document's part on billing breaks off",
    ),
    Word(
        "before the call",
        "nothing is taken; the fax fails with 9040 when the balance does not hold the price of all its pages",
        ASSUMED,
        "the text fits",
    ),
    Word(
        "delivered",
        "the price of the pages that were sent is taken",
        ASSUMED,
        "a headline gives a page's price",
    ),
    Word("failed, canceled", "nothing is taken, for sent pages neither", ASSUMED, "nothing says it"),
    Word("resend, forward", "as a new fax", ASSUMED, "they send a fax"),
    Word(
        "several at one time",
        "credit is looked at, not reserved: faxes under way together may take the balance below zero",
        ASSUMED,
        "nothing tells of a reservation",
    ),
    Word("received", "nothing is taken", ASSUMED, "nothing says it"),
    Word(
        "buy a number",
        "nothing is taken; 12136 while the profile switch upfront_cost is on",
        ASSUMED,
        "the text of 12136 tells of a cost",
    ),
    Word(
        "test key, free trial",
        "pages are counted at submit, given back only when the call is refused",
        ASSUMED,
        "nothing says when",
    ),
)
"""What a fax costs at its stages; the document's part on this was cut off after its first sentence."""

DOCUMENTS = (
    Word("types", "PDF and images alone, by the file's name: 120109", DOCUMENTED, "lines 298 and 283"),
    Word("images", "PNG, JPEG, GIF, BMP and TIFF", ASSUMED, "which images is not said"),
    Word(
        "limits", "50 files, 25 MiB in all: -1008 and -1063", ASSUMED, "that there are limits is documented"
    ),
    Word(
        "pages",
        "ranges such as 2 or 1-5, counted from 1, kept in their order; malformed ones are 12009",
        DOCUMENTED,
        "the vendor's other documents; order and code are assumed",
    ),
    Word(
        "pages beyond the document",
        "the fax is accepted and fails with 9042",
        ASSUMED,
        "a file behind a URL has no known length at submit, and the service accepts unseen content",
    ),
    Word("unreadable content", "the fax is accepted and fails with 9042", ASSUMED, "the text of 9042 fits"),
    Word(
        "cover page",
        "drawn when templateId, subject, from_name, to_name or message is given; all templates look alike",
        ASSUMED,
        "that these stand on a cover page is documented",
    ),
)
"""What may be faxed, and when a fault in it shows."""

ERRORS = {
    "12001": ("no account has this key, or its user is blocked", OBSERVED),
    "12004": ("profile switch professional_plan is false", OBSERVED),
    "12020": ("faxNumber is missing; 120012 in the live profile", OBSERVED),
    "120100": ("faxNumber is no number, or a restricted one", DOCUMENTED),
    "-2028": ("faxNumber has no country", DOCUMENTED),
    "-111": ("not the designated number of a developer account", DOCUMENTED),
    "120101": ("a test key or a free trial, and neither the United States nor Canada", DOCUMENTED),
    "120103": ("callerId is no number", DOCUMENTED),
    "120104": ("callerId is not among the account's numbers", DOCUMENTED),
    "120105": ("the free trial's pages are used up", DOCUMENTED),
    "120106": ("the test key's pages are used up", DOCUMENTED),
    "120107": ("fileName is missing or no file's name", DOCUMENTED),
    "120108": ("fileUrl is no http or https address", DOCUMENTED),
    "120109": ("neither a PDF nor an image", DOCUMENTED),
    "-123": ("no faxData; accepted in the live profile", ASSUMED),
    "-1004": ("fileData is no base64; as a fax's code: fileUrl gave nothing", ASSUMED),
    "-1008": ("an attachment without content", ASSUMED),
    "-1008/2": ("more than 50 attachments", ASSUMED),
    "-1063": ("too much content", ASSUMED),
    "12012": ("too little credit; 12005 in the live profile", OBSERVED),
    "12021": ("unknown jobId; 120033 in the live profile for a received fax", ASSUMED),
    "12091": ("archive pair: unknown jobId", ASSUMED),
    "12130": ("unknown faxId or lastFaxId", ASSUMED),
    "12006": ("unknown label, or nothing to put away or back", ASSUMED),
    "-162": ("cancel after the end", ASSUMED),
    "9030": ("cancel of a cancelled fax", ASSUMED),
    "12107": ("resend while sending", ASSUMED),
    "12094": ("resend without a stored file", DOCUMENTED),
    "12092": ("a sent fax's file is gone", ASSUMED),
    "-1011": ("a received fax's file is gone", ASSUMED),
    "12100": ("delete while sending", ASSUMED),
    "12131": ("chunkNumber says nothing", ASSUMED),
    "12133": ("chunkNumber is too high", ASSUMED),
    "12093": ("no text was asked for", ASSUMED),
    "-2040": ("endDate is before startDate", ASSUMED),
    "-1005": ("jobId or faxId is missing", ASSUMED),
    "12108": ("abbreviation is missing", DOCUMENTED),
    "12127": ("unknown country", DOCUMENTED),
    "12117": ("unknown area", DOCUMENTED),
    "12123": ("id or numberId is missing", DOCUMENTED),
    "12137": ("orderId is missing", DOCUMENTED),
    "12124": ("faxNumber of a number for sale is missing", DOCUMENTED),
    "12090": ("faxNumber of a number for sale is no number", ASSUMED),
    "12134": ("no number is for sale there, or not this one", ASSUMED),
    "12113": ("buy of a number that is not for sale", ASSUMED),
    "12129": ("the account has this number", ASSUMED),
    "12136": ("buy while the profile switch upfront_cost is on", DOCUMENTED),
    "12114": ("two calls let the same number go at one time", ASSUMED),
    "12135": ("the account has no such number", DOCUMENTED),
    "11008": ("another required parameter is missing", ASSUMED),
    "12009": ("another parameter, or the body, is malformed", ASSUMED),
    "12010": ("another verb than POST", ASSUMED),
    "256": ("an internal error that a magic number or a scenario asks for, HTTP 500", ASSUMED),
    "11013": ("a rate limit that a magic number or a scenario asks for, HTTP 429", ASSUMED),
}
"""When an operation itself answers a code. Texts are documented; evidence is that of the occasion."""

OCCASIONS = {
    DOCUMENTED: "the text says so",
    OBSERVED: "live traffic, there with the code of the live profile where it has another",
    ASSUMED: "the text fits",
}
"""Where an occasion is known from."""

TOLD = (-3, 403, 12036, 12037, 12103, 12104, 12106, 12109, 12110, 12112, 12115, 12132)
MESSAGES = frozenset((*map(str, TOLD), "-3/2"))
"""Rows whose text is the message of an operation's success (assumed but for -3, which was observed)."""

STAGES = frozenset(("-11", "-3", *OUTCOME_CODES.values()))
"""Codes that a fax has by what becomes of it, without a scenario that names them."""

ANSWERED = "an operation answers it"

MAGIC = {
    "02": "failed with 263: iFax documents no redial",
    "06": "12012 (12005 in the live profile)",
    "13": "120100: iFax documents no restricted numbers",
    "20": "HTTP 500 with code 256",
    "21": "HTTP 429 with code 11013: iFax documents no rate limit",
}


def reached(name: str, row: Row) -> str:
    """Say how a client meets a row of the table of codes."""
    if row.text == TEXTS[row.code]:
        name = str(row.code)
    ways = (
        (ANSWERED, ERRORS),
        ("an operation's message", MESSAGES),
        ("a fax has it", STAGES),
    )
    found = [way for way, names in ways if name in names]
    last = "a scenario makes a fax end so" if row.outcome else "scenario only"
    return " and ".join(found) or last


_LIVE = words(LIVE, OBSERVED, f"live traffic; {ANSWERED}")
_NAMED = tuple(
    Word(name, row.text, DOCUMENTED, f"line {row.line}; {reached(name, row)}", row.outcome)
    for name, row in NAMED.items()
)
CODES = {code.word: code for code in (*_NAMED, *_LIVE)}
"""Every code that a scenario may name."""

TABLES: Mapping[str, Sequence[Word]] = {
    "states": STATES,
    "codes": (*_NAMED, *_LIVE, Word("12001", BAD_KEY, OBSERVED, f"live traffic; {ANSWERED}")),
    "errors": [Word(code, when, evidence, OCCASIONS[evidence]) for code, (when, evidence) in ERRORS.items()],
    "webhooks": WEBHOOKS,
    "billing": BILLING,
    "documents": DOCUMENTS,
    "switches": words(SWITCHES, ASSUMED, "this emulator's"),
}
