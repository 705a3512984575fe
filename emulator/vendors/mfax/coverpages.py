"""Cover pages: templates with tokens, filled and printed as a page of the fax."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from emulator import documents
from emulator.vendors.mfax.errors import invalid
from emulator.vendors.mfax.tenant import Tenant

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
_LONGEST = 20_000


def cover_pages(tenant: Tenant) -> list[dict[str, Any]]:
    """List the cover pages: the default one, then those of the profile switch."""
    own = tenant.switch("cover_pages")
    given = [page for page in own if isinstance(page, Mapping)] if isinstance(own, (list, tuple)) else []
    return [
        _page(DEFAULT_ID, "Default", DEFAULT_TEMPLATE),
        *(
            _page(str(page.get("uuid", "")), str(page.get("name", "")), str(page.get("template", "")))
            for page in given
        ),
    ]


def _page(uuid: str, name: str, template: str) -> dict[str, Any]:
    return {
        "uuid": uuid,
        "name": name,
        "template": template,
        "accountId": None,
        "userId": None,
        "isPublic": True,
        "previewLink": f"{PREVIEWS}/{uuid}.png",
    }


def template(tenant: Tenant, uuid: str | None) -> str:
    """Give the text of a cover page, of the default one without an id."""
    for page in cover_pages(tenant):
        if page["uuid"].lower() == (uuid or DEFAULT_ID):
            return str(page["template"])
    raise invalid("coverPageId: Cover page not found.")


def print_cover(text: str, tokens: Mapping[str, str]) -> bytes:
    """Fill a template and print it as a one-page PDF; what does not fit on the page is cut off."""
    filled = _TOKEN.sub(lambda token: tokens.get(token[1], ""), text)[:_LONGEST]
    clean = "".join(each if each.isprintable() or each in "\n\t" else " " for each in filled) or " "
    printed = documents.to_pdf(clean.encode("utf-8", "replace"))
    return printed if documents.inspect(printed).pages == 1 else documents.select_pages(printed, ["1"])
