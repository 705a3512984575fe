"""Faxes on the control plane: found, waited for, cancelled; documents and inbound calls."""

from __future__ import annotations

import io
import threading
from base64 import b64encode
from collections.abc import Callable
from typing import Any

import pytest
import requests

from tests.conftest import WAIT, Control, exchange
from tests.control.shown import refused
from tests.receiver import Receiver
from tests.sending import VENDORS, send

Sent = Callable[..., dict[str, Any]]

HOOKED = ("kazoo", "ifax", "mfax", "faxto")
"""Vendors that tell of an inbound fax by a webhook; the other one is asked for new ones."""


def found(control: Control, query: str) -> list[str]:
    return [fax["id"] for fax in control.call("GET", f"/sandboxes/{control.id}/faxes?{query}", 200)["faxes"]]


def inbound(control: Control, status: int = 201, **body: Any) -> Any:
    given = {"vendor": "ifax", "to": "+12125550100", "from": "+13105550123", **body}
    return control.call("POST", f"/sandboxes/{control.id}/inbound", status, json=given)


def document(control: Control, fax: str, **query: Any) -> requests.Response:
    url = f"{control.root}/sandboxes/{control.id}/faxes/{fax}/document"
    return requests.get(url, params=query, timeout=WAIT)


# found
def test_filters_narrow_the_list(control: Control, sent: Sent) -> None:
    sent("+12125550123")
    control.advance(by="1h")
    noon = control.now()
    sent("+15005550002")
    send(control, "mfax", "+13105550123")
    inbound(control)
    queries = {
        "": ["fax-4", "fax-3", "fax-2", "fax-1"],
        "vendor=mfax": ["fax-3"],
        "direction=inbound": ["fax-4"],
        "to=%2B12125550123": ["fax-1"],
        "to=12125550123": ["fax-1"],
        "to=*0123": ["fax-3", "fax-1"],
        "from=%2B13105550123": ["fax-4"],
        "state=failed": ["fax-2"],
        f"since={noon}&direction=outbound": ["fax-3", "fax-2"],
        "state=delivered&vendor=mfax": [],
    }
    assert {query: found(control, query) for query in queries} == queries


def test_filtered_list_goes_on_at_its_cursor(control: Control) -> None:
    for number in range(5):
        send(control, "ifax", f"+1212555012{number % 2}")
    path = f"/sandboxes/{control.id}/faxes?to=*0120&limit=2"
    first = control.call("GET", path, 200)
    second = control.call("GET", f"{path}&after={first['next']}", 200)
    ids = [[fax["id"] for fax in each["faxes"]] for each in (first, second)]
    assert (ids, second["next"]) == ([["fax-5", "fax-3"], ["fax-1"]], None)


@pytest.mark.parametrize(
    ("query", "field", "message"),
    [
        ("state=sent", "state", "unknown word 'sent'"),
        ("wait=2h", "wait", "an answer is held for 60 seconds at most."),
        ("limit=0", "limit", "Must be greater than or equal to 1"),
        ("colour=red", "colour", "unknown key"),
        ("vendor=nope", "vendor", "no vendor nope; there are openfax, kazoo, ifax, mfax, faxto"),
        ("since=noon", "since", "an instant is ISO 8601"),
    ],
)
def test_wrong_filter_is_refused(control: Control, query: str, field: str, message: str) -> None:
    error = control.call("GET", f"/sandboxes/{control.id}/faxes?{query}", 400)["error"]
    assert (error["code"], error["field"]) == ("invalid", field)
    assert error["message"].startswith(message)


# waited for
def test_answer_is_held_until_a_fax_matches(control: Control) -> None:
    answers: list[Any] = []
    path = f"/sandboxes/{control.id}/faxes?state=delivered&wait=60s"  # longer than the client has patience
    waiting = threading.Thread(target=lambda: answers.append(control.call("GET", path, 200)))
    waiting.start()
    send(control, "ifax")
    control.advance()
    waiting.join()
    assert [fax["id"] for fax in answers[0]["faxes"]] == ["fax-1"]


