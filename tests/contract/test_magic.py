"""All magic numbers of the contract at all five vendors, called as their clients call them."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from tests.conftest import Control
from tests.receiver import Receiver
from tests.sending import VENDORS, send

ENDS: dict[str, tuple[str, str | None, int]] = {
    "01": ("delivered", "delivered", 2),
    "02": ("failed", "busy", 0),
    "03": ("failed", "no_answer", 0),
    "04": ("delivered", "delivered", 2),
    "05": ("failed", "line_error", 1),
    "07": ("failed", "not_fax", 0),
    "08": ("failed", "bad_number", 0),
    "09": ("failed", "circuits_busy", 0),
    "10": ("failed", "hangup", 0),
    "11": ("failed", "line_error", 0),
    "12": ("failed", "conversion_failed", 0),
    "14": ("transmitting", None, 0),
    "15": ("delivered", "delivered", 2),
    "16": ("delivered", "delivered", 2),
    "17": ("delivered", "delivered", 2),
    "18": ("delivered", "delivered", 2),
    "19": ("delivered", "delivered", 2),
    "22": ("delivered", "delivered", 2),
    "00": ("delivered", "delivered", 2),
    "23": ("delivered", "delivered", 2),
}
"""State, outcome and pages sent of two; 00 and 23 are no magic numbers."""

LOST = "Fax Failed - Unknown Error ( We don\u2019t know exactly what went wrong - contact us for more info )"

WORDS: dict[str, dict[str, tuple[str, str | None, str | None]]] = {
    "openfax": {
        "02": ("9", "2", "Busy"),
        "03": ("9", "1", "No Answer"),
        "05": ("9", "7", "Unknown / Other"),
        "07": ("9", "3", "Not Fax"),
        "08": ("9", "5", "Bad Number"),
        "09": ("9", "4", "All Circuits Busy"),
        "10": ("9", "6", "Call Disconnected"),
        "11": ("9", "7", "Unknown / Other"),
        "12": ("10", "8", "Doc Conversion Failed"),
        "14": ("5", "-1", "Received"),
        "*": ("8", "0", "Successful"),
    },
    "kazoo": {
        "02": ("failed", "486", "USER_BUSY"),
        "03": ("failed", "480", "NO_ANSWER"),
        "05": ("failed", "48", "Disconnected after permitted retries"),
        "07": ("failed", "2", "Timed out waiting for initial communication"),
        "08": ("failed", "404", "UNALLOCATED_NUMBER"),
        "09": ("failed", "503", "NORMAL_CIRCUIT_CONGESTION"),
        "10": ("failed", "49", "The call dropped prematurely"),
        "11": ("failed", "48", "Disconnected after permitted retries"),
        "12": ("failed", "0", "TIFF/F file cannot be opened"),
        "14": ("processing", None, None),
        "*": ("completed", "200", "OK"),
    },
    "ifax": {
        "02": ("failed", "263", "USER_BUSY"),
        "03": ("failed", "8021", "NO_ANSWER"),
        "05": ("failed", "9009", "There was an error communicating with the far side."),
        "07": ("failed", "9015", "Timed out waiting for initial communication"),
        "08": ("failed", "3912", "UNALLOCATED_NUMBER"),
        "09": ("failed", "9001", "NORMAL_CIRCUIT_CONGESTION"),
        "10": ("failed", "9012", "Disconnected after permitted retries"),
        "11": ("failed", "9009", "There was an error communicating with the far side."),
        "12": (
            "failed",
            "9042",
            "There was a problem in converting and merging files to the output file format.",
        ),
        "14": ("sending", "-3", "Fax processed for sending"),
        "*": ("delivered", "0", "NORMAL_CLEARING"),
    },
    "mfax": {
        "02": ("failed", "6100", "Fax Number Busy"),
        **dict.fromkeys(("03", "05", "07", "08", "09", "10", "11"), ("failed", "6000", "Fax Connect Failed")),
        "12": ("failed", "5200", "Fax Rendering Issue"),
        "14": ("processing", "0", "OK"),
        "*": ("success", "0", "OK"),
    },
    "faxto": {
        "02": ("failed", "busy", "Fax Failed - Line Busy ( The fax machine could be busy )"),
        "03": ("failed", "no_answer", "Fax Failed - No Answer from Fax machine"),
        **dict.fromkeys(("05", "07", "08", "09", "11"), ("failed", "unknown", LOST)),
        "10": ("failed", "hangup", "Fax Failed - Early Hangup"),
        "12": ("failed", "file_error", "Fax Failed - File conversion failed. Re-upload and Retry"),
        "14": ("executed", None, "The fax job is executed and in the process of sending"),
        "*": ("success", "ok", "Sent! Fax Has Been Answered."),
    },
}
"""State, code and text of the vendor once all is played; * is of every number that is delivered."""


def kazoo_error(status: int, message: str, data: dict[str, str]) -> tuple[int, dict[str, Any]]:
    body = {"data": data, "error": str(status), "message": message, "status": "error"}
    return status, body | {"request_id": "*", "auth_token": "*"}


def mfax_error(status: int, name: str, message: str) -> tuple[int, dict[str, Any]]:
    return status, {"error": {"name": name, "message": message}}


def ifax_error(status: int, code: int, message: str) -> tuple[int, dict[str, Any]]:
    return status, {"status": 0, "code": code, "message": message}


def faxto_error(status: int, message: str) -> tuple[int, dict[str, Any]]:
    return status, {"status": "failed", "message": message}


REFUSALS: dict[str, dict[str, tuple[int, dict[str, Any]]]] = {
    "openfax": {
        "06": (200, {"Response": "AccountInactive"}),
        "13": (200, {"Response": "RestrictedFaxNumber"}),
        "20": (500, {"Response": "Failed"}),
        "21": (200, {"Response": "Failed"}),
    },
    "kazoo": {
        "06": kazoo_error(402, "no_credit", {}),
        "13": kazoo_error(403, "forbidden", {"message": "forbidden"}),
        "20": kazoo_error(500, "datastore_fault", {"message": "datastore fault"}),
        "21": kazoo_error(429, "too_many_requests", {"message": "too many requests"}),
    },
    "ifax": {
        "06": ifax_error(200, 12012, "Not enough credits"),
        "13": ifax_error(200, 120100, "Invalid faxNumber"),
        "20": ifax_error(500, 256, "Internal error"),
        "21": ifax_error(429, 11013, "Processing error. Please try again later"),
    },
    "mfax": {
        "06": mfax_error(403, "NotAllowedError", "Not enough pages left in the plan of the account."),
        "13": mfax_error(403, "NotAllowedError", "Faxing to this number is blocked."),
        "20": mfax_error(500, "InternalServerError", "Internal server error."),
        "21": mfax_error(429, "TooManyRequestsError", "Too many requests, please try again later."),
    },
    "faxto": {
        "06": faxto_error(400, "Insufficient balance"),
        "13": faxto_error(400, "Faxes to this number are blocked"),
        "20": faxto_error(500, "Internal server error"),
        "21": faxto_error(403, "Rate limit exceeded"),
    },
}
"""HTTP status and body in the vendor's own way; * is new in every answer."""


