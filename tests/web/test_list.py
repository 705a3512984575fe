"""The list of faxes: live, searched, counted, moved through with the keyboard."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from emulator.app import App
from tests.conftest import Control
from tests.sending import VENDORS, send
from tests.web.conftest import Tab, fill, time_of_day

HIDDEN = """
(hidden) => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
  document.dispatchEvent(new Event("visibilitychange"));
}
"""
"""What a browser says of a tab that others cover; a driven one takes every tab for seen."""
PRESSES_AT_ONCE = """
document.addEventListener("DOMContentLoaded", () => { window.whole = true; });
new MutationObserver((_, observer) => {
  if (!document.body) return;
  observer.disconnect();
  window.pressedEarly = !window.whole;
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "/", bubbles: true, cancelable: true }));
}).observe(document, { childList: true, subtree: true });
"""
"""Presses a key as soon as there is a body, before any script is told that all of the page is there."""
LOADS = 20
TYPES_AND_OPENS = """() => {
    const [search, link] = [document.getElementById("search"), document.querySelector("[data-open]")];
    search.value = "nobody";
    search.dispatchEvent(new Event("input", {bubbles: true}));
    link.click();
}"""


def expect_numbers(page: Page, *numbers: str) -> None:
    """Wait until the list shows these numbers; an arrow and a direction stand before each."""
    links = page.locator(".c-number > a")
    expect(links).to_have_text([re.compile(rf"{re.escape(each)}$") for each in numbers])


def choose(page: Page, name: str) -> None:
    """Choose one of the filters above the list."""
    page.locator("#counts, #kinds").get_by_role("link", name=re.compile(rf"\b{name}\b")).click()


def test_default_sandbox_is_shown_at_the_root(server: Control, tab: Tab) -> None:
    tab.page.goto(server.url)
    expect(tab.page).to_have_title("Faxes · default · Localfax")
    expect(tab.page.get_by_role("note")).to_contain_text("Real patient data does not belong here.")


def test_faxes_appear_and_change_without_a_reload(tab: Tab) -> None:
    page = tab.open()
    expect(page.get_by_role("heading", name="Waiting for the first request")).to_be_visible()
    page.evaluate("window.same = true")
    send(tab.control, "ifax", "+15005550005", count=3)
    expect(page.locator("[data-row]")).to_have_count(1)
    expect(page.locator(".c-state")).to_have_text("received")
    tab.control.advance()
    expect(page.locator(".c-state")).to_have_text("failed")
    time = time_of_day(tab.control.fax("fax-1")["created_at"], more=r"(\d+ \w ago|now)")
    number, result = re.compile(r"→ outbound +\+15005550005fax.pdf$"), re.compile("^failed 9009")
    cells = ["iFiFax", number, result, "1 of 3", "1 call", "no URL set", time]
    expect(page.locator("[data-row] td")).to_have_text(cells)
    expect(page.locator(".c-result small")).to_contain_text("magic-05")
    expect(page.locator("#counts")).to_contain_text("failed")
    assert page.evaluate("window.same") is True


def test_every_vendor_and_direction_is_told_apart(tab: Tab) -> None:
    for vendor in VENDORS:
        send(tab.control, vendor)
    call = {"vendor": "mfax", "to": "+12125550100", "from": "+13105550123", "force": True}
    tab.control.call("POST", f"/sandboxes/{tab.control.id}/inbound", 201, json=call)
    page = tab.open()
    vendors = page.locator(".c-vendor .hidden")
    expect(vendors).to_have_text(["mFax", "Fax.to", "mFax", "iFax", "Kazoo", "Openfax"])
    colours = page.locator(".c-vendor .mark").evaluate_all(
        "marks => marks.map(each => getComputedStyle(each).backgroundColor)"
    )
    assert (len(set(colours)), colours[0]) == (5, colours[2])
    expect_numbers(page, "+13105550123", *["+12125550123"] * 5)
    choose(page, "in")
    expect_numbers(page, "+13105550123")


def test_filters_narrow_the_list(tab: Tab) -> None:
    send(tab.control, "ifax", "+15005550002")
    send(tab.control, "mfax", "+15005550005", count=2)
    send(tab.control, "mfax", "+12125550123")
    tab.control.advance()
    page = tab.open()
    choose(page, "mFax")
    expect_numbers(page, "+12125550123", "+15005550005")
    choose(page, "failed")
    expect_numbers(page, "+15005550005")
    choose(page, "Clear")
    expect_numbers(page, "+12125550123", "+15005550005", "+15005550002")
    page.get_by_label("Text", exact=True).fill("500 555-0002")
    expect_numbers(page, "+15005550002")


def test_faxes_are_found_by_who_sent_them(tab: Tab) -> None:
    for sender in ("+13105550123", "+13105550177"):
        call = {"vendor": "mfax", "to": "+12125550100", "from": sender, "force": True}
        tab.control.call("POST", f"/sandboxes/{tab.control.id}/inbound", 201, json=call)
    expect_numbers(tab.open("?from=555-0177"), "+13105550177")
    expect_numbers(tab.open("?from=*0123"), "+13105550123")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("line_error MAGIC-05", ["+15005550005"]),
        ("kazoo clinic", ["+12125550123"]),
        ("555-000", ["+15005550005", "+15005550002"]),
        ("fax-1", ["+15005550002"]),
    ],
)
def test_words_are_searched_in_all_that_is_said_of_a_fax(tab: Tab, text: str, found: list[str]) -> None:
    send(tab.control, "ifax", "+15005550002")
    send(tab.control, "mfax", "+15005550005", count=2)
    call = {"vendor": "kazoo", "to": "+12125550100", "from": "+12125550123", "csid": "CLINIC"}
    tab.control.call("POST", f"/sandboxes/{tab.control.id}/inbound", 201, json=call)
    tab.control.advance()
    page = tab.open()
    page.get_by_label("Text", exact=True).fill(text)
    page.keyboard.press("Enter")
    expect_numbers(page, *found)
    expect(page.get_by_label("Text", exact=True)).to_have_value(text)


def test_search_that_finds_nothing_says_so(tab: Tab) -> None:
    send(tab.control, "ifax")
    page = tab.open()
    page.get_by_label("Text", exact=True).fill("no such words")
    page.keyboard.press("Enter")
    expect(page.get_by_text("No fax fits.")).to_be_visible()


def test_counts_tell_each_state_and_lead_to_it(tab: Tab) -> None:
    for number in ("+15005550002", "+15005550007", "+12125550123"):
        send(tab.control, "ifax", number)
    tab.control.advance()
    send(tab.control, "ifax")
    page = tab.open()
    counts = page.locator("#counts > a:has(> b)")
    expect(counts).to_have_text(["All 4", "received 1", "delivered 1", "failed 2"])
    choose(page, "failed")
    expect(page.locator(".c-state")).to_have_text(["failed", "failed"])
    expect(page.locator("#extent")).to_have_text("1 to 2 of 2")
    choose(page, "mFax")
    expect(counts).to_have_text(["All 0"])


def test_keyboard_searches_moves_and_opens(tab: Tab) -> None:
    for number in ("+12125550121", "+12125550122", "+12125550123"):
        send(tab.control, "ifax", number)
    page = tab.open()
    page.keyboard.press("/")
    expect(page.get_by_label("Text", exact=True)).to_be_focused()
    page.keyboard.type("jk/")
    page.keyboard.press("Escape")
    expect(page.get_by_label("Text", exact=True)).to_have_value("jk/")
    page.keyboard.press("/")
    page.keyboard.press("Delete")
    page.keyboard.press("Escape")
    expect(page.get_by_label("Text", exact=True)).to_have_value("")
    expect(page.locator("[data-row]")).to_have_count(3)
    for key in "jjjkj":
        page.keyboard.press(key)
    expect(page.locator("#row-fax-1")).to_be_focused()
    page.keyboard.press("k")
    send(tab.control, "ifax", "+12125550124")
    expect(page.locator("[data-row]")).to_have_count(4)
    expect(page.locator("#row-fax-2")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("+12125550122")
    page.keyboard.press("Tab")
    expect(page.locator("#back")).to_be_focused()
    page.keyboard.press("u")
    expect(page.locator("[data-row]")).to_have_count(4)
    expect(page.locator("#row-fax-2")).to_be_focused()


def test_what_is_opened_soon_after_typing_stays_open(tab: Tab) -> None:
    send(tab.control, "ifax", "+12125550121")
    asked: list[str] = []
    tab.page.on("request", lambda each: asked.append(each.url))
    tab.page.clock.install()
    page = tab.open()
    page.evaluate(TYPES_AND_OPENS)
    expect(page.get_by_role("heading", level=1)).to_contain_text("+12125550121")
    page.clock.run_for("00:05")
    expect(page.get_by_role("heading", level=1)).to_contain_text("+12125550121")
    assert [url for url in asked if "text=nobody" in url] == []


def test_key_that_is_pressed_before_the_page_is_whole_is_not_lost(tab: Tab) -> None:
    tab.page.add_init_script(PRESSES_AT_ONCE)
    early = False
    for _ in range(LOADS):  # a page that comes whole at once leaves no time to be early
        page = tab.open(live=False)
        expect(page.get_by_label("Text", exact=True)).to_be_focused()
        early = early or page.evaluate("window.pressedEarly")
        if early:
            break
    assert early


def test_hidden_page_lets_go_of_its_events_and_takes_them_again(tab: Tab) -> None:
    page = tab.open()
    events = re.compile(r"/events$")
    with page.expect_event("requestfailed", lambda request: bool(events.search(request.url))):
        page.evaluate(HIDDEN, True)
    expect(page.locator("body")).not_to_have_attribute("data-listening", "")
    send(tab.control, "ifax", "+12125550121")
    with page.expect_request(events):
        page.evaluate(HIDDEN, False)
    expect_numbers(page, "+12125550121")
    tab.listens()
    send(tab.control, "ifax", "+12125550122")
    expect_numbers(page, "+12125550122", "+12125550121")


def test_page_that_is_not_live_says_so(tab: Tab) -> None:
    tab.refused = True
    events = "**/events"
    tab.page.route(events, lambda route: route.abort())
    page = tab.open(live=False)
    expect(page.get_by_role("status")).to_have_text("Not live: the server is away.")
    page.unroute(events)
    expect(page.get_by_role("status")).to_have_text("The page is live again.")
    page.route(events, lambda route: route.fulfill(status=503))
    tab.open(live=False)
    expect(page.get_by_role("status")).to_have_text("Not live: reload the page.")


def test_whole_row_opens_the_fax(tab: Tab) -> None:
    send(tab.control, "ifax")
    page = tab.open()
    page.locator(".c-time").click()
    page.wait_for_url("**/faxes/fax-1")


@pytest.fixture
def many(app: App, tab: Tab) -> Tab:
    """A sandbox that holds 50,000 faxes, put into the store directly; the oldest goes to another number."""
    send(tab.control, "ifax", "+12125550177")
    send(tab.control, "ifax")
    tab.control.advance()
    fill(app, tab.control, 50_000)
    return tab


def test_list_of_50_000_faxes_is_read_by_pages(many: Tab) -> None:
    page = many.open()
    expect(page.locator("[data-row]")).to_have_count(50)
    counts, extent = page.locator("#counts > a:has(> b)"), page.locator("#extent")
    expect(counts).to_have_text(["All 50,000", "delivered 50,000"])
    expect(extent).to_have_text("1 to 50 of 50,000")
    expect(page.locator("[data-open]").first).to_have_id("row-fax-50000")
    page.get_by_role("link", name="Older").click()
    expect(page.locator("[data-open]").first).to_have_id("row-fax-49950")
    expect(extent).to_have_text("51 to 100 of 50,000")
    page.get_by_role("link", name="Newest").click()
    expect(page.locator("[data-open]").first).to_have_id("row-fax-50000")
    send(many.control, "ifax")
    expect(counts).to_have_text(["All 50,001", "received 1", "delivered 50,000"])


def test_search_of_50_000_faxes_goes_on_by_itself_and_shows_how_far(many: Tab) -> None:
    page = many.open()
    page.get_by_label("Text", exact=True).fill("2125550177")
    expect(page.locator("#looking")).to_contain_text(re.compile(r"[\d,]+ of 50,000 looked at"))
    expect(page.locator("[data-open]")).to_have_id("row-fax-1")
    expect(page.locator("#looking")).to_have_count(0)
    expect(page.locator("#extent")).to_have_text("1 found")
    page.get_by_label("Text", exact=True).fill("nowhere to be found")
    expect(page.get_by_text("No fax fits.")).to_be_visible()


def test_list_scrolls_in_itself_however_long_it_is(many: Tab) -> None:
    for width, height in ((1440, 900), (1024, 768)):
        many.page.set_viewport_size({"width": width, "height": height})
        page = many.open()
        page.keyboard.press("k")
        for _ in range(60):
            page.keyboard.press("j")
        assert page.evaluate("[scrollY, document.documentElement.scrollHeight - innerHeight]") == [0, 0]
        expect(page.locator("[data-open]").last).to_be_in_viewport()
