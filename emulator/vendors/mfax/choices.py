"""What mFax's documents leave open, as it is here, and the switches with which it is otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.core.dialect.switch import TRUE_OR_FALSE, has_texts, list_of, number, one_of
from emulator.core.dialect.words import choices, switches
from emulator.vendors.mfax.events import EVENTS
from emulator.vendors.taken import RINGING

DEFAULTS: Mapping[str, Any] = {
    "webhook_format": "json",
    "webhook_events": None,
    "webhook_attachment": True,
    "lenient_auth": False,
    "wrong_auth_404": False,
    "fresh_result": True,
    "resend_short": False,
    "history_count_number": False,
    "faxbridge": False,
    "international": True,
    "transmitting_word": False,
    "processing_seconds": 0,
    "trial": False,
    "cover_pages": (),
}
"""The switches of a profile, as they are when it does not say."""

LONGEST_WAIT = 86_400
"""Virtual seconds for which a fax may wait before its first call."""

_COVER_PAGE = has_texts("uuid", "name", "template")


def _is_event(given: Any) -> bool:
    return isinstance(given, str) and given in EVENTS


SWITCHES = switches(
    {
        "webhook_format": (
            one_of("json", "legacy"),
            "json, or legacy: multipart with a data part (portal webhooks)",
        ),
        "webhook_events": (
            list_of("names of the vendor's events", _is_event, sorted(EVENTS)),
            "events of the portal's webhooks instead of the usual ones",
        ),
        "webhook_attachment": (
            TRUE_OR_FALSE,
            "portal webhooks of the legacy form carry the document; false: they do not",
        ),
        "lenient_auth": (
            TRUE_OR_FALSE,
            "true: also take Bearer KEY and Basic base64(KEY:), as some clients send them",
        ),
        "wrong_auth_404": (
            TRUE_OR_FALSE,
            "true: a good key as Bearer KEY or in X-API-Key is answered 404, as one client has seen, and not "
            "401",
        ),
        "fresh_result": (
            TRUE_OR_FALSE,
            "a fax not resolved yet shows result 0, OK as in the reference; false: null as observed",
        ),
        "resend_short": (
            TRUE_OR_FALSE,
            "true: resend answers the short object that was observed, not the reference's",
        ),
        "history_count_number": (
            TRUE_OR_FALSE,
            "true: count of the history is a number, not text as in the reference",
        ),
        "faxbridge": (TRUE_OR_FALSE, "true: faxes and numbers belong to a FaxBridge device"),
        "international": (TRUE_OR_FALSE, "numbers outside of +1 are faxed; false: they are refused"),
        "transmitting_word": (
            TRUE_OR_FALSE,
            "true: info, history and its filter say transmitting from the first call on, of faxes accepted "
            "meanwhile",
        ),
        "processing_seconds": (
            number(0, LONGEST_WAIT),
            "virtual seconds for which a fax waits before its first call, so that it can be cancelled: 0 "
            "where the clock stands. A sandbox that is made with a running clock has three real seconds, at "
            "most a virtual minute",
        ),
        "trial": (TRUE_OR_FALSE, "true: the plan is a trial one, which has no API"),
        "cover_pages": (
            list_of("objects with the texts uuid, name, template", _COVER_PAGE),
            "further cover pages",
        ),
    },
    {
        "webhook_format": "public receivers of the older multipart webhooks, which tell events by direction",
        "lenient_auth": "six public senders that use Bearer, and one that falls back to Basic base64(KEY:)",
        "wrong_auth_404": "one public program, which met 404 with Bearer and X-API-Key",
        "fresh_result": "two public clients, which know null",
        "resend_short": "two public clients, whose copies of such rows have country, as the short one has",
        "history_count_number": "one public client, which reads the count of lists as a number",
        "international": "one public client, which met NotAllowedError where it was not allowed",
        "trial": "one public client, which met NotAllowedError on a trial plan",
    },
)

CHOICES = choices(
    {
        "fields that no table lists": "passed over, as clients send more than the reference has; what is "
        "listed is kept and shown, or does what it says",
        "authentication": ("Basic KEY alone, else 401", "lenient_auth wrong_auth_404"),
        "plan": ("one that has the API", "trial"),
        "numbers": "of a length that their country has; ten digits are North American, a trunk zero goes",
        "numbers abroad": ("are faxed", "international"),
        "validate": "a number of any country's plan is valid with any known country; an unknown country, "
        "letters and extensions never",
        "tags": "ids that are no tag's are passed over, as in the reference's example; each is on a fax once",
        "time before the first call": (
            "none where the clock stands; with a running clock three real seconds, so that a person can "
            "cancel: in the default sandbox a fax of one page takes about five seconds",
            "processing_seconds",
        ),
        "word of a fax under way": ("processing until it has ended", "transmitting_word"),
        "result of a fax under way": ("0, OK", "fresh_result"),
        "cancel": "before the first call and between two; during a call it is refused",
        "delete": "a fax that has not ended is cancelled, on the telephone too, and posts no webhook",
        "cover page": "each recipient's own: name (a contact's, a row's, else recipientName) and number; the "
        "day on which the fax is sent",
        "cover pages that there are": ("the reference's Default alone", "cover_pages"),
        "resend": "writes the cover page anew for its number and day; keeps a date that is still to come",
        "answer of resend": ("the reference's object", "resend_short"),
        "count of the history": ("text, as in the reference", "history_count_number"),
        "FaxBridge": ("faxes and numbers belong to none", "faxbridge"),
        "blast": "the first sheet of an .xlsx or .xls file; headings name the columns of numbers and names",
        "contacts": "seen by every user of the account, whatever isPublic and publicEditable say",
        "webhooks of the portal": (
            "JSON, of each fax that has ended or arrived",
            "webhook_format webhook_events webhook_attachment",
        ),
        "a corrected webhook URL": "is where the tries that follow go",
        "webhook without events": "takes all of them, in both forms",
        "release": "the number receives nothing more and leaves after 30 days, the portal's own too",
        "order without numbers": "a toll-free number, as the reference's own example gets one",
        "number search": "by ZIP: its own city, and the area codes that serve that; by city: the main places "
        "of the area codes",
        "429": "Retry-After is in real seconds when the sandbox's clock runs, else in its own",
        **RINGING,
    }
)
