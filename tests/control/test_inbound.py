"""Somebody faxes the account: whom they reach, how the vendor tells of it, which calls cannot be."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import pytest

from tests.conftest import Control, exchange
from tests.control.shown import document, inbound, refused
from tests.receiver import Receiver
from tests.sending import VENDORS

HOOKED = ("kazoo", "ifax", "mfax", "faxto")
"""Vendors that tell of an inbound fax by a webhook; the other one is asked for new ones."""


# inbound
@pytest.mark.parametrize("vendor", VENDORS)
def test_somebody_faxes_us_at_every_vendor(control: Control, vendor: str) -> None:
    own = next(iter(control.vendor(vendor)["numbers"]), "+12125550100")
    fax = inbound(control, vendor=vendor, to=own, pages=2, csid="THEM")
    assert (fax["state"], fax["direction"], fax["pages"]) == ("ringing", "inbound", {"total": 2, "sent": 0})
    control.advance()
    ended = control.fax(fax["id"])
    assert (ended["state"], ended["outcome"], ended["pages"]) == (
        "arrived",
        "delivered",
        {"total": 2, "sent": 2},
    )
    assert (ended["attempts"][0]["csid"], ended["from"]) == ("THEM", "+13105550123")
    assert ended["vendor_view"]["id"]
    text = document(control, fax["id"], format="text").text
    assert f"Fax from +13105550123 to {own}" in text
    assert "Page 2 of 2" in text


def test_call_to_a_number_that_is_not_the_account_s_is_refused_unless_it_is_forced(control: Control) -> None:
    control.vendor("openfax", numbers=["(720) 572-1703"])
    wanted = {"vendor": "openfax", "to": "+12125550100"}
    assert inbound(control, 400, **wanted) == refused(
        "invalid",
        "the account has no number +12125550100 (it has +17205721703); `force: true` lets it ring",
        "to",
    )
    assert control.faxes() == []
    assert inbound(control, **wanted, force=True)["state"] == "ringing"
    assert inbound(control, **wanted | {"to": "17205721703"})["to"] == "+17205721703"


@pytest.mark.parametrize("vendor", VENDORS)
def test_one_rule_says_which_numbers_ring_at_every_vendor(control: Control, vendor: str) -> None:
    made_with = control.vendor(vendor)["numbers"]
    stranger = {"vendor": vendor, "to": "+12125550177"}
    assert inbound(control, 400 if made_with else 201, **stranger)
    control.vendor(vendor, numbers=["+12125550100"])
    assert inbound(control, 400, **stranger)["error"]["field"] == "to"
    assert inbound(control, **stranger | {"to": "+12125550100"})["state"] == "ringing"
    control.vendor(vendor, numbers=[])
    said = inbound(control, 400, **stranger | {"to": "+12125550100"})
    assert "it has none any more" in said["error"]["message"]
    assert inbound(control, **stranger, force=True)["state"] == "ringing"


def test_number_that_was_given_back_does_not_ring(control: Control) -> None:
    key = {"accessToken": control.credentials("ifax")["accessToken"]}
    place = f"{control.base_url('ifax')}/v1/customer/inbound"
    bought = exchange("POST", f"{place}/buy", headers=key, json={"faxNumber": "+12125550100"}).json()["data"]
    assert exchange("POST", f"{place}/number-delete", headers=key, json=bought).json()["status"] == 1
    inbound(control, 400, vendor="ifax", to="+12125550100")
    key = {"Authorization": f"Basic {control.credentials('mfax')['apiKey']}"}
    numbers = f"{control.base_url('mfax')}/v1/numbers"
    (own,) = exchange("GET", numbers, headers=key).json()["rows"]
    assert exchange("DELETE", f"{numbers}/{own['uuid']}/release", headers=key).status_code == 204
    for _ in ("pending", "gone"):
        inbound(control, 400, vendor="mfax", to=f"+1{own['number']}")
        control.advance(by="721h")


def test_number_that_was_bought_is_rung_and_shown(control: Control) -> None:
    bought = {"vendor": "ifax", "to": "+12125550100"}
    key = {"accessToken": control.credentials("ifax")["accessToken"]}
    place = f"{control.base_url('ifax')}/v1/customer/inbound"
    exchange("POST", f"{place}/buy", headers=key, json={"faxNumber": bought["to"]})
    assert control.vendor("ifax")["numbers"] == [bought["to"]]
    assert inbound(control, **bought)["to"] == bought["to"]
    said = inbound(control, 400, **bought | {"to": "+12125550101"})
    assert said["error"]["field"] == "to"


@pytest.mark.parametrize("vendor", HOOKED)
def test_vendor_tells_of_an_inbound_fax_by_its_own_webhook(
    server: Control, receiver: Receiver, vendor: str
) -> None:
    control = server.create(webhooks={vendor: {"inbound": f"{receiver.url}/in"}})
    inbound(control, vendor=vendor, force=True)
    control.advance()
    assert [post.path for post in receiver.requests] == ["/in"]
    assert [each["state"] for each in control.webhooks()] == ["delivered"]


def test_inbound_document_is_kept(control: Control, receiver: Receiver) -> None:
    fax = inbound(control, document=b64encode(b"One\fTwo").decode())
    assert fax["pages"]["total"] == 2
    assert "Two" in document(control, fax["id"], format="text").text


@pytest.mark.parametrize(
    ("scenario", "ends"),
    [
        ("line_error", ("failed", "line_error", "line_error")),
        ("magic-10", ("failed", "hangup", "magic-10")),
        ("inbound-breaks-off", ("failed", "line_error", "inbound-breaks-off")),
        ({"attempts": [{"hangup": {"pages": 1}}]}, ("failed", "hangup", "inbound")),
        (None, ("arrived", "delivered", None)),
    ],
)
def test_inbound_call_takes_a_scenario(
    control: Control, scenario: Any, ends: tuple[str, str, str | None]
) -> None:
    fax = inbound(control, **({} if scenario is None else {"scenario": scenario}))
    control.advance()
    ended = control.fax(fax["id"])
    assert (ended["state"], ended["outcome"], ended["scenario"]) == ends


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"vendor": "fex"}, 400, "vendor"),
        ({"document": "%%%"}, 400, "document"),
        ({"document": b64encode(b"%PDF-1.4 broken").decode()}, 400, "document"),
        ({"pages": 0}, 400, "pages"),
        ({"pages": True}, 400, "pages"),
        ({"pages": 2, "document": b64encode(b"One").decode()}, 400, "pages"),
        ({"scenario": {"attempts": ["bussy"]}}, 400, "scenario.attempts[0]"),
        ({"scenario": {"attempts": ["conversion_failed"]}}, 400, "scenario.attempts[0]"),
        ({"scenario": "unreadable"}, 400, "scenario.attempts[0]"),
        ({"scenario": "magic-12"}, 400, "scenario.attempts[0]"),
        ({"scenario": {"match": 3}}, 400, "scenario.match"),
        ({"scenario": []}, 400, "scenario"),
        ({"scenario": "nothing"}, 404, None),
        ({"to": None}, 400, "to"),
    ],
)
def test_wrong_inbound_call_is_refused(
    control: Control, body: dict[str, Any], status: int, field: str | None
) -> None:
    rule = {"name": "unreadable", "attempts": ["conversion_failed"]}
    control.call("POST", f"/sandboxes/{control.id}/scenarios", 201, json=rule)
    assert inbound(control, status, **body)["error"].get("field") == field
    assert control.faxes() == []
