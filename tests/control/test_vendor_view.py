"""What the control plane says of a fax in its vendor's words is what the vendor's API says at that moment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Control, exchange
from tests.sending import VENDORS, read, send

View = dict[str, Any]


def _openfax(control: Control) -> View:
    row = read(control, "openfax", "fax-1").json()[-1]
    return {"id": str(row["OutTransID"]), "state": str(row["CurrentState"]), "code": str(row["LastStatus"])}


def _kazoo(control: Control) -> View:
    fax = control.fax("fax-1")
    keys = control.credentials("kazoo")
    folder = "outbox" if fax["finished_at"] else "outgoing"
    place = f"{control.base_url('kazoo')}/v2/accounts/{keys['account']}/faxes/{folder}"
    said = exchange(
        "GET", f"{place}/{fax['vendor_view']['id']}", headers={"X-Auth-Token": keys["X-Auth-Token"]}
    )
    data = said.json()["data"]
    code, text = (data["tx_result"].get(name) for name in ("result_code", "result_text"))
    told = None if code is None else str(code)
    return {"id": data["id"], "state": data["status"], "code": told, "text": text}


def _ifax(control: Control) -> View:
    data = read(control, "ifax", "fax-1").json()["data"]
    code = {"code": str(data["code"]), "text": data["message"]}
    return {"id": str(data["jobId"]), "state": data["faxStatus"], **code}


def _mfax(control: Control) -> View:
    data = read(control, "mfax", "fax-1").json()
    code = {"code": data["resultCode"], "text": data["resultInfo"]}
    return {"id": data["messageId"], "state": data["status"], **code}


def _faxto(control: Control) -> View:
    """The status has no code; the message of a fax that was sent is another in the webhook, which has one."""
    data, view = read(control, "faxto", "fax-1").json(), control.fax("fax-1")["vendor_view"]
    return {"state": data["status"]} | ({"text": data["message"]} if view["state"] == "failed" else {})


READ: dict[str, Callable[[Control], View]] = {
    "openfax": _openfax, "kazoo": _kazoo, "ifax": _ifax, "mfax": _mfax, "faxto": _faxto,
}  # fmt: skip
PROFILES: list[tuple[str, View]] = [
    *((vendor, {}) for vendor in VENDORS),
    ("kazoo", {"live_status": True}),
    ("mfax", {"fresh_result": False}),
]


@pytest.mark.parametrize(("vendor", "profile"), PROFILES)
@pytest.mark.parametrize("to", ["+15005550004", "+15005550005", "+15005550012"])
def test_every_state_is_told_as_the_vendor_tells_it(
    control: Control, vendor: str, profile: View, to: str
) -> None:
    control.vendor(vendor, profile=profile)
    send(control, vendor, to, count=2)
    seen: list[str] = []
    for _ in range(200):
        fax = control.fax("fax-1")
        seen.append(fax["state"])
        said = READ[vendor](control)
        assert {name: fax["vendor_view"][name] for name in said} == said, seen
        if fax["finished_at"]:
            break
        control.advance(by=400 if seen[-1] == "waiting_redial" else 1)
    assert len(set(seen)) >= 3
    assert seen[-1] in ("delivered", "failed")


@pytest.mark.parametrize("vendor", ["kazoo", "ifax", "mfax"])
def test_a_cancelled_fax_and_a_scheduled_one_too(control: Control, vendor: str) -> None:
    send(control, vendor)
    control.client.call("POST", "/faxes/fax-1/cancel", {})
    view = control.fax("fax-1")["vendor_view"]
    said = READ[vendor](control)
    assert {name: view[name] for name in said} == said
