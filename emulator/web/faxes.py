"""The list of faxes, and one fax beside it with all that is known of it."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from emulator.core.faxes.machine import Direction
from emulator.core.scripting.magic import MAGIC
from emulator.web.listing import PAGE_ROWS, FaxQuery
from emulator.web.place import JSON, Place, in_sandbox, origin, plane, vendors
from emulator.web.repetition import write_command
from emulator.web.rungs import list_rungs
from emulator.web.timeline import NARROW, WIDE, draw_timeline

_MOST = 1000
"""Webhooks and requests shown of one fax."""
_LOOKS = 2
"""Times that a page asks the control plane to look on, before the reader's browser does."""
_DRAWN = {"wide": WIDE, "narrow": NARROW}
"""The drawings of a fax's life, of which a screen shows the one that fits."""


@in_sandbox
def list_faxes(here: Place) -> str:
    return render_template("faxes.html", **read_list(here))


def read_list(here: Place) -> dict[str, Any]:
    """Read what the list shows: the faxes asked for, the counts, and whether their vendors post anywhere."""
    search = FaxQuery.read(request.args)
    narrowed = search.counts()
    counts = plane().read(f"{here.root}/counts", **narrowed) if narrowed else here.counts
    found, after, looked = _look(here, search)
    state = search.filters.get("state", "")
    total = None if search.searches else counts["states"].get(state, 0) if state else counts["total"]
    return {
        "search": search,
        "found": found,
        "after": after,
        "looked": looked,
        "counts": counts,
        "total": total,
        "directions": list(Direction),
        "heard": _heard(here, found),
    }


def _look(here: Place, search: FaxQuery) -> tuple[list[JSON], str | None, int]:
    """Look for a page of faxes: what fits, the cursor behind it, and how many were looked at by then."""
    found: list[JSON] = []
    after, looked = search.after, search.looked
    for _ in range(_LOOKS):
        wanted = search.page(after, PAGE_ROWS - len(found))
        page = plane().read(f"{here.root}/faxes", full="true", **wanted)
        found += page["faxes"]
        looked += page["looked_at"]
        after = page["next"]
        if after is None or len(found) == PAGE_ROWS:
            break
    return found, after, looked


def _heard(here: Place, faxes: list[JSON]) -> dict[tuple[str, str], bool]:
    """Say by vendor and direction whether webhooks have an address, for faxes of which none was sent."""
    silent = {fax["vendor"] for fax in faxes if not fax["webhooks"]}
    hooks = {name: plane().read(f"{here.root}/vendors/{name}")["webhooks"] for name in sorted(silent)}
    return {(name, side): bool(hook["url"]) for name, both in hooks.items() for side, hook in both.items()}


@in_sandbox
def show_fax(here: Place, fax: str) -> str:
    shown = plane().read(f"{here.root}/faxes/{fax}", full="true")
    requests = plane().read(f"{here.root}/requests", fax=fax, limit=_MOST)["requests"][::-1]
    submit = next((each for each in requests if not each["refused"]), None)
    posts = plane().read(f"{here.root}/webhooks", fax=fax, limit=_MOST)["webhooks"][::-1]
    body = plane().fetch(f"{here.root}/requests/{submit['id']}/body") if submit and submit["cut"] else None
    return render_template(
        "fax.html",
        **read_list(here),
        fax=shown,
        drawings={name: draw_timeline(shown, posts, width) for name, width in _DRAWN.items()},
        attempts=[{**each, "rungs": list_rungs(shown, each)} for each in shown["attempts"]],
        submit=submit,
        others=[each for each in requests if each is not submit],
        posts=posts,
        does=_does(shown["scenario"] or ""),
        command=write_command(here, shown, submit, origin(), body),
        vendor=vendors()[shown["vendor"]],
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
