"""The command that has a fax once more."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
import requests
from playwright.sync_api import Page, expect

from emulator.app import App
from emulator.core.faxes.fax import Fax
from emulator.core.item import Add
from tests.conftest import WAIT
from tests.sending import VENDORS, send
from tests.web.conftest import Tab
from tests.web.test_fax import shown


def test_one_shot_that_is_used_up_is_shown_and_repeated(tab: Tab, tmp_path: Path) -> None:
    shot = {"name": "once", "attempts": [{"line_error": {"pages": 2}}], "webhook": {"duplicate": 1}}
    tab.control.call("POST", f"/sandboxes/{tab.control.id}/scenarios/next", 201, json=shot)
    page = shown(tab, to="+12125550123", count=3)
    expect(page.locator("#scenario")).to_have_text(
        "name: once attempts: - line_error: {pages: 2} webhook: {duplicate: 1}"
    )
    repeated(page, tmp_path)
    tab.control.advance()
    again, first = tab.control.faxes()
    alike = ("to", "state", "outcome", "pages", "scenario", "script")
    assert {name: again[name] for name in alike} == {name: first[name] for name in alike}
    assert first["outcome"] == "line_error"


def repeated(page: Page, folder: Path) -> None:
    command = page.locator("#repeat").text_content() or ""
    subprocess.run(["bash", "-ec", command], cwd=folder, check=True, capture_output=True, timeout=30)


def test_long_text_of_a_field_is_repeated_whole(tab: Tab, tmp_path: Path) -> None:
    note = "Please call back, it is urgent. " * 20
    answer = requests.post(
        f"{tab.control.base_url('mfax')}/v1/faxes",
        data={"faxNumber": "+12125550123", "coverPage": "true", "notes": note.strip()},
        headers={"Authorization": f"Basic {tab.control.credentials('mfax')['apiKey']}"},
        timeout=WAIT,
    )
    assert answer.ok, answer.text
    tab.control.advance()
    page = tab.open("/faxes/fax-1")
    repeated(page, tmp_path)
    assert [each["body"]["fields"]["notes"] for each in journal(tab)] == [[note[:200]]] * 2
    told = f"/_localfax/sandboxes/{tab.control.id}/requests/{journal(tab)[0]['id']}/body"
    assert parse_qs(page.request.get(tab.control.url + told).text())["notes"] == [note.strip()]


def journal(tab: Tab) -> list[dict[str, Any]]:
    every = tab.control.call("GET", f"/sandboxes/{tab.control.id}/requests", 200)
    return list(every["requests"])


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("count", [1, 20])
def test_command_repeats_the_fax(tab: Tab, vendor: str, count: int, tmp_path: Path) -> None:
    page = shown(tab, vendor, to="+12125550123", count=count)
    repeated(page, tmp_path)
    tab.control.advance()
    again, first = tab.control.faxes()
    alike = ("vendor", "direction", "to", "state", "outcome", "pages")
    assert {name: again[name] for name in alike} == {name: first[name] for name in alike}


def test_command_repeats_a_received_fax(tab: Tab, tmp_path: Path) -> None:
    call = {"vendor": "ifax", "to": "+12125550100", "from": "+13105550123", "csid": 'it\'s "us"', "pages": 2}
    scenario = {"attempts": [{"line_error": {"pages": 1}}]}
    inbound = f"/sandboxes/{tab.control.id}/inbound"
    tab.control.call("POST", inbound, 201, json=call | {"scenario": scenario})
    repeated(tab.open("/faxes/fax-1"), tmp_path)
    tab.control.advance()
    again, first = tab.control.faxes()
    assert first["state"] == "failed"
    alike = ("vendor", "to", "from", "pages", "state", "outcome")
    assert {name: again[name] for name in alike} == {name: first[name] for name in alike}
    assert again["attempts"][0]["csid"] == first["attempts"][0]["csid"] == call["csid"]


def test_fax_whose_submit_call_the_journal_let_go_is_repeated(
    app: App, tab: Tab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(tab.control, "ifax", count=2)
    first = app.store.of(tab.control.id).get(Fax, "fax-1")
    assert first is not None
    kept = replace(first, id="fax-2", version=1, sequence=2, names=())
    app.store.of(tab.control.id).commit([kept], adds=[Add(Fax.kind, 1)])
    page = tab.open("/faxes/fax-2")
    expect(page.get_by_text("does not hold the one that sent it any more")).to_be_visible()
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    repeated(page, tmp_path)
    again = tab.control.fax("fax-3")
    assert (again["vendor"], again["to"], again["pages"]["total"]) == ("ifax", "+12125550123", 2)
