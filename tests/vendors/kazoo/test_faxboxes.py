"""Faxboxes: made, read, changed, removed."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.vendors.kazoo.conftest import Kazoo


def test_a_faxbox_is_answered_with_its_defaults(kazoo: Kazoo) -> None:
    answer = kazoo.call("PUT", "/faxboxes", json={"data": {"name": "Box"}})
    made = answer.json()["data"]
    assert answer.status_code == 201
    assert made == {
        "name": "Box", "attempts": 0, "retries": 1, "caller_name": "Kazoo Fax Printer",
        "fax_header": "Kazoo Fax Printer", "media": {}, "smtp_permission_list": [],
        "smtp_email_address": made["smtp_email_address"], "id": made["id"],
    }  # fmt: skip
    assert re.fullmatch(r"[0-9a-f]{8}\.fax\.kazoo\.io", made["smtp_email_address"])
    assert re.fullmatch(r"[0-9a-f]{32}", made["id"])
    assert kazoo.get(f"/faxboxes/{made['id']}")["data"] == made
    assert kazoo.get("/faxboxes")["data"] == [made]


def test_a_faxbox_is_changed_replaced_and_removed(kazoo: Kazoo) -> None:
    made = kazoo.put("/faxboxes", {"name": "Box", "caller_id": "12125550100"})
    path = f"/faxboxes/{made['id']}"
    changed = kazoo.answer("PATCH", path, json={"data": {"retries": 3}})
    assert changed["data"] == made | {"retries": 3}
    assert changed["revision"].startswith("2-")
    replaced = kazoo.answer("POST", path, json={"data": {"name": "New", "smtp_email_address": "mine.test"}})[
        "data"
    ]
    assert "caller_id" not in replaced
    assert (replaced["name"], replaced["retries"]) == ("New", 1)
    assert replaced["smtp_email_address"] == made["smtp_email_address"]
    assert kazoo.answer("POST", path, 400, json={"data": {}})["data"]["name"]["required"]["value"] == "name"
    assert kazoo.answer("DELETE", path)["data"] == replaced
    assert kazoo.answer("GET", path, 404)["data"]["cause"] == made["id"]
    assert kazoo.answer("DELETE", path, 404)["message"] == "bad_identifier"
    assert kazoo.get("/faxboxes")["data"] == []


@pytest.mark.parametrize(
    ("change", "field", "rule"),
    [
        ({"name": ""}, "name", "minLength"),
        ({"name": "x" * 129}, "name", "maxLength"),
        ({"retries": 5}, "retries", "maximum"),
        ({"attempts": -1}, "attempts", "minimum"),
        ({"media": []}, "media", "type"),
        ({"smtp_permission_list": "x"}, "smtp_permission_list", "type"),
        ({"smtp_permission_list": [1]}, "smtp_permission_list", "type"),
        (
            {"notifications": {"inbound": {"callback": {"url": "x"}}}},
            "notifications.inbound.callback.url",
            "pattern",
        ),
        (
            {"notifications": {"outbound": {"callback": {"method": "get"}}}},
            "notifications.outbound.callback.method",
            "enum",
        ),
        (
            {"notifications": {"outbound": {"callback": {"type": "xml"}}}},
            "notifications.outbound.callback.type",
            "enum",
        ),
        (
            {"notifications": {"outbound": {"email": {"send_to": "x"}}}},
            "notifications.outbound.email.send_to",
            "wrong_format",
        ),
    ],
)
def test_a_faxbox_that_breaks_a_rule_is_told_which(
    kazoo: Kazoo, change: dict[str, Any], field: str, rule: str
) -> None:
    told = kazoo.put("/faxboxes", {"name": "Box"} | change, 400)
    assert {name: list(rules) for name, rules in told.items()} == {field: [rule]}


def test_a_mail_address_is_unique_in_its_account(kazoo: Kazoo) -> None:
    wanted = {"name": "Box", "custom_smtp_email_address": "desk@Fax.Acme.test"}
    made = kazoo.put("/faxboxes", wanted)
    told = kazoo.put("/faxboxes", wanted | {"custom_smtp_email_address": "fax.acme.test"}, 400)
    assert told == {
        "custom_smtp_email_address": {
            "unique": {"message": "email address must be unique", "cause": "fax.acme.test"}
        }
    }
    assert (
        kazoo.answer("PATCH", f"/faxboxes/{made['id']}", json={"data": {"name": "Same"}})["data"]["name"]
        == "Same"
    )
    elsewhere = Kazoo(kazoo.control.create())
    assert elsewhere.put("/faxboxes", wanted)["custom_smtp_email_address"] == "desk@Fax.Acme.test"
