"""What a client sends: encodings, names, limits, and each word of the answer."""

from __future__ import annotations

import json
import socket
from base64 import b64encode
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from tests.conftest import WAIT, Control
from tests.vendors.openfax.conftest import ENCODINGS, Openfax, body_of


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_fax_is_sent_in_each_encoding_by_get_and_post(openfax: Openfax, encoding: str, method: str) -> None:
    options = ENCODINGS[encoding](openfax.fields(unknown="ignored"))
    body = body_of(openfax.call("faxSendSubmit.php", {}, method, **options))
    assert body == openfax.accepted()
    openfax.control.advance()
    [row] = openfax.history()
    assert (row["OutTransID"], row["CurrentState"], row["PageCount"]) == (body["OutTransID"], 8, 1)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"APIKey": "wrong"}, "InvalidAuthentication"),
        ({"AccountID": "999999999"}, "InvalidAuthentication"),
        ({"AccountID": None}, "InvalidAuthentication"),
        ({"APIKey": ""}, "InvalidAuthentication"),
        ({"FaxNumber": "5551212"}, "InvalidFaxNumberLength"),
        ({"FaxNumber": "1212555012"}, "InvalidFaxNumberLength"),
        ({"FaxNumber": "2125550123"}, "InvalidFaxNumberLength"),
        ({"FaxNumber": "6505550123"}, "InvalidFaxNumberLength"),
        ({"FaxNumber": "5555551212"}, "InvalidFaxNumberLength"),
        ({"FaxNumber": "5005550009"}, "InvalidFaxNumberLength"),
        ({"FaxNumber": "99912345678"}, "InvalidFaxNumberLength"),
        ({"FaxNumber": "12125550123\n"}, "InvalidFaxNumberLength"),
        ({"FaxNumber": "4412244592921234"}, "InvalidFaxNumberLength"),
        ({"FaxNumber": "121255501234"}, "InvalidFaxNumberLength"),
        ({"FaxNumber": "11125550123"}, "InvalidFaxNumberLength"),
        ({"FaxNumber": "10125550123"}, "InvalidFaxNumberLength"),
        ({"FaxNumber": "12121550123"}, "InvalidFaxNumberLength"),
        ({"FaxNumber": "12120550123"}, "InvalidFaxNumberLength"),
        ({"FaxNumber": "+12125550123"}, "InvalidFaxNumberLength"),
        ({"FaxNumber": "1-212-555-0123"}, "InvalidFaxNumberLength"),
        ({"FaxNumber": "+861069445000"}, "InvalidFaxNumberLength"),
        ({"FaxNumber": "861069445000861069445"}, "InvalidFaxNumberLength"),
        ({"FaxNumber": "١٢١٢٥٥٥٠١٢٣"}, "InvalidFaxNumberLength"),
        ({"FaxNumber": ""}, "InvalidFaxNumberLength"),
        ({"faxResolution": "2"}, "InvalidFaxResolution"),
        ({"faxResolution": "fine"}, "InvalidFaxResolution"),
        ({"paperSize": "3"}, "InvalidPapersize"),
        ({"paperSize": "A4"}, "InvalidPapersize"),
        ({"Priority": "normal"}, "InvalidPriority"),
        ({"Priority": "LOW"}, "InvalidPriority"),
        ({"PDF_encode": ""}, "Failed"),
        ({"PDF_encode": "%PDF-"}, "Failed"),
        ({"PDF_encode": "QUJDR"}, "Failed"),
        ({"FaxNumber": None}, "InvalidFaxNumberLength"),
        ({"faxResolution": None}, "InvalidFaxResolution"),
        ({"faxResolution": ""}, "InvalidFaxResolution"),
        ({"paperSize": None}, "InvalidPapersize"),
        ({"paperSize": ""}, "InvalidPapersize"),
        ({"Priority": None}, "InvalidPriority"),
        ({"Priority": ""}, "InvalidPriority"),
        ({"PDF_encode": None}, "Failed"),
        ({"FaxNumber": "15005550006"}, "AccountInactive"),
        ({"FaxNumber": "15005550013"}, "RestrictedFaxNumber"),
        ({"FaxNumber": "15005550021"}, "Failed"),
    ],
)
def test_send_is_refused_with_the_word_for_it(openfax: Openfax, changes: dict[str, Any], word: str) -> None:
    assert body_of(openfax.submit(**changes)) == {"Response": word}
    assert openfax.control.faxes() == []


@pytest.mark.parametrize("number", ["861069445000", "441224459292", "12125550123", "15555551212"])
def test_numbers_of_the_documented_kinds_are_dialled(openfax: Openfax, number: str) -> None:
    openfax.send(FaxNumber=number)
    [row] = openfax.history()
    assert row["FaxNumber"] == int(number)


@pytest.mark.parametrize("number", ["4533131415", "3545812345", "6561234567"])
def test_ten_digits_that_are_a_number_abroad_are_dialled_there(openfax: Openfax, number: str) -> None:
    openfax.send(FaxNumber=number)
    [fax] = openfax.control.faxes()
    assert fax["to"] == f"+{number}"


