"""Sending: encodings, keys, numbers, prices, and what is refused."""

from __future__ import annotations

import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from tests.conftest import WAIT, Control
from tests.vendors.faxto.conftest import Faxto


def test_send_answers_with_job_balance_and_cost(faxto: Faxto) -> None:
    document = faxto.upload("three-pages.pdf")
    body = faxto.call("POST", "/fax", data={"fax_number": "+123456789", "document_id": document})
    assert body == faxto.executed(99.7, 0.3)
    faxto.control.advance()
    [fax] = faxto.control.faxes()
    assert (fax["state"], fax["to"], fax["pages"]) == ("delivered", "+123456789", {"total": 3, "sent": 3})


@pytest.mark.parametrize("encoding", ["data", "json", "params", "files"])
@pytest.mark.parametrize("version", ["v2", "v1"])
def test_fax_is_sent_in_each_encoding_and_under_both_bases(faxto: Faxto, encoding: str, version: str) -> None:
    fields = {"fax_number": "+441224459292", "document_id": str(faxto.upload())}
    faxto.base = faxto.base.replace("v2", version)
    carried = {name: (None, value) for name, value in fields.items()} if encoding == "files" else fields
    body = faxto.call("POST", "/fax", **{encoding: carried})
    assert body == faxto.executed()
    assert faxto.get("/fax-history")["history"][0]["recipient"] == "441224459292"


def curl(*arguments: str) -> Any:
    """Give what curl prints, which must be JSON."""
    done = subprocess.run(["curl", "-sS", *arguments], capture_output=True, check=True, timeout=WAIT)
    return json.loads(done.stdout)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("host", ["ours", "fax.to", "api.fax.to"])
def test_documented_line_works_when_only_the_host_is_changed(faxto: Faxto, method: str, host: str) -> None:
    """The reference's one line, by both methods; under the vendor's own host it goes to our address."""
    line = f"/api/v2/fax?api_key={faxto.key}&fax_number=+123456789&document_id={faxto.upload()}"
    root = faxto.control.base_url("faxto") if host == "ours" else f"http://{host}"
    body = curl("-X", method, "--connect-to", f"{host}:80:{urlsplit(faxto.base).netloc}", root + line)
    assert body == faxto.executed()
    [fax] = faxto.control.faxes()
    assert fax["to"] == "+123456789"


def test_curl_lines_of_later_editions_work_when_only_the_host_is_changed(faxto: Faxto) -> None:
    document, key = faxto.upload(), f"api_key={faxto.key}"
    form = ["-d", key, "-d", "fax_number=+441224459292", "-d", f"document_id={document}"]
    sent = curl(f"{faxto.base}/fax", *form)
    assert sent == faxto.executed()
    [fax] = faxto.control.faxes()
    assert fax["to"] == "+441224459292"
    priced = curl(f"{faxto.base}/fax/{document}/costs?fax_number=+16125550123&{key}")
    assert priced == {"status": "success", "cost": 0.1}
    assert curl(f"{faxto.base}/files?{key}") == faxto.get("/files")
    user = [
        "-H",
        "Content-Type: application/json",
        "-d",
        '{"email": "someone@example.com", "password": "secret"}',
    ]
    registered = curl(f"{faxto.base}/user?{key}", *user)
    assert registered == {"status": "success", "api_key": registered["api_key"]}
    assert curl(f"{faxto.base}/user/login?{key}", *user) == registered


@pytest.mark.parametrize(
    "number", ["+441224459292", " 441224459292", "441224459292", "00441224459292", "+44 (1224) 459-292"]
)
def test_every_way_to_write_a_number_is_the_same_one(faxto: Faxto, number: str) -> None:
    faxto.send(number)
    [fax] = faxto.control.faxes()
    assert fax["to"] == "+441224459292"


def test_raw_plus_in_query_and_form_is_a_plus(faxto: Faxto) -> None:
    document = faxto.upload()
    url, key = f"{faxto.base}/fax", f"api_key={faxto.key}"
    raw = f"{key}&fax_number=+441224459292&document_id={document}"
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    posted = requests.post(url, data=raw, headers=form, timeout=WAIT)
    assert (posted.status_code, posted.json()) == (200, faxto.executed())
    got = requests.get(f"{url}?{raw}", timeout=WAIT)
    assert (got.status_code, got.json()) == (200, faxto.executed(99.8))
    assert {fax["to"] for fax in faxto.control.faxes()} == {"+441224459292"}
    costs = f"{faxto.base}/fax/{document}/costs?{key}&fax_number=+16125550123"
    assert requests.get(costs, timeout=WAIT).json() == {"status": "success", "cost": 0.1}