REASONS = {"06": "no_credit", "13": "restricted", "20": "server_error", "21": "rate_limited"}
"""Why a submit is refused, in neutral words."""


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("digits", ENDS)
def test_number_decides_how_the_fax_ends(control: Control, vendor: str, digits: str) -> None:
    if digits == "22":
        with pytest.raises(requests.ConnectionError):
            send(control, vendor, "+15005550022", count=2)
    else:
        assert send(control, vendor, f"+150055500{digits}", count=2).status_code in (200, 201)
    control.advance()
    [fax] = control.faxes()
    assert (fax["state"], fax["outcome"], fax["pages"]["sent"]) == ENDS[digits]
    assert fax["scenario"] == (None if digits in ("00", "23") else f"magic-{digits}")
    assert fax["pages"]["total"] == 2
    assert (fax["finished_at"] is None) == (digits == "14")
    if digits == "04":
        assert [call["outcome"] for call in fax["attempts"]] == ["busy", "delivered"]
    said = fax["vendor_view"]
    assert (said["state"], said["code"], said["text"]) == WORDS[vendor].get(digits, WORDS[vendor]["*"])


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("digits", REASONS)
def test_number_refuses_the_submit_in_the_vendors_way(control: Control, vendor: str, digits: str) -> None:
    answer = send(control, vendor, f"+150055500{digits}")
    status, wanted = REFUSALS[vendor][digits]
    body = answer.json()
    assert (answer.status_code, body.keys()) == (status, wanted.keys())
    assert {name: "*" if wanted[name] == "*" else value for name, value in body.items()} == wanted
    assert answer.headers["Content-Type"].partition(";")[0] == "application/json"
    assert control.faxes() == []
    [call] = control.call("GET", f"/sandboxes/{control.id}/requests", 200)["requests"]
    assert call["matched"]["scenario"] == f"magic-{digits}"
    assert call["matched"]["fault"] == {"refusal": REASONS[digits]}
    assert send(control, vendor).status_code in (200, 201)


@pytest.mark.parametrize("vendor", VENDORS)
def test_number_decides_what_becomes_of_the_webhook(server: Control, receiver: Receiver, vendor: str) -> None:
    control = server.create(webhooks={vendor: {"outbound": receiver.url}})
    counts = {}
    for digits in ("01", "16", "17", "18"):
        done = len(receiver.requests)
        send(control, vendor, f"+150055500{digits}")
        at_once = len(receiver.requests) - done
        control.advance()
        counts[digits] = (at_once, len(receiver.requests) - done)
    usual = counts["01"][1]
    assert usual >= 1
    assert counts == {"01": (0, usual), "16": (0, 0), "17": (0, 2 * usual), "18": (usual, usual)}


@pytest.mark.parametrize("vendor", VENDORS)
def test_number_puts_webhooks_out_of_order(server: Control, receiver: Receiver, vendor: str) -> None:
    control = server.create(webhooks={vendor: {"outbound": receiver.url}})
    for to in ("+15005550019", "+12125550123"):
        send(control, vendor, to)
    control.advance()
    assert [each["fault"] for each in control.webhooks()].count("reordered") >= 1
    made = [each["fax"] for each in control.webhooks()][::-1]
    tried = sorted(control.webhooks(), key=lambda each: each["attempts"][0]["at"])
    assert [each["fax"] for each in tried] != made


@pytest.mark.parametrize("vendor", VENDORS)
def test_number_is_ten_times_slower(control: Control, vendor: str) -> None:
    lasted = {}
    for digits in ("01", "15"):
        send(control, vendor, f"+150055500{digits}")
        control.advance()
        lasted[digits] = control.faxes()[0]["attempts"][0]["duration"]
    assert lasted["15"] == pytest.approx(10 * lasted["01"], abs=0.01)


@pytest.mark.parametrize("to", ["+12125550100", "+12125550199", "+442071838750"])
@pytest.mark.parametrize("vendor", VENDORS)
def test_every_other_number_is_delivered(control: Control, vendor: str, to: str) -> None:
    assert send(control, vendor, to).status_code in (200, 201)
    control.advance()
    assert [(each["state"], each["to"]) for each in control.faxes()] == [("delivered", to)]
