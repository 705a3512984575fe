"""A fax sent through a vendor's own API, as the smallest client of that vendor would."""

from __future__ import annotations

import json
import mimetypes
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import requests

CALL_HEADER = "X-Localfax-Call"
"""Carries a mark by which the call is found in the journal."""
SENDER = "+12125550100"
"""The number that sends when no other is named, for vendors that want one."""
PATIENCE = 660.0
"""Real seconds that a submit call may take: a scenario may hold it up for ten minutes."""


@dataclass(frozen=True)
class Document:
    """What is faxed: a name, a media type, the bytes."""

    name: str
    media_type: str
    content: bytes

    @classmethod
    def of_file(cls, path: Path) -> Document:
        """Read a file; its type follows from its name. Raises OSError."""
        guessed = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        return cls(path.name, guessed, path.read_bytes())

    @classmethod
    def of_pages(cls, count: int) -> Document:
        """Make a PDF of so many pages."""
        from emulator.core.documents import to_pdf

        text = "\f".join(f"Page {number} of {count}" for number in range(1, count + 1))
        return cls("fax.pdf", "application/pdf", to_pdf(text.encode()))


@dataclass(frozen=True)
class Submitted:
    """What a submit call came to: its HTTP status (None when the connection was cut), its answer, its fax."""

    vendor: str
    status: int | None
    answer: str
    fax: str | None = None

    @property
    def accepted(self) -> bool:
        """Tell whether the call made a fax, whatever was answered."""
        return self.fax is not None

    def known_as(self, fax: str | None) -> Submitted:
        """Give a copy that knows its fax."""
        return replace(self, fax=fax)


@dataclass(frozen=True)
class Order:
    """Everything that a submit call says."""

    base_url: str
    credentials: Mapping[str, str]
    to: str
    document: Document
    sender: str | None = None
    max_attempts: int | None = None


Ask = dict[str, Any]
"""Arguments of a call of requests."""


def submit(session: requests.Session, vendor: str, order: Order, mark: str) -> Submitted:
    """Call the vendor's submit endpoint; raise LookupError for a vendor that has none here."""
    import requests

    if vendor not in ASKS:
        raise LookupError(f"this client cannot send by {vendor}")
    ask = ASKS[vendor](order)
    headers = {**ask.pop("headers", {}), CALL_HEADER: mark}
    try:
        answer = session.request(ask.pop("method", "POST"), **ask, headers=headers, timeout=PATIENCE)
    except requests.RequestException as wrong:
        return Submitted(vendor, None, f"cut: {type(wrong).__name__}")
    return Submitted(vendor, answer.status_code, answer.text)


def _digits(number: str) -> str:
    return number.removeprefix("+")


def _openfax(order: Order) -> Ask:
    from emulator.core.documents import to_pdf

    content = order.document.content
    pdf = content if content.startswith(b"%PDF") else to_pdf(content)  # the vendor takes nothing else
    fields = {
        **order.credentials,
        "FaxNumber": _digits(order.to),
        "paperSize": "0",
        "faxResolution": "0",
        "Priority": "Normal",
        "PDF_encode": b64encode(pdf).decode(),
    }
    return {"url": f"{order.base_url}/faxSendSubmit.php", "data": fields}


def _kazoo(order: Order) -> Ask:
    data: dict[str, Any] = {"from_number": _digits(order.sender or SENDER), "to_number": _digits(order.to)}
    if order.max_attempts:
        data["retries"] = order.max_attempts
    document = order.document
    return {
        "method": "PUT",
        "url": f"{order.base_url}/v2/accounts/{order.credentials['account']}/faxes",
        "headers": {"X-Auth-Token": order.credentials["X-Auth-Token"]},
        "files": [
            ("content", (None, json.dumps({"data": data}), "application/json")),
            ("content", (document.name, document.content, document.media_type)),
        ],
    }


def _ifax(order: Order) -> Ask:
    file = {"fileName": order.document.name, "fileData": b64encode(order.document.content).decode()}
    body = {"faxNumber": order.to, "faxData": [file]} | ({"callerId": order.sender} if order.sender else {})
    return {
        "url": f"{order.base_url}/v1/customer/fax-send",
        "headers": {"accessToken": order.credentials["accessToken"]},
        "json": body,
    }


def _mfax(order: Order) -> Ask:
    document = order.document
    return {
        "url": f"{order.base_url}/v1/faxes",
        "headers": {"Authorization": f"Basic {order.credentials['apiKey']}"},
        "data": {"faxNumber": order.to} | ({"callerId": _digits(order.sender)[-10:]} if order.sender else {}),
        "files": {"attachments": (document.name, document.content, document.media_type)},
    }


def _faxto(order: Order) -> Ask:
    document = order.document
    return {
        "url": f"{order.base_url}/api/v2/fax",
        "params": dict(order.credentials),
        "data": {"fax_number": order.to},
        "files": {"file": (document.name, document.content, document.media_type)},
    }


ASKS: Mapping[str, Callable[[Order], Ask]] = {
    "openfax": _openfax,
    "kazoo": _kazoo,
    "ifax": _ifax,
    "mfax": _mfax,
    "faxto": _faxto,
}
"""How each vendor's submit call is written; what a vendor has no field for is left out."""

RESOLUTIONS = {
    "openfax": "standard",
    "kazoo": "fine",
    "ifax": "standard",
    "mfax": "standard",
    "faxto": "fine",
}
"""At which resolution each vendor sends what these calls submit."""
