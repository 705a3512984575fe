"""One fax sent, and its status read, through each vendor's own API: for tests that hold for all vendors."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import requests

from emulator.documents import to_pdf
from localfax.asking import Ask, Document, Order
from localfax.submission import client_of
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
    document = Document("fax.pdf", "application/pdf", pages(count))
    order = Order(control.client.account(vendor), to, document)
    return _ask(control, client_of(vendor).send(order), headers)


def read(control: Control, vendor: str, fax: str) -> requests.Response:
    """Read a fax's status by its neutral id."""
    known_as = control.client.fax(fax).vendor_id
    return _ask(control, client_of(vendor).status(control.client.account(vendor), known_as), {})


def _ask(control: Control, ask: Ask, headers: Mapping[str, str]) -> requests.Response:
    session = control.client.connection.session
    return session.request(**{**ask.arguments, "headers": {**ask.headers, **headers}}, timeout=WAIT)
