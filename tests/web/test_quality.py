"""For everybody: accessible, at home on every screen, quick, and deaf to what clients write."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from typing import Any

import pytest
import requests
from playwright.sync_api import BrowserContext, expect

from emulator.web import POLICY
from tests.conftest import WAIT, Control
from tests.receiver import Receiver
from tests.sending import pages, send
from tests.web.conftest import ROOT, Tab

PAGES = {
    "list": "",
    "nothing-found": "?text=nothing",
    "failed-fax": "/faxes/fax-1",
    "delivered-fax": "/faxes/fax-2",
    "act": "/act",
    "connect": "/connect",
    "magic": "/reference",
    "scenarios": "/reference/scenarios",
    "coverage": "/reference/coverage/mfax",
    "api": "/reference/api",
}
MARKUP = "<img src=x onerror=hurt=1><script>hurt=1</script>'\"&"
SCRIPT_LIMIT = 30_000


@pytest.fixture
def lived(control: Control, hooks: Receiver) -> Control:
    """A sandbox with a failed, a delivered, a received and a waiting fax, and webhooks tried twice."""
    hooks.answer(500, "not now")
    control.vendor("ifax", max_attempts=2)
    send(control, "ifax", "+15005550005", count=3)
    send(control, "ifax", "+15005550004", count=3)
    call = {"vendor": "mfax", "to": "+12125550100", "from": "+13105550123", "pages": 2}
    control.call("POST", f"/sandboxes/{control.id}/inbound", 201, json=call)
    control.advance()
    send(control, "openfax", "+15005550004")
    control.advance(by="1m")
    return control


# accessible
@pytest.mark.parametrize(
    ("name", "scheme"),
    [
        *((name, "light") for name in PAGES),
        *((name, "dark") for name in ("list", "delivered-fax", "act", "coverage")),
    ],
)
def test_axe_finds_nothing(
    lived: Control, new_context: Callable[..., BrowserContext], axe: str, name: str, scheme: str
) -> None:
    tab = Tab(new_context(color_scheme=scheme, bypass_csp=True).new_page(), lived)
    page = tab.open(PAGES[name])
    for summary in page.locator("main details:not([open]) > summary").all()[:3]:
        summary.click()
    page.evaluate(axe)
    found = page.evaluate("axe.run().then(result => result.violations)")
    tab.picture(f"{name}-{scheme}")
    assert [(each["id"], [node["html"] for node in each["nodes"]][:3]) for each in found] == []


@pytest.mark.parametrize("name", ["clock", "sandboxes"])
def test_axe_finds_nothing_in_an_open_menu(
    lived: Control, new_context: Callable[..., BrowserContext], axe: str, name: str
) -> None:
    page = Tab(new_context(bypass_csp=True).new_page(), lived).open()
    page.locator(f"#{name} > summary").click()
    page.evaluate(axe)
    assert page.evaluate("axe.run().then(result => result.violations.map(each => each.id))") == []


def test_keyboard_reaches_the_content_first_and_leaves_a_menu(lived: Control, tab: Tab) -> None:
    page = tab.open()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.locator("#clock > summary").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Settle everything")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Settle everything")).to_be_hidden()
    expect(page.locator("#clock > summary")).to_be_focused()


# every screen
@pytest.mark.parametrize("width", [360, 768, 2560])
def test_no_page_is_wider_than_the_screen(
    lived: Control, new_context: Callable[..., BrowserContext], width: int
) -> None:
    tab = Tab(new_context(viewport={"width": width, "height": 800}).new_page(), lived)
    for name, path in PAGES.items():
        page = tab.open(path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        tab.picture(f"{name}-{width}")
    tab.open()
    first = tab.page.locator("[data-row]").first
    for part in (".c-state", ".c-number", ".c-vendor", ".c-pages", ".c-time"):
        expect(first.locator(part)).to_be_visible()


def test_dark_and_light_differ(lived: Control, new_context: Callable[..., BrowserContext]) -> None:
    colours = []
    for scheme in ("light", "dark"):
        page = Tab(new_context(color_scheme=scheme).new_page(), lived).open()
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
    for path in ("", f"?text={MARKUP}&to={MARKUP}", *faxes, "/act", "/reference/scenarios"):
        page = tab.open(path)
        send(control, "ifax", "+15005550014")  # and what is put in live
        expect(page.locator("body")).to_have_attribute("data-listening", "")
        assert page.locator("img[src=x], main script, main b:text-is('+1')").count() == 0
        assert page.evaluate("window.hurt") is None
    tab.open("/faxes/fax-1")
    expect(tab.page.locator("#story")).to_contain_text("onerror=")


def test_policy_forbids_everything_but_our_own_files(server: Control) -> None:
    for path in ("/", "/act", "/nothing", "/static/page.js", "/sandboxes/default/act"):
        answer = requests.get(server.url + path, timeout=WAIT)
        assert answer.headers["Content-Security-Policy"] == POLICY, path
        assert answer.headers["X-Content-Type-Options"] == "nosniff", path
    assert "unsafe" not in POLICY


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/?state=sent", 400),
        ("/?after=x", 400),
        ("/?after=-1", 400),
        ("/?vendor=fex", 200),
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


def test_script_is_small_and_nothing_comes_from_elsewhere(lived: Control, tab: Tab) -> None:
    assert (ROOT / "emulator" / "web" / "static" / "page.js").stat().st_size < SCRIPT_LIMIT
    asked: list[Any] = []
    tab.page.on("request", lambda each: asked.append(each.url))
    for path in PAGES.values():
        page = tab.open(path)
        assert page.locator("script:not([src]), style, [style], [onclick]").count() == 0
    assert {url for url in asked if not url.startswith(tab.control.url)} == set()
