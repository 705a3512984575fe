"""The list of faxes, and one fax with all that is known of it."""

from __future__ import annotations

from flask import render_template, request

from emulator.core.faxes.machine import Direction, State
from emulator.core.scripting.magic import MAGIC
from emulator.web.listing import PAGE_ROWS, FaxQuery
from emulator.web.place import Place, in_sandbox, plane
from emulator.web.repetition import write_command
from emulator.web.rungs import list_rungs

_MOST = 1000
"""Webhooks and requests shown of one fax."""


@in_sandbox
def list_faxes(here: Place) -> str:
    search = FaxQuery.read(request.args)
    return render_template(
        "faxes.html",
        search=search,
        found=plane().read(f"{here.root}/faxes", **search.page()),
        counts=plane().read(f"{here.root}/counts", **search.counts()),
        rows=PAGE_ROWS,
        directions=list(Direction),
        states=list(State),
    )


@in_sandbox
def show_fax(here: Place, fax: str) -> str:
    shown = plane().read(f"{here.root}/faxes/{fax}")
    requests = plane().read(f"{here.root}/requests", fax=fax, limit=_MOST)["requests"][::-1]
    submit = next((each for each in requests if each["status"] < 400), None)
    posts = plane().read(f"{here.root}/webhooks", fax=fax, limit=_MOST)["webhooks"][::-1]
    return render_template(
        "fax.html",
        fax=shown,
        attempts=[{**each, "rungs": list_rungs(shown, each)} for each in shown["attempts"]],
        submit=submit,
        others=[each for each in requests if each is not submit],
        posts=posts,
        does=_does(shown["scenario"] or ""),
        command=write_command(here, shown, submit, request.host_url.rstrip("/")),
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
