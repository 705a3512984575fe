"""The list of faxes, and one fax with all that is known of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import render_template, request

from emulator.core.machine import Direction, State
from emulator.web.again import repeat
from emulator.web.ladder import ended, ladder
from emulator.web.place import Place, in_sandbox, plane, vendors
from emulator.web.search import COUNTED, Search, find, states

MOST = 1000
"""Webhooks and vendor calls shown of one fax."""

JSON = Mapping[str, Any]


@in_sandbox
def list_faxes(here: Place) -> str:
    search = Search.asked(request.args)
    found = find(plane(), here.id, search)
    counts, partial = states(plane(), here.id, search)
    return render_template(
        "faxes.html",
        search=search,
        found=found,
        counts=counts,
        counted=COUNTED if partial else None,
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
        attempts=[_attempt(shown, each) for each in shown["attempts"]],
        submit=submit,
        others=[call for call in calls if call is not submit],
        posts=posts,
        scenario=_scenario(here, shown["scenario"]),
        command=_command(here, shown, submit),
    )


def _attempt(fax: JSON, attempt: JSON) -> dict[str, Any]:
    over = ended(fax, attempt)
    return {
        **attempt,
        "ended": over,
        "rungs": ladder(fax, attempt),
        "vendor_words": _vendor_words(fax, attempt) if over else None,
    }


def _vendor_words(fax: JSON, attempt: JSON) -> tuple[str, str]:
    """Give the vendor's code and text for how a call ended.

    The last call's are those of the fax; an earlier one's follow from the vendor's table: the code that the
    scenario named, else the first of that outcome.
    """
    view = fax["vendor_view"]
    if attempt["number"] == len(fax["attempts"]) and fax["finished_at"]:
        return view["code"] or view["state"], view["text"] or ""
    codes = vendors()[fax["vendor"]].codes
    named: Any = attempt["code"] or next(
        (code for code, (outcome, _) in codes.items() if outcome == attempt["outcome"]), None
    )
    return (str(named), codes[named][1]) if named in codes else ("", "")


def _scenario(here: Place, name: str | None) -> JSON | None:
    """Find the scenario of that name as it is written; only its name when it was used up or forgotten."""
    if name is None:
        return None
    offered = plane().read(f"{here.root}/scenarios", limit=MOST)
    for each in (*offered["queue"], *offered["scenarios"], *offered["files"]):
        if each["name"] == name:
            return {"written": each}
    magic = (row["does"] for row in offered["magic"] if name == f"magic-{row['number'][-2:]}")
    return {"does": next(magic, None)}


def _command(here: Place, fax: JSON, submit: JSON | None) -> str | None:
    origin = request.host_url.rstrip("/")
    if submit is not None:
        return repeat(submit, origin, f"{origin}{here.control}/faxes/{fax['id']}/document")
    if fax["direction"] == Direction.outbound:
        return None
    return _inbound_command(f"{origin}{here.control}/inbound", fax)


def _inbound_command(url: str, fax: JSON) -> str:
    import json
    import shlex

    body = {name: fax[name] for name in ("vendor", "to", "from")} | {"pages": fax["pages"]["total"]}
    csid: Sequence[str] = [call["csid"] for call in fax["attempts"] if call["csid"]]
    if csid:
        body["csid"] = csid[0]
    return f"curl -s {url} -H 'Content-Type: application/json' -d {shlex.quote(json.dumps(body))}"


ROUTES = (
    ("/", list_faxes),
    ("/sandboxes/<sandbox>", list_faxes),
    ("/sandboxes/<sandbox>/faxes/<fax>", show_fax),
)
