"""A vendor's submit call as a browser can make it, with blanks for what a person fills in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.core.dialect.client import Account, Document, Order
from emulator.core.dialect.vendor import Vendor

MARK = "X-Localfax-Page"
"""Header by whose value the page finds its own call in the journal."""
NUMBER = "LocalfaxNumber"
NAME = "LocalfaxName"
TYPE = "LocalfaxType"
CONTENT = b"%PDF-LocalfaxBody."
"""Stand where the number's digits and the document's name, media type and bytes go; page.js knows them too.

They are whole in every encoding: no sign is escaped in JSON or in a form, and base64 of the bytes, a multiple
of three, is letters and digits alone. They begin as a PDF does, as one vendor takes nothing else.
"""


def blank(vendor: Vendor, access: Mapping[str, Any]) -> dict[str, Any] | None:
    """Write the call to a vendor of a sandbox: method, url, headers, body; None where no client is known."""
    import requests

    if vendor.client is None:
        return None
    account = Account(access["base_url"], access["credentials"])
    order = Order(account, f"+{NUMBER}", Document(NAME, TYPE, CONTENT))
    call = requests.Request(**vendor.client.send(order).arguments).prepare()
    headers = {name: value for name, value in call.headers.items() if name != "Content-Length"}
    body = call.body.decode() if isinstance(call.body, bytes) else call.body
    return {"method": call.method, "url": call.url, "headers": headers, "body": body}
