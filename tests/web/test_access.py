"""For everybody: accessible, with the keyboard alone, and without a script."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from emulator.reports import Section, write_page
from tests.conftest import Control
from tests.reports.test_page import EVERY
from tests.sending import send
from tests.web.conftest import PATIENCE, VIEWPORT, Tab
from tests.web.lived import PAGES, SCHEMES

OPEN_SOME = "all => all.slice(0, 8).forEach((each) => { each.open = true; })"
BUT_ALIKE = {"exclude": [["tbody tr:nth-child(n + 6)"], [".operation:nth-of-type(n + 9)"]]}
"""What of a page is looked at: of rows and of calls that are all made alike, the first ones."""
AXE = "([what, rules]) => axe.run(what, rules).then(result => result.violations)"
EVERY_RULE: dict[str, Any] = {}
COLOURS = {"runOnly": ["color-contrast"]}
"""All that another scheme of colours can change."""


@pytest.fixture(scope="module")
def examined(browser: Browser, lived: Control) -> Iterator[Tab]:
    """A tab on the lived sandbox in which a page may run any script."""
    with browser.new_context(viewport=VIEWPORT, bypass_csp=True) as context:
        context.set_default_timeout(PATIENCE)
        yield Tab(context.new_page(), lived)


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(examined: Tab, axe: str, name: str) -> None:
    page = examined.open(PAGES[name])
    page.locator("main details:not(.menu)").evaluate_all(OPEN_SOME)
    page.evaluate(axe)
    for scheme, rules in zip(SCHEMES, (EVERY_RULE, COLOURS), strict=True):
        page.emulate_media(color_scheme=scheme)
        found = page.evaluate(AXE, [BUT_ALIKE, rules])
        assert [(each["id"], [node["html"] for node in each["nodes"]][:3]) for each in found] == []


@pytest.mark.parametrize("name", ["clock", "sandboxes", "export"])
def test_axe_finds_nothing_in_an_open_menu(examined: Tab, axe: str, name: str) -> None:
    page = examined.open()
    page.locator(f"#{name} > summary").click()
    page.evaluate(axe)
    assert page.evaluate("axe.run().then(result => result.violations.map(each => each.id))") == []


def test_axe_finds_nothing_in_a_report(browser: Browser, axe: str, tmp_path: Path) -> None:
    report = tmp_path / "report.html"
    report.write_text(
        write_page("All", {"Seed": "one"}, [Section("first", False, "", EVERY)]), encoding="utf-8"
    )
    for scheme in SCHEMES:
        with browser.new_context(color_scheme=scheme, bypass_csp=True, viewport=VIEWPORT) as context:
            page = context.new_page()
            page.goto(report.as_uri())
            page.locator("details").evaluate_all(OPEN_SOME)
            page.evaluate(axe)
            assert page.evaluate("axe.run().then(result => result.violations.map(each => each.id))") == []


def test_keyboard_reaches_the_content_first_and_leaves_a_menu(tab: Tab) -> None:
    page = tab.open()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.locator("#clock > summary").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Advance by")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_label("Advance by")).to_be_hidden()
    expect(page.locator("#clock > summary")).to_be_focused()


def test_next_fax_is_the_nearest_when_the_open_one_is_not_in_the_list(tab: Tab) -> None:
    for vendor in ("ifax", "mfax", "ifax", "mfax"):
        send(tab.control, vendor)
    tab.page.set_viewport_size({"width": 1440, "height": 900})
    page = tab.open("/faxes/fax-2?vendor=ifax")
    page.keyboard.press("j")
    page.wait_for_url("**/faxes/fax-1?vendor=ifax")
    page = tab.open("/faxes/fax-2?vendor=ifax")
    page.keyboard.press("k")
    page.wait_for_url("**/faxes/fax-3?vendor=ifax")


def test_forms_do_without_a_script(control: Control, new_context: Callable[..., BrowserContext]) -> None:
    send(control, "ifax")
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{control.url}/sandboxes/{control.id}/faxes/fax-1")
    page.get_by_role("button", name="Settle").click()
    expect(page.locator(".facts .neutral")).to_have_text("delivered")
    expect(page.locator("#said")).to_have_text("Done.")
    page.reload()
    expect(page.locator("#said")).to_have_text("")
    page.locator("#clock > summary").click()
    page.get_by_label("Advance by").fill("never")
    page.get_by_role("button", name="Advance", exact=True).click()
    expect(page.locator("#said.bad")).to_contain_text("by")
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name="Waiting for the first request")).to_be_visible()
    page.get_by_role("link", name="Send and receive", exact=True).click()
    receive = page.get_by_role("region", name="Receive a fax")
    receive.get_by_label("or so many written pages").fill("3")
    receive.get_by_role("button", name="Receive").click()
    expect(page.locator(".big")).to_contain_text("0 of 3 pages")
    page.get_by_role("link", name="Webhooks").click()
    page.get_by_label("All webhooks to").fill("http://127.0.0.1:1/hook")
    page.get_by_role("button", name="Set", exact=True).click()
    expect(page.locator("#silent")).to_have_text("")
    assert control.vendor("kazoo")["webhooks"]["inbound"]["url"] == "http://127.0.0.1:1/hook"


def test_page_is_read_without_a_script(lived: Control, new_context: Callable[..., BrowserContext]) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{lived.url}/sandboxes/{lived.id}")
    page.locator("#counts").get_by_role("link", name="failed").click()
    page.locator("[data-open]").click()
    expect(page.locator("#word")).to_have_text("failed")
    page.locator("#again > summary").click()
    expect(page.locator("#repeat")).to_contain_text("curl -s")
    page.locator("#back").click()
    page.get_by_label("Text", exact=True).fill("555-0005")
    page.keyboard.press("Enter")
    expect(page.locator("[data-open]")).to_have_count(1)
    page.get_by_role("link", name="Requests").click()
    page.locator("[data-open]").last.click()
    page.get_by_role("link", name="Python").click()
    expect(page.locator("#code")).to_contain_text("import requests")
    page.get_by_role("link", name="Webhooks").click()
    expect(page.locator("[data-row]").first).to_contain_text("200 after")
