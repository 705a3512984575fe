"""What the control plane says of a fax in its vendor's words is what the vendor's API says at that moment."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from emulator.core.faxes.machine import INBOUND, OUTBOUND
from tests.conftest import Control, exchange
from tests.sending import VENDORS, pages, read, send

View = dict[str, Any]
ABSENT = "not found"
FAX = "fax-1"


# what the vendors say
def _openfax(control: Control, fax: View) -> View:
    own = str(fax["vendor_view"]["id"])
    keys = control.credentials("openfax")
    if fax["direction"] == "inbound":
        if fax["state"] == "arrived":  # whoever looks marks it read
            again = {"FromInTransID": own, "ToInTransID": own, "ReadUnreadFlag": "0"}
            exchange("GET", control.base_url("openfax") + "/inboundReadUnread.php", params=keys | again)
        url = control.base_url("openfax") + "/getNewFax.php"
        (row,) = exchange("GET", url, params={**keys, "FaxType": "PDF"}).json()
        if row["Response"] == "NoNewFaxReceived":
            return {"state": ABSENT, "code": None, "text": None}
        return {"id": row["InTransID"], "state": row["Status"], "code": None, "text": None}
    row = [row for row in read(control, "openfax", FAX).json() if str(row["OutTransID"]) == own][-1]
    return {"id": own, "state": str(row["CurrentState"]), "code": str(row["LastStatus"])}


def _kazoo(control: Control, fax: View) -> View:
    keys, ended = control.credentials("kazoo"), fax["finished_at"]
    names = ("inbox", "incoming") if fax["direction"] == "inbound" else ("outbox", "outgoing")
    place = f"{control.base_url('kazoo')}/v2/accounts/{keys['account']}/faxes/{names[0 if ended else 1]}"
    own = fax["vendor_view"]["id"]
    said = exchange("GET", f"{place}/{own}", headers={"X-Auth-Token": keys["X-Auth-Token"]})
    data = said.json()["data"]
    if said.status_code == 404:
        assert data["cause"] == own
        return {"state": ABSENT, "code": said.json()["error"], "text": said.json()["message"]}
    result = data["tx_result" if fax["direction"] == "outbound" else "rx_result"]
    code, text = (result.get(name) for name in ("result_code", "result_text"))
    told = None if code is None else str(code)
    return {"id": data["id"], "state": data["status"], "code": told, "text": text}


def _ifax(control: Control, fax: View) -> View:
    body = read(control, "ifax", FAX).json()
    if body["status"] == 0:
        return {"state": ABSENT, "code": str(body["code"]), "text": body["message"]}
    data = body["data"]
    code = {"code": str(data["code"]), "text": data["message"]}
    return {"id": str(data["jobId"]), "state": data["faxStatus"], **code}


def _mfax(control: Control, fax: View) -> View:
    answer = read(control, "mfax", FAX)
    data = answer.json()
    if answer.status_code == 404:
        return {"state": ABSENT, "code": data["error"]["name"], "text": data["error"]["message"]}
    code = {"code": data["resultCode"], "text": data["resultInfo"]}
    return {"id": data["messageId"], "state": data["status"], **code}


def _faxto(control: Control, fax: View) -> View:
    """Its status tells no code: that is the webhook's. The inbox has no word for what lies in it."""
    keys, own = control.credentials("faxto"), fax["vendor_view"]["id"]
    if fax["direction"] == "outbound":
        data = read(control, "faxto", FAX).json()
        return {"state": data["status"], "text": data["message"]}
    inbox = exchange("GET", control.base_url("faxto") + "/api/v2/incoming-faxes", params=keys).json()["inbox"]
    url = f"{control.base_url('faxto')}/receivefax/api/v1/inbox/{own}/file"
    file = exchange("GET", url, params=keys)
    assert file.ok is bool(inbox)
    if not inbox:
        return {"state": ABSENT, "code": str(file.status_code), "text": file.json()["message"]}
    return {"id": str(inbox[0]["id"]), "state": "received", "code": None, "text": None}


SAID: dict[str, Callable[[Control, View], View]] = {
    "openfax": _openfax, "kazoo": _kazoo, "ifax": _ifax, "mfax": _mfax, "faxto": _faxto,
}  # fmt: skip


def compare(control: Control, vendor: str) -> str:
    """Ask both, check that they say the same; give the fax's neutral state."""
    fax = control.fax(FAX)
    said = SAID[vendor](control, fax)
    view = fax["vendor_view"]
    assert {name: view[name] for name in said} == said, fax["state"]
    return str(fax["state"])


# how a fax comes through its states
STEP: Mapping[str, float] = {
    "dialing": 2, "transmitting": 8, "ringing": 3, "receiving": 15, "waiting_redial": 20, "credit_hold": 900,
}  # fmt: skip


def walk(control: Control, vendor: str) -> set[str]:
    """Compare at each state until the fax has ended; give the states seen."""
    seen: set[str] = set()
    for _ in range(400):
        again = (state := compare(control, vendor)) in seen
        seen.add(state)
        if control.fax(FAX)["finished_at"]:
            return seen
        if again and state == "transmitting":
            control.advance(until={"fax": FAX, "state": "reporting"})
        else:
            control.advance(by=STEP.get(state, 0.5))
    raise AssertionError(f"{vendor} never ends: {seen}")


def _sent(control: Control, vendor: str, attempts: list[Any]) -> None:
    control.script(match={"vendor": vendor}, attempts=attempts)
    send(control, vendor, count=2)


def _redialled(control: Control, vendor: str) -> None:
    if vendor != "kazoo":
        control.vendor(vendor, max_attempts=3)
    _sent(control, vendor, ["busy", "delivered"])


