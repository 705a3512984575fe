"""An iFax client as applications write it, and the facts that the tests walk."""

from __future__ import annotations

import json
from base64 import b64encode
from functools import cache
from typing import Any

import requests

from tests.conftest import FIXTURES, Control, exchange, read_yaml

TO = "+12125550123"
SHARED = "+12345678901"
"""What a fax comes from when the account has no number."""
JOB, RECEIVED, BEGUN = 68454129, 6273047, 1767323045
"""Of a sandbox of the seed `walk`: first jobId, first received one, and its start 2026-01-02T03:04:05Z."""


@cache
def facts() -> dict[str, Any]:
    """Give what is known of iFax."""
    known: dict[str, Any] = read_yaml("ifax/facts.yaml")
    return known


@cache
def text_of(code: int) -> str:
    """Give the first documented text of a code."""
    return next(row["text"] for row in (*facts()["codes"], *facts()["live_codes"]) if row["code"] == code)


def fax_object(
    job: int,
    state: str,
    code: int,
    *,
    to: str = TO,
    sender: str = SHARED,
    pages: int = 1,
    sent: int = 0,
    seconds: int | None = None,
    begun: int = BEGUN,
) -> dict[str, Any]:
    """Give a whole fax object; without `seconds` it has not ended."""
    return {
        "jobId": job,
        "fromNumber": sender,
        "toNumber": to,
        "faxCallLength": seconds or 0,
        "faxCallStart": begun,
        "faxCallEnd": 0 if seconds is None else begun + seconds,
        "faxTotalPages": pages,
        "faxTransferredPages": sent,
        "faxStatus": state,
        "message": "NORMAL_CLEARING" if code == 0 else text_of(code),
        "code": code,
    }


def received_row(number: int = 0, *, to: str = "+12125550111", pages: int = 1, at: int) -> dict[str, Any]:
    """Give a whole row of the lists of received faxes: the `number`th of the sandbox, arrived at `at`."""
    return {
        "jobId": RECEIVED + number,
        "transactionId": 33784367 + number,
        "receivedTime": at,
        "fromNumber": "+12125550199",
        "toNumber": to,
        "faxTotalPages": pages,
        "faxReceivedPages": pages,
        "faxStatus": "received",
        "message": "NORMAL_CLEARING",
        "code": 0,
        "faxId": 492318996 + number,
    }


@cache
def path_of(operation: str) -> str:
    return next(row["path"] for row in facts()["endpoints"] if row["id"] == operation)


def document(name: str) -> bytes:
    return (FIXTURES / "documents" / name).read_bytes()


def attachment(name: str = "one-page.pdf", **more: Any) -> dict[str, Any]:
    """Make an entry of faxData from a sample document."""
    return {"fileName": name, "fileData": b64encode(document(name)).decode(), **more}


class Ifax:
    """A client of one sandbox, with its live key unless another is given."""

    def __init__(self, control: Control, key: str | None = None) -> None:
        self.control = control
        self.credentials = control.credentials("ifax")
        self.base = control.base_url("ifax")
        self.key = key or self.credentials["accessToken"]

    def with_test_key(self) -> Ifax:
        return Ifax(self.control, self.credentials["testAccessToken"])

    def call(
        self, operation: str, body: Any = None, *, method: str = "POST", **options: Any
    ) -> requests.Response:
        """Call an operation; `body` is sent as JSON."""
        options.setdefault("headers", {})["accessToken"] = self.key
        if body is not None:
            options["data"] = json.dumps(body)
            options["headers"].setdefault("Content-Type", "application/json")
        return exchange(method, self.base + path_of(operation), **options)

    def body(self, operation: str, **parameters: Any) -> dict[str, Any]:
        """Give the whole answer of an operation, which is HTTP 200."""
        answer = self.call(operation, parameters)
        assert answer.status_code == 200, answer.text
        assert answer.headers["Content-Type"] == "application/json"
        return dict(answer.json())

    def data(self, operation: str, **parameters: Any) -> Any:
        """Give what a successful answer holds."""
        answer = self.body(operation, **parameters)
        assert answer["status"] == 1, answer
        return answer["data"]

    def code(self, operation: str, **parameters: Any) -> int:
        """Give the code of an answer that is an error, after comparing the whole of it with the table."""
        answer = self.body(operation, **parameters)
        code = int(answer["code"])
        assert answer == {"status": 0, "code": code, "message": text_of(code)}
        return code

    def send(self, to: str = TO, *attachments: dict[str, Any], **more: Any) -> int:
        """Send a fax; give its jobId."""
        sent = self.data("send", faxNumber=to, faxData=list(attachments) or [attachment()], **more)
        assert list(sent) == ["jobId"]
        return int(sent["jobId"])

    def status(self, job: int) -> dict[str, Any]:
        return dict(self.data("status", jobId=job))

    def finish(self, job: int) -> dict[str, Any]:
        """Let everything happen that is to happen; give the fax."""
        self.control.advance()
        return self.status(job)

    def receive(self, to: str = "+12125550111", sender: str = "+12125550199", **more: Any) -> dict[str, Any]:
        """Let somebody fax us; give the row of the list of received faxes."""
        wanted = {"vendor": "ifax", "to": to, "from": sender, **more}
        self.control.call("POST", f"/sandboxes/{self.control.id}/inbound", 201, json=wanted)
        self.control.advance()
        return dict(self.data("inbound-list-all")[0])

    def scenario(self, **scenario: Any) -> None:
        """Queue a scenario for the next fax."""
        path = f"/sandboxes/{self.control.id}/scenarios/next"
        self.control.call("POST", path, 201, json=scenario)

    def profile(self, **switches: Any) -> None:
        self.control.vendor("ifax", profile=switches)


def checked(answer: dict[str, Any]) -> int:
    """Check an error's shape and that the table has its text; give the code."""
    assert list(answer) == ["status", "code", "message"], answer
    assert answer["status"] == 0
    known = [(row["code"], row["text"]) for row in (*facts()["codes"], *facts()["live_codes"])]
    assert (answer["code"], answer["message"]) in known, answer
    return int(answer["code"])
