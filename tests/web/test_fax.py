"""One fax: its pages, calls, submit call, webhooks, scenario, and the command that repeats it."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from emulator.app import App
from emulator.core.fax import Fax
from tests.receiver import Receiver
from tests.sending import VENDORS, send
from tests.web.conftest import Tab


def shown(tab: Tab, vendor: str = "ifax", to: str = "+15005550004", count: int = 3) -> Page:
    """Send a fax, play it to its end, and open it."""
    assert send(tab.control, vendor, to, count=count).ok
    tab.control.advance()
    return tab.open("/faxes/fax-1")


def rungs(call: Locator) -> list[str]:
    return call.locator(".ladder .text").all_text_contents()


def test_each_call_is_a_ladder(tab: Tab) -> None:
    tab.control.vendor("ifax", max_attempts=2)
    page = shown(tab)
    first, second = page.get_by_role("article", name="Call 1"), page.get_by_role("article", name="Call 2")
    assert rungs(first) == ["caller: dial +15005550004", "called: busy tone"]
    assert rungs(second) == [
        "caller: dial +15005550004",
        "called: answer as “+15005550004”",
        "caller: training at 14400 bit/s, error correction",
        *(
            f"{who}: page {number} of 3{word}"
            for number in (1, 2, 3)
            for who, word in (("caller", ""), ("called", " confirmed"))
        ),
        "caller: end of fax, hang up",
    ]
    tab.picture("fax-busy-then-delivered")


@pytest.mark.parametrize(
    "vendor",
    ["openfax", "mfax", "ifax"],
)
def test_results_are_in_the_vendors_words_beside_the_neutral_ones(tab: Tab, vendor: str) -> None:
    tab.control.vendor(vendor, max_attempts=2)
    page = shown(tab, vendor)
    for name, word in (("Call 1", "busy"), ("Call 2", "delivered")):
        expect(page.get_by_role("article", name=name).locator("h3 .state")).to_have_text(word)
        expect(page.get_by_role("article", name=name).locator("h3 .vendor")).to_be_visible()
    view = tab.control.fax("fax-1")["vendor_view"]
    said = page.locator(".pairs").inner_text()
    assert all(view[part] in said for part in ("state", "text") if view[part])


def test_life_is_followed_live(tab: Tab) -> None:
    send(tab.control, "ifax", count=2)
    page = tab.open("/faxes/fax-1")
    expect(page.locator("#head .state")).to_have_text("received")
    tab.control.advance(by="15s")
    expect(page.locator("#head .state")).to_have_text("transmitting")
    expect(page.get_by_role("article", name="Call 1")).to_contain_text("under way")
    page.locator("#do").get_by_role("button", name="Settle").click()
    expect(page.locator("#head .state")).to_have_text("delivered")
    expect(page.locator(".timeline li").last).to_contain_text("delivered")
    expect(page.locator("#do button")).to_have_count(0)


def test_fax_is_cancelled(tab: Tab) -> None:
    send(tab.control, "ifax")
    page = tab.open("/faxes/fax-1")
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#head .state")).to_have_text("cancelled")


def test_pages_are_shown_in_true_shape_and_zoomed(tab: Tab) -> None:
    page = shown(tab)
    image = page.get_by_role("img", name="Page 1")
    expect(image).to_be_visible()
    width, height = image.evaluate(
        "each => each.decode().then(() => [each.naturalWidth, each.naturalHeight])"
    )
    assert height / width == pytest.approx(11 / 8.5, rel=0.02)
    before = image.bounding_box()
    page.get_by_role("button", name="Zoom in").click()
    larger = image.bounding_box()
    page.get_by_role("button", name="Fit").click()
    assert before is not None
    assert larger is not None
    assert larger["width"] > before["width"] * 1.1
    assert image.bounding_box() == before
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
    asked, answered = page.locator("h2:text('Submit call') + .pair pre").all_inner_texts()
    assert "fax_number" in asked
    assert "+15005550004" in asked
    assert '"status": "executed"' in answered


def test_scenario_that_decided_is_shown(tab: Tab) -> None:
    rule = {"name": "my-rule", "match": {"to": "+12125550123"}, "attempts": [{"hangup": {"pages": 1}}]}
    tab.control.call("POST", f"/sandboxes/{tab.control.id}/scenarios", 201, json=rule)
    page = shown(tab, to="+12125550123")
    expect(page.locator("#story")).to_contain_text("name: my-rule")
    expect(page.locator("#story")).to_contain_text("hangup")


def test_webhooks_show_every_try_and_are_replayed(tab: Tab, hooks: Receiver) -> None:
    hooks.answer(503, "<b>not now</b>")
    page = shown(tab, to="+12125550123")
    post = page.locator(".post").first
    expect(post.locator(".pair")).to_have_count(2)
    asked, answered, _, again = post.locator("pre").all_inner_texts()
    assert asked.startswith(f"POST {hooks.url}/sent")
    assert "<b>not now</b>" in answered
    captions = post.locator("figcaption").all_inner_texts()
    assert captions[1].startswith("answered 503")
    assert captions[3].startswith("answered 200")
    assert again
    before = len(hooks.requests)
    page.get_by_role("button", name="Replay").first.click()
    assert tab.said() == "Sent once more."
    hooks.wait(before + 1)
    expect(page.locator(".post").first.locator(".pair")).to_have_count(3)


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("count", [1, 20])
def test_command_repeats_the_fax(tab: Tab, vendor: str, count: int, tmp_path: Path) -> None:
    page = shown(tab, vendor, to="+12125550123", count=count)
    command = page.locator("#repeat").inner_text()
    subprocess.run(["bash", "-ec", command], cwd=tmp_path, check=True, capture_output=True, timeout=30)
    tab.control.advance()
    again, first = tab.control.faxes()
    alike = ("vendor", "direction", "to", "state", "outcome", "pages")
    assert {name: again[name] for name in alike} == {name: first[name] for name in alike}


def test_command_repeats_a_received_fax(tab: Tab) -> None:
    call = {"vendor": "ifax", "to": "+12125550100", "from": "+13105550123", "csid": 'it\'s "us"', "pages": 2}
    tab.control.call("POST", f"/sandboxes/{tab.control.id}/inbound", 201, json=call)
    command = tab.open("/faxes/fax-1").locator("#repeat").inner_text()
    subprocess.run(["bash", "-ec", command], check=True, capture_output=True, timeout=30)
    tab.control.advance()
    again, first = tab.control.faxes()
    told: list[dict[str, Any]] = [
        {name: fax[name] for name in ("vendor", "to", "from", "pages")} | {"csid": fax["attempts"][0]["csid"]}
        for fax in (again, first)
    ]
    assert told[0] == told[1]


def test_submit_call_that_the_journal_let_go_is_told(app: App, tab: Tab) -> None:
    send(tab.control, "ifax")
    first = app.store.get(tab.control.id, Fax, "fax-1")
    assert first is not None
    app.store.commit(tab.control.id, [replace(first, id="fax-2", version=1, sequence=2, names=())])
    page = tab.open("/faxes/fax-2")
    expect(page.get_by_text("does not hold it any more")).to_be_visible()
    expect(page.locator("#repeat")).to_have_count(0)


def test_unknown_fax_is_told_in_words(tab: Tab) -> None:
    page = tab.page
    answer = page.goto(f"{tab.control.url}/sandboxes/{tab.control.id}/faxes/fax-9")
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_text("no fax fax-9")).to_be_visible()
    tab.refused = True
