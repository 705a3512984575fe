"""Faxes looked for by words, and counted by state: no call reads a full sandbox as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import pytest
import requests

from emulator.app import App
from emulator.control.search import LOOKED_AT
from emulator.core.faxes.fax import Submission
from tests.conftest import WAIT, Control
from tests.control.shown import path, refused
from tests.sending import VENDORS, send


def found(control: Control, text: str, more: str = "") -> list[str]:
    answer = control.call("GET", path(control, f"/faxes?text={quote(text)}{more}"), 200)
    assert answer["next"] is None
    return [fax["id"] for fax in answer["faxes"]]


def counts(control: Control, query: str = "") -> dict[str, Any]:
    return dict(control.call("GET", path(control, f"/counts{query}"), 200))


def submit(app: App, control: Control, number: int, **more: Any) -> None:
    """Submit many faxes without a call for each."""
    sandbox = app.store.of(control.id).sandbox
    details: Mapping[str, Any] = {"tsi_number": ""}
    for place in range(number):
        wanted = Submission("faxto", "+12125550123", vendor_id=f"{place}", details=details, **more)
        app.engine.world(sandbox.id).submit(wanted)


# words
def test_a_fax_is_found_by_any_word_that_is_said_of_it(still: Control) -> None:
    still.call("POST", path(still, "/scenarios/next"), 201, json={"name": "Aperitif", "attempts": ["busy"]})
    send(still, "ifax", "+12125550123")
    key = {"Authorization": f"Basic {still.credentials('mfax')['apiKey']}"}
    form = {"faxNumber": "+13105550199", "subject": "Straße 7, <b>urgent</b>", "recipientName": "Зоя"}
    files = {"attachments": ("letter to all.txt", b"Hello", "text/plain")}
    requests.post(f"{still.base_url('mfax')}/v1/faxes", form, headers=key, files=files, timeout=WAIT)
    still.advance()
    [second, first] = still.faxes()
    looked_for = {
        "": ["fax-2", "fax-1"],
        "fax-1": ["fax-1"],
        "aperitif": ["fax-1"],
        "APERITIF Busy": ["fax-1"],
        "aperitif delivered": [],
        first["vendor_view"]["id"]: ["fax-1"],
        second["vendor_view"]["id"].upper(): ["fax-2"],
        first["document"]["digest"][:12]: ["fax-1"],
        "user_busy": ["fax-1"],
        "(310) 555-01": ["fax-2"],
        "+1 212 555 0123": ["fax-1"],
        "212.555": ["fax-1"],
        "STRASSE 7,": ["fax-2"],
        "<B>Urgent": ["fax-2"],
        "зоя": ["fax-2"],
        "mfax outbound": ["fax-2"],
        "nobody": [],
    }
    assert {text: found(still, text) for text in looked_for} == looked_for
    assert found(still, "outbound", "&vendor=ifax&state=failed") == ["fax-1"]
    assert found(still, "outbound", "&vendor=ifax&state=delivered") == []


def test_a_text_that_is_too_long_is_refused(still: Control) -> None:
    answer = still.call("GET", path(still, f"/faxes?text={'x' * 201}"), 400)
    assert answer == refused("invalid", "Longer than maximum length 200.", "text")


@pytest.mark.parametrize("query", ["text=nowhere", "to=%2B19995550123", "state=failed"])
def test_a_call_looks_at_so_many_faxes_and_goes_on_at_its_cursor(
    app: App, still: Control, query: str
) -> None:
    submit(app, still, LOOKED_AT + 2)
    first = still.call("GET", path(still, f"/faxes?{query}"), 200)
    assert first == {"faxes": [], "next": "3"}
    assert still.call("GET", path(still, f"/faxes?{query}&after=3"), 200) == {"faxes": [], "next": None}


def test_what_is_found_before_the_look_ends_is_given_with_the_cursor(app: App, still: Control) -> None:
    submit(app, still, 1, document_name="old.pdf")
    submit(app, still, LOOKED_AT)
    submit(app, still, 1, document_name="new.pdf")
    pages = [still.call("GET", path(still, "/faxes?text=.pdf"), 200)]
    pages.append(still.call("GET", path(still, f"/faxes?text=.pdf&after={pages[0]['next']}"), 200))
    assert [[fax["document"]["name"] for fax in page["faxes"]] for page in pages] == [
        ["new.pdf"],
        ["old.pdf"],
    ]
    assert [page["next"] for page in pages] == ["3", None]


def test_an_answer_that_may_be_held_looks_at_all_faxes(app: App, still: Control) -> None:
    submit(app, still, 1, document_name="old.pdf")
    submit(app, still, LOOKED_AT)
    answer = still.call("GET", path(still, "/faxes?text=old.pdf&wait=1s"), 200)
    assert [fax["id"] for fax in answer["faxes"]] == ["fax-1"]


# counts
def test_faxes_are_counted_by_state_as_they_move(still: Control) -> None:
    assert counts(still) == {"total": 0, "states": {}}
    for vendor in VENDORS:
        send(still, vendor)
    send(still, "ifax", "+15005550007")
    body = {"vendor": "ifax", "to": "+12125550100", "from": "+13105550123"}
    still.call("POST", path(still, "/inbound"), 201, json=body)
    assert counts(still) == {"total": 7, "states": {"received": 6, "ringing": 1}}
    still.call("POST", path(still, "/faxes/fax-1/cancel"), 200)
    still.advance()
    ended = {"delivered": 4, "failed": 1, "cancelled": 1, "arrived": 1}
    assert counts(still) == {"total": 7, "states": ended}
    assert counts(still, "?vendor=ifax") == {
        "total": 3, "states": {"delivered": 1, "failed": 1, "arrived": 1},
    }  # fmt: skip
    assert counts(still, "?vendor=ifax&direction=inbound") == {"total": 1, "states": {"arrived": 1}}
    assert counts(still, "?direction=outbound&vendor=openfax") == {"total": 1, "states": {"cancelled": 1}}
    still.call("POST", path(still, "/reset"), 200)
    assert counts(still) == {"total": 0, "states": {}}


def test_a_snapshot_takes_its_counts_along_whatever_it_says_of_them(server: Control, still: Control) -> None:
    send(still, "ifax", "+15005550002")
    still.advance()
    send(still, "mfax")
    snapshot = still.call("GET", path(still, "/snapshot"), 200)
    snapshot["counters"]["faxes/ifax/outbound/failed"] = 1000
    other = server.create()
    send(other, "faxto")
    other.call("POST", path(other, "/snapshot"), 200, json=snapshot)
    assert counts(other) == counts(still) == {"total": 2, "states": {"received": 1, "failed": 1}}


def test_counts_of_an_unknown_sandbox_are_not_found(server: Control) -> None:
    assert server.call("GET", "/sandboxes/nowhere/counts", 404) == refused("not_found", "no sandbox nowhere")
