"""Every request to the vendors and every webhook from them, live, and one of them beside the list."""

from __future__ import annotations

from typing import Any

from flask import abort, render_template, request

from emulator.web.again import read_again
from emulator.web.languages import LANGUAGES
from emulator.web.listing import PAGE_ROWS
from emulator.web.place import Place, in_sandbox, origin, plane

_MOST_DRAWN = 6
"""Faxes that a request made whose first pages are shown."""


@in_sandbox
def list_requests(here: Place) -> str:
    return render_template("requests.html", shown=None, **_read_requests(here))


@in_sandbox
def show_request(here: Place, number: int) -> str:
    shown = plane().read(f"{here.root}/requests/{number}")
    language = request.args.get("as", "curl")
    if language not in LANGUAGES:
        abort(404, f"no language {language}; there are {', '.join(LANGUAGES)}")
    whole = plane().fetch(f"{here.root}/requests/{number}/body") if shown["cut"] else None
    again = read_again(shown, origin(), whole)
    found = (plane().find(f"{here.root}/faxes/{fax}") for fax in shown["made"][:_MOST_DRAWN])
    made = [each for each in found if each is not None]
    document = next((f"{origin()}{here.control}/faxes/{fax['id']}/document" for fax in made), None)
    return render_template(
        "requests.html",
        shown=shown,
        made=made,
        language=language,
        languages=LANGUAGES,
        code=LANGUAGES[language][1](again, document),
        **_read_requests(here),
    )


def _read_requests(here: Place) -> dict[str, Any]:
    asked = {name: request.args.get(name, "") for name in ("vendor", "refused", "after")}
    page = plane().read(f"{here.root}/requests", limit=PAGE_ROWS, **asked)
    return {"asked": asked, "rows": page["requests"], "next": page["next"], "dropped": page["dropped"]}


@in_sandbox
def list_webhooks(here: Place) -> str:
    return render_template("webhooks.html", shown=None, **_read_webhooks(here))


@in_sandbox
def show_webhook(here: Place, delivery: str) -> str:
    shown = plane().read(f"{here.root}/webhooks/{delivery}")
    return render_template("webhooks.html", shown=shown, **_read_webhooks(here))


def _read_webhooks(here: Place) -> dict[str, Any]:
    after = request.args.get("after", "")
    page = plane().read(f"{here.root}/webhooks", limit=PAGE_ROWS, after=after)
    accounts = [(name, plane().read(f"{here.root}/vendors/{name}")) for name in here.sandbox["vendors"]]
    silent = [name for name, own in accounts if not any(each["url"] for each in own["webhooks"].values())]
    return {"after": after, "rows": page["webhooks"], "next": page["next"], "silent": silent}


ROUTES = (
    ("/sandboxes/<sandbox>/requests", list_requests),
    ("/sandboxes/<sandbox>/requests/<int:number>", show_request),
    ("/sandboxes/<sandbox>/webhooks", list_webhooks),
    ("/sandboxes/<sandbox>/webhooks/<delivery>", show_webhook),
)
