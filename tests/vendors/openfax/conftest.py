from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable
from typing import Any

import pytest
import requests

from tests.conftest import WAIT, Control


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
        return requests.request(method, self.url(script), timeout=WAIT, **options)

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
        answer = self.submit(**changes)
        assert answer.status_code == 200
        body = answer.json()
        assert list(body) == ["Response", "OutTransID"], body
        assert body["Response"] == "Success"
        return int(body["OutTransID"])

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

    def script(self, **scenario: Any) -> None:
        """Have the next faxes go as a scenario says."""
        self.control.call("POST", f"/sandboxes/{self.control.id}/scenarios", 201, json=scenario)

    def receive(self, **given: Any) -> dict[str, Any]:
        """Let somebody fax the account, to the end."""
        body = {"vendor": "openfax", "to": "+17205721703", "from": "+12125550188"} | given
        fax = self.control.call("POST", f"/sandboxes/{self.control.id}/inbound", 201, json=body)
        self.control.advance()
        return dict(fax)


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
