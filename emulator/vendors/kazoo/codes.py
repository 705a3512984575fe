"""How a try ends, in the worker's words: each code that a scenario may name, with its number and its text."""

from __future__ import annotations

from collections.abc import Iterator

from emulator.core.dialect.words import DOCUMENTED, OBSERVED, Word
from emulator.core.faxes.outcomes import Outcome

REFERENCE, SOURCE = "the vendor's reference document", "public source code"

# SpanDSP's numbers and words (t30.h, t30_logging.c), which FreeSWITCH and with it Kazoo pass on. Observed.
T30: tuple[str, ...] = (
    "OK",
    "The CED tone exceeded 5s",
    "Timed out waiting for initial communication",
    "Timed out waiting for the first message",
    "Timed out waiting for procedural interrupt",
    "The HDLC carrier did not stop in a timely manner",
    "Failed to train with any of the compatible modems",
    "Operator intervention failed",
    "Far end is not compatible",
    "Far end is not able to receive",
    "Far end is not able to transmit",
    "Far end cannot receive at the resolution of the image",
    "Far end cannot receive at the size of image",
    "Unexpected message received",
    "Received bad response to DCS or training",
    "Received a DCN from remote after sending a page",
    "Invalid ECM response received from receiver",
    "Received a DCN while waiting for a DIS",
    "Invalid response after sending a page",
    "Received other than DIS while waiting for DIS",
    "Received no response to DCS or TCF",
    "No response after sending a page",
    "Timed out waiting for receiver ready (ECM mode)",
    "Invalid ECM response received from transmitter",
    "DCS received while waiting for DTC",
    "Unexpected command after page received",
    "Carrier lost during fax receive",
    "Timed out while waiting for EOL (end Of line)",
    "Timed out while waiting for first line",
    "Timer T2 expired while waiting for DCN",
    "Timer T2 expired while waiting for phase D",
    "Timer T2 expired while waiting for fax page",
    "Timer T2 expired while waiting for next fax page",
    "Timer T2 expired while waiting for RR command",
    "Timer T2 expired while waiting for NSS, DCS or MCF",
    "Unexpected DCN while waiting for DCS or DIS",
    "Unexpected DCN while waiting for image data",
    "Unexpected DCN while waiting for EOM, EOP or MPS",
    "Unexpected DCN after EOM or MPS sequence",
    "Unexpected DCN after RR/RNR sequence",
    "Unexpected DCN after requested retransmission",
    "TIFF/F file cannot be opened",
    "TIFF/F page not found",
    "TIFF/F format is not compatible",
    "TIFF/F page number tag missing",
    "Incorrect values for TIFF/F tags",
    "Bad TIFF/F header - incorrect values in fields",
    "Cannot allocate memory for more pages",
    "Disconnected after permitted retries",
    "The call dropped prematurely",
    "Poll not accepted",
    "Ident not accepted",
    "Sub-address not accepted",
    "Selective polling address not accepted",
    "Polled sub-address not accepted",
    "Sender identification not accepted",
    "Password not accepted",
    "Transmitting subscriber internet address not accepted",
    "Internet routing address not accepted",
    "Calling subscriber internet address not accepted",
    "Internet selective polling address not accepted",
    "Called subscriber internet address not accepted",
)

T30_OUTCOMES = {0: Outcome.delivered, 2: Outcome.not_fax, 49: Outcome.hangup}
"""What the call was like; any other number is a line error."""


# FreeSWITCH's table from Q.850 to SIP (mod_sofia). Observed; the outcome is ours.
CAUSES = {
    "UNALLOCATED_NUMBER": (1, 404, Outcome.bad_number),
    "NO_ROUTE_DESTINATION": (3, 404, Outcome.bad_number),
    "NORMAL_CLEARING": (16, 200, Outcome.hangup),
    "USER_BUSY": (17, 486, Outcome.busy),
    "NO_USER_RESPONSE": (18, 408, Outcome.no_answer),
    "NO_ANSWER": (19, 480, Outcome.no_answer),
    "SUBSCRIBER_ABSENT": (20, 480, Outcome.no_answer),
    "CALL_REJECTED": (21, 603, Outcome.bad_number),
    "NUMBER_CHANGED": (22, 410, Outcome.bad_number),
    "DESTINATION_OUT_OF_ORDER": (27, 502, Outcome.circuits_busy),
    "INVALID_NUMBER_FORMAT": (28, 484, Outcome.bad_number),
    "NORMAL_UNSPECIFIED": (31, 480, Outcome.no_answer),
    "NORMAL_CIRCUIT_CONGESTION": (34, 503, Outcome.circuits_busy),
    "NETWORK_OUT_OF_ORDER": (38, 503, Outcome.circuits_busy),
    "NORMAL_TEMPORARY_FAILURE": (41, 503, Outcome.circuits_busy),
    "SWITCH_CONGESTION": (42, 503, Outcome.circuits_busy),
    "OUTGOING_CALL_BARRED": (52, 403, Outcome.circuits_busy),
    "INCOMING_CALL_BARRED": (54, 403, Outcome.circuits_busy),
    "INCOMPATIBLE_DESTINATION": (88, 488, Outcome.circuits_busy),
    "RECOVERY_ON_TIMER_EXPIRE": (102, 504, Outcome.circuits_busy),
    "ORIGINATOR_CANCEL": (487, 487, Outcome.circuits_busy),
}
"""Hangup causes: Q.850, the SIP status that goes with it, and what the call was like."""

