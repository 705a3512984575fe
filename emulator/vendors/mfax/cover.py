"""Cover pages: those that there are, and one filled in for one recipient."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask import Response

from emulator import documents
from emulator.vendors.dialect import context
from emulator.vendors.mfax.account import switch
from emulator.vendors.mfax.errors import answer_with, invalid

DEFAULT_ID = "00000000-0000-0000-0000-000000000000"
PREVIEWS = "https://storage.googleapis.com/drenfax-storage/coverpages"

# The tokens and their order are documented; the words around them follow the reference's sample.
DEFAULT_TEMPLATE = """Fax Transmission


To: ${tokens.recipientName}
From: ${tokens.senderName}

Fax: ${tokens.recipientFax}
Fax: ${tokens.callerId}

RE: ${tokens.subject}
Date: ${tokens.date}

Pages: ${tokens.pages}


Comments: ${tokens.notes}
"""

_TOKEN = re.compile(r"\$\{tokens\.(\w{1,40})\}")
_GAP = re.compile(r"\n(?:[^\S\n]*\n){3,}")  # more than two empty lines
_LONGEST = 20_000
_MOST_PAGES = 20


def list_cover_pages() -> Response:
    """List the cover pages, as a bare array."""
    return answer_with(_cover_pages())


def _cover_pages() -> list[dict[str, Any]]:
    """The default cover page, then those of the profile switch."""
    own = switch(context().settings, "cover_pages")
    given = [page for page in own if isinstance(page, Mapping)] if isinstance(own, (list, tuple)) else []
    own_texts = ([str(page.get(name, "")) for name in ("uuid", "name", "template")] for page in given)
    return [
        {
            "uuid": uuid,
            "name": name,
            "template": template,
            "accountId": None,
            "userId": None,
            "isPublic": True,
            "previewLink": f"{PREVIEWS}/{uuid}.png",
        }
        for uuid, name, template in ((DEFAULT_ID, "Default", DEFAULT_TEMPLATE), *own_texts)
    ]


def find_template(uuid: str | None) -> str:
    """Find the text of a cover page, of the default one when none is named; raise InvalidInputError."""
    for page in _cover_pages():
        if page["uuid"].lower() == (uuid or DEFAULT_ID):
            return str(page["template"])[:_LONGEST]
    raise invalid("coverPageId: Cover page not found.")


def print_cover(template: str, tokens: Mapping[str, str], following: int) -> bytes:
    """Fill a template and print it as a PDF before so many pages; a long text flows on to further ones."""
    printed = _print(template, {**tokens, "pages": str(1 + following)})
    if (own := documents.inspect(printed).pages) > 1:
        own = min(own, _MOST_PAGES)
        printed = _print(template, {**tokens, "pages": str(own + following)})
    return documents.select_pages(printed, [f"1-{own}"]) if own == _MOST_PAGES else printed


def _print(template: str, tokens: Mapping[str, str]) -> bytes:
    filled = _TOKEN.sub(lambda token: tokens.get(token[1], ""), template)[:_LONGEST]
    clean = "".join(each if each.isprintable() or each in "\n\t" else " " for each in filled) or " "
    return documents.to_pdf(_GAP.sub("\n\n\n", clean).encode("utf-8", "replace"))