def test_first_wrong_parameter_is_told_in_the_order_of_checks(openfax: Openfax) -> None:
    wrong = {"AccountID": "1", "FaxNumber": "1", "faxResolution": "9", "paperSize": "9", "Priority": "9"}
    wrong |= {"PDF_encode": "!"}
    openfax.control.vendor("openfax", active=False)

    def refused(word: str) -> None:
        assert body_of(openfax.submit(**wrong)) == {"Response": word}
        wrong.pop(next(iter(wrong)))

    refused("InvalidAuthentication")
    assert body_of(openfax.submit(**wrong)) == {"Response": "AccountInactive"}
    openfax.control.vendor("openfax", active=True, restricted_numbers=["+12125550123"])
    refused("InvalidFaxNumberLength")
    refused("InvalidFaxResolution")
    refused("InvalidPapersize")
    refused("InvalidPriority")
    assert body_of(openfax.submit(**wrong)) == {"Response": "RestrictedFaxNumber"}
    openfax.control.vendor("openfax", restricted_numbers=[])
    refused("Failed")
    assert body_of(openfax.submit(**wrong)) == openfax.accepted()


def test_server_error_comes_with_http_500(openfax: Openfax) -> None:
    answer = openfax.submit(FaxNumber="15005550020")
    assert (answer.status_code, answer.json()) == (500, {"Response": "Failed"})


@pytest.mark.parametrize("change", [{"active": False}, {"balance": 0}, {"balance": -1}])
def test_inactive_or_empty_account_sends_nothing(openfax: Openfax, change: dict[str, Any]) -> None:
    openfax.control.vendor("openfax", **change)
    assert body_of(openfax.submit()) == {"Response": "AccountInactive"}


def test_restricted_numbers_are_the_sandboxes_own(openfax: Openfax, server: Control) -> None:
    openfax.control.vendor("openfax", restricted_numbers=["+1 212 555 0123"])
    assert body_of(openfax.submit()) == {"Response": "RestrictedFaxNumber"}
    other = Openfax(server.create(), b"")
    assert body_of(other.submit(PDF_encode=openfax.pdf)) == other.accepted()


@pytest.mark.parametrize("name", ["fromHeader", "frHeader"])
def test_both_names_of_the_sender_header_are_read_and_cut_off_at_15_characters(
    openfax: Openfax, name: str
) -> None:
    openfax.send(**{name: "From 1234567890 and more", "toHeader": "To 123456789012345"})
    [row] = openfax.history()
    assert (row["FromHeader"], row["ToHeader"]) == ("From 1234567890", "To 123456789012")


def test_headers_may_be_left_out(openfax: Openfax) -> None:
    openfax.send()
    [row] = openfax.history()
    assert (row["FromHeader"], row["ToHeader"]) == ("", "")


def lines(text: str, columns: int, end: str) -> str:
    return end.join(text[start : start + columns] for start in range(0, len(text), columns))


@pytest.mark.parametrize("kind", [False, True])
def test_base64_whose_plus_became_a_space_is_read_only_by_a_switch(
    openfax: Openfax, document: Any, kind: bool
) -> None:
    openfax.control.vendor("openfax", profile={"spaces_are_pluses": kind})
    pdf = b64encode(b"%PDF-1.4\n% >>" + b">>>>>>>>>>>>" * 4 + document("one-page.pdf")).decode()
    assert pdf.count("+") > 3
    openfax.submit(PDF_encode=pdf.replace("+", " "))
    openfax.control.advance()
    assert ([row["CurrentState"] for row in openfax.history()] == [8]) is kind


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.rstrip("="),
        lambda text: lines(text, 60, "\n"),
        lambda text: lines(text, 64, "\r\n"),
        lambda text: lines(text, 76, "\r\n    "),
        lambda text: text.replace("+", "-").replace("/", "_"),
        lambda text: "data:application/pdf;base64," + text,
    ],
)
def test_base64_is_read_as_clients_write_it(openfax: Openfax, change: Any) -> None:
    openfax.send(PDF_encode=change(openfax.pdf))
    openfax.control.advance()
    assert [row["CurrentState"] for row in openfax.history()] == [8]


def test_pdf_of_50_mb_passes_in_a_plain_multipart_field_and_one_byte_more_does_not(
    openfax: Openfax, document: Any
) -> None:
    largest = document("one-page.pdf") + b"\n" + b"%" * 52_428_800

    def sent(size: int) -> Any:
        fields = openfax.fields(PDF_encode=b64encode(largest[:size]).decode())
        options = ENCODINGS["multipart"](fields)
        return body_of(openfax.call("faxSendSubmit.php", {}, "POST", **options))

    assert sent(52_428_801) == {"Response": "Failed"}
    assert sent(52_428_800) == openfax.accepted()


def test_expect_100_continue_is_answered_before_the_body_is_sent(openfax: Openfax) -> None:
    request = requests.Request("POST", openfax.url("faxSendSubmit.php"), data=openfax.fields()).prepare()
    where = urlsplit(request.url or "")
    assert isinstance(request.body, str)
    head = (
        f"POST {where.path} HTTP/1.1\r\nHost: {where.netloc}\r\nExpect: 100-continue\r\nConnection: close\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(request.body)}\r\n\r\n"
    )
    with socket.create_connection((where.hostname, where.port), timeout=WAIT) as connection:
        connection.sendall(head.encode())
        assert connection.recv(1024).startswith(b"HTTP/1.1 100 ")
        connection.sendall(request.body.encode())
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert json.loads(answer.rpartition(b"\r\n\r\n")[2]) == openfax.accepted()
