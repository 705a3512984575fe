"""The switches with which iFax answers otherwise than its document says, or is another account."""

from __future__ import annotations

from emulator.core.dialect.switch import TRUE_OR_FALSE, is_text, list_of, one_of, whole, written
from emulator.core.dialect.words import switches

_LIVE = one_of("documented", "live")
_PAGES = whole(0, 1_000_000)

SWITCHES = switches(
    {
        "profile": (
            _LIVE,
            "`documented` (default), or `live`: answers as the real service was observed to give them",
        ),
        "ifax.profile": (_LIVE, "another spelling of profile"),
        "page_rows": (
            whole(1, 1_000_000),
            "rows of a list's answer; absent: all (with the profile live 100)",
        ),
        "test_key": (TRUE_OR_FALSE, "true: the live key counts as a test key"),
        "test_pages": (_PAGES, "pages that a test key may send"),
        "free_trial": (_PAGES, "pages that an account on its free trial may send; absent: no trial"),
        "designated_number": (
            written("a telephone number", r"\+?[0-9][0-9 ().-]{5,30}"),
            "a developer account's only destination",
        ),
        "professional_plan": (TRUE_OR_FALSE, "false: the plan lacks the API, every call answers 12004"),
        "file_storage": (TRUE_OR_FALSE, "false: files are gone when their fax has ended"),
        "upfront_cost": (
            TRUE_OR_FALSE,
            "true: numbers have an upfront cost, so that buying one answers 12136",
        ),
        "labels": (list_of("names", is_text), "names of the account's labels"),
        "office_files": (
            TRUE_OR_FALSE,
            "true: doc and docx are taken too, as newer documentation of the vendor has it",
        ),
    },
    {
        "profile": "public clients written against the live service: four receivers of its JSON webhook, one "
        "sender whose files are not in faxData",
        "page_rows": "one public client, which pages with lastFaxId until a list is empty",
        "professional_plan": "one public client, which tells its user of 12004",
    },
)