def test_held_answer_ends_empty_when_nothing_comes(control: Control) -> None:
    answer = control.call("GET", f"/sandboxes/{control.id}/faxes?wait=0.05s", 200)
    assert answer == {"faxes": [], "next": None}


# cancelled
def test_fax_is_cancelled_as_in_a_portal(control: Control) -> None:
    send(control, "ifax")
    path = f"/sandboxes/{control.id}/faxes/fax-1/cancel"
    assert control.call("POST", path, 200)["state"] == "cancelled"
    assert control.call("POST", path, 409) == {
        "error": {"code": "illegal", "message": "a fax that is cancelled cannot cancel"}
    }


# documents
def test_document_is_given_in_every_form(control: Control, sent: Sent) -> None:
    from PIL import Image

    fax = sent(count=3)
    pdf = document(control, fax["id"])
    assert (pdf.headers["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    assert pdf.headers["X-Content-Type-Options"] == "nosniff"
    assert pdf.headers["Content-Disposition"] == 'attachment; filename="fax-1.pdf"'
    tiff = Image.open(io.BytesIO(document(control, fax["id"], format="tiff").content))
    assert (tiff.size[0], tiff.mode, getattr(tiff, "n_frames", 1)) == (1728, "1", 3)
    pages = [document(control, fax["id"], format="png", page=page).content for page in (1, 2)]
    assert pages[0] != pages[1]
    assert Image.open(io.BytesIO(pages[0])).format == "PNG"
    text = document(control, fax["id"], format="text")
    assert text.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert [page.strip() for page in text.text.split("\f")] == ["Page 1", "Page 2", "Page 3"]


@pytest.mark.parametrize(
    ("query", "field", "message"),
    [
        ({"format": "png", "page": 4}, "page", "page 4 of 3"),
        ({"format": "docx"}, "format", "unknown word 'docx'. Known: pdf, tiff, png, text."),
        ({"page": "x"}, "page", "Not a valid integer."),
    ],
)
def test_form_or_page_that_is_not_there_is_refused(
    control: Control, sent: Sent, query: dict[str, Any], field: str, message: str
) -> None:
    answer = document(control, sent(count=3)["id"], **query)
    assert answer.status_code == 400
    assert answer.json() == {"error": {"code": "invalid", "message": message, "field": field}}


def test_unknown_fax_has_no_document(control: Control) -> None:
    answer = document(control, "fax-9")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


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


def test_fax_that_has_ended_is_deleted_with_its_webhooks(control: Control, receiver: Receiver) -> None:
    control.vendor("ifax", webhooks={"outbound": receiver.url})
    send(control, "ifax")
    where = f"/sandboxes/{control.id}/faxes/fax-1"
    control.call("DELETE", where, 409)
    control.advance()
    control.call("DELETE", where, 204)
    control.call("GET", where, 404)
    assert (control.faxes(), control.webhooks()) == ([], [])
    assert control.call("GET", f"/sandboxes/{control.id}/counts", 200)["total"] == 0
    send(control, "ifax")
    assert [fax["id"] for fax in control.faxes()] == ["fax-2"]


def test_fax_tells_how_its_webhooks_stand(control: Control) -> None:
    control.vendor("ifax", webhooks={"outbound": "http://127.0.0.1:1/hook"})
    send(control, "ifax")
    assert control.call("GET", f"/sandboxes/{control.id}/faxes/fax-1?full=true", 200)["webhooks"] == []
    control.advance()
    [told] = control.call("GET", f"/sandboxes/{control.id}/faxes/fax-1?full=true", 200)["webhooks"]
    [posted] = control.webhooks()
    assert told == {
        "id": posted["id"],
        "event": "fax.sent",
        "state": posted["state"],
        "tries": len(posted["attempts"]),
        "status": None,
        "error": "unreachable",
        "due_at": posted["due_at"],
    }
