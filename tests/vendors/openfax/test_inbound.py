"""The inbound side: new faxes, read and unread, numbers, and the documents behind the links."""

from __future__ import annotations

import io
from base64 import b64encode
from typing import Any

import pytest
import requests
from PIL import Image

from emulator.documents import inspect
from tests.conftest import WAIT
from tests.vendors.openfax.conftest import Openfax, body_of

NONE = [{"Response": "NoNewFaxReceived"}]


def new(openfax: Openfax, **given: Any) -> list[dict[str, Any]]:
    answer = openfax.call("getNewFax.php", {**openfax.account, "FaxType": "PDF", **given})
    return list(body_of(answer))


def test_new_fax_is_told_once_with_all_fields(openfax: Openfax) -> None:
    openfax.receive(pages=2, csid="ACME MEDICAL")
    [fax] = new(openfax)
    base = f"{openfax.control.base_url('openfax')}/documents/inbound/"
    urls = {name: fax.pop(name) for name in ("FaxDocJpegURL", "FaxDocPDFURL", "FaxDocTiffURL")}
    assert all(url.startswith(base) for url in urls.values())
    number = fax["InTransID"]
    assert number.isdigit()
    assert fax.pop("ReceivedTime")[:10] == openfax.day()
    assert int(fax.pop("DocPDFSize")) > 100
    assert fax == {
        "InTransID": number,
        "Status": "Success",
        "SenderCallerID": "12125550188",
        "SenderCallerName": "ACME MEDICAL",
        "To": "17205721703",
        "Pages": "2",
        "Cost": 0.0,
        "PDFFileName": f"{number}.pdf",
        "PostToS3": "0",
        "CustomerBucketURL": "",
        "Response": "Success",
    }
    assert new(openfax) == NONE


def test_document_links_serve_pdf_multipage_tiff_and_jpeg_of_page_one(
    openfax: Openfax, document: Any
) -> None:
    openfax.receive(document=b64encode(document("three-pages.pdf")).decode())
    [fax] = new(openfax, FaxType="Multipage TIFF")
    pdf = requests.get(fax["FaxDocPDFURL"], timeout=WAIT)
    assert (pdf.status_code, pdf.headers["Content-Type"]) == (200, "application/pdf")
    assert pdf.content == document("three-pages.pdf")
    assert inspect(pdf.content).pages == 3
    tiff = requests.get(fax["FaxDocTiffURL"], timeout=WAIT)
    with Image.open(io.BytesIO(tiff.content)) as image:
        assert (tiff.headers["Content-Type"], image.format, image.n_frames) == ("image/tiff", "TIFF", 3)
    jpeg = requests.get(fax["FaxDocJpegURL"], timeout=WAIT)
    with Image.open(io.BytesIO(jpeg.content)) as image:
        assert (jpeg.headers["Content-Type"], image.format) == ("image/jpeg", "JPEG")


def test_limit_and_number_narrow_what_is_told(openfax: Openfax) -> None:
    openfax.control.vendor("openfax", numbers=["+17205721703", "+17205721704"])
    for to in ("+17205721703", "+17205721704", "+17205721703"):
        openfax.receive(to=to)
    assert [fax["To"] for fax in new(openfax, DID="7205721704")] == ["17205721704"]
    assert len(new(openfax, Limit="1")) == 1
    assert len(new(openfax)) == 1
    assert new(openfax) == NONE


def test_read_faxes_can_be_made_unread_and_unread_ones_read(openfax: Openfax) -> None:
    for _ in range(3):
        openfax.receive()
    first, second, third = (fax["InTransID"] for fax in new(openfax))

    def mark(flag: str, start: str, end: str) -> Any:
        given = {"FromInTransID": start, "ToInTransID": end, "ReadUnreadFlag": flag}
        return body_of(openfax.call("inboundReadUnread.php", {**openfax.account, **given}))

    assert mark("0", first, second) == [{"Response": "Success"}]
    assert mark("1", first, first) == [{"Response": "Success"}]
    assert [fax["InTransID"] for fax in new(openfax)] == [second]
    assert mark("0", "-1", "9" * 18) == [{"Response": "Success"}]
    assert [fax["InTransID"] for fax in new(openfax)] == [first, second, third]


def test_fax_that_does_not_arrive_is_not_told(openfax: Openfax) -> None:
    openfax.receive(scenario="hangup")
    assert new(openfax) == NONE


def test_account_numbers_are_listed(openfax: Openfax) -> None:
    hook = {"inbound": {"url": "http://127.0.0.1:9/in"}}
    openfax.control.vendor("openfax", numbers=["+17205721703"], webhooks=hook)
    assert body_of(openfax.call("getAccountDIDS.php", openfax.account)) == [
        {
            "DID": "7205721703",
            "CustomerDescription": None,
            "MonthlyCharge": "0.00",
            "ToEmail": "",
            "FromEmail": "",
            "EmailNotification": "0",
            "PostToS3": "0",
            "PostBack": "1",
            "BucketName": "",
            "PostBackURL": "http://127.0.0.1:9/in",
            "DIDType": "Fax",
            "is_deleted": "0",
            "Response": "Success",
        }
    ]


@pytest.mark.parametrize("script", ["getNewFax.php", "inboundReadUnread.php", "getAccountDIDS.php"])
def test_inbound_calls_without_or_with_wrong_credentials_are_refused(openfax: Openfax, script: str) -> None:
    for given, word in (
        ({}, "InvalidMissingValue"),
        ({"AccountID": "1"}, "InvalidMissingValue"),
        ({"AccountID": "1", "APIKey": "x"}, "InvalidAuthentication"),
    ):
        assert body_of(openfax.call(script, given)) == [{"Response": word}]


@pytest.mark.parametrize(
    ("script", "given"),
    [
        ("getNewFax.php", {}),
        ("getNewFax.php", {"FaxType": "DOC"}),
        ("inboundReadUnread.php", {"FromInTransID": "1", "ToInTransID": "2"}),
        ("inboundReadUnread.php", {"FromInTransID": "1", "ReadUnreadFlag": "0"}),
    ],
)
def test_missing_parameter_is_told(openfax: Openfax, script: str, given: dict[str, str]) -> None:
    assert body_of(openfax.call(script, {**openfax.account, **given})) == [
        {"Response": "InvalidMissingValue"}
    ]


def test_a_download_client_is_told_of_no_newer_version_and_may_misspell_its_limit(openfax: Openfax) -> None:
    assert body_of(requests.get(openfax.url("checkVersion.php"), timeout=WAIT)) == {
        "Version": "0",
        "DownloadURL": "",
    }
    openfax.control.receive("openfax", "+17205721703")
    query = "AccountID={AccountID}&APIKey={APIKey}&FaxType=PDF&Limit1000".format(**openfax.account)
    [row] = body_of(requests.get(f"{openfax.url('getNewFax.php')}?{query}", timeout=WAIT))
    assert (row["To"], row["Pages"], row["Response"]) == ("17205721703", "1", "Success")
