"""The list of faxes: live, searched, counted, moved through with the keyboard."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from emulator.app import App
from emulator.core.fax import Fax
from tests.conftest import Control
from tests.sending import VENDORS, send
from tests.web.conftest import Tab


def numbers(page: Page) -> list[str]:
    """Give the numbers in the list, without the arrow."""
    return [text.split()[-1] for text in page.locator(".c-number").all_inner_texts()]


def choose(page: Page, label: str, value: str) -> None:
    page.get_by_label(label, exact=True).select_option(value)
    page.get_by_role("button", name="Search").click()


def test_default_sandbox_is_shown_at_the_root(server: Control, tab: Tab) -> None:
    tab.page.goto(server.url)
    expect(tab.page).to_have_title("Faxes · default · Localfax")
    expect(tab.page.get_by_role("note")).to_contain_text("Real patient data does not belong here.")


def test_faxes_appear_and_change_without_a_reload(tab: Tab) -> None:
    page = tab.open()
    expect(page.get_by_role("heading", name="No faxes yet")).to_be_visible()
    page.evaluate("window.same = true")
    send(tab.control, "ifax", "+15005550005", count=3)
    expect(page.locator("[data-row]")).to_have_count(1)
    expect(page.locator(".c-state")).to_have_text("received")
    tab.control.advance()
    expect(page.locator(".c-state")).to_have_text("failed")
    cells = page.locator("[data-row] td").all_inner_texts()
    assert cells[1].split()[-1] == "+15005550005"
    assert cells[2:7] == ["iFax", "1/3", "line error", "magic-05", "fax.pdf"]
    expect(page.locator("#counts")).to_contain_text("failed")
    assert page.evaluate("window.same") is True


def test_every_vendor_and_direction_is_told_apart(tab: Tab) -> None:
    for vendor in VENDORS:
        send(tab.control, vendor)
    call = {"vendor": "mfax", "to": "+12125550100", "from": "+13105550123"}
    tab.control.call("POST", f"/sandboxes/{tab.control.id}/inbound", 201, json=call)
    page = tab.open()
    assert page.locator(".c-vendor").all_inner_texts() == [
        "mFax",
        "Fax.to",
        "mFax",
        "iFax",
        "Kazoo",
        "Openfax",
    ]
    assert numbers(page)[:2] == ["+13105550123", "+12125550123"]
    choose(page, "Direction", "inbound")
    assert numbers(page) == ["+13105550123"]


def test_filters_and_search_narrow_the_list(tab: Tab) -> None:
    send(tab.control, "ifax", "+15005550002")
    send(tab.control, "mfax", "+15005550005", count=2)
    send(tab.control, "mfax", "+12125550123")
    tab.control.advance()
    page = tab.open()
    choose(page, "Vendor", "mfax")
    assert numbers(page) == ["+12125550123", "+15005550005"]
    choose(page, "State", "failed")
    assert numbers(page) == ["+15005550005"]
    page.get_by_role("link", name="Clear").click()
    page.get_by_label("To", exact=True).fill("500 555-0002")
    page.keyboard.press("Enter")
    page.wait_for_url("**to=500*")
    assert numbers(page) == ["+15005550002"]
    page.get_by_role("link", name="Clear").click()
    page.get_by_label("Text", exact=True).fill("line_error MAGIC-05")
    page.keyboard.press("Enter")
    page.wait_for_url("**text=*")
    assert numbers(page) == ["+15005550005"]
    page.get_by_label("Text", exact=True).fill("no such words")
    page.keyboard.press("Enter")
    expect(page.get_by_text("No fax fits")).to_be_visible()


def test_counts_tell_each_state_and_lead_to_it(tab: Tab) -> None:
    for number in ("+15005550002", "+15005550007", "+12125550123"):
        send(tab.control, "ifax", number)
    tab.control.advance()
    send(tab.control, "ifax")
    page = tab.open()
    told = [" ".join(text.split()) for text in page.locator("#counts li").all_inner_texts()]
    assert told == ["All 4", "delivered 1", "failed 2", "received 1"]
    page.locator("#counts").get_by_role("link", name="failed").click()
    expect(page.locator("[data-row]")).to_have_count(2)
    assert set(page.locator(".c-state").all_inner_texts()) == {"failed"}


def test_keyboard_searches_moves_and_opens(tab: Tab) -> None:
    for number in ("+12125550121", "+12125550122", "+12125550123"):
        send(tab.control, "ifax", number)
    page = tab.open()
    page.keyboard.press("/")
    expect(page.get_by_label("Text", exact=True)).to_be_focused()
    page.keyboard.type("jk/")
    expect(page.get_by_label("Text", exact=True)).to_have_value("jk/")
    page.keyboard.press("Escape")
    for key in "jjjkj":
        page.keyboard.press(key)
    expect(page.locator("#row-fax-1")).to_be_focused()
    page.keyboard.press("k")
    send(tab.control, "ifax", "+12125550124")
    expect(page.locator("[data-row]")).to_have_count(4)
    expect(page.locator("#row-fax-2")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("+12125550122")
    tab.listens()
    page.keyboard.press("u")
    expect(page.locator("[data-row]")).to_have_count(4)


def test_whole_row_opens_the_fax(tab: Tab) -> None:
    send(tab.control, "ifax")
    page = tab.open()
    page.locator(".c-time").click()
    page.wait_for_url("**/faxes/fax-1")


@pytest.fixture
def many(app: App, tab: Tab) -> Tab:
    """A sandbox that holds 100,000 faxes, put into the store directly."""
    send(tab.control, "ifax")
    tab.control.advance()
    first = app.store.get(tab.control.id, Fax, "fax-1")
    assert first is not None
    for start in range(2, 100_001, 1000):
        rows = range(start, min(start + 1000, 100_001))
        app.store.commit(
            tab.control.id,
            [replace(first, id=f"fax-{row}", version=1, sequence=row, names=(), folders=()) for row in rows],
        )
    return tab


def test_list_of_100_000_faxes_is_read_by_pages(many: Tab) -> None:
    page = many.open()
    expect(page.locator("[data-row]")).to_have_count(50)
    expect(page.locator("#counts")).to_contain_text("All 300+")
    assert page.locator("[data-row] a").first.get_attribute("id") == "row-fax-100000"
    page.get_by_role("link", name="Older").click()
    expect(page.locator("[data-row] a").first).to_have_id("row-fax-99950")
    page.get_by_role("link", name="Newest").click()
    expect(page.locator("[data-row] a").first).to_have_id("row-fax-100000")
    page.get_by_label("Text", exact=True).fill("nowhere to be found")
    page.keyboard.press("Enter")
    expect(page.get_by_text("among the 1000 that were looked at")).to_be_visible()
    page.get_by_role("link", name="Search older ones").click()
    page.wait_for_url("**after=*")
