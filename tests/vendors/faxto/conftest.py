from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Control, exchange


class Faxto:
    """A client of Fax.to in one sandbox, and that sandbox."""

    def __init__(self, control: Control, document: Callable[[str], bytes]) -> None:
        self.control = control
        self.key = control.credentials("faxto")["api_key"]
        self.base = f"{control.base_url('faxto')}/api/v2"
        self.document = document

    def call(self, method: str, path: str, status: int = 200, **options: Any) -> Any:
        """Call with the key in the query; give the JSON answer after checking its status."""
        params = {"api_key": self.key, **options.pop("params", {})}
        answer = exchange(method, self.base + path, params=params, **options)
        assert answer.status_code == status, answer.text
        assert answer.headers["Content-Type"] == "application/json"
        return json.loads(answer.content)

    def get(self, path: str, status: int = 200, **params: Any) -> Any:
        return self.call("GET", path, status, params=params)

    def fail(self, method: str, path: str, status: int, **options: Any) -> str:
        """Call in vain; give the message."""
        body = self.call(method, path, status, **options)
        assert list(body) == ["status", "message"]
        assert body["status"] == "failed"
        return str(body["message"])

    def upload(self, name: str = "one-page.pdf", content: bytes | None = None) -> int:
        """Upload a document; give its number."""
        content = self.document(name) if content is None else content
        return int(self.call("POST", "/files", files={"file": (name, content)})["document_id"])

    def send(self, number: str = "+12125550123", document: int | None = None, **more: Any) -> int:
        """Send a fax that is accepted; give its job id."""
        document = self.upload() if document is None else document
        form = {"fax_number": number, "document_id": document, **more}
        body = self.call("POST", "/fax", data=form)
        assert list(body) == ["status", "fax_job_id", "user_cash_balance", "cost"]
        assert body["status"] == "executed"
        return int(body["fax_job_id"])

    def executed(self, balance: float = 99.9, cost: float = 0.1) -> dict[str, Any]:
        """Give the whole answer to the send that made the newest fax."""
        job = int(self.control.faxes()[0]["vendor_view"]["id"])
        return {"status": "executed", "fax_job_id": job, "user_cash_balance": balance, "cost": cost}

    def status(self, job: int) -> tuple[str, str]:
        body = self.get(f"/fax/{job}/status")
        assert list(body) == ["status", "message", "user_cash_balance"]
        return body["status"], body["message"]

    def balance(self) -> float:
        body = self.get("/balance")
        assert list(body) == ["status", "balance"]
        return float(body["balance"])

    def receive(self, to: str = "+12048134699", **given: Any) -> dict[str, Any]:
        """Let somebody fax the account, to the end."""
        return self.control.receive("faxto", to, **given)


@pytest.fixture
def faxto(control: Control, document: Callable[[str], bytes]) -> Faxto:
    """A client in a fresh sandbox with a manual clock."""
    return Faxto(control, document)
