"""Sending: encodings, keys, numbers, documents."""

from __future__ import annotations

import json
import subprocess
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from tests.conftest import WAIT
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
    "number",
    [
        "+441224459292",
        " 441224459292",
        "441224459292",
        "00441224459292",
        "011441224459292",
        "011 44 1224 459292",
        "+44 (1224) 459-292",
        "+44 (0)1224 459292",
        "0044 (0) 1224 459292",
    ],
)
def test_every_way_to_write_a_number_is_the_same_one(faxto: Faxto, number: str) -> None:
    faxto.send(number)
    [fax] = faxto.control.faxes()
    assert fax["to"] == "+441224459292"


@pytest.mark.parametrize("number", ["2125550123", "12125550123", "(212) 555-0123", "1-212-555-0123"])
def test_ten_digits_are_north_american(faxto: Faxto, number: str) -> None:
    faxto.send(number)
    [fax] = faxto.control.faxes()
    assert fax["to"] == "+12125550123"
    assert faxto.get("/fax-history")["history"][0]["recipient"] == "12125550123"


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
