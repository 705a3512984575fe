"""What a fax may say: each broken rule under its field, and which numbers can be dialled."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.vendors.kazoo.client import BY_URL, GOOD, NUMBER, Kazoo
from tests.vendors.kazoo.rules import (
    at_least,
    at_most,
    malformed,
    one_of,
    pattern,
    required,
    rule,
    shorter,
    too_long,
    typed,
)

LONG = "c" * 257
NOT_DIALLABLE = {"document.to_number": {"required": rule("add a valid number to send the fax to")}}
NO_DOCUMENT = {"document.url": {"required": rule("add document url or upload a document")}}
WRONG_URL = pattern("^https?://", "ftp://x")

BROKEN: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"from_number": None}, {"from_number": typed("string", None)}),
    ({"to_number": 18884732963}, {"to_number": typed("string", 18884732963)}),
    ({"retries": 5}, {"retries": at_most(4, 5)}),
    ({"retries": -1}, {"retries": at_least(0, -1)}),
    ({"retries": "5"}, {"retries": at_most(4, 5)}),
    ({"retries": "often"}, {"retries": typed("integer", "often")}),
    ({"retries": True}, {"retries": typed("integer", True)}),
    ({"retries": 1.5}, {"retries": typed("integer", 1.5)}),
    ({"from_number": ""}, {"from_number": shorter(1, "")}),
    ({"document": "x"}, {"document": typed("object", "x")}),
    ({"document": {}}, {"document.url": required("url")}),
    ({"document": {"url": "ftp://x"}}, {"document.url": WRONG_URL}),
    (
        {"document": {"url": "http://x", "method": "head"}},
        {"document.method": one_of("get", "post", value="head")},
    ),
    ({"document": {"url": "http://x", "content": LONG}}, {"document.content": too_long(256, LONG)}),
    (
        {"notifications": {"email": {"send_to": "me"}}},
        {"notifications.email.send_to": malformed("email", "me")},
    ),
    (
        {"notifications": {"email": {"send_to": ["a@b.c", "d"]}}},
        {"notifications.email.send_to": malformed("email", "d")},
    ),
    ({"notifications": {"sms": {"send_to": 5}}}, {"notifications.sms.send_to": typed("string,array", 5)}),
    ({"notifications": {"sms": {"send_to": [5]}}}, {"notifications.sms.send_to": typed("string", 5)}),
    (
        {"tx_result": {"success": "perhaps", "fax_speed": "fast"}},
        {
            "tx_result.fax_speed": typed("integer", "fast"),
            "tx_result.success": typed("boolean", "perhaps"),
        },
    ),
    ({"to_number": "call me"}, NOT_DIALLABLE),
    ({"to_number": ""}, NOT_DIALLABLE),
    ({"to_number": "1" * 70}, NOT_DIALLABLE),
]


@pytest.mark.parametrize(("change", "data"), BROKEN, ids=lambda value: json.dumps(value)[:60])
def test_each_broken_rule_is_one_dotted_key(
    kazoo: Kazoo, change: dict[str, Any], data: dict[str, Any]
) -> None:
    kazoo.breaks("/faxes", GOOD | change, data)


def test_what_is_missing_is_named(kazoo: Kazoo) -> None:
    kazoo.breaks("/faxes", {}, {name: required(name) for name in ("from_number", "to_number")})
    kazoo.breaks("/faxes", BY_URL, NO_DOCUMENT)
    kazoo.breaks("/faxes", {"from_number": NUMBER, "to_number": "x"}, NOT_DIALLABLE | NO_DOCUMENT)


@pytest.mark.parametrize(("text", "value"), [("3", 3), ("0", 0), ("-0", 0)])
def test_text_that_holds_a_whole_number_is_taken_for_it(kazoo: Kazoo, text: str, value: int) -> None:
    made = kazoo.put("/faxes", GOOD | {"retries": text})
    assert (made["retries"], type(made["retries"])) == (value, int)


@pytest.mark.parametrize(
    "number",
    [
        "8884732963",
        "18884732963",
        "+18884732963",
        "0035312345678",
        "35312345678",
        "+35312345678",
        "011353123456",
        "(888) 473-2963",
        "+15005550001",
    ],
)
def test_a_number_that_can_be_dialled_is_taken_and_echoed_as_it_came(kazoo: Kazoo, number: str) -> None:
    assert kazoo.put("/faxes", GOOD | {"to_number": number})["to_number"] == number


@pytest.mark.parametrize("number", ["012345678", "+1555", "911", "٣٣٣٣٣٣٣٣٣٣", "+0123456789"])
def test_a_number_that_cannot_be_dialled_is_refused(kazoo: Kazoo, number: str) -> None:
    kazoo.breaks("/faxes", GOOD | {"to_number": number}, NOT_DIALLABLE)