STAGES = {
    "acquire": Outcome.conversion_failed,
    "prepare": Outcome.conversion_failed,
    "originate": Outcome.no_answer,
    "negotiate": Outcome.line_error,
    "send": Outcome.line_error,
}
"""Where the worker may time out (observed), and what that is to us."""

NOT_FETCHED = "could not retrieve file, HTTP response {status}"
"""Documented but for the status."""
NOT_CONNECTED = "could not connect to document URL"

FETCH_STATUSES = (400, 401, 403, 404, 410, 500, 502, 503, 504)
"""HTTP statuses of a document's server that a scenario may name as `HTTP 404`."""

# 400 and 500 come with several texts: as bare numbers they stand for the one that fits any call.
TROUBLES = {
    "crash": (500, "process terminated. please contact your support for details"),
    "500": (500, "process terminated. please contact your support for details"),
    "invalid-number": (400, "invalid fax number: {to}"),
    "400": (400, "invalid fax number: {to}"),
    "invalid-cid": (400, "invalid fax cid number: {sender}"),
}
"""What is wrong with a job before it is called."""


def _codes() -> Iterator[Word]:
    for number, text in enumerate(T30):
        yield _seen(str(number), text, T30_OUTCOMES.get(number, Outcome.line_error), number or 200)
    for cause, (_, sip, outcome) in reversed(CAUSES.items()):
        # Several causes share a SIP status: the first of the table stands for it.
        for code in (str(sip), cause):
            yield _seen(code, cause, outcome, sip)
    for stage, outcome in STAGES.items():
        yield _seen(f"timeout-{stage}", f"fax job timed out - {stage}", outcome, 500)
    for code, (number, text) in TROUBLES.items():
        yield _seen(code, text, Outcome.conversion_failed, number)
    yield _seen("no-connection", NOT_CONNECTED, Outcome.fetch_failed, 0)
    # The document promises the text for a file that was not retrieved, with the HTTP status in it.
    for status in FETCH_STATUSES:
        text = NOT_FETCHED.format(status=status)
        yield Word(f"HTTP {status}", text, DOCUMENTED, REFERENCE, Outcome.fetch_failed, 0)


def _seen(code: str, text: str, outcome: Outcome, number: int) -> Word:
    return Word(code, text, OBSERVED, SOURCE, outcome, number)


CODES = {word.word: word for word in _codes()}

BY_OUTCOME: dict[Outcome | None, Word] = {
    Outcome.delivered: CODES["0"],
    Outcome.busy: CODES["USER_BUSY"],
    Outcome.no_answer: CODES["NO_ANSWER"],
    Outcome.not_fax: CODES["2"],
    Outcome.bad_number: CODES["UNALLOCATED_NUMBER"],
    Outcome.circuits_busy: CODES["NORMAL_CIRCUIT_CONGESTION"],
    Outcome.hangup: CODES["49"],
    Outcome.line_error: CODES["48"],
    Outcome.fetch_failed: CODES["HTTP 404"],
    # A file that cannot be used has code 0 (observed); the text is that of the TIFF library (assumed).
    Outcome.conversion_failed: Word("no-file", T30[41], code=0),
    Outcome.no_credit: Word("no_credit", "no_credit", code=402),
    Outcome.cancelled: Word("cancelled", "ORIGINATOR_CANCEL", code=487),
}
"""How an outcome that came without a code is told (assumed)."""


def t30_of(code: Word) -> int | None:
    """The T.30 result of a code, None when the call came to none."""
    return int(code.word) if code.word.isdigit() and int(code.word) < len(T30) else None


def cause_of(code: Word) -> str | None:
    """The hangup cause of a code, None when no call was made."""
    cause = "NORMAL_CLEARING" if t30_of(code) is not None else code.text
    return cause if cause in CAUSES else None
