"""What a send is refused for, and what it costs when it is not."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from tests.conftest import WAIT, Control
from tests.vendors.faxto.conftest import Faxto


@pytest.mark.parametrize(
    "number",
    [
        "",
        "12345",
        "+1234567890123456",
        "abc",
        "+12a5550123",
        "++1",
        "١٢٣٤٥٦٧٨٩",
        "+1202555012",
        "+120255501234",
        "+0012025550123",
        "+１２０２５５５０１２３",  # noqa: RUF001
        "+4412244592",
    ],
)
def test_number_that_cannot_be_dialled_is_a_bad_request(faxto: Faxto, number: str) -> None:
    form = {"fax_number": number, "document_id": faxto.upload()}
    assert faxto.fail("POST", "/fax", 400, data=form) == "The fax_number is not valid"


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({}, "The fax_number is required"),
        ({"document_id": "1"}, "The fax_number is required"),
        ({"fax_number": "+123456789"}, "The document_id or a file is required"),
        ({"fax_number": "+123456789", "document_id": "1"}, "The document_id is not known"),
        ({"fax_number": "+123456789", "document_id": "x"}, "The document_id is not valid"),
        ({"fax_number": "+123456789", "document_id": "3.5"}, "The document_id is not valid"),
        ({"fax_number": "+123456789", "document_id": "9" * 400}, "The document_id is not valid"),
        (
            {"fax_number": "+123456789", "document_id": "1", "delete_file": "maybe"},
            "The delete_file is 1 or 0",
        ),
    ],
)
def test_missing_or_wrong_field_is_a_bad_request(faxto: Faxto, form: dict[str, str], message: str) -> None:
    assert faxto.fail("POST", "/fax", 400, data=form) == message


def test_bare_json_scalar_is_a_clean_bad_request(faxto: Faxto) -> None:
    for body in (b"300", b'"300"', b"[]", b"null", b"{", b"[" * 100_000, b'{"fax_number": NaN', b"\xff"):
        options = {"data": body, "headers": {"Content-Type": "application/json", "api_key": faxto.key}}
        assert faxto.fail("POST", "/fax", 400, **options) == "The body must be a JSON object"


def test_other_json_values_are_bad_requests(faxto: Faxto) -> None:
    def told(number: str, document: str) -> str:
        body = f'{{"fax_number": {number}, "document_id": {document}}}'
        return faxto.fail("POST", "/fax", 400, data=body, headers={"Content-Type": "application/json"})

    for value in ("true", "[]", "{}", '["+123456789"]', "NaN", "Infinity", "1e999", "9" * 4000):
        assert told(value, "1") == "The fax_number is not valid"
        assert told('"+123456789"', value) == "The document_id is not valid"
    assert told("null", "1") == "The fax_number is required"
    assert told('"+123456789"', "null") == "The document_id or a file is required"
    assert told("9" * 5000, "1") == told("1", "9" * 5000) == "The body must be a JSON object"


@pytest.mark.parametrize(
    ("number", "status", "message"),
    [
        ("+15005550006", 400, "Insufficient balance"),
        ("+15005550013", 400, "Faxes to this number are blocked"),
        ("+15005550020", 500, "Internal server error"),
        ("+15005550021", 403, "Rate limit exceeded"),
    ],
)
def test_magic_refusals_are_said_in_the_vendors_way(
    faxto: Faxto, number: str, status: int, message: str
) -> None:
    form = {"fax_number": number, "document_id": faxto.upload()}
    assert faxto.fail("POST", "/fax", status, data=form) == message
    assert faxto.balance() == 100.0


@pytest.mark.parametrize(
    ("http", "status", "message"),
    [
        ({"status": 200}, 200, "Failed to send the fax"),
        ({"status": 400}, 400, "Bad request"),
        ({"status": 403, "retry_after": 30}, 403, "Rate limit exceeded"),
        ({"status": 429}, 429, "Too Many Requests"),
        ({"status": 503}, 503, "Service Unavailable"),
        ({"status": 599}, 599, "Internal server error"),
        ({"code": "404"}, 404, "Resource not found"),
        ({"code": "busy"}, 400, "Fax Failed - Line Busy ( The fax machine could be busy )"),
        ({"code": "busy", "status": 200}, 200, "Fax Failed - Line Busy ( The fax machine could be busy )"),
    ],
    ids=str,
)
def test_scripted_refusal_has_the_message_of_its_status_or_code(
    faxto: Faxto, http: dict[str, Any], status: int, message: str
) -> None:
    form = {"fax_number": "+123456789", "document_id": faxto.upload()}
    faxto.control.script(name="refused", http=http)
    assert faxto.fail("POST", "/fax", status, data=form) == message
    assert faxto.control.faxes() == []


def test_restricted_number_is_refused(faxto: Faxto) -> None:
    faxto.control.vendor("faxto", restricted_numbers=["+1 212 555 0123"])
    form = {"fax_number": "12125550123", "document_id": faxto.upload()}
    assert faxto.fail("POST", "/fax", 400, data=form) == "Faxes to this number are blocked"


def test_fax_is_charged_when_accepted_and_not_paid_back(faxto: Faxto) -> None:
    faxto.control.vendor("faxto", rates={"page": 0.15})
    document = faxto.upload("three-pages.pdf")
    assert faxto.get(f"/fax/{document}/costs", fax_number="+123456789") == {"status": "success", "cost": 0.45}
    faxto.send("+15005550002", document)
    assert faxto.balance() == 99.55
    faxto.control.advance()
    assert faxto.balance() == 99.55


def test_balance_never_goes_below_zero(faxto: Faxto) -> None:
    faxto.control.vendor("faxto", balance=0.35)
    form = {"fax_number": "+123456789", "document_id": faxto.upload()}

    def send(_: int) -> int:
        url = f"{faxto.base}/fax?api_key={faxto.key}"
        return requests.post(url, data=form, timeout=WAIT).status_code

    with ThreadPoolExecutor(6) as pool:
        statuses = sorted(pool.map(send, range(6)))
    assert statuses == [200, 200, 200, 400, 400, 400]
    assert faxto.balance() == pytest.approx(0.05)
    assert faxto.fail("POST", "/fax", 400, data=form) == "Insufficient balance"
    assert len(faxto.control.faxes()) == 3


def test_cost_needs_a_known_document_and_bears_a_missing_number(faxto: Faxto) -> None:
    document = faxto.upload()
    assert faxto.get(f"/fax/{document}/costs") == {"status": "success", "cost": 0.1}
    assert (
        faxto.fail("GET", f"/fax/{document}/costs", 400, params={"fax_number": "x"})
        == "The fax_number is not valid"
    )
    for unknown in ("1", "x", "9" * 400, "-1", "%00"):
        assert faxto.fail("GET", f"/fax/{unknown}/costs", 404) == "Resource not found"


def test_other_sandboxes_documents_cannot_be_sent(faxto: Faxto, server: Control) -> None:
    other = Faxto(server.create(), faxto.document)
    form = {"fax_number": "+123456789", "document_id": faxto.upload()}
    assert other.fail("POST", "/fax", 400, data=form) == "The document_id is not known"
