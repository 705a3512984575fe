"""What a fax may say: each broken rule under its field, and which numbers can be dialled."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.vendors.kazoo.conftest import GOOD, NUMBER, REQUIRED, Kazoo, rule
from tests.vendors.kazoo.test_auth import refusal


def typed(kind: str, value: Any) -> dict[str, Any]:
    return {"type": rule(f"Value did not match type(s): {kind}", target=kind, value=value)}


def malformed(value: str) -> dict[str, Any]:
    return {"wrong_format": rule("Field is not in the correct format", value=value, format="email")}


URL_PATTERN = rule("Failed to match pattern '^https?://'", target="^https?://", value="ftp://x")
METHODS = rule("Value not found in enumerated list of values", target=["get", "post"], value="head")
LONG = "c" * 257
TOO_LONG = rule("String must not be more than 256 characters", target=256, cause=LONG, value=LONG)
NOT_DIALLABLE = {"document.to_number": {"required": rule("add a valid number to send the fax to")}}

BROKEN: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"from_number": None}, {"from_number": typed("string", None)}),
    ({"to_number": 18884732963}, {"to_number": typed("string", 18884732963)}),
    ({"retries": 5}, {"retries": {"maximum": rule("Value must be at most 4", target=4, value=5)}}),
    ({"retries": -1}, {"retries": {"minimum": rule("Value must be at least 0", target=0, value=-1)}}),
    ({"retries": "often"}, {"retries": typed("integer", "often")}),
    ({"retries": True}, {"retries": typed("integer", True)}),
    ({"retries": 1.5}, {"retries": typed("integer", 1.5)}),
    ({"attempts": 9}, {"attempts": {"maximum": rule("Value must be at most 4", target=4, value=9)}}),
    ({"document": "x"}, {"document": typed("object", "x")}),
    ({"document": {}}, {"document.url": {"required": rule(REQUIRED, value="url")}}),
    ({"document": {"url": "ftp://x"}}, {"document.url": {"pattern": URL_PATTERN}}),
    ({"document": {"url": "http://x", "method": "head"}}, {"document.method": {"enum": METHODS}}),
    ({"document": {"url": "http://x", "content": LONG}}, {"document.content": {"maxLength": TOO_LONG}}),
    ({"notifications": {"email": {"send_to": "me"}}}, {"notifications.email.send_to": malformed("me")}),
    (
        {"notifications": {"email": {"send_to": ["a@b.c", "d"]}}},
        {"notifications.email.send_to": malformed("d")},
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
    answer = kazoo.call("PUT", "/faxes", json={"data": GOOD | change})
    assert answer.status_code == 400
    refusal("validation error", data, answer)
    assert answer.json()["auth_token"] == kazoo.token


def test_what_is_missing_is_named(kazoo: Kazoo) -> None:
    assert kazoo.put("/faxes", {}, 400) == {
        "from_number": {"required": rule(REQUIRED, value="from_number")},
        "to_number": {"required": rule(REQUIRED, value="to_number")},
    }
    assert kazoo.put("/faxes", {"from_number": NUMBER, "to_number": NUMBER}, 400) == {
        "document.url": {"required": rule("add document url or upload a document")}
    }
    assert kazoo.put("/faxes", {"from_number": NUMBER, "to_number": "x"}, 400) == {
        "document.to_number": {"required": rule("add a valid number to send the fax to")},
        "document.url": {"required": rule("add document url or upload a document")},
    }


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
    assert "document.to_number" in kazoo.put("/faxes", GOOD | {"to_number": number}, 400)
