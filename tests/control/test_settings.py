"""A vendor's settings over HTTP: whole answers, and what is refused."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.conftest import Control
from tests.control.shown import path, refused


def test_settings_are_shown_and_changed_whole(still: Control):
    before = still.vendor("ifax")
    assert before.keys() == {
        "balance", "active", "webhooks", "numbers", "restricted_numbers", "lines", "rates", "max_attempts",
        "profile",
    }  # fmt: skip
    changes = {
        "balance": 8956.6637749994,
        "active": False,
        "webhooks": {"outbound": "http://127.0.0.1:1/x"},
        "numbers": ["+12125550199"],
        "restricted_numbers": ["+19005550100"],
        "lines": 2,
        "rates": {"page": 0.05},
        "max_attempts": 5,
    }
    after = still.vendor("ifax", **changes)
    wanted = {**before, **changes}
    wanted["webhooks"] = {**before["webhooks"], "outbound": {"url": "http://127.0.0.1:1/x", "auth": None}}
    wanted["rates"] = {**before["rates"], "page": 0.05}
    assert after == wanted == still.vendor("ifax")


def test_a_webhook_can_be_taken_away(still: Control):
    nothing = {"url": None, "auth": None}
    for taken in (None, {"url": None}):
        still.vendor("ifax", webhooks={"outbound": "http://127.0.0.1:1/x"})
        assert still.vendor("ifax", webhooks={"outbound": taken})["webhooks"]["outbound"] == nothing


@pytest.mark.parametrize("url", ["http://h", "https://me:pw@h:8443/a?b#c", "HTTP://[::1]:1/", "http://h/a b"])
def test_a_web_address_may_be_a_webhook(still: Control, url: str):
    assert still.vendor("ifax", webhooks={"outbound": url})["webhooks"]["outbound"] == {
        "url": url,
        "auth": None,
    }


@pytest.mark.parametrize(
    "url",
    [
        "", "/hook", "//h/hook", "ftp://h/", "http:h", "http://", "http:///hook", "http://:80/", "http://h:0/",
        "http://h:99999/", "http://h:port/", "http://[::1/", "http://a b/", "http://h\\@127.0.0.1/",
        "http://h/\r\nX: y", "\thttp://h/",
    ],
)  # fmt: skip
def test_what_nothing_can_be_posted_to_is_no_webhook(still: Control, url: str):
    before = still.vendor("ifax")
    answer = still.call(
        "PATCH", path(still, "/vendors/ifax"), 400, json={"webhooks": {"outbound": {"url": url}}}
    )
    assert answer == refused(
        "invalid",
        "A webhook's URL is like http://127.0.0.1:8000/hook or https://….",
        "webhooks.outbound.url",
    )
    assert still.vendor("ifax") == before


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"lines": -1}, "lines"),
        ({"lines": "two"}, "lines"),
        ({"max_attempts": 0}, "max_attempts"),
        ({"max_attempts": 101}, "max_attempts"),
        ({"active": "perhaps"}, "active"),
        ({"numbers": "+1"}, "numbers"),
        ({"rates": {"page": "dear"}}, "rates.page"),
        ({"rates": {"letter": 1}}, "rates.letter"),
        ({"webhooks": {"outbound": 3}}, "webhooks.outbound"),
        ({"colour": 1}, "colour"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_with_the_field(still: Control, body: dict[str, Any], field: str):
    before = still.vendor("ifax")
    answer = still.call("PATCH", path(still, "/vendors/ifax"), 400, json=body)
    assert (answer["error"]["code"], answer["error"]["field"]) == ("invalid", field)
    assert still.vendor("ifax") == before


SWITCHES: dict[str, tuple[str, object]] = {
    "openfax": ("postback_retries", 3),
    "kazoo": ("rate_limit", 3),
    "ifax": ("test_pages", 3),
    "mfax": ("trial", True),
    "faxto": ("upload_status", "success"),
}
NAMES = [(vendor, name) for vendor, (name, _) in SWITCHES.items()]


@pytest.mark.parametrize(("vendor", "switch"), NAMES)
def test_a_switch_of_the_profile_is_set_and_taken_away(still: Control, vendor: str, switch: str):
    value = SWITCHES[vendor][1]
    assert still.vendor(vendor, profile={switch: value})["profile"] == {switch: value}
    assert still.vendor(vendor, profile={})["profile"] == {switch: value}
    assert still.vendor(vendor, profile={switch: None})["profile"] == {}


@pytest.mark.parametrize(("vendor", "switch"), NAMES)
def test_an_unknown_switch_is_refused_with_those_that_there_are(still: Control, vendor: str, switch: str):
    wrong = f"{switch}s"
    answer = still.call("PATCH", path(still, f"/vendors/{vendor}"), 400, json={"profile": {wrong: 1}})
    tables = {each["vendor"]: each for each in still.call("GET", "/coverage", 200)["vendors"]}
    known = ", ".join(row["name"] for row in tables[vendor]["switches"])
    message = f"no switch {wrong} of {vendor}; did you mean {switch}? Known: {known}."
    assert answer == refused("invalid", message, f"profile.{wrong}")
    assert still.vendor(vendor)["profile"] == {}


def test_parts_that_are_changed_at_one_time_are_all_kept(still: Control):
    switches = {"trial": True, "faxbridge": True, "processing_seconds": 3, "fresh_result": False}
    changes = [
        *({"profile": {name: value}} for name, value in switches.items()),
        {"rates": {"page": 1}}, {"rates": {"minute": 2}}, {"webhooks": {"inbound": "http://127.0.0.1:1/in"}},
        {"webhooks": {"outbound": "http://127.0.0.1:1/out"}},
    ]  # fmt: skip
    with ThreadPoolExecutor(len(changes)) as pool:
        list(pool.map(lambda change: still.vendor("mfax", **change), changes))
    after = still.vendor("mfax")
    assert (after["profile"], after["rates"]) == (switches, {"page": 1, "minute": 2})
    assert {side: hook["url"] for side, hook in after["webhooks"].items()} == {
        "outbound": "http://127.0.0.1:1/out", "inbound": "http://127.0.0.1:1/in",
    }  # fmt: skip


def test_an_unknown_vendor_is_not_found(still: Control):
    assert still.call("GET", path(still, "/vendors/nobody"), 404) == refused(
        "not_found", f"no vendor nobody in sandbox {still.id}"
    )
