"""What is done on the page by clicking and typing."""

from __future__ import annotations

import re
import subprocess
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Locator, Page, expect

from tests.conftest import FIXTURES, Control
from tests.sending import VENDORS, send
from tests.web.conftest import Tab


def card(page: Page, title: str) -> Locator:
    return page.get_by_role("region", name=title)


def menu(page: Page, name: str) -> Locator:
    page.locator(f"#{name}:not([open]) > summary").click()  # what was done in it last has closed it
    return page.locator(f"#{name} .sheet")


# faxes
THREE_PAGES = FIXTURES / "documents" / "three-pages.pdf"


def choose_file(page: Page, zone: Locator) -> None:
    with page.expect_file_chooser() as chooser:
        zone.locator("input[type=file]").click()
    chooser.value.set_files(THREE_PAGES)


def test_dropped_pdf_is_received(tab: Tab) -> None:
    page = tab.open("/act")
    receive = card(page, "Receive a fax")
    receive.get_by_label("Vendor").select_option("faxto")
    receive.get_by_label("Station id").fill("THEM")
    tab.drops(receive.locator("[data-drop]"), THREE_PAGES)
    receive.get_by_role("button", name="Receive").click()
    page.wait_for_url("**/faxes/fax-1")
    tab.control.advance()
    expect(page.locator(".facts .neutral")).to_have_text("arrived")
    fax = tab.control.fax("fax-1")
    got = (fax["vendor"], fax["pages"], fax["attempts"][0]["csid"])
    assert got == ("faxto", {"total": 3, "sent": 3}, "THEM")


def test_chosen_file_is_received_for_a_number(tab: Tab) -> None:
    page = tab.open("/act")
    receive = card(page, "Receive a fax")
    receive.get_by_label("To (the number of ours)").fill("+12125550188")
    receive.get_by_label("From").fill("+13105550177")
    choose_file(page, receive.locator("[data-drop]"))
    receive.get_by_role("button", name="Receive").click()
    page.wait_for_url("**/faxes/fax-1")
    fax = tab.control.fax("fax-1")
    assert (fax["to"], fax["from"], fax["pages"]["total"]) == ("+12125550188", "+13105550177", 3)


def test_file_that_misses_does_not_take_the_page_away(tab: Tab) -> None:
    page = tab.open("/act")
    address = page.url
    tab.drops(page.get_by_role("heading", level=1), THREE_PAGES)
    tab.drops(card(page, "Send a fax").locator("[data-drop]"), THREE_PAGES)
    expect(card(page, "Send a fax").locator("input[type=file]")).to_have_value(re.compile("three-pages.pdf"))
    assert page.url == address


def test_written_pages_are_received_and_fail_as_chosen(tab: Tab) -> None:
    page = tab.open("/act")
    receive = card(page, "Receive a fax")
    receive.get_by_label("or so many written pages").fill("2")
    receive.get_by_role("combobox", name="Call").select_option("line_error")
    receive.get_by_role("button", name="Receive").click()
    page.wait_for_url("**/faxes/fax-1")
    tab.control.advance()
    expect(page.locator(".facts .neutral")).to_have_text("failed")
    assert tab.control.fax("fax-1")["outcome"] == "line_error"


def test_what_cannot_be_received_is_told(tab: Tab) -> None:
    page = tab.open("/act")
    receive = card(page, "Receive a fax")
    receive.locator("input[type=file]").set_input_files(FIXTURES / "documents" / "not-a-pdf.pdf")
    receive.get_by_role("button", name="Receive").click()
    assert tab.said().startswith("document: ")
    tab.refused = True


def test_written_pages_are_sent_through_the_vendors_endpoint(tab: Tab) -> None:
    page = tab.open("/act")
    sends = card(page, "Send a fax")
    sends.get_by_role("combobox", name="Vendor").select_option("kazoo")
    sends.get_by_label("To", exact=True).fill("+1 500 555 0007")
    sends.get_by_label("or so many written pages").fill("2")
    sends.get_by_role("button", name="Send").click()
    expect(page.locator("#answer")).to_contain_text(re.compile(r"^20\d"))
    page.get_by_role("link", name="Open fax-1").click()
    tab.control.advance()
    expect(page.locator(".facts .neutral")).to_have_text("failed")
    fax = tab.control.fax("fax-1")
    assert (fax["vendor"], fax["to"], fax["pages"]) == ("kazoo", "+15005550007", {"total": 2, "sent": 0})
    entry = tab.control.call("GET", f"/sandboxes/{tab.control.id}/requests", 200)["requests"][0]
    assert (entry["vendor"], entry["matched"]["fax"]) == ("kazoo", "fax-1")


