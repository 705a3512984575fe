"""The list of faxes, and one fax with all that is known of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import render_template, request

from emulator.core.faxes.machine import Direction, State
from emulator.core.scripting.magic import MAGIC
from emulator.web.again import command
from emulator.web.ladder import ladder
from emulator.web.place import Place, in_sandbox, plane
from emulator.web.search import ROWS, Search

MOST = 1000
"""Webhooks and vendor calls shown of one fax."""

JSON = Mapping[str, Any]


@in_sandbox
def list_faxes(here: Place) -> str:
    search = Search.asked(request.args)
    return render_template(
        "faxes.html",
        search=search,
        found=plane().read(f"{here.root}/faxes", **search.page()),
        counts=plane().read(f"{here.root}/counts", **search.counts()),
        rows=ROWS,
        directions=list(Direction),
        states=list(State),
    )


@in_sandbox
def show_fax(here: Place, fax: str) -> str:
    shown = plane().read(f"{here.root}/faxes/{fax}")
    calls = plane().read(f"{here.root}/requests", fax=fax, limit=MOST)["requests"][::-1]
    submit = next((call for call in calls if call["status"] < 400), None)
    posts = plane().read(f"{here.root}/webhooks", fax=fax, limit=MOST)["webhooks"][::-1]
    return render_template(
        "fax.html",
        fax=shown,
        attempts=[{**each, "rungs": ladder(shown, each)} for each in shown["attempts"]],
        submit=submit,
        others=[call for call in calls if call is not submit],
        posts=posts,
        does=_does(shown["scenario"] or ""),
        command=command(here, shown, submit, request.host_url.rstrip("/")),
    )


def _does(scenario: str) -> str | None:
    """Say what a magic number's scenario does."""
    row = MAGIC.get(scenario.removeprefix("magic-"))
    return row and row[0]


ROUTES = (
    ("/", list_faxes),
    ("/sandboxes/<sandbox>", list_faxes),
    ("/sandboxes/<sandbox>/faxes/<fax>", show_fax),
)
