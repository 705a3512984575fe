"""One fax: its pages, calls, submit call, webhooks, scenario, and the command that repeats it."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from tests.receiver import Receiver
from tests.sending import VENDORS, send
from tests.web.conftest import Tab

if TYPE_CHECKING:
    from PIL.Image import Image


def shown(tab: Tab, vendor: str = "ifax", to: str = "+15005550004", count: int = 1) -> Page:
    """Send a fax, play it to its end, and open it."""
    assert send(tab.control, vendor, to, count=count).ok
    tab.control.advance()
    return tab.open("/faxes/fax-1")


def expect_rungs(page: Page, call: str, *rungs: str) -> None:
    page.locator(f"#call-{call} > summary").click()
    expect(page.locator(f"#call-{call} .ladder .text")).to_have_text([*rungs])


def test_each_call_is_a_ladder(tab: Tab) -> None:
    tab.control.vendor("ifax", max_attempts=2)
    page = shown(tab, count=3)
    expect_rungs(page, "1", "caller: dial +15005550004", "called: busy tone")
    expect_rungs(
        page,
        "2",
        "caller: dial +15005550004",
        "called: answer as “+15005550004”",
        "caller: training at 14400 bit/s, error correction",
        *(
            f"{who}: page {number} of 3{word}"
            for number in (1, 2, 3)
            for who, word in (("caller", " sent"), ("called", " confirmed"))
        ),
        "caller: end of fax, hang up",
    )


CALLS = {
    "openfax": (("busy", "7 2 Busy"), ("delivered", "8 0 Successful")),
    "kazoo": (("busy", "pending 486 USER_BUSY"), ("delivered", "completed 200 OK")),
    "ifax": (("busy", "sending 263 USER_BUSY"), ("delivered", "delivered 0 NORMAL_CLEARING")),
    "mfax": (("busy", "processing 6100 Fax Number Busy"), ("delivered", "success 0 OK")),
    "faxto": (
        ("busy", "executed busy Fax Failed - Line Busy ( The fax machine could be busy )"),
        ("delivered", "success ok Sent! Fax Has Been Answered."),
    ),
}
"""The outcome of each call to 04, and the vendor's state, code and text after it."""


@pytest.mark.parametrize("vendor", VENDORS)
def test_results_are_in_the_vendors_words_beside_the_neutral_ones(tab: Tab, vendor: str) -> None:
    tab.control.vendor(vendor, max_attempts=2)
    page = shown(tab, vendor)
    neutral, words = zip(*CALLS[vendor], strict=True)
    expect(page.locator(".call summary .state")).to_have_text(neutral)
    expect(page.locator(".call summary .vendor")).to_have_text(words)
    state, code, text = words[-1].split(" ", 2)
    expect(page.locator("#word")).to_have_text(state)
    expect(page.locator(".big")).to_contain_text(f"code {code} {text}")
    expect(page.locator(".facts .neutral")).to_have_text("delivered")


def test_timeline_tells_every_step(tab: Tab, hooks: Receiver) -> None:
    tab.control.vendor("ifax", max_attempts=2)
    page = shown(tab)
    expect(page.locator(".timeline li > span")).to_have_text(
        [
            *("received", "rendering", "credit check", "waiting line", "queued"),
            "dialing attempt 1",
            "reporting attempt 1, outcome busy, pages sent 0",
            *("waiting redial", "retry eligible", "waiting line", "queued"),
            "dialing attempt 2",
            "transmitting attempt 2, speed 14400, csid +15005550004, ecm yes",
            "page 1 of 1 attempt 2",
            "reporting attempt 2, outcome delivered, pages sent 1",
            "delivered",
            f"fax.sent delivery delivery-1, attempt 1, status 200, url {hooks.url}/sent, state delivered",
        ]
    )
    told = tab.control.fax("fax-1")["timeline"]
    times = page.locator(".timeline time").evaluate_all("all => all.map(each => each.dateTime)")
    assert times == [entry["at"] for entry in told]


def test_life_is_followed_live(tab: Tab) -> None:
    send(tab.control, "ifax", count=2)
    page = tab.open("/faxes/fax-1")
    expect(page.locator(".facts .neutral")).to_have_text("received")
    tab.control.advance(by="15s")
    expect(page.locator(".facts .neutral")).to_have_text("transmitting")
    expect(page.locator("#call-1")).to_contain_text("under way")
    page.get_by_role("button", name="Settle").click()
    expect(page.locator(".facts .neutral")).to_have_text("delivered")
    expect(page.locator(".timeline li").last).to_contain_text("delivered")
    expect(page.locator("#do").get_by_role("button", name="Cancel")).to_have_count(0)


