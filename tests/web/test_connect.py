"""How an application gets in, and what a vendor's portal would set."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.sending import VENDORS
from tests.web.conftest import Tab


def card(page: Page, title: str) -> Locator:
    return page.get_by_role("region", name=title)


@pytest.mark.parametrize("vendor", VENDORS)
def test_curl_line_sends_a_fax(tab: Tab, vendor: str) -> None:
    line = tab.open("/connect").locator(f"#curl-{vendor}").inner_text()
    assert shlex.split(line)
    subprocess.run(["bash", "-ec", line], check=True, capture_output=True, timeout=30)
    assert [fax["vendor"] for fax in tab.control.faxes()] == [vendor]


def test_base_url_and_credentials_are_copied(tab: Tab) -> None:
    page = tab.open("/connect")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy the base URL of iFax").click()
    assert tab.said() == "Copied."
    assert page.evaluate("navigator.clipboard.readText()") == tab.control.base_url("ifax")
    page.get_by_role("button", name="Copy accessToken of iFax").click()
    wanted = tab.control.credentials("ifax")["accessToken"]
    page.wait_for_function(
        "wanted => navigator.clipboard.readText().then(text => text === wanted)", arg=wanted
    )


RUN = {"python": [sys.executable], "javascript": ["node", "--input-type=module"], "php": ["php"]}


@pytest.mark.parametrize("language", RUN)
def test_first_fax_is_sent_in_every_language(tab: Tab, language: str, tmp_path: Path) -> None:
    assert shutil.which(RUN[language][0]), f"{language} is missing"
    page = tab.open(f"/connect?as={language}")
    for vendor in VENDORS:
        program = page.locator(f"#{language}-{vendor}").inner_text()
        done = subprocess.run(
            RUN[language], input=program, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True
        )
        assert done.stdout.startswith("20"), (vendor, done.stdout, done.stderr)
    assert [fax["vendor"] for fax in reversed(tab.control.faxes())] == [*VENDORS]
    assert {fax["pages"]["total"] for fax in tab.control.faxes()} == {1}


def test_variables_are_those_that_the_command_line_reads(tab: Tab) -> None:
    lines = tab.open("/connect?as=env").locator("#environment").inner_text().splitlines()
    assert dict(line.split("=", 1) for line in lines) == tab.control.client.environ


def test_all_webhooks_go_to_one_url(tab: Tab) -> None:
    page = tab.open("/connect")
    page.get_by_label("All webhooks to").fill("http://127.0.0.1:9/all")
    page.get_by_role("button", name="Set for all vendors").click()
    expect(card(page, "Fax.to").get_by_label("Inbound URL")).to_have_value("http://127.0.0.1:9/all")
    for vendor in VENDORS:
        hooks = tab.control.vendor(vendor)["webhooks"]
        assert {hook["url"] for hook in hooks.values()} == {"http://127.0.0.1:9/all"}


def test_account_is_set(tab: Tab) -> None:
    page = tab.open("/connect")
    ifax = card(page, "iFax")
    ifax.get_by_label("Balance").fill("12.5")
    ifax.get_by_label("Numbers, one a line").fill("+12125550111\n+12125550112")
    ifax.get_by_label("the account is active").uncheck()
    ifax.get_by_role("button", name="Save", exact=True).click()
    assert tab.said() == "Saved."
    told = tab.control.vendor("ifax")
    assert (told["balance"], told["active"]) == (12.5, False)
    assert told["numbers"] == ["+12125550111", "+12125550112"]


def test_switches_are_told_and_set_one_by_one_or_by_a_profiles_name(tab: Tab) -> None:
    page = tab.open("/connect")
    kazoo = card(page, "Kazoo")
    kazoo.locator("#switches-kazoo > summary").click()
    expect(kazoo.locator(".switches p").first).not_to_be_empty()
    kazoo.get_by_label("smtp_open").fill("true")
    with page.expect_navigation():
        kazoo.get_by_role("button", name="Save switches").click()
    assert tab.control.vendor("kazoo")["profile"]["smtp_open"] is True
    kazoo.locator("#switches-kazoo > summary").click()
    expect(kazoo.get_by_label("smtp_open")).to_have_value("true")
    kazoo.get_by_label("smtp_open").fill("")
    with page.expect_navigation():
        kazoo.get_by_role("button", name="Save switches").click()
    assert "smtp_open" not in tab.control.vendor("kazoo")["profile"]
    kazoo.locator("#switches-kazoo > summary").click()
    with page.expect_navigation():
        kazoo.get_by_role("button", name="4.3", exact=True).click()
    assert tab.control.vendor("kazoo")["profile"]["kazoo.profile"] == "4.3"


def test_webhook_address_is_set_and_taken_away(tab: Tab) -> None:
    page = tab.open("/connect")
    ifax = card(page, "iFax")
    ifax.get_by_label("Outbound URL").fill("http://127.0.0.1:9/hook")
    ifax.get_by_role("button", name="Save").click()
    assert tab.said() == "Saved."
    assert tab.control.vendor("ifax")["webhooks"]["outbound"]["url"] == "http://127.0.0.1:9/hook"
    page.reload()
    ifax.get_by_label("Outbound URL").fill("")
    ifax.get_by_role("button", name="Save").click()
    assert tab.said() == "Saved."
    assert tab.control.vendor("ifax")["webhooks"]["outbound"]["url"] is None
