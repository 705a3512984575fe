"""Faxboxes: made, read, changed, removed."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.vendors.kazoo import expected
from tests.vendors.kazoo.client import NUMBER, Kazoo, check, unknown
from tests.vendors.kazoo.rules import (
    at_least,
    at_most,
    malformed,
    one_of,
    pattern,
    required,
    too_long,
    too_short,
    typed,
)


def test_a_faxbox_is_answered_with_its_defaults(kazoo: Kazoo) -> None:
    answer = kazoo.call("PUT", "/faxboxes", json={"data": {"name": "Box"}})
    made = check(answer, kazoo.token)["data"]
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/kazoo/v2/accounts/{kazoo.account}/faxboxes/{made['id']}"
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
    wanted = {"name": "New", "smtp_email_address": "mine.test"}
    replaced = kazoo.answer("POST", path, json={"data": wanted})["data"]
    assert replaced == {
        "name": "New", "attempts": 0, "retries": 1, "caller_name": "Kazoo Fax Printer",
        "fax_header": "Kazoo Fax Printer", "media": {}, "smtp_permission_list": [],
        "smtp_email_address": made["smtp_email_address"], "id": made["id"],
    }  # fmt: skip
    kazoo.breaks(path, {}, {"name": required("name")}, method="POST")
    assert kazoo.answer("DELETE", path)["data"] == replaced
    for method in ("GET", "DELETE"):
        kazoo.refused(method, path, unknown(made["id"]))
    kazoo.refused("PATCH", path, unknown(made["id"]), json={"data": {"retries": 3}})
    assert kazoo.get("/faxboxes")["data"] == []


def told(direction: str, kind: str, **more: str) -> dict[str, Any]:
    return {"notifications": {direction: {kind: more}}}


@pytest.mark.parametrize(
    ("change", "field", "broken"),
    [
        ({"name": ""}, "name", too_short(1, "")),
        ({"name": "x" * 129}, "name", too_long(128, "x" * 129)),
        ({"name": 5}, "name", typed("string", 5)),
        ({"retries": 5}, "retries", at_most(4, 5)),
        ({"attempts": -1}, "attempts", at_least(0, -1)),
        ({"media": []}, "media", typed("object", [])),
        ({"smtp_permission_list": "x"}, "smtp_permission_list", typed("array", "x")),
        ({"smtp_permission_list": [1]}, "smtp_permission_list", typed("string", 1)),
        (
            told("inbound", "callback", url="x"),
            "notifications.inbound.callback.url",
            pattern("^https?://", "x"),
        ),
        (
            told("outbound", "callback", method="get"),
            "notifications.outbound.callback.method",
            one_of("post", "put", value="get"),
        ),
        (
            told("outbound", "callback", type="xml"),
            "notifications.outbound.callback.type",
            one_of("json", "www-url-form-encoded", value="xml"),
        ),
        (
            told("outbound", "email", send_to="x"),
            "notifications.outbound.email.send_to",
            malformed("email", "x"),
        ),
    ],
)
def test_a_faxbox_that_breaks_a_rule_is_told_which(
    kazoo: Kazoo, change: dict[str, Any], field: str, broken: dict[str, Any]
) -> None:
    kazoo.breaks("/faxboxes", {"name": "Box"} | change, {field: broken})


def test_a_mail_address_is_unique_in_its_account(kazoo: Kazoo) -> None:
    wanted = {"name": "Box", "custom_smtp_email_address": "desk@Fax.Acme.test"}
    made = kazoo.put("/faxboxes", wanted)
    taken = {"message": "email address must be unique", "cause": "fax.acme.test"}
    rules = {"custom_smtp_email_address": {"unique": taken}}
    kazoo.breaks("/faxboxes", wanted | {"custom_smtp_email_address": "fax.acme.test"}, rules)
    kept = kazoo.answer("PATCH", f"/faxboxes/{made['id']}", json={"data": {"name": "Same"}})["data"]
    assert kept == made | {"name": "Same"}
    elsewhere = Kazoo(kazoo.control.create())
    assert elsewhere.put("/faxboxes", wanted)["custom_smtp_email_address"] == "desk@Fax.Acme.test"


def test_what_the_client_says_goes_before_what_its_faxbox_says(kazoo: Kazoo) -> None:
    box = kazoo.put(
        "/faxboxes",
        {"name": "Box", "caller_id": NUMBER, "fax_header": "Head", "fax_timezone": "Europe/Dublin"},
    )["id"]
    data = {"document": {"url": "http://x.test"}, "to_number": NUMBER, "from_number": "12125550100"}
    filled = {"from_name": "Kazoo Fax Printer", "fax_identity_name": "Head", "faxbox_id": box}
    answered = kazoo.put(f"/faxboxes/{box}/faxes", data)
    document = {"url": "http://x.test", "method": "get"}
    assert answered == expected.made(
        answered["id"], document=document, from_number="12125550100", fax_timezone="Europe/Dublin", **filled
    )
