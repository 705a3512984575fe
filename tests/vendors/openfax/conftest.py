from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable
from typing import Any

import pytest
import requests

from tests.conftest import Control, exchange

ENCODINGS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "multipart": lambda fields: {"files": {name: (None, value) for name, value in fields.items()}},
    "urlencoded": lambda fields: {"data": fields},
    "query": lambda fields: {"params": fields},
}
"""What a call carries, in each way that PHP reads it."""


class Openfax:
    """A client of Openfax in one sandbox, and that sandbox."""

    def __init__(self, control: Control, pdf: bytes) -> None:
        self.control = control
        self.account = control.credentials("openfax")
        self.pdf = b64encode(pdf).decode()

    def url(self, script: str) -> str:
        return f"{self.control.base_url('openfax')}/{script}"

    def call(
        self, script: str, given: dict[str, Any], method: str = "GET", **options: Any
    ) -> requests.Response:
        if not options:
            options = {"params": given} if method == "GET" else {"data": given}
        return exchange(method, self.url(script), **options)

    def fields(self, **changes: Any) -> dict[str, Any]:
        """Give the fields of a good send, with changes; None leaves one out."""
        good = {
            **self.account,
            "FaxNumber": "12125550123",
            "paperSize": "0",
            "faxResolution": "0",
            "Priority": "Normal",
            "PDF_encode": self.pdf,
        }
        return {name: value for name, value in (good | changes).items() if value is not None}

    def submit(self, **changes: Any) -> requests.Response:
        return self.call("faxSendSubmit.php", self.fields(**changes), "POST")

    def send(self, **changes: Any) -> int:
        """Send a fax that is accepted; give its OutTransID."""
        body = body_of(self.submit(**changes))
        assert body == {"Response": "Success", "OutTransID": body.get("OutTransID")}
        return int(body["OutTransID"])

    def accepted(self) -> dict[str, Any]:
        """Give the whole answer to the send that made the newest fax."""
        return {"Response": "Success", "OutTransID": int(self.control.faxes()[0]["vendor_view"]["id"])}

    def day(self) -> str:
        return self.control.now()[:10]

    def history(self, detail: int = 1, **more: Any) -> Any:
        given = {"FromDate": "2000-01-01", "ToDate": "2100-01-01", "DetailType": detail, **more}
        answer = self.call("outboundDetailsbyDate.php", {**self.account, **given})
        assert answer.status_code == 200
        return answer.json()

    def credit(self) -> float:
        answer = self.call("getAvailableCredit.php", self.account)
        assert answer.status_code == 200
        [body] = answer.json()
        assert list(body) == ["AvailableCredit"]
        return float(body["AvailableCredit"])

    def neutral(self, transaction: int) -> str:
        """Give the neutral id of a transaction."""
        faxes = self.control.faxes()
        return str(next(fax["id"] for fax in faxes if fax["vendor_view"]["id"] == str(transaction)))

    def until(self, transaction: int, state: str) -> None:
        """Advance until the fax is in a neutral state."""
        self.control.advance(until={"fax": self.neutral(transaction), "state": state})

    def cancel(self, transaction: int) -> None:
        """Have the control plane cancel a fax."""
        fax = self.neutral(transaction)
        self.control.call("POST", f"/sandboxes/{self.control.id}/faxes/{fax}/cancel", 200)

    def receive(self, to: str = "+17205721703", **given: Any) -> dict[str, Any]:
        """Let somebody fax the account, to the end."""
        return self.control.receive("openfax", to, **given)


@pytest.fixture
def openfax(control: Control, document: Callable[[str], bytes]) -> Openfax:
    """A client in a fresh sandbox with a manual clock."""
    return Openfax(control, document("one-page.pdf"))


@pytest.fixture
def encoded(document: Callable[[str], bytes]) -> Callable[[str], str]:
    """Give a sample document in base64."""
    return lambda name: b64encode(document(name)).decode()


def body_of(answer: requests.Response) -> Any:
    """Give the body of an answer that must be JSON with HTTP 200."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/json"
    return json.loads(answer.content)
