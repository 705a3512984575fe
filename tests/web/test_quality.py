"""For everybody: accessible, at home on every screen, quick, and deaf to what clients write."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable
from contextlib import closing
from math import inf
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
import requests
from playwright.sync_api import BrowserContext, expect

from emulator import web
from emulator.app import App
from emulator.config import Config
from emulator.server.http_server import in_process
from emulator.web import POLICY
from tests.conftest import WAIT, Control
from tests.receiver import Receiver
from tests.sending import pages, send
from tests.web.conftest import Tab
from tests.web.lived import PAGES, SCHEMES

WIDTHS = (360, 390, 768, 1024, 1440, 2560)
MARKUP = "<img src=x onerror=hurt=1><script>hurt=1</script>'\"&"
SCRIPT_LIMIT = 40_000
CUT = """
() => [...document.querySelectorAll(".c-time, .c-time > *, #kinds a, .find > :not(.hidden)")]
  .filter((each) => each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).display !== "inline")
  .map((each) => each.textContent)
"""
"""What of the times and filters does not find room; what stands in a line is measured by what holds it."""
REACHED = "filters => filters.every(each => each.getBoundingClientRect().right <= innerWidth)"
PAINTED = """
() => new Promise((done) => {
  const paints = (list) => list.getEntriesByName("first-contentful-paint");
  const found = (list) => paints(list).forEach((paint) => done(paint.startTime));
  new PerformanceObserver(found).observe({ type: "paint", buffered: true });
})
"""
"""Milliseconds from the navigation to the first paint that shows something, as the browser tells them."""
PAINT_LIMIT = 200.0
BARE = "/_localfax/health"
TRIES = 20
"""The best of so many must hold."""


# every screen
def test_no_page_is_wider_than_the_screen(lived: Control, new_tab: Callable[[Control], Tab]) -> None:
    tab = new_tab(lived)
    for name, path in PAGES.items():
        page = tab.open(path)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (name, width)


@pytest.mark.parametrize("width", WIDTHS)
def test_what_matters_of_a_fax_is_seen_on_every_screen(tab: Tab, width: int) -> None:
    send(tab.control, "ifax")
    tab.page.set_viewport_size({"width": width, "height": 800})
    first = tab.open().locator("[data-row]").first
    for part in (".c-result", ".c-number", ".c-vendor", ".c-pages", ".c-hook", ".c-time"):
        expect(first.locator(part)).to_be_visible()


def test_times_of_another_day_and_filters_find_room(tab: Tab, hooks: Receiver) -> None:
    for number in ("+15005550002", "+15005550005", "+12125550123"):
        send(tab.control, "ifax", number)
    tab.control.advance(by="26h")
    send(tab.control, "kazoo", "+15005550003")
    tab.control.advance(by="2m")
    for path in ("", "/faxes/fax-1", "/webhooks", "/webhooks/delivery-1"):
        page = tab.open(path)
        for width in (1024, 1440):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate(CUT) == [], (path, width)
            assert page.locator("#kinds a, #counts a").evaluate_all(REACHED), (path, width)


def test_dark_and_light_differ(tab: Tab) -> None:
    page, colours = tab.open(), []
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        colours.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert colours == ["rgb(245, 246, 248)", "rgb(17, 20, 24)"]


# hostile
def test_markup_that_clients_send_stays_text(control: Control, hooks: Receiver, tab: Tab) -> None:
    hooks.answer(400, MARKUP, headers={"X-Said": MARKUP}, times=None)
    key = {"Authorization": f"Basic {control.credentials('mfax')['apiKey']}", "X-Trick": MARKUP}
    sent = requests.post(
        f"{control.base_url('mfax')}/v1/faxes",
        data={
            "faxNumber": "+12125550123",
            "subject": MARKUP,
            "recipientName": MARKUP[:40],
            "coverPage": "true",
        },
        files={"attachments": (MARKUP, pages(1), "application/pdf")},
        headers=key,
        timeout=WAIT,
    )
    assert sent.ok, sent.text
    call = {"vendor": "ifax", "to": "+12125550100", "from": "<b>+1</b>", "csid": MARKUP[:20], "pages": 1}
    control.call("POST", f"/sandboxes/{control.id}/inbound", 201, json=call)
    name = {
        "faxNumber": "+12125550124",
        "faxData": [{"fileName": MARKUP, "fileData": b64encode(pages(1)).decode()}],
    }
    url = f"{control.base_url('ifax')}/v1/customer/fax-send"
    requests.post(url, json=name, headers=control.credentials("ifax"), timeout=WAIT)
    rule = {"name": "rule", "purpose": MARKUP, "attempts": [{"delivered": {"csid": MARKUP[:20]}}]}
    control.call("POST", f"/sandboxes/{control.id}/scenarios", 201, json=rule)
    send(control, "ifax")
    control.advance()
    faxes = [f"/faxes/{fax['id']}" for fax in control.faxes()]
    asked = [f"/requests/{number}?as=php" for number in (1, 2, 3)]
    posted = [f"/webhooks/{each['id']}" for each in control.webhooks()]
    lists = ("", f"?text={MARKUP}&to={MARKUP}", "/requests", "/webhooks", "/act", "/reference/scenarios")
    for path in (*lists, *faxes, *asked, *posted):
        page = tab.open(path)
        assert page.locator("img[src=x], main script, main b:text-is('+1')").count() == 0
        assert page.evaluate("window.hurt") is None
    page = tab.open()
    send(control, "ifax", "+15005550014")
    expect(page.locator("[data-row]")).to_have_count(len(faxes) + 1)  # put in by the script
    assert page.locator("img[src=x], main script").count() == 0
    assert page.evaluate("window.hurt") is None
    tab.open("/faxes/fax-1")
    expect(tab.page.locator("#story")).to_contain_text("onerror=")


def test_policy_forbids_everything_but_our_own_files(server: Control) -> None:
    for path in ("/", "/act", "/nothing", "/static/page.js", "/sandboxes/default/act"):
        answer = requests.get(server.url + path, headers={"Accept": "text/html"}, timeout=WAIT)
        assert answer.headers["Content-Security-Policy"] == POLICY, path
        assert answer.headers["X-Content-Type-Options"] == "nosniff", path
    assert "unsafe" not in POLICY


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/?state=sent", 400),
        ("/?after=x", 400),
        ("/?after=-1", 400),
        ("/?vendor=fex", 400),
        ("/?direction=up", 400),
        ("/?text=%00%ff%f0", 200),
        (f"/?text={'x' * 5000}", 200),
        ("/?to=%5B", 200),
        ("/sandboxes/..%2f..%2fversion", 404),
        ("/sandboxes/none", 404),
        ("/sandboxes/default%3Flimit=1", 404),
        ("/sandboxes/default%2523", 404),
        ("/sandboxes/default/faxes/%3Fformat=pdf", 404),
        ("/sandboxes/%00%ff/act", 404),
        ("/sandboxes/default/faxes/%2e%2e", 404),
        ("/sandboxes/default/requests/0", 404),
        (f"/sandboxes/default/requests/{'9' * 400}", 404),
        ("/sandboxes/default/requests/1?as=cobol", 404),
        ("/sandboxes/default/requests?after=x", 400),
        ("/sandboxes/default/requests?refused=perhaps", 400),
        ("/sandboxes/default/webhooks/%00", 404),
        ("/sandboxes/default/webhooks?after=-1", 400),
        ("/sandboxes/default/connect?as=cobol", 404),
        ("/sandboxes/default/export/passwords.txt", 404),
        ("/?begin=-1&looked=x", 200),
        ("/pages/0.pdf", 404),
        ("/pages/201.pdf", 404),
        ("/pages/-1.pdf", 404),
        (f"/pages/{'9' * 5000}.pdf", 404),
        ("/pages/200.pdf", 200),
        ("/static/../page.py", 404),
        ("/static/%2e%2e/pages.py", 404),
    ],
)
def test_hostile_address_gets_an_answer(server: Control, path: str, status: int) -> None:
    assert requests.get(server.url + path, timeout=WAIT).status_code == status


def test_page_takes_no_writes(server: Control) -> None:
    answers = {
        method: requests.request(method, server.url, timeout=WAIT) for method in ("POST", "PUT", "DELETE")
    }
    assert {answer.status_code for answer in answers.values()} == {405}


# quick
def test_browser_keeps_our_files_until_they_change(server: Control) -> None:
    page = requests.get(server.url, timeout=WAIT).text
    files = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    assert {file.partition("?")[0] for file in files} == {
        f"/static/{name}" for name in ("icon.svg", "page.css", "page.js")
    }
    for file in files:
        answer = requests.get(server.url + file, timeout=WAIT)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "public, max-age=31536000")
        assert file.endswith(f"?{crc32(answer.content):x}")
        assert answer.headers["Date"].count("GMT") == 1  # one line of it, not two


def first_paint(context: BrowserContext, address: str) -> float:
    page = context.new_page()
    page.goto(address, wait_until="commit")
    painted = float(page.evaluate(PAINTED))
    page.close()
    return painted


def soonest(paint: Callable[[], float], bare: Callable[[], float]) -> float:
    """Give the best of some paints, or the first that is soon enough, less that of a bare text just then."""
    best = inf
    for _ in range(TRIES):
        best = min(best, paint() - bare())
        if best < PAINT_LIMIT:
            break
    return best


@pytest.mark.soak  # a machine that is busy with something else paints late
@pytest.mark.parametrize("name", PAGES)
def test_first_paint_comes_soon(
    lived: Control, new_context: Callable[..., BrowserContext], name: str
) -> None:
    context, address = new_context(), f"{lived.url}/sandboxes/{lived.id}{PAGES[name]}"
    bare = f"{lived.url}{BARE}"
    assert soonest(lambda: first_paint(context, address), lambda: first_paint(context, bare)) < PAINT_LIMIT


@pytest.mark.soak  # a machine that is busy with something else paints late
def test_first_paint_of_a_new_server_comes_soon(
    server: Control, new_context: Callable[..., BrowserContext]
) -> None:
    def of_a_new_server() -> float:
        with closing(App(Config())) as app, in_process(app) as running:
            return first_paint(new_context(), running.url)

    bare = f"{server.url}{BARE}"
    assert soonest(of_a_new_server, lambda: first_paint(new_context(), bare)) < PAINT_LIMIT


def test_script_is_small_and_nothing_comes_from_elsewhere(
    lived: Control, new_tab: Callable[[Control], Tab]
) -> None:
    tab = new_tab(lived)
    assert Path(web.__path__[0], "static", "page.js").stat().st_size < SCRIPT_LIMIT
    asked: list[Any] = []
    tab.page.on("request", lambda each: asked.append(each.url))
    for path in PAGES.values():
        page = tab.open(path)
        assert page.locator("script:not([src]), style, [style], [onclick]").count() == 0
    assert {url for url in asked if not url.startswith(tab.control.url)} == set()
