"""Requests and webhooks: every one live, what was refused or fails marked, one open beside the list."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Page, expect

from tests.conftest import WAIT, Control
from tests.receiver import Receiver
from tests.sending import VENDORS, send
from tests.web.conftest import Tab

RUN = {
    "curl": ["bash", "-e"],
    "python": [sys.executable],
    "javascript": ["node", "--input-type=module"],
    "php": ["php"],
}


def column(page: Page, name: str) -> list[str]:
    return [text.replace("\n", " ").strip() for text in page.locator(f"tbody .c-{name}").all_inner_texts()]


# requests
def test_requests_appear_with_what_the_vendor_says(tab: Tab) -> None:
    page = tab.open("/requests")
    expect(page.get_by_role("heading", name="Waiting for the first request")).to_be_visible()
    send(tab.control, "ifax")
    expect(page.locator("[data-row]")).to_have_count(1)
    url, keys = f"{tab.control.base_url('ifax')}/v1/customer/fax-send", tab.control.credentials("ifax")
    requests.post(url, json={"faxNumbr": "+12125550123"}, headers=keys, timeout=WAIT)
    requests.get(f"{tab.control.base_url('ifax')}/v1/customer/fax-snd", headers=keys, timeout=WAIT)
    expect(page.locator("[data-row]")).to_have_count(3)
    first, second, third = column(page, "number")
    assert first.startswith("GET /v1/customer/fax-snd no such path; nearest is")
    assert second == "POST /v1/customer/fax-send field faxNumber missing, found faxNumbr"
    assert third == "POST /v1/customer/fax-send send"
    said = ["12020 to_number not found in request data.", "Fax processed for sending"]
    assert column(page, "said")[1:] == said
    assert column(page, "status")[1:] == ["200 refused", "200"]
    assert all(re.fullmatch(r"[\d.]+ ms", each) for each in column(page, "took"))
    assert column(page, "fax")[2] == "fax-1"
    expect(page.locator("#nav .wrong")).to_have_text(" 2 refused")
    page.locator("#picks").get_by_role("link", name="Refused").click()
    expect(page.locator("[data-row]")).to_have_count(2)
    page.get_by_role("link", name="mFax").click()
    expect(page.get_by_text("No request fits.")).to_be_visible()


def test_requests_that_opened_no_sandbox_are_shown(server: Control, tab: Tab) -> None:
    requests.post(
        f"{server.url}/ifax/v1/customer/fax-send",
        json={"faxNumber": "+12125550123"},
        headers={"accessToken": "wrong"},
        timeout=WAIT,
    )
    requests.get(f"{server.url}/v1/customer/fax-send", timeout=WAIT)
    tab.page.goto(f"{server.url}/sandboxes/default/requests")
    lost, stranger = tab.page.locator("[data-row] .c-number").all_inner_texts()[:2]
    assert "this is iFax's path: /ifax/v1/customer/fax-send" in lost
    assert "no active account" in stranger
    tab.page.locator("[data-row] [data-open]").nth(1).click()
    expect(tab.page.locator("#one .facts")).to_contain_text("opened no sandbox")


def test_request_stands_beside_its_answer_with_headers_folded(tab: Tab) -> None:
    tab.page.set_viewport_size({"width": 1440, "height": 900})
    send(tab.control, "mfax", count=2)
    page = tab.open("/requests")
    page.locator("[data-open]").click()
    one = page.locator("#one")
    expect(one.locator(".pair .told")).to_have_count(2)
    asked, answered = (each.bounding_box() for each in one.locator(".pair .told").all())
    assert asked is not None
    assert answered is not None
    assert (asked["y"], asked["x"] + asked["width"] < answered["x"]) == (answered["y"], True)
    expect(one.locator("#asked pre")).to_be_hidden()
    one.locator("#asked > summary").click()
    expect(one.locator("#asked pre")).to_contain_text("Authorization: Basic")
    expect(one.get_by_label("Body").first).to_contain_text("faxNumber: +12125550123")
    image = one.get_by_role("img", name="First page of fax-1")
    assert image.evaluate("each => each.decode().then(() => each.naturalWidth)") > 100
    one.get_by_role("link", name="First page of fax-1").click()
    page.wait_for_url("**/faxes/fax-1")


@pytest.mark.parametrize("language", RUN)
def test_request_is_made_again_in_every_language(tab: Tab, language: str, tmp_path: Path) -> None:
    assert shutil.which(RUN[language][0]), f"{language} is missing"
    for vendor in VENDORS:
        assert send(tab.control, vendor, count=20).ok
    page = tab.open("/requests")
    for number in range(1, 6):
        page = tab.open(f"/requests/{number}?as={language}")
        program = page.locator("#code").inner_text()
        done = subprocess.run(
            RUN[language], input=program, cwd=tmp_path, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, (program, done.stderr)
    made = tab.control.faxes()
    assert [fax["vendor"] for fax in reversed(made)] == [*VENDORS, *VENDORS]
    assert {fax["pages"]["total"] for fax in made} == {20}


def test_code_is_copied(tab: Tab) -> None:
    send(tab.control, "ifax")
    tab.page.set_viewport_size({"width": 1440, "height": 900})
    page = tab.open("/requests/1")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("link", name="PHP").click()
    expect(page.locator("#code")).to_contain_text("<?php")
    page.get_by_role("button", name="Copy this request as PHP").click()
    assert tab.said() == "Copied."
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#code").inner_text()


def test_journal_of_requests_is_read_by_pages(tab: Tab) -> None:
    url, keys = f"{tab.control.base_url('ifax')}/v1/customer/fax-status", tab.control.credentials("ifax")
    with requests.Session() as client:
        for number in range(60):
            client.post(url, json={"jobId": number}, headers=keys, timeout=WAIT)
    page = tab.open("/requests")
    expect(page.locator("[data-row]")).to_have_count(50)
    page.get_by_role("link", name="Older").click()
    expect(page.locator("[data-row]")).to_have_count(10)
    expect(page.locator("[data-open]").last).to_have_id("row-1")


# webhooks
def test_webhooks_appear_with_what_their_last_try_came_to(tab: Tab, hooks: Receiver) -> None:
    hooks.answer(500, "KeyError: 'jobId'", times=None)
    page = tab.open("/webhooks")
    expect(page.get_by_text("No webhook yet.")).to_be_visible()
    send(tab.control, "faxto")
    tab.control.advance(by="2m")
    expect(page.locator("[data-row]")).to_have_count(1)
    expect(page.locator("tbody .c-said")).to_contain_text("500 after")
    [said] = column(page, "said")
    assert re.fullmatch(r"500 after [\d.]+ ms KeyError: 'jobId'", said)
    assert column(page, "hook") == ["failing"]
    [due] = [each["due_at"] for each in tab.control.webhooks()]
    assert column(page, "time")[0].startswith(due[11:19])
    expect(page.locator("#nav .wrong")).to_have_text(" 1 failing")
    hooks.answer(200)
    page.get_by_role("button", name="Send now").click()
    assert tab.said() == "Sent once more."
    expect(page.locator("tbody .c-tries")).to_have_text("2")


def test_webhook_that_nobody_takes_is_told_in_words_and_opened(tab: Tab) -> None:
    tab.page.set_viewport_size({"width": 1440, "height": 900})
    tab.control.vendor("openfax", webhooks={"outbound": "http://127.0.0.1:1/x"})
    send(tab.control, "openfax")
    tab.control.advance()
    page = tab.open("/webhooks")
    expect(page.locator("tbody .c-said span")).to_have_text("nobody listens at 127.0.0.1:1")
    page.locator("[data-open]").click()
    expect(page.locator("#one .try")).to_have_count(1)
    page.locator("#one").get_by_role("button", name="Resend").click()
    expect(page.locator("#one .try")).to_have_count(2)


def test_url_is_set_where_there_is_none(tab: Tab, receiver: Receiver) -> None:
    page = tab.open("/webhooks")
    expect(page.locator("#silent")).to_have_text("No URL: Openfax, Kazoo, iFax, mFax, Fax.to")
    page.get_by_label("All webhooks to").fill(receiver.url)
    page.get_by_role("button", name="Set", exact=True).click()
    assert tab.said() == "All vendors post there from now on."
    expect(page.locator("#silent")).to_have_text("")
    send(tab.control, "ifax")
    tab.control.advance()
    expect(page.locator("tbody .c-hook")).to_have_text("delivered")
    assert len(receiver.requests) == 1


# the list's column
def test_list_says_how_webhooks_stand(tab: Tab, hooks: Receiver) -> None:
    tab.control.vendor("openfax", webhooks={"outbound": None, "inbound": None})
    hooks.answer(500, times=None, path="/sent")
    day = datetime.fromisoformat(tab.control.now()) + timedelta(days=1)
    tab.control.advance(to=f"{day:%Y-%m-%d}T23:56:00Z")
    for vendor in ("openfax", "faxto"):
        send(tab.control, vendor)
    tab.control.advance(by="2m")
    page = tab.open()
    failing, silent = (each.inner_text() for each in page.locator(".c-hook").all())
    due = datetime.fromisoformat(tab.control.webhooks()[0]["due_at"])
    assert failing.split("\n") == ["✕ 1 try", f"next {due:%-d %b %H:%M}"]  # on the day after
    assert silent == "no URL set"
    page.set_viewport_size({"width": 1440, "height": 900})
    for path in ("", "/faxes/fax-1"):
        more = tab.open(path).locator(".c-hook small").first
        assert more.evaluate("each => each.scrollWidth <= each.clientWidth")  # not cut


EXPORTS = [("faxes.json", "[\n"), ("ladders.txt", "fax-1"), ("recording.yaml", "# Play it again")]


@pytest.mark.parametrize(("name", "begins"), EXPORTS)
def test_list_is_exported(tab: Tab, name: str, begins: str) -> None:
    send(tab.control, "ifax")
    tab.control.advance()
    page = tab.open()
    page.locator("#export > summary").click()
    with page.expect_download() as download:
        page.locator(f"#export a[href$='{name}']").click()
    assert Path(download.value.path()).read_text().startswith(begins)


def test_list_is_cleared_when_confirmed(tab: Tab) -> None:
    send(tab.control, "ifax")
    page = tab.open()
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_role("heading", name="Waiting for the first request")).to_be_visible()


def test_first_page_shows_when_the_pointer_rests_on_a_row(tab: Tab) -> None:
    send(tab.control, "ifax")
    page = tab.open()
    peek = page.locator(".peek")
    expect(peek).to_be_hidden()
    page.locator(".c-time").hover()
    expect(peek).to_be_visible()
    assert peek.evaluate("each => each.decode().then(() => each.naturalWidth)") > 100


def test_rows_are_dense_on_demand(tab: Tab) -> None:
    send(tab.control, "ifax")
    page = tab.open()
    row = page.locator("[data-row]")
    before = row.bounding_box()
    page.get_by_role("button", name="Dense").click()
    after = row.bounding_box()
    assert before is not None
    assert after is not None
    assert after["height"] < before["height"] * 0.75
    page.get_by_role("button", name="Dense").click()


def test_empty_sandbox_gives_a_line_that_sends(tab: Tab) -> None:
    page = tab.open()
    subprocess.run(
        ["bash", "-ec", page.locator("#first-line").inner_text()], check=True, capture_output=True, timeout=30
    )
    expect(page.locator("[data-row]")).to_have_count(1)
