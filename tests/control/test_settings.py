"""A vendor's settings over HTTP: whole answers, and what is refused."""

from __future__ import annotations

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
        "balance": 12.345678,
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


def test_an_unknown_vendor_is_not_found(still: Control):
    assert still.call("GET", path(still, "/vendors/nobody"), 404) == refused(
        "not_found", f"no vendor nobody in sandbox {still.id}"
    )