@pytest.mark.parametrize("vendor", VENDORS)
def test_chosen_file_is_sent_through_the_vendors_endpoint(tab: Tab, vendor: str, tmp_path: Path) -> None:
    named = tmp_path / 'it\'s "3" & {faxes}$&.pdf'
    named.write_bytes(THREE_PAGES.read_bytes())
    page = tab.open("/act")
    sends = card(page, "Send a fax")
    sends.get_by_role("combobox", name="Vendor").select_option(vendor)
    sends.locator("input[type=file]").set_input_files(named)
    sends.get_by_role("button", name="Send").click()
    expect(page.get_by_role("link", name="Open fax-1")).to_be_visible()
    tab.control.advance()
    fax = tab.control.fax("fax-1")
    assert (fax["vendor"], fax["pages"]["total"]) == (vendor, 3)
    document = f"/_localfax/sandboxes/{tab.control.id}/faxes/fax-1/document"
    assert page.request.get(tab.control.url + document).body() == THREE_PAGES.read_bytes()
    page.get_by_role("link", name="Open fax-1").click()
    repeat = page.locator("#repeat").text_content() or ""
    assert not re.search("sec-|x-localfax|accept|mozilla", repeat, re.IGNORECASE)
    subprocess.run(["bash", "-ec", repeat], cwd=tmp_path, check=True, capture_output=True, timeout=30)
    assert tab.control.fax("fax-2")["pages"]["total"] == 3


def test_refusal_of_the_vendor_is_shown(tab: Tab) -> None:
    page = tab.open("/act")
    sends = card(page, "Send a fax")
    sends.get_by_role("combobox", name="Vendor").select_option("mfax")
    sends.get_by_label("To", exact=True).fill("+15005550020")
    sends.get_by_role("button", name="Send").click()
    expect(page.locator("#answer")).to_contain_text("500")
    expect(page.locator("#made")).to_be_hidden()
    assert tab.said() == "mFax has refused it."
    tab.refused = True


def test_refusal_with_http_200_is_called_one(tab: Tab) -> None:
    tab.control.vendor("ifax", restricted_numbers=["+12125550123"])
    page = tab.open("/act")
    sends = card(page, "Send a fax")
    sends.get_by_role("combobox", name="Vendor").select_option("ifax")
    sends.get_by_label("To", exact=True).fill("+12125550123")
    sends.get_by_role("button", name="Send").click()
    expect(page.locator("#answer")).to_contain_text(re.compile(r"^200"))
    assert tab.said() == "iFax has refused it."


# outcomes
def test_next_outcome_of_a_number_is_chosen(tab: Tab) -> None:
    page = tab.open("/act")
    choose = card(page, "Choose the next outcome")
    choose.get_by_label("Number").first.fill("+12125550123")
    choose.get_by_role("combobox", name="What happens").select_option("not_fax")
    choose.get_by_role("button", name="Queue", exact=True).click()
    assert tab.said() == "Queued for the next fax that fits."
    expect(page.locator("#queue")).to_contain_text("not_fax")
    for number in ("+13105550199", "+12125550123", "+12125550123"):
        send(tab.control, "ifax", number)
    tab.control.advance()
    assert [fax["outcome"] for fax in tab.control.faxes()] == ["delivered", "not_fax", "delivered"]
    expect(page.locator("#queue")).to_contain_text("Nothing.")


def test_scenario_is_queued_and_the_queue_is_cleared(tab: Tab) -> None:
    page = tab.open("/act")
    choose = card(page, "Choose the next outcome")
    choose.get_by_role("combobox", name="Scenario").select_option("busy-then-delivered")
    choose.get_by_role("button", name="Queue scenario").click()
    expect(page.locator("#queue")).to_contain_text("busy-then-delivered")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Clear queue and rules").click()
    expect(page.locator("#queue")).to_contain_text("Nothing.")


