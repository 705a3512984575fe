"""One fax sent, and its status read, through each vendor's own API: for tests that hold for all vendors."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from functools import cache

import requests

from emulator.core.documents import to_pdf
from tests.conftest import WAIT, Control

VENDORS = ("openfax", "kazoo", "ifax", "mfax", "faxto")


@cache
def pages(count: int) -> bytes:
    """Give a PDF of so many pages."""
    return to_pdf("\f".join(f"Page {number}" for number in range(1, count + 1)).encode())


def send(
    control: Control,
    vendor: str,
    to: str = "+12125550123",
    *,
    count: int = 1,
    headers: Mapping[str, str] = {},
) -> requests.Response:
    """Send a fax of so many pages; give the vendor's answer."""
    return SENDS[vendor](control, to, pages(count), dict(headers))


def read(control: Control, vendor: str, fax: str) -> requests.Response:
    """Read a fax's status by its neutral id."""
    return READS[vendor](control, control.fax(fax)["vendor_view"]["id"])


def _openfax(control: Control, to: str, pdf: bytes, headers: dict[str, str]) -> requests.Response:
    fields = {
        **control.credentials("openfax"),
        "FaxNumber": to.removeprefix("+"),
        "paperSize": "0",
        "faxResolution": "0",
        "Priority": "Normal",
        "PDF_encode": b64encode(pdf).decode(),
    }
    url = f"{control.base_url('openfax')}/faxSendSubmit.php"
    return requests.post(url, data=fields, headers=headers, timeout=WAIT)


def _kazoo(control: Control, to: str, pdf: bytes, headers: dict[str, str]) -> requests.Response:
    data = {"data": {"from_number": "12125550100", "to_number": to.removeprefix("+")}}
    parts = [
        ("content", (None, json.dumps(data), "application/json")),
        ("content", ("fax.pdf", pdf, "application/pdf")),
    ]
    token = control.credentials("kazoo")["X-Auth-Token"]
    return requests.put(
        _kazoo_url(control), files=parts, headers={"X-Auth-Token": token, **headers}, timeout=WAIT
    )


def _kazoo_url(control: Control) -> str:
    return f"{control.base_url('kazoo')}/v2/accounts/{control.credentials('kazoo')['account']}/faxes"


def _ifax(control: Control, to: str, pdf: bytes, headers: dict[str, str]) -> requests.Response:
    body = {"faxNumber": to, "faxData": [{"fileName": "fax.pdf", "fileData": b64encode(pdf).decode()}]}
    url = f"{control.base_url('ifax')}/v1/customer/fax-send"
    return requests.post(url, json=body, headers={**control.credentials("ifax"), **headers}, timeout=WAIT)


def _mfax(control: Control, to: str, pdf: bytes, headers: dict[str, str]) -> requests.Response:
    return requests.post(
        f"{control.base_url('mfax')}/v1/faxes",
        data={"faxNumber": to},
        files={"attachments": ("fax.pdf", pdf, "application/pdf")},
        headers={**_mfax_key(control), **headers},
        timeout=WAIT,
    )


def _mfax_key(control: Control) -> dict[str, str]:
    return {"Authorization": f"Basic {control.credentials('mfax')['apiKey']}"}


def _faxto(control: Control, to: str, pdf: bytes, headers: dict[str, str]) -> requests.Response:
    return requests.post(
        f"{control.base_url('faxto')}/api/v2/fax",
        params=control.credentials("faxto"),
        data={"fax_number": to},
        files={"file": ("fax.pdf", pdf, "application/pdf")},
        headers=headers,
        timeout=WAIT,
    )


SENDS: dict[str, Callable[[Control, str, bytes, dict[str, str]], requests.Response]] = {
    "openfax": _openfax,
    "kazoo": _kazoo,
    "ifax": _ifax,
    "mfax": _mfax,
    "faxto": _faxto,
}

READS: dict[str, Callable[[Control, str], requests.Response]] = {
    "openfax": lambda control, fax: requests.get(
        f"{control.base_url('openfax')}/outboundDetailsbyDate.php",
        params={
            **control.credentials("openfax"),
            "FromDate": "2000-01-01",
            "ToDate": "2100-01-01",
            "DetailType": "1",
        },
        timeout=WAIT,
    ),
    "kazoo": lambda control, fax: requests.get(
        f"{_kazoo_url(control)}/outgoing/{fax}",
        headers={"X-Auth-Token": control.credentials("kazoo")["X-Auth-Token"]},
        timeout=WAIT,
    ),
    "ifax": lambda control, fax: requests.post(
        f"{control.base_url('ifax')}/v1/customer/fax-status",
        json={"jobId": fax},
        headers=control.credentials("ifax"),
        timeout=WAIT,
    ),
    "mfax": lambda control, fax: requests.get(
        f"{control.base_url('mfax')}/v1/fax/{fax}/info", headers=_mfax_key(control), timeout=WAIT
    ),
    "faxto": lambda control, fax: requests.get(
        f"{control.base_url('faxto')}/api/v2/fax/{fax}/status",
        params=control.credentials("faxto"),
        timeout=WAIT,
    ),
}
