"""Requests whose body came compressed: read like any other, refused when they cannot be read."""

from __future__ import annotations

import gzip
import json
import zlib
from typing import Any

import pytest
import requests

from localfax.asking import Document, Order
from localfax.submission import client_of
from tests.conftest import KEPT, WAIT, Control
from tests.sending import VENDORS, pages

TO = "+12125550123"
UNKNOWN = "its Content-Encoding br is none of gzip, x-gzip, deflate, and its body was not read"
PATHS = {"openfax": "faxSendSubmit.php", "faxto": "api/v2/fax"}
BROKEN = "its body is not gzip, as its Content-Encoding says, and was not read"


def compressed(control: Control, vendor: str, coding: str, body: bytes | None = None) -> requests.Response:
    """Send the fax that the vendor's smallest client sends, its body compressed."""
    order = Order(control.client.account(vendor), TO, Document("fax.pdf", "application/pdf", pages(2)))
    asked = requests.Request(**client_of(vendor).send(order).arguments).prepare()
    content = asked.body.encode() if isinstance(asked.body, str) else asked.body or b""
    asked.body = (zlib.compress if coding == "deflate" else gzip.compress)(content) if body is None else body
    asked.headers.update({"Content-Encoding": coding, "Content-Length": str(len(asked.body))})
    return KEPT.send(asked, timeout=WAIT)


def refused(control: Control) -> list[Any]:
    [call] = control.call("GET", f"/sandboxes/{control.id}/requests", 200)["requests"]
    return [call["status"], *call["near_misses"]]


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "GZIP", "deflate"])
def test_compressed_body_is_read(control: Control, vendor: str, coding: str) -> None:
    assert compressed(control, vendor, coding).status_code in (200, 201)
    [fax] = control.faxes()
    assert (fax["to"], fax["pages"]["total"]) == (TO, 2)
    [call] = control.call("GET", f"/sandboxes/{control.id}/requests", 200)["requests"]
    sent = {name.lower(): value for name, value in call["headers"].items()}
    assert sent["content-encoding"] == coding


@pytest.mark.parametrize("vendor", ["ifax", "kazoo", "mfax"])
@pytest.mark.parametrize(
    ("coding", "body", "reason"),
    [
        ("br", b"\x0b\x02\x80{}\x03", UNKNOWN),
        ("gzip", b'{"faxNumber": "1"}', BROKEN),
        ("gzip", gzip.compress(b'{"faxNumber": "1"}', mtime=0)[:-8], BROKEN),
    ],
)
def test_body_that_cannot_be_read_is_415_and_the_journal_says_why(
    control: Control, vendor: str, coding: str, body: bytes, reason: str
) -> None:
    assert compressed(control, vendor, coding, body).status_code == 415
    assert refused(control) == [415, reason]
    assert control.faxes() == []


@pytest.mark.parametrize("vendor", ["openfax", "faxto"])
def test_body_that_would_have_said_who_asks_is_415_in_the_default_sandbox(
    server: Control, vendor: str
) -> None:
    url = f"{server.url}/{vendor}/{PATHS[vendor]}"
    answer = KEPT.post(url, data=b"AccountID=1", headers={"Content-Encoding": "gzip"}, timeout=WAIT)
    assert answer.status_code == 415
    [call] = server.call("GET", "/sandboxes/default/requests?limit=1", 200)["requests"]
    assert (call["vendor"], call["status"], call["near_misses"]) == (vendor, 415, [BROKEN])


def test_body_that_grows_beyond_what_the_vendor_takes_is_not_unpacked(control: Control) -> None:
    bomb = gzip.compress(b" " * (60 * 2**20))
    answer = compressed(control, "ifax", "gzip", bomb)
    assert answer.status_code == 415
    assert refused(control) == [415, f"its body has more than {50 * 2**20} bytes once it is unpacked"]


def test_control_plane_reads_compressed_bodies_too(control: Control) -> None:
    body = gzip.compress(json.dumps({"by": "5s"}).encode())
    sent = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    path = f"/sandboxes/{control.id}/clock/advance"
    assert control.call("POST", path, 200, data=body, headers=sent)["timeline"] == []
    said = control.call("POST", path, 415, data=b"{}", headers=sent | {"Content-Encoding": "zstd"})
    assert said["error"] == {
        "code": "unsupported_media_type",
        "message": "its Content-Encoding zstd is none of gzip, x-gzip, deflate, and its body was not read",
    }