@pytest.mark.parametrize("carrier", ["params", "data", "json", "headers"])
def test_key_is_taken_from_query_form_json_and_a_header_with_an_underscore(
    faxto: Faxto, carrier: str
) -> None:
    fields = {"fax_number": "+123456789", "document_id": str(faxto.upload())}
    options: dict[str, Any] = {"data": fields, carrier: {"api_key": faxto.key}}
    if carrier in ("data", "json"):
        options = {carrier: fields | {"api_key": faxto.key}}
    answer = requests.post(f"{faxto.base}/fax", timeout=WAIT, **options)
    assert (answer.status_code, answer.json()) == (200, faxto.executed())


def test_document_may_come_along_with_the_call(faxto: Faxto) -> None:
    files = {"file": ("letter.txt", b"Hello")}
    body = faxto.call("POST", "/fax", data={"fax_number": "+123456789"}, files=files)
    assert body == faxto.executed()
    [row] = faxto.get("/files")
    [job] = faxto.get("/fax-history")["history"]
    assert (job["document_id"], job["document"]) == (row["id"], "letter.txt")


def test_multipart_without_a_file_sends_the_document_named(faxto: Faxto) -> None:
    fields = {"fax_number": (None, "+123456789"), "document_id": (None, str(faxto.upload()))}
    assert faxto.call("POST", "/fax", files=fields) == faxto.executed()
    with_empty = fields | {"file": ("", b"")}
    assert faxto.call("POST", "/fax", files=with_empty) == faxto.executed(99.8)


@pytest.mark.parametrize("written", ["{}.0", "{}.", " {} "])
def test_document_id_may_be_written_as_a_float(faxto: Faxto, written: str) -> None:
    form = {"fax_number": "+123456789", "document_id": written.format(faxto.upload())}
    assert faxto.call("POST", "/fax", data=form) == faxto.executed()


def test_json_numbers_are_taken_for_texts(faxto: Faxto) -> None:
    body = faxto.call("POST", "/fax", json={"fax_number": 441224459292, "document_id": float(faxto.upload())})
    assert body == faxto.executed()


def test_document_goes_when_its_fax_has_ended_if_so_asked(faxto: Faxto) -> None:
    kept, gone = faxto.upload(), faxto.upload("three-pages.pdf")
    faxto.send(document=kept, delete_file=0)
    faxto.send(document=kept, delete_file="")
    faxto.send(document=gone, delete_file=1)
    assert [row["id"] for row in faxto.get("/files")] == [gone, kept]
    faxto.control.advance()
    assert [row["id"] for row in faxto.get("/files")] == [kept]
    assert faxto.fail("GET", f"/fax/{gone}/costs", 404) == "Resource not found"


@pytest.mark.parametrize(
    ("station_id", "shown"),
    [
        ("+1 212 555 0100", "+12125550100"),
        ("ACME Clinic", "ACME Clinic"),
        ("  +1 212 555 0100 and far more text", "+1 212 555 0100 and"),
        ("", "+12048134699"),
        ("   ", "+12048134699"),
        (None, "+12048134699"),
    ],
)
def test_fax_comes_from_the_station_id_else_from_the_accounts_number(
    faxto: Faxto, station_id: str | None, shown: str
) -> None:
    more = {} if station_id is None else {"tsi_number": station_id}
    faxto.send(**more)
    faxto.control.advance()
    [fax] = faxto.control.faxes()
    assert faxto.control.fax(fax["id"])["from"] == shown


def test_scenario_may_match_the_station_id(faxto: Faxto) -> None:
    faxto.control.script(name="clinic", match={"from": "ACME Clinic"}, attempts=["busy"])
    jobs = [faxto.send(tsi_number=station_id) for station_id in ("ACME Clinic", "Another")]
    faxto.control.advance()
    assert [faxto.status(job)[0] for job in jobs] == ["failed", "success"]


@pytest.mark.parametrize(
    "number", ["", "12345", "+1234567890123456", "abc", "+12a5550123", "++1", "١٢٣٤٥٦٧٨٩"]
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
