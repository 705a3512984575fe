"""iFax's words as data: paths, states, limits; each row with its evidence."""

from __future__ import annotations

from emulator.core.dialect.words import ASSUMED, OBSERVED, Evidence
from emulator.core.faxes.machine import State
from emulator.core.faxes.outcomes import Outcome

_ROOT = "/v1/customer"

PATHS: dict[str, tuple[str, Evidence, str]] = {
    "send": (f"{_ROOT}/fax-send", OBSERVED, "live traffic"),
    "resend": (f"{_ROOT}/fax-resend", OBSERVED, "a public client"),
    "forward": (f"{_ROOT}/fax-forward", ASSUMED, "guessed"),
    "status": (f"{_ROOT}/fax-status", OBSERVED, "a public client"),
    "cancel": (f"{_ROOT}/fax-cancel", ASSUMED, "guessed"),
    "download": (f"{_ROOT}/fax-download", ASSUMED, "guessed after the inbound one"),
    "list": (f"{_ROOT}/fax-lists", OBSERVED, "a public client"),
    "delete": (f"{_ROOT}/fax-delete", ASSUMED, "guessed"),
    "archive": (f"{_ROOT}/fax-archive", ASSUMED, "guessed, its purpose too"),
    "unarchive": (f"{_ROOT}/fax-unarchive", ASSUMED, "guessed, its purpose too"),
    "inbound-list": (f"{_ROOT}/inbound/fax-list", OBSERVED, "a public client"),
    "inbound-list-all": (f"{_ROOT}/inbound/fax-list-all", OBSERVED, "live traffic"),
    "inbound-download": (f"{_ROOT}/inbound/fax-download", OBSERVED, "live traffic"),
    "inbound-delete": (f"{_ROOT}/inbound/fax-delete", ASSUMED, "guessed"),
    "ocr": (f"{_ROOT}/fax-ocr", ASSUMED, "guessed"),
    "ocr-result": (f"{_ROOT}/fax-ocr-result", ASSUMED, "guessed"),
    "number-list": (f"{_ROOT}/inbound/number-list", OBSERVED, "a public client"),
    "country-list": (f"{_ROOT}/inbound/country-list", ASSUMED, "guessed after its siblings"),
    "area-list": (f"{_ROOT}/inbound/area-list", OBSERVED, "a public client"),
    "numbers": (f"{_ROOT}/inbound/numbers", OBSERVED, "a public client"),
    "search": (f"{_ROOT}/inbound/search", OBSERVED, "a public client"),
    "buy": (f"{_ROOT}/inbound/buy", OBSERVED, "a public client"),
    "number-delete": (f"{_ROOT}/inbound/number-delete", OBSERVED, "a public client"),
    "report": (f"{_ROOT}/fax-list", ASSUMED, "guessed"),
    "label-list": (f"{_ROOT}/label-list", ASSUMED, "guessed"),
    "label-assign": (f"{_ROOT}/label-assign", ASSUMED, "guessed"),
    "label-remove": (f"{_ROOT}/label-remove", ASSUMED, "guessed"),
    "custom-fields": (f"{_ROOT}/custom-fields", ASSUMED, "guessed"),
    "custom-fields-update": (f"{_ROOT}/custom-fields-update", ASSUMED, "guessed"),
    "label-update": (f"{_ROOT}/label-update", ASSUMED, "guessed"),
}
"""Operation to its path, the path's evidence and where it was found: the vendor's document lost its paths.

The operations and their parameters are documented; to rename a guessed path, change it here.
"""

OUTCOME_CODES: dict[Outcome | None, str] = {
    None: "0",
    Outcome.delivered: "0",
    Outcome.busy: "263",
    Outcome.no_answer: "8021",
    Outcome.not_fax: "9015",
    Outcome.bad_number: "3912",
    Outcome.circuits_busy: "9001",
    Outcome.hangup: "9012",
    Outcome.line_error: "9009",
    Outcome.conversion_failed: "9042",
    Outcome.fetch_failed: "-1004",
    Outcome.no_credit: "9040",
    Outcome.cancelled: "403",
}
"""The code of a finished fax; texts are documented, which outcome has which is assumed."""

STATES: dict[State, str] = {
    State.delivered: "delivered",
    State.failed: "failed",
    State.cancelled: "canceled",
    State.arrived: "received",
}
"""Final states (documented; `received` observed live); every other is `sending`."""

EARLY = frozenset({State.scheduled, State.received, State.rendering, State.credit_check, State.credit_hold})
"""States in which `sending` has code -11, Pre-processing; later ones have -3 (arrows assumed)."""

CANCELLABLE = frozenset(State) - {State.reporting}
"""A fax whose call is over can be cancelled no more, -162 (assumed)."""

QUALITIES = {"low": "standard", "standard": "standard", "hd": "fine"}
"""faxQuality (documented in the vendor's other documents) to the fax resolution that is sent (assumed)."""

EXTENSIONS = frozenset({"pdf", "png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff"})
"""Names of attachments that are taken: PDF and images alone (documented; which images is assumed)."""

SHARED_NUMBER = "+12345678901"
"""What a fax comes from when nobody names a number: fromNumber is E.164 (documented; this one a sample's)."""

MOST_FILES = 50
MOST_BYTES = 25 * 2**20
"""Files of one fax, and their bytes in all (that there are limits is documented, their size assumed)."""

BODY_BYTES = 2 * MOST_BYTES

PAGE_PRICE = 10_000
"""Micros: from $0.01 a page (documented)."""

TEST_PAGES = 50
"""Pages that a test key may send (that there is a limit is documented, its size assumed)."""

CHUNK = 512 * 1024
"""Characters of base64 in one chunk of a download (chunks are documented by their codes alone; assumed)."""

LABELS = ("Important", "Work", "Personal")
"""The labels of an account that sets none with the profile switch `labels` (assumed)."""
