"""Where Kazoo's document is silent or its source says otherwise, as it is here, and by which switch not."""

from __future__ import annotations

from typing import Any

from emulator.core.dialect.switch import TRUE_OR_FALSE, either, one_of, whole
from emulator.core.dialect.words import ASSUMED, DOCUMENTED, OBSERVED, Word, choices, switches
from emulator.vendors.kazoo.codes import REFERENCE, SOURCE
from emulator.vendors.taken import RINGING

MOST_TOKENS = 1_000_000
"""The greatest bucket of `rate_limit`."""

_SERVERS = one_of("4.0", "4.3")

SWITCHES = switches(
    {
        "kazoo.profile": (
            _SERVERS,
            "4.0 (default) or 4.3: node, version and timestamp in envelopes, _read_only, opaque paging keys, "
            "PDF attachments, nested webhooks that may be put and be JSON; alone it sets no other switch, as "
            "the profile 4.3 does",
        ),
        "profile": (_SERVERS, "another spelling of kazoo.profile"),
        "rate_limit": (
            either(TRUE_OR_FALSE, whole(0, MOST_TOKENS)),
            "true lets 100 calls through at once and then ten a second, a login counting for 35; a number is "
            "another size of the bucket; off by default",
        ),
        "live_status": (TRUE_OR_FALSE, "true shows the worker's own words while a job is processing"),
        "strict_accept": (
            TRUE_OR_FALSE,
            "true offers only the type of the stored file, as 4.3 does while it sends a PDF",
        ),
        "retries": (
            one_of("tries"),
            "tries counts all tries of a job in its retries, the first too; by default, as documented, they "
            "come after the first. The profile 4.3 sets it",
        ),
        "smtp_open": (
            TRUE_OR_FALSE,
            "true lets everybody write to a faxbox whose smtp_permission_list is empty",
        ),
        "list_window": (
            TRUE_OR_FALSE,
            "true bounds lists by created_from and created_to of 31 days at most, the last ones without "
            "them; by default they say all. The profile 4.3 sets it",
        ),
        "list_cap": (whole(0, 1_000_000), "rows beyond which a list without pages answers 416"),
    },
    {
        "kazoo.profile": "public clients of 4.2 and later: cursors that are text, nested webhooks, PDF "
        "attachments",
        "strict_accept": "one public client, which met 406 when it asked for application/pdf",
    },
)

PROFILES: dict[str, dict[str, Any]] = {
    "4.0": {},
    "4.3": {"kazoo.profile": "4.3", "list_window": True, "retries": "tries"},
}
"""A server of the 4.0 era, which the vendor's document shows, and one of 4.3 (observed)."""

PROFILE_TEXTS = (
    Word("4.0", "a server of the 4.0 era, as in the vendor's document", DOCUMENTED, "the reference document"),
    Word(
        "4.3",
        "a server of 4.3",
        OBSERVED,
        "public clients of 4.2 and later: opaque cursors, nested webhooks",
    ),
)

CHOICES = (
    *choices(
        {
            "server": ("of the 4.0 era, as the document's samples are", "kazoo.profile profile"),
            "retries": (
                "so many after the first try, 1 unless said; a scenario that names more calls has its will "
                "where retries are 1, written or not",
                "retries",
            ),
            "lists": ("say all that there is", "list_window"),
            "attempts": "what a client sends is reset, whatever it is",
            "HTTP 204 of a document": "the documented retrieval error",
        },
        DOCUMENTED,
        REFERENCE,
    ),
    *choices(
        {
            "accounts/{id}, users/{id}, phone_numbers, schemas/faxes": "answer with the least that three "
            "public fax clients read before they send",
            "/v1": "answers as /v2, a public client's default",
            "CORS": "for the pages of this machine, and of the origins that --allow-origin names; others are "
            "refused, where the source lets every origin in",
            "outgoing rows": "attempts and faxbox_id stand in the row of a faxbox's job",
            "format of a webhook": (
                "kept by a 4.0 server, which posts forms; form-data or json with 4.3",
                "kazoo.profile",
            ),
            "an empty smtp_permission_list": ("lets nobody write", "smtp_open"),
            "an entry of smtp_permission_list": "the sender in lower case, or a regular expression of up to "
            "300 characters that is found anywhere in it; one that looks ahead, refers back or sets a mode "
            "is found nowhere",
            "words of a job under way": ("processing, as documented", "live_status"),
            "type of an attachment": ("the one that is asked for, of PDF and TIFF", "strict_accept"),
            "calls a second": ("as many as come", "rate_limit"),
            "rows of a list without pages": ("all", "list_cap"),
        },
        OBSERVED,
        SOURCE,
    ),
    *choices(
        {
            "keys that no schema lists": "kept and shown, of faxes, faxboxes and webhooks",
            "start_key": "a cursor that cannot be read is 400, never the first page",
            "a corrected uri of a webhook": "is where the tries that follow go",
            "caller id": "any while the account lists no numbers, else one of them: another fails when the "
            "call is placed",
            **RINGING,
        },
        ASSUMED,
        "our choice",
    ),
)
"""What this emulator does."""
