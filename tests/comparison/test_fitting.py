"""Which switches explain a recording: none with which we refuse what the account took."""

from __future__ import annotations

import json
from base64 import b64encode
from pathlib import Path
from typing import Any

from tests.cli.conftest import run_command
from tests.sending import pages

LETTER = {
    "faxNumber": "+12125557788",
    "faxData": [{"fileName": "letter.pdf", "fileData": b64encode(pages(1)).decode()}],
}


def entry(at: str, action: str, body: Any, answer: Any) -> dict[str, Any]:
    return {
        "startedDateTime": f"2026-03-04T10:{at}.000Z",
        "time": 100,
        "request": {
            "method": "POST",
            "url": f"https://api.ifaxapp.com/v1/customer/fax-{action}",
            "headers": [{"name": "accessToken", "value": "k3y"}],
            "postData": {"mimeType": "application/json", "text": json.dumps(body)},
        },
        "response": {
            "status": 200,
            "headers": [{"name": "Content-Type", "value": "application/json"}],
            "content": {"mimeType": "application/json", "text": json.dumps(answer)},
        },
    }


def test_fewer_findings_are_no_reason_to_refuse_what_the_account_took(tmp_path: Path) -> None:
    """A refusal has few fields, so that few of them can differ from those of an odd success."""
    sent = {"status": 1, "message": "Submitted", "data": {"jobId": 98123}}
    told = {"status": 1, "message": "Told", "data": {"jobId": 98123, "faxStatus": "sending"}}
    entries = [entry("00:00", "send", LETTER, sent), entry("00:10", "status", {"jobId": 98123}, told)]
    path = tmp_path / "odd.har"
    path.write_text(json.dumps({"log": {"version": "1.2", "entries": entries}}), encoding="utf-8")
    done = run_command("compare", path, "--json")
    assert done.returncode == 4, done.stderr
    [found] = json.loads(done.stdout)
    assert found["fit"]["name"] == "default"