def test_fax_is_cancelled(tab: Tab) -> None:
    send(tab.control, "ifax")
    page = tab.open("/faxes/fax-1")
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator(".facts .neutral")).to_have_text("cancelled")


@pytest.mark.parametrize(("vendor", "pixels"), [("ifax", (204, 98)), ("faxto", (204, 196))])
def test_pages_are_shown_in_true_shape(tab: Tab, vendor: str, pixels: tuple[int, int]) -> None:
    page = shown(tab, vendor)
    image = page.get_by_role("img", name="Page 1")
    width, height = image.evaluate(
        "each => each.decode().then(() => [each.naturalWidth, each.naturalHeight])"
    )
    assert height / width == pytest.approx(11 / 8.5, rel=0.02)
    box = image.bounding_box()
    assert box is not None
    assert box["height"] / box["width"] == pytest.approx(11 / 8.5, rel=0.02)
    assert fax_tiff(page, tab).info["dpi"] == pytest.approx(pixels, rel=0.01)


def fax_tiff(page: Page, tab: Tab) -> Image:
    """Give the first page as it went over the line, whose pixels are not square."""
    from PIL import Image

    source = page.get_by_role("link", name="TIFF").get_attribute("href")
    return Image.open(BytesIO(page.request.get(f"{tab.control.url}{source}").body()))


def test_pages_are_zoomed(tab: Tab) -> None:
    page = shown(tab, count=3)
    image = page.get_by_role("img", name="Page 1")
    image.evaluate("each => each.decode()")
    before = image.bounding_box()
    page.get_by_role("button", name="Zoom in").click()
    larger = image.bounding_box()
    page.get_by_role("button", name="Fit").click()
    assert image.bounding_box() == before
    page.get_by_role("button", name="Zoom out").click()
    smaller = image.bounding_box()
    assert before is not None
    assert larger is not None
    assert smaller is not None
    assert smaller["width"] * 1.3 < before["width"] < larger["width"] / 1.1
    page.get_by_role("img", name="Page 3").scroll_into_view_if_needed()
    expect(page.get_by_role("img", name="Page 3")).to_have_js_property("complete", True)


@pytest.mark.parametrize(("name", "begins"), [("PDF", b"%PDF-"), ("TIFF", b"II*\0"), ("Text", b"Page 1")])
def test_document_is_downloaded(tab: Tab, name: str, begins: bytes) -> None:
    page = shown(tab)
    with page.expect_download() as download:
        page.get_by_role("link", name=name, exact=True).click()
    assert Path(download.value.path()).read_bytes().lstrip().startswith(begins)


def test_pages_are_bilevel(tab: Tab) -> None:
    from PIL import Image

    page = shown(tab)
    source = page.get_by_role("img", name="Page 1").get_attribute("src")
    picture = Image.open(BytesIO(page.request.get(f"{tab.control.url}{source}").body()))
    assert {value for _, value in picture.convert("L").getcolors() or []} <= {0, 255}


def test_submit_call_stands_with_its_answer(tab: Tab) -> None:
    page = shown(tab, "faxto")
    page.locator("#submit > summary").click()
    asked, answered = page.locator("#submit").get_by_label("Body").all_inner_texts()
    assert "fax_number: +15005550004" in asked
    assert "file: fax.pdf (application/pdf)" in asked
    assert '"status": "executed"' in answered


def test_scenario_that_decided_is_shown(tab: Tab) -> None:
    rule = {"name": "my-rule", "match": {"to": "+12125550123"}, "attempts": [{"hangup": {"pages": 1}}]}
    tab.control.call("POST", f"/sandboxes/{tab.control.id}/scenarios", 201, json=rule)
    page = shown(tab, to="+12125550123", count=3)
    page.locator("#script > summary").click()
    expect(page.locator("#scenario")).to_have_text("name: my-rule attempts: - hangup: {pages: 1}")


