"""What a person may do in a sandbox: receive, send, choose an outcome; and how an application gets in."""

from __future__ import annotations

import json

from flask import Response, abort, render_template

from emulator.core.dialect.client import Document
from emulator.core.faxes.outcomes import BEFORE_CALL, Outcome
from emulator.web.blank import MARK, blank
from emulator.web.place import Place, in_sandbox, plane, vendors

OUTBOUND = tuple(each for each in Outcome if each is not Outcome.cancelled)
INBOUND = tuple(each for each in OUTBOUND if each not in BEFORE_CALL)
MOST_PAGES = 200
"""Pages of a document that is made up to be sent."""


@in_sandbox
def act(here: Place) -> str:
    access = here.sandbox["vendors"]
    blanks = {name: blank(each, access[name]) for name, each in vendors().items()}
    return render_template(
        "act.html",
        offered=plane().read(f"{here.root}/scenarios"),
        outcomes=OUTBOUND,
        inbound=INBOUND,
        most=MOST_PAGES,
        mark=MARK,
        blanks={name: json.dumps(call) for name, call in blanks.items() if call},
    )


@in_sandbox
def connect(here: Place) -> str:
    access = here.sandbox["vendors"]
    return render_template(
        "connect.html",
        samples={
            name: each.sample.format(base=access[name]["base_url"], **access[name]["credentials"])
            for name, each in vendors().items()
        },
        settings={name: plane().read(f"{here.root}/vendors/{name}") for name in access},
        vendors=vendors(),
    )


def pages(count: int) -> Response:
    """Give a PDF of so many written pages, for the form that sends."""
    if not 1 <= count <= MOST_PAGES:
        abort(404, f"documents of 1 to {MOST_PAGES} pages are made")
    document = Document.of_pages(count)
    return Response(document.content, content_type=document.media_type)


ROUTES = (
    ("/sandboxes/<sandbox>/act", act),
    ("/sandboxes/<sandbox>/connect", connect),
    ("/pages/<int:count>.pdf", pages),
)
