"""Faxes that have arrived: all, of one number, and the files behind their links."""

from __future__ import annotations

import io
from base64 import b64encode
from typing import Any

import pytest
import requests
from PIL import Image

from tests.conftest import WAIT, Control
from tests.vendors.faxto.conftest import Faxto


def test_item_has_the_documented_fields(faxto: Faxto) -> None:
    faxto.control.advance(to="2100-03-09T15:35:28Z")
    pdf = faxto.document("three-pages.pdf")
    faxto.receive(document=b64encode(pdf).decode())
    body = faxto.get("/incoming-faxes")
    [item] = body["inbox"]
    [number] = faxto.get("/numbers")["numbers"]
    root = f"{faxto.control.base_url('faxto')}/receivefax/api/v1/inbox/{item['id']}"
    assert item == {
        "id": item["id"],
        "did_id": number["id"],
        "filename": item["filename"],
        "filesize": f"{len(pdf) / 1024:.2f} KB",
        "number": "+12048134699",
        "sender": "12125550188",
        "total_pages": 3,
        "created_at": {"date": "2100-03-09 15:35:28.000000", "timezone_type": 3, "timezone": "UTC"},
        "preview_file": f"{root}/preview?api_key={faxto.key}",
        "file_url": f"{root}/file?api_key={faxto.key}",
    }
    assert body == {"status": "success", "inbox": [item], "meta": body["meta"]}


def test_links_serve_the_fax_and_its_picture(faxto: Faxto) -> None:
    pdf = faxto.document("three-pages.pdf")
    faxto.receive(document=b64encode(pdf).decode())
    [item] = faxto.get("/incoming-faxes")["inbox"]
    file = requests.get(item["file_url"], timeout=WAIT)
    assert (file.status_code, file.headers["Content-Type"], file.content) == (200, "application/pdf", pdf)
    preview = requests.get(item["preview_file"], timeout=WAIT)
    with Image.open(io.BytesIO(preview.content)) as image:
        assert (preview.headers["Content-Type"], image.format) == ("image/jpeg", "JPEG")


def test_links_need_the_key_of_their_account(faxto: Faxto, server: Control) -> None:
    faxto.receive()
    [item] = faxto.get("/incoming-faxes")["inbox"]
    other = server.create().credentials("faxto")["api_key"]
    for what in ("file_url", "preview_file"):
        bare = item[what].partition("?")[0]
        assert requests.get(bare, timeout=WAIT).status_code == 401
        answer = requests.get(bare, params={"api_key": other}, timeout=WAIT)
        assert (answer.status_code, answer.json()) == (
            404,
            {"status": "failed", "message": "Resource not found"},
        )


@pytest.mark.parametrize("recipient", ["918111922311", "+918111922311"])
def test_inbox_of_one_recipient(faxto: Faxto, recipient: str) -> None:
    faxto.receive(to="+918111922311")
    faxto.receive()
    assert [item["number"] for item in faxto.get(f"/incoming-faxes/{recipient}")["inbox"]] == [
        "+918111922311"
    ]
    assert len(faxto.get("/incoming-faxes")["inbox"]) == 2
    assert faxto.get("/incoming-faxes/1234567")["inbox"] == []


def test_pages_tell_their_neighbours(faxto: Faxto) -> None:
    for _ in range(5):
        faxto.receive()
    url = f"{faxto.base}/incoming-faxes"

    def page(**params: Any) -> tuple[int, dict[str, Any]]:
        body = faxto.get("/incoming-faxes", **params)
        return len(body["inbox"]), body["meta"]["pagination"]

    links: dict[str, Any] = {"previous": None, "next": None}
    whole = {"total": 5, "count": 5, "per_page": 10, "current_page": 1, "total_pages": 1, "links": links}
    assert page() == (5, whole)
    links = {"previous": f"{url}?page=1&limit=2", "next": f"{url}?page=3&limit=2"}
    middle = {"total": 5, "count": 2, "per_page": 2, "current_page": 2, "total_pages": 3, "links": links}
    assert page(limit=2, page=2) == (2, middle)
    links = {"previous": f"{url}?page=2&limit=2", "next": None}
    last = {"total": 5, "count": 1, "per_page": 2, "current_page": 3, "total_pages": 3, "links": links}
    assert page(limit=2, page=3) == (1, last)
    assert page(limit=2, page=9)[0] == 0


def test_newest_fax_is_first(faxto: Faxto) -> None:
    for sender in ("+12125550101", "+12125550102"):
        faxto.receive(**{"from": sender})
    assert [item["sender"] for item in faxto.get("/incoming-faxes")["inbox"]] == [
        "12125550102",
        "12125550101",
    ]
