"""Status, history and every msg_code."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import read_yaml
from tests.receiver import Receiver
from tests.vendors.faxto.conftest import Faxto

TEXTS: dict[str, str] = {each["code"]: each["text"] for each in read_yaml("faxto/facts.yaml")["codes"]}

ENDS = [
    ("+15005550001", "ok"),
    ("+15005550002", "busy"),
    ("+15005550003", "no_answer"),
    ("+15005550004", "ok"),
    ("+15005550005", "unknown"),
    ("+15005550007", "unknown"),
    ("+15005550008", "unknown"),
    ("+15005550009", "unknown"),
    ("+15005550010", "hangup"),
    ("+15005550011", "unknown"),
    ("+15005550012", "file_error"),
    ("+15005550015", "ok"),
]


@pytest.fixture
def hooked(faxto: Faxto, receiver: Receiver) -> Faxto:
    """A client whose account has a callback."""
    faxto.control.vendor("faxto", webhooks={"outbound": {"url": f"{receiver.url}/callback"}})
    return faxto


@pytest.mark.parametrize(("number", "code"), ENDS)
def test_each_end_has_its_status_message_and_callback(
    hooked: Faxto, receiver: Receiver, number: str, code: str
) -> None:
    job = hooked.send(number)
    explained = "The fax job is executed and in the process of sending"
    assert hooked.status(job) == ("executed", explained)
    hooked.control.advance()
    state = "success" if code == "ok" else "failed"
    message = "Sent! Fax Has Been Answered." if code == "ok" else TEXTS[code]
    body = hooked.get(f"/fax/{job}/status")
    assert body == {"status": state, "message": message, "user_cash_balance": 99.9}
    [posted] = receiver.requests
    assert (posted.method, posted.path) == ("POST", "/callback")
    assert posted.header("Content-Type") == "application/x-www-form-urlencoded"
    fields = [("fax_job_id", str(job)), ("status", state), ("msg_code", code), ("message", TEXTS[code])]
    assert posted.form() == fields


@pytest.mark.parametrize("code", TEXTS)
def test_scenario_may_name_each_code_directly(hooked: Faxto, receiver: Receiver, code: str) -> None:
    outcome = {"ok": "delivered", "unknown": "line_error", "file_error": "conversion_failed"}.get(code, code)
    hooked.control.script(name=code.replace("_", "-"), attempts=[{outcome: {"code": code}}])
    job = hooked.send()
    hooked.control.advance()
    [posted] = receiver.requests
    assert dict(posted.form())["msg_code"] == code
    [fax] = hooked.control.faxes()
    state, text = ("success", "Sent! Fax Has Been Answered.") if code == "ok" else ("failed", TEXTS[code])
    assert fax["vendor_view"] == {"id": str(job), "state": state, "code": code, "text": text}


def test_fax_is_called_once_only(faxto: Faxto) -> None:
    faxto.send("+15005550002")
    faxto.control.advance()
    assert len(faxto.control.faxes()[0]["attempts"]) == 1


def test_setting_of_two_calls_redials_after_five_minutes(hooked: Faxto, receiver: Receiver) -> None:
    hooked.control.vendor("faxto", max_attempts=2)
    job = hooked.send("+15005550004")
    hooked.control.advance(by="4m")
    assert hooked.status(job) == ("executed", "The fax job is executed and in the process of sending")
    assert receiver.requests == []
    hooked.control.advance()
    assert hooked.status(job) == ("success", "Sent! Fax Has Been Answered.")
    [fax] = hooked.control.faxes()
    assert [call["outcome"] for call in fax["attempts"]] == ["busy", "delivered"]
    [posted] = receiver.requests
    fields = {"status": "success", "msg_code": "ok", "message": TEXTS["ok"]}
    assert dict(posted.form()) == {"fax_job_id": str(job), **fields}
    assert hooked.balance() == 99.9


@pytest.mark.parametrize("name", ["encrypted.pdf", "truncated.pdf", "zero-pages.pdf", "not-a-pdf.pdf"])
def test_unreadable_document_ends_with_file_error(hooked: Faxto, receiver: Receiver, name: str) -> None:
    job = hooked.send(document=hooked.upload(name))
    hooked.control.advance()
    assert hooked.status(job) == ("failed", TEXTS["file_error"])
    assert dict(receiver.requests[0].form())["msg_code"] == "file_error"


def test_stuck_fax_is_executed_for_ever(faxto: Faxto) -> None:
    job = faxto.send("+15005550014")
    faxto.control.advance(by="48h")
    assert faxto.status(job)[0] == "executed"


def test_cancelled_fax_has_failed(hooked: Faxto, receiver: Receiver) -> None:
    job = hooked.send()
    fax = hooked.control.faxes()[0]["id"]
    hooked.control.call("POST", f"/sandboxes/{hooked.control.id}/faxes/{fax}/cancel", 200)
    hooked.control.advance()
    assert hooked.status(job) == ("failed", TEXTS["unknown"])
    [posted] = receiver.requests
    fields = {"status": "failed", "msg_code": "unknown", "message": TEXTS["unknown"]}
    assert dict(posted.form()) == {"fax_job_id": str(job), **fields}


@pytest.mark.parametrize("job", ["1", "x", "9" * 400, "1.5", "%2e%2e", "None"])
def test_unknown_job_is_not_found(faxto: Faxto, job: str) -> None:
    assert faxto.fail("GET", f"/fax/{job}/status", 404) == "Resource not found"


def test_status_read_counts_as_a_poll(faxto: Faxto) -> None:
    faxto.control.script(name="polled", attempts=[{"delivered": {"after": {"polls": 2}}}])
    job = faxto.send()
    faxto.control.advance()
    assert faxto.status(job)[0] == "executed"
    faxto.status(job)
    faxto.control.advance()
    assert faxto.status(job)[0] == "success"


@pytest.mark.parametrize("path", ["/fax", "/fax-history"])
def test_history_is_newest_first_with_a_php_instant(faxto: Faxto, path: str) -> None:
    faxto.control.advance(to="2100-03-09T15:35:28.25Z")
    document = faxto.upload()
    first = faxto.send("+441224459292", document)
    faxto.control.advance()
    second = faxto.send("+15005550002", document)
    body = faxto.get(path)
    assert list(body) == ["status", "history"]
    assert [row["id"] for row in body["history"]] == [second, first]
    assert [row["status"] for row in body["history"]] == ["executed", "success"]
    assert body["history"][1] == {
        "id": first,
        "created": {"date": "2100-03-09 15:35:28.250000", "timezone_type": 3, "timezone": "UTC"},
        "document_id": document,
        "document": "one-page.pdf",
        "recipient": "441224459292",
        "status": "success",
    }


@pytest.mark.parametrize("path", ["/fax", "/fax-history"])
def test_history_is_paged(faxto: Faxto, path: str) -> None:
    document = faxto.upload()
    jobs = [faxto.send(document=document) for _ in range(5)][::-1]

    def page(**params: Any) -> list[int]:
        return [row["id"] for row in faxto.get(path, **params)["history"]]

    assert page() == jobs
    assert page(limit=2) == jobs[:2]
    assert page(limit=2, page=3) == jobs[4:]
    assert page(limit=2, page=4) == []
    for senseless in ("0", "-1", "x", "9" * 50, "٢"):
        assert page(limit=senseless, page=senseless) == jobs


def test_get_with_json_type_and_no_body_is_borne(faxto: Faxto) -> None:
    job = faxto.send()
    headers = {"Content-Type": "application/json"}
    for path in (
        f"/fax/{job}/status",
        "/fax",
        "/fax-history",
        "/files",
        "/balance",
        "/numbers",
        "/incoming-faxes",
    ):
        assert faxto.call("GET", path, headers=headers) == faxto.get(path)
    gone = faxto.call("DELETE", f"/files/{faxto.upload()}", headers=headers)
    assert gone == {"status": "success"}
