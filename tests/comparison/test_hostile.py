"""Recordings that are strange or nest without end: bounded, told, and what they teach can be read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import run_command


def har(path: Path, answer: str, operation: str = "fax-status") -> Path:
    kind = {"name": "content-type", "value": "application/json"}
    entry: dict[str, Any] = {
        "startedDateTime": "2026-03-04T10:00:00Z",
        "request": {
            "method": "POST",
            "url": f"https://api.ifaxapp.com/v1/customer/{operation}",
            "headers": [],
        },
        "response": {"status": 200, "headers": [kind], "content": {"text": answer}},
    }
    path.write_text(json.dumps({"log": {"version": "1.2", "entries": [entry]}}))
    return path


@pytest.mark.parametrize(
    "answer",
    ["gone for today", "[" * 5000, '{"a":' * 900 + "1" + "}" * 900, '{"message":"\\udfff\\u0000"}'],
)
def test_answer_of_another_kind_is_told_and_its_overlay_can_be_read(tmp_path: Path, answer: str) -> None:
    overlay, html = tmp_path / "mine.yaml", tmp_path / "report.html"
    given = har(tmp_path / "strange.har", answer)
    assert run_command("compare", given, "--no-fit", "--teach", overlay, "--html", html).returncode == 4
    checked = run_command("overlay", "check", overlay)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_list_of_a_thousand_older_faxes_makes_none(tmp_path: Path) -> None:
    rows = [{"jobId": number, "faxStatus": "sending"} for number in range(40_000_000, 40_001_000)]
    given = har(tmp_path / "old.har", json.dumps({"status": 1, "data": rows}), "fax-lists")
    done = run_command("compare", given, "--no-fit")
    assert (done.returncode, done.stderr) == (4, "")
