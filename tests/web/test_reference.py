"""What is looked up: magic numbers, scenarios, coverage, the OpenAPI documents."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect

from tests.sending import VENDORS
from tests.web.conftest import Tab


def test_every_magic_number_is_told_with_what_differs(tab: Tab) -> None:
    told = tab.control.call("GET", "/coverage", 200)
    page = tab.open("/reference")
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(len(told["magic"]))
    for number, does in told["magic"].items():
        row = rows.filter(has_text=number)
        expect(row.locator("td").first).to_have_text(does.replace("`", ""))
        others = [
            f"{each['title']} {each['magic'][number]}".replace("`", "")
            for each in told["vendors"]
            if each["magic"][number] != does
        ]
        expect(row.locator("td div")).to_have_text(others)


def test_scenarios_stand_with_their_texts(tab: Tab) -> None:
    rule = {"name": "my-rule", "match": {"to": "+12125550123"}, "attempts": ["busy"]}
    tab.control.call("POST", f"/sandboxes/{tab.control.id}/scenarios", 201, json=rule)
    offered = tab.control.call("GET", f"/sandboxes/{tab.control.id}/scenarios", 200)
    page = tab.open()
    page.get_by_role("link", name="Reference").click()
    page.get_by_role("link", name="Scenarios").click()
    names = [each["name"] for each in offered["scenarios"] + offered["files"]]
    expect(page.locator(".catalogue h3")).to_have_text(names)
    expect(page.get_by_label("Text of my-rule")).to_contain_text("to: '+12125550123'")
    expect(page.get_by_label("Text of busy-then-delivered")).to_contain_text("speed: 14400")


@pytest.mark.parametrize("vendor", VENDORS)
def test_coverage_of_a_vendor_stands_with_its_evidence(tab: Tab, vendor: str) -> None:
    every = tab.control.call("GET", "/coverage", 200)["vendors"]
    told = next(each for each in every if each["vendor"] == vendor)
    page = tab.open("/reference/coverage")
    page.get_by_role("navigation", name="Vendors").get_by_role("link", name=told["title"]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Coverage of {told['title']}")
    for word, count in told["evidence"].items():
        expect(page.locator("#evidence").get_by_text(f"{count} {word}", exact=True)).to_be_visible()
    expect(page.locator("#t-endpoints tbody tr")).to_have_count(len(told["endpoints"]))
    page.locator("#t-states summary").click()
    expect(page.locator("#t-states tbody tr").first).to_be_visible()


@pytest.mark.parametrize("name", ["Control plane", "Openfax", "Kazoo", "iFax", "mFax", "Fax.to"])
def test_openapi_document_is_readable(tab: Tab, name: str) -> None:
    page = tab.open("/reference/api")
    page.get_by_role("navigation", name="OpenAPI documents").get_by_role("link", name=name).click()
    expect(page.locator("nav.small [aria-current]")).to_have_text(name)
    where = page.get_by_role("link", name="as JSON").get_attribute("href")
    document = page.request.get(f"{tab.control.url}{where}").json()
    count = sum(len(set(item) - {"parameters"}) for item in document["paths"].values())
    expect(page.locator(".operation")).to_have_count(count)


def test_operation_tells_its_fields(tab: Tab) -> None:
    page = tab.open("/reference/api")
    operation = page.locator(".operation").filter(has_text="/clock/advance")
    operation.locator("summary").click()
    rows = operation.locator("tbody tr")
    assert [row.split()[0] for row in rows.all_inner_texts()] == ["sandbox", "by", "to", "until"]
    expect(operation).to_contain_text("seconds, or text like 90s, 5m, 48h")
    expect(operation).to_contain_text("Answers 200, 400, 404, 409")


@pytest.mark.parametrize("path", ["/reference/coverage/fex", "/reference/api/fex"])
def test_unknown_vendor_is_told_in_words(tab: Tab, path: str) -> None:
    answer = tab.page.goto(f"{tab.control.url}/sandboxes/{tab.control.id}{path}")
    assert answer is not None
    assert answer.status == 404
    expect(tab.page.get_by_role("main")).to_contain_text("no vendor fex")
    tab.refused = True


def test_magic_number_is_copied(tab: Tab) -> None:
    page = tab.open("/reference")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy +15005550004").click()
    assert tab.said() == "Copied."
    assert page.evaluate("navigator.clipboard.readText()") == "+15005550004"


def test_call_of_the_control_plane_is_tried(tab: Tab) -> None:
    page = tab.open("/reference/api")
    make = page.locator(".operation").filter(has_text="/sandboxes/{sandbox}/inbound")
    make.locator("summary").click()
    call = {"vendor": "ifax", "to": "+12125550100", "from": "+13105550123", "force": True}
    make.get_by_label("Body").fill(json.dumps(call))
    make.get_by_role("button", name="Try it").click()
    expect(make.locator(".result")).to_contain_text(re.compile(r'^201 CREATED\s+{\s+"id": "fax-1"'))
    assert [fax["direction"] for fax in tab.control.faxes()] == ["inbound"]
    read = page.locator(".operation").filter(has_text=re.compile(r"GET /sandboxes/\{sandbox\}/faxes List"))
    read.locator("summary").click()
    read.get_by_label("Query").fill("limit=0")
    read.get_by_role("button", name="Try it").click()
    expect(read.locator(".result")).to_contain_text("400")
    tab.refused = True


def test_nowhere_stand_raw_backticks(tab: Tab) -> None:
    for path in ("", "/scenarios", "/coverage", "/coverage/ifax", "/coverage/kazoo", "/api", "/api/kazoo"):
        page = tab.open(f"/reference{path}")
        page.locator("main pre").evaluate_all("all => all.forEach(each => each.remove())")
        told = page.locator("main").text_content() or ""
        assert "`" not in told, path
