"""Kazoo's words as data, each with its evidence: states, T.30 results, hangup causes, the worker's texts."""

from __future__ import annotations

from dataclasses import dataclass

from emulator.core.faxes.machine import State
from emulator.core.faxes.outcomes import Outcome

ATTACHING, PENDING, PROCESSING = "attaching_files", "pending", "processing"
COMPLETED, FAILED = "completed", "failed"

# State words are documented; which engine state shows as which is assumed.
STATES: dict[State, str] = {
    State.dialing: PROCESSING,
    State.transmitting: PROCESSING,
    State.reporting: PROCESSING,
    State.delivered: COMPLETED,
    State.failed: FAILED,
    State.cancelled: FAILED,
    State.ringing: PROCESSING,
    State.receiving: PROCESSING,
    State.arrived: COMPLETED,
}
"""Every other state is pending; a job whose uploaded files are still being read is attaching_files."""

STATE_TEXTS: tuple[tuple[str, str], ...] = (
    (ATTACHING, "uploaded or mailed files are being attached to the job"),
    (PENDING, "waits for a worker, or for its next try"),
    (PROCESSING, "a worker has it"),
    (COMPLETED, "sent; the job is in the outbox under its new id"),
    (FAILED, "no document could be fetched, or all tries were used up"),
)

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


@dataclass(frozen=True)
class Cause:
    """A hangup cause (Q.850) with the SIP status that goes with it and what the call was like."""

    q850: int
    name: str
    sip: int
    outcome: Outcome


# FreeSWITCH's table from Q.850 to SIP (mod_sofia). Observed; the outcome is ours.
CAUSES: tuple[Cause, ...] = (
    Cause(1, "UNALLOCATED_NUMBER", 404, Outcome.bad_number),
    Cause(3, "NO_ROUTE_DESTINATION", 404, Outcome.bad_number),
    Cause(16, "NORMAL_CLEARING", 200, Outcome.hangup),
    Cause(17, "USER_BUSY", 486, Outcome.busy),
    Cause(18, "NO_USER_RESPONSE", 408, Outcome.no_answer),
    Cause(19, "NO_ANSWER", 480, Outcome.no_answer),
    Cause(20, "SUBSCRIBER_ABSENT", 480, Outcome.no_answer),
    Cause(21, "CALL_REJECTED", 603, Outcome.bad_number),
    Cause(22, "NUMBER_CHANGED", 410, Outcome.bad_number),
    Cause(27, "DESTINATION_OUT_OF_ORDER", 502, Outcome.circuits_busy),
    Cause(28, "INVALID_NUMBER_FORMAT", 484, Outcome.bad_number),
    Cause(31, "NORMAL_UNSPECIFIED", 480, Outcome.no_answer),
    Cause(34, "NORMAL_CIRCUIT_CONGESTION", 503, Outcome.circuits_busy),
    Cause(38, "NETWORK_OUT_OF_ORDER", 503, Outcome.circuits_busy),
    Cause(41, "NORMAL_TEMPORARY_FAILURE", 503, Outcome.circuits_busy),
    Cause(42, "SWITCH_CONGESTION", 503, Outcome.circuits_busy),
    Cause(52, "OUTGOING_CALL_BARRED", 403, Outcome.circuits_busy),
    Cause(54, "INCOMING_CALL_BARRED", 403, Outcome.circuits_busy),
    Cause(88, "INCOMPATIBLE_DESTINATION", 488, Outcome.circuits_busy),
    Cause(102, "RECOVERY_ON_TIMER_EXPIRE", 504, Outcome.circuits_busy),
    Cause(487, "ORIGINATOR_CANCEL", 487, Outcome.circuits_busy),
)

STAGES = ("acquire", "prepare", "originate", "negotiate", "send")
"""Where the worker may time out (observed)."""

NOT_FETCHED = "could not retrieve file, HTTP response {status}"
"""Documented but for the status."""

NOT_CONNECTED = "could not connect to document URL"
INVALID_NUMBER = "invalid fax number: {to}"
INVALID_CALLER = "invalid fax cid number: {sender}"
TIMED_OUT = "fax job timed out - {stage}"
CRASHED = "process terminated. please contact your support for details"

NOT_OWNED = "caller id not owned"
"""The problem of a fax whose caller id is not among the account's numbers."""

FETCH_STATUSES = (400, 401, 403, 404, 410, 500, 502, 503, 504)
"""HTTP statuses of a document's server that a scenario may name as `HTTP 404`."""