def test_each_try_of_a_webhook_is_a_row_and_it_is_sent_again(tab: Tab, hooks: Receiver) -> None:
    hooks.answer(503, "<b>not now</b>")
    page = shown(tab, to="+12125550123")
    post = page.locator(".post").first
    tries = post.locator(".try summary b")
    expect(tries).to_have_text([re.compile(r"^503 after [\d.]+ ms"), re.compile(r"^200 after")])
    expect(post.locator(".try summary code")).to_have_text("<b>not now</b>")
    post.locator(".try summary").first.click()
    expect(post.locator(".try").first.get_by_label("Body")).to_have_text("<b>not now</b>")
    request = post.locator("[id^=posted-]")
    request.locator("summary").first.click()
    expect(request.locator("figcaption")).to_have_text(f"POST {hooks.url}/sent")
    expect(request.get_by_label("Body")).to_contain_text("jobId")
    before = len(hooks.requests)
    page.get_by_role("button", name="Resend webhook").first.click()
    assert tab.said() == "Sent once more."
    hooks.wait(before + 1)
    expect(tries).to_have_count(3)


def test_webhooks_that_nobody_takes_say_so(tab: Tab) -> None:
    tab.control.vendor("openfax", webhooks={"outbound": "http://127.0.0.1:1/x"})
    page = shown(tab, "openfax", to="+12125550123")
    expect(page.locator(".try summary b")).to_have_text("nobody listens at 127.0.0.1:1")


def test_webhook_without_a_url_says_where_to_set_one(tab: Tab) -> None:
    page = shown(tab)
    expect(page.get_by_text("iFax has no URL to post to.")).to_be_visible()
    page.locator("#story").get_by_role("link", name="Set one").click()
    page.wait_for_url("**/webhooks")


def test_six_tries_take_little_room(tab: Tab, hooks: Receiver) -> None:
    hooks.answer(500, "no" * 2000, times=None)
    page = shown(tab, "faxto", to="+12125550123", count=3)
    for _ in range(3):
        page.get_by_role("button", name=re.compile("webhook")).first.click()
        tab.said()
    assert len(tab.control.webhooks()[0]["attempts"]) >= 6
    page.set_viewport_size({"width": 1440, "height": 900})
    tab.open("/faxes/fax-1")
    assert page.locator("#one").evaluate("each => each.scrollHeight") <= 2000


def test_next_fax_comes_with_j_while_one_is_open(tab: Tab) -> None:
    for number in ("+12125550121", "+12125550122", "+12125550123"):
        send(tab.control, "ifax", number)
    tab.page.set_viewport_size({"width": 1440, "height": 900})
    page = tab.open()
    page.evaluate("window.same = true")
    page.locator("[data-open]").first.click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("+12125550123")
    page.keyboard.press("j")
    expect(heading).to_contain_text("+12125550122")
    page.wait_for_url("**/faxes/fax-2")
    expect(page.locator("tr[aria-current] [data-open]")).to_have_id("row-fax-2")
    page.keyboard.press("k")
    expect(heading).to_contain_text("+12125550123")
    page.go_back()
    expect(heading).to_contain_text("+12125550122")
    page.keyboard.press("u")
    expect(page.locator("#one")).to_have_count(0)
    assert page.evaluate("window.same") is True


def test_list_and_fax_stand_side_by_side_on_wide_screens_only(tab: Tab) -> None:
    page = shown(tab, count=3)
    for width, beside in ((1440, True), (1024, False), (390, False)):
        page.set_viewport_size({"width": width, "height": 900})
        expect(page.locator("#one")).to_be_visible()
        expect(page.locator(".list")).to_be_visible(visible=beside)
    paper, journal = (page.locator(each).bounding_box() for each in (".paper", "#journal"))
    assert paper is not None
    assert journal is not None
    assert paper["y"] + paper["height"] <= journal["y"]


def test_one_screen_of_1440_holds_what_matters(tab: Tab, hooks: Receiver) -> None:
    tab.page.set_viewport_size({"width": 1440, "height": 900})
    page = shown(tab, count=3)
    for part in (".big", "#drawing .wide svg", "#sheets", ".try", ".call", "#submit > summary"):
        expect(page.locator(part).first).to_be_in_viewport(ratio=0.9)


def test_fax_is_deleted_when_confirmed(tab: Tab) -> None:
    page = shown(tab)
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name="Waiting for the first request")).to_be_visible()
    assert tab.control.faxes() == []


def test_unknown_fax_is_told_in_words(tab: Tab) -> None:
    page = tab.page
    answer = page.goto(f"{tab.control.url}/sandboxes/{tab.control.id}/faxes/fax-9")
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_text("no fax fax-9")).to_be_visible()
    tab.refused = True