# time
def test_clock_is_advanced_and_everything_settled(tab: Tab) -> None:
    send(tab.control, "ifax", count=3)
    page = tab.open()
    expect(page.locator(".stands")).to_be_visible()
    clock = menu(page, "clock")
    clock.get_by_label("Advance by").fill("15s")
    clock.get_by_role("button", name="Advance", exact=True).click()
    expect(page.locator(".c-state")).to_have_text("transmitting")
    before = tab.control.call("GET", f"/sandboxes/{tab.control.id}/clock", 200)["now"]
    page.get_by_role("button", name="+1 m").click()
    expect(page.locator(".c-state")).to_have_text("delivered")
    after = tab.control.call("GET", f"/sandboxes/{tab.control.id}/clock", 200)["now"]
    assert datetime.fromisoformat(after) - datetime.fromisoformat(before) == timedelta(minutes=1)
    send(tab.control, "ifax")
    page.get_by_role("button", name="Settle").click()
    expect(page.locator(".c-state")).to_have_text(["delivered", "delivered"])


def test_speed_is_changed(tab: Tab) -> None:
    page = tab.open()
    clock = menu(page, "clock")
    clock.get_by_label("Runs").select_option("running")
    clock.get_by_label("Speed").fill("max")
    clock.get_by_role("button", name="Set", exact=True).click()
    expect(page.locator("#clock-now")).to_contain_text("fastest")
    send(tab.control, "ifax")
    expect(page.locator(".c-state")).to_have_text("delivered")


def test_running_clock_goes_on_by_itself(tab: Tab) -> None:
    tab.control.call(
        "PATCH", f"/sandboxes/{tab.control.id}/clock", 200, json={"mode": "running", "speed": 60}
    )
    page = tab.open()
    time = page.locator("#clock-now time")
    expect(time).not_to_have_text(time.inner_text())


def test_wrong_duration_is_told(tab: Tab) -> None:
    page = tab.open()
    clock = menu(page, "clock")
    clock.get_by_label("Advance by").fill("soon")
    clock.get_by_role("button", name="Advance", exact=True).click()
    assert tab.said().startswith("by: ")
    tab.refused = True


# sandboxes
def test_sandbox_is_reset_when_confirmed(tab: Tab) -> None:
    send(tab.control, "ifax")
    page = tab.open()
    page.once("dialog", lambda dialog: dialog.dismiss())
    menu(page, "sandboxes").get_by_role("button", name="Reset sandbox").click()
    expect(page.locator("[data-row]")).to_have_count(1)
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Reset sandbox").click()
    expect(page.get_by_role("heading", name="Waiting for the first request")).to_be_visible()
    assert tab.control.faxes() == []


def test_sandbox_is_created_and_switched(server: Control, tab: Tab) -> None:
    page = tab.open()
    sandboxes = menu(page, "sandboxes")
    sandboxes.get_by_label("Name of a new sandbox").fill("clinic <b>7</b>")
    sandboxes.get_by_label("Clock").select_option("manual")
    sandboxes.get_by_role("button", name="Create sandbox").click()
    expect(page).to_have_title("Faxes · clinic <b>7</b> · Localfax")
    made = Control(server.url, {"id": page.url.rpartition("/")[2]})
    assert made.call("GET", f"/sandboxes/{made.id}", 200)["clock"]["mode"] == "manual"
    first = server.call("GET", "/sandboxes?limit=1", 200)["sandboxes"][0]
    menu(page, "sandboxes").get_by_role("link", name=first["id"]).first.click()
    page.wait_for_url(f"**/sandboxes/{first['id']}")


# before the script, or without it
def test_form_without_the_script_puts_nothing_into_the_address(tab: Tab) -> None:
    tab.page.route("**/page.js?*", lambda route: route.abort())
    tab.refused = True
    for path, name, button, then in (
        ("/act", "Receive a fax", "Receive", "**/faxes/fax-1"),
        ("/act", "Send a fax", "Send", "**/_localfax/**"),
        ("/connect", "iFax", "Save", "**/connect"),
    ):
        page = tab.open(path, live=False)
        card(page, name).get_by_role("button", name=button, exact=True).click()
        page.wait_for_url(then)
        assert "?" not in page.url
    assert [each["direction"] for each in tab.control.faxes()] == ["inbound"]


def test_control_plane_still_answers_programs(server: Control) -> None:
    answer = requests.get(f"{server.url}/nothing", timeout=5)
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")