def _broken_off(control: Control, vendor: str) -> None:
    control.vendor(vendor, **({} if vendor == "kazoo" else {"max_attempts": 1}))
    _sent(control, vendor, [{"line_error": {"pages": 1}}])


def _unfunded(control: Control, vendor: str) -> None:
    _sent(control, vendor, ["no_credit"])


def _unreadable(control: Control, vendor: str) -> None:
    _sent(control, vendor, ["conversion_failed"])


def _crowded(control: Control, vendor: str) -> None:
    """One fax on the account's only line before the one that is looked at has its turn."""
    control.vendor(vendor, lines=1)
    _sent(control, vendor, ["delivered"])


def _scheduled(control: Control, vendor: str) -> None:
    later, url = "2099-01-01T00:00:00.000Z", control.base_url(vendor)
    keys = control.credentials(vendor)
    if vendor == "mfax":
        form = {"faxNumber": "+12125550123", "coverPage": "true", "scheduledDate": later}
        headers = {"Authorization": f"Basic {keys['apiKey']}"}
        exchange("POST", f"{url}/v1/faxes", data=form, headers=headers).raise_for_status()
        return
    file = {"fileName": "a.pdf", "fileData": base64.b64encode(pages(1)).decode()}
    body = {"faxNumber": "+12125550123", "send_at": later, "faxData": [file]}
    headers = {"accessToken": keys["accessToken"]}
    exchange("POST", f"{url}/v1/customer/fax-send", json=body, headers=headers).raise_for_status()


PROFILES: list[tuple[str, View]] = [
    *((vendor, {}) for vendor in VENDORS),
    ("kazoo", {"live_status": True}),
    ("kazoo", {"profile": "4.3"}),
    ("ifax", {"profile": "live"}),
    ("mfax", {"fresh_result": False}),
    ("mfax", {"transmitting_word": True}),
]
ONLY_OPENFAX = {"credit_hold", "retry_eligible"}
WAYS = (_redialled, _broken_off, _unfunded, _unreadable, _crowded)


@pytest.mark.parametrize(("vendor", "profile"), PROFILES, ids=str)
def test_every_state_of_a_sent_fax_is_told_as_the_vendor_tells_it(
    server: Control, vendor: str, profile: View
) -> None:
    seen: set[str] = set()
    for way in WAYS:
        control = server.create()
        control.vendor(vendor, profile=profile)
        way(control, vendor)
        seen |= walk(control, vendor)
    elsewhere = {"scheduled", "cancelled"} | (set() if vendor == "openfax" else ONLY_OPENFAX)
    assert seen == set(map(str, OUTBOUND)) - elsewhere


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("scenario", ["delivered", "hangup"])
def test_every_state_of_a_received_fax_is_too(control: Control, vendor: str, scenario: str) -> None:
    body = {"vendor": vendor, "to": "+12125550100", "from": "+13105550123", "force": True, "pages": 2}
    control.client.call("POST", "/inbound", body | {"scenario": scenario})
    assert walk(control, vendor) == set(map(str, INBOUND)) - {
        "failed" if scenario == "delivered" else "arrived"
    }


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("state", ["received", "transmitting", "waiting_redial"])
def test_a_cancelled_one_is_too(control: Control, vendor: str, state: str) -> None:
    _redialled(control, vendor)
    if state != "received":
        control.advance(until={"fax": FAX, "state": state})
    control.client.call("POST", f"/faxes/{FAX}/cancel", {})
    assert compare(control, vendor) == "cancelled"


@pytest.mark.parametrize("vendor", ["ifax", "mfax"])
def test_a_scheduled_one_is_too(control: Control, vendor: str) -> None:
    _scheduled(control, vendor)
    assert compare(control, vendor) == "scheduled"


def _delete(control: Control, vendor: str) -> None:
    fax, keys, url = (
        control.fax(FAX)["vendor_view"]["id"],
        control.credentials(vendor),
        control.base_url(vendor),
    )
    if vendor == "mfax":
        exchange("DELETE", f"{url}/v1/fax/{fax}", headers={"Authorization": f"Basic {keys['apiKey']}"})
    elif vendor == "ifax":
        headers = {"accessToken": keys["accessToken"]}
        exchange("POST", f"{url}/v1/customer/fax-delete", json={"jobId": fax}, headers=headers)
    else:
        place = f"{url}/v2/accounts/{keys['account']}/faxes/outbox/{fax}"
        exchange("DELETE", place, headers={"X-Auth-Token": keys["X-Auth-Token"]})


@pytest.mark.parametrize("vendor", ["kazoo", "ifax", "mfax"])
def test_a_deleted_one_is_not_found(control: Control, vendor: str) -> None:
    send(control, vendor)
    control.advance()
    calls = control.fax(FAX)["attempts"]
    _delete(control, vendor)
    assert compare(control, vendor) == "delivered"
    fax = control.fax(FAX)
    assert fax["vendor_view"]["state"] == ABSENT
    assert fax["attempts"][0]["vendor_view"]["code"] == calls[0]["vendor_view"]["code"]


@pytest.mark.parametrize("state", ["received", "transmitting"])
def test_a_fax_that_is_deleted_at_mfax_under_way_is_not_found(control: Control, state: str) -> None:
    send(control, "mfax")
    if state != "received":
        control.advance(until={"fax": FAX, "state": state})
    _delete(control, "mfax")
    assert compare(control, "mfax") == "cancelled"
    assert control.fax(FAX)["vendor_view"]["state"] == ABSENT
