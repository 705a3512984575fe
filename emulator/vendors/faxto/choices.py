"""What Fax.to's documents leave open, as it is here, and the switches with which it is otherwise."""

from __future__ import annotations

from emulator.core.dialect.switch import one_of
from emulator.core.dialect.words import choices, switches
from emulator.vendors.taken import RINGING

SWITCHES = switches(
    {
        "upload_status": (
            one_of("Success", "success"),
            "Success; set it to success for clients that want it in lower case",
        )
    },
    {"upload_status": "one public client, which takes an upload for done when its status is success"},
)

CHOICES = choices(
    {
        "parameters that no table lists": "passed over",
        "status in progress": "executed, with the reference's explanation of it as message",
        "status failed": "failed, with the text of the msg_code as message",
        "status of an upload": ("Success, as the reference pages have it", "upload_status"),
        "fax_number": "of a length that its country has, or the reference's own sample; ten digits and 011 "
        "as they are dialled in North America",
        "a corrected callback URL": "is where the retries that follow go",
        "charge": "pages times the page rate, when the fax is accepted; not paid back when it fails",
        "tsi_number": "the sender that the fax shows as `from`, by default the account's first number; cut "
        "off after 20 characters (T.30); nothing is printed on the pages",
        "balance too low": "400, nothing is sent, the balance never goes below zero",
        "unreadable document": "upload and send succeed, the fax ends with file_error",
        "limit": "10 where the answer tells the pages, else 1000, which is also the most",
        "page links": "null where there is no page",
        "users": "share the account of their sandbox; registration without a key goes to the default sandbox",
        "numbers": "can be had in the United States and Canada; new ones are among 555-0100 to 555-0199",
        "redials": "none by default; where max_attempts or a scenario asks for more calls, five minutes "
        "after busy, no_answer, circuits_busy, line_error and hangup",
        **RINGING,
    }
)
