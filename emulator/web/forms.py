"""What a person may do in a sandbox: receive, send, choose an outcome."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, abort, render_template

from emulator.core.dialect.vendor import Vendor
from emulator.core.faxes.outcomes import BEFORE_CALL, Outcome
from emulator.web.place import JSON, Place, in_sandbox, plane, vendors
from localfax.asking import Account, Document, Order

_OUTBOUND = tuple(each for each in Outcome if each is not Outcome.cancelled)
_INBOUND = tuple(each for each in _OUTBOUND if each not in BEFORE_CALL)
_MOST_PAGES = 200
"""Pages of a document that is made up to be sent."""

_MARK = "X-Localfax-Page"
"""Header by whose value the page finds its own call in the journal."""
_NUMBER = "LocalfaxNumber"
_NAME = "LocalfaxName"
_TYPE = "LocalfaxType"
_CONTENT = b"%PDF-LocalfaxBody."
"""Stand where the number's digits and the document's name, media type and bytes go; page.js knows them too.

They are whole in every encoding: no sign is escaped in JSON or in a form, and base64 of the bytes, a multiple
of three, is letters and digits alone. They begin as a PDF does, as one vendor takes nothing else.
"""


@in_sandbox
def act(here: Place) -> str:
    access = here.sandbox["vendors"]
    blanks = {name: write_blank(each, access[name]) for name, each in vendors().items()}
    return render_template(
        "act.html",
        offered=plane().read(f"{here.root}/scenarios"),
        outcomes=_OUTBOUND,
        inbound=_INBOUND,
        most=_MOST_PAGES,
        mark=_MARK,
        blanks={name: json.dumps(each) for name, each in blanks.items() if each},
    )


def draw_pages(count: str) -> Response:
    """Draw a PDF of so many written pages, for the form that sends."""
    if not (count.isascii() and count.isdigit() and 1 <= int(count) <= _MOST_PAGES):
        abort(404, f"documents of 1 to {_MOST_PAGES} pages are made")
    document = Document.of_pages(int(count))
    return Response(document.content, content_type=document.media_type)


def write_blank(vendor: Vendor, access: JSON) -> dict[str, Any] | None:
    """Write a vendor's submit as a browser can make it, with blanks for what a person fills in.

    It has method, url, headers and body; None where no client of the vendor is known.
    """
    import requests

    if vendor.client is None:
        return None
    account = Account(access["base_url"], access["credentials"])
    order = Order(account, f"+{_NUMBER}", Document(_NAME, _TYPE, _CONTENT))
    submit = requests.Request(**vendor.client.send(order).arguments).prepare()
    headers = {name: value for name, value in submit.headers.items() if name != "Content-Length"}
    body = submit.body.decode() if isinstance(submit.body, bytes) else submit.body
    return {"method": submit.method, "url": submit.url, "headers": headers, "body": body}


ROUTES = (
    ("/sandboxes/<sandbox>/act", act),
    ("/pages/<string(maxlength=9):count>.pdf", draw_pages),
)
