"""Twelve planted differences: each is found, an overlay makes all good, and nothing secret is written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import parse

import pytest

from emulator.overlays.file import load_overlays
from emulator.vendors import all_vendors
from tests.cli.conftest import run_command
from tests.comparison.planted import EXPECTED, record, upstream

Recorded = tuple[Path, list[str]]


def compare(*words: object, code: int) -> Any:
    done = run_command("compare", *words, "--json")
    assert done.returncode == code, done.stdout[-3000:] + done.stderr
    [report] = json.loads(done.stdout)
    return report


def found(report: Any) -> list[tuple[str, str, str]]:
    rows = report["findings"]
    return sorted((each.get("endpoint", each.get("webhook")), each["kind"], each["path"]) for each in rows)


def test_exactly_the_twelve_are_found_and_an_overlay_makes_them_good(
    planted: Recorded, tmp_path: Path
) -> None:
    har, secrets = planted
    overlay, junit, html = (tmp_path / name for name in ("mine.yaml", "report.xml", "report.html"))
    report = compare(har, "--teach", overlay, "--junit", junit, "--html", html, code=4)
    assert found(report) == sorted(EXPECTED)
    taught = compare(har, "--overlay", overlay, code=0)
    assert (taught["findings"], taught["equal"]) == ([], 24)
    assert (report["exchanges"], parse(junit).getroot().attrib["failures"]) == (24, "9")
    written = "".join(path.read_text() for path in (har, overlay, junit, html)) + json.dumps(report)
    assert [secret for secret in secrets if secret in written] == []


@pytest.fixture(scope="module")
def taught(planted: Recorded, tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Path]:
    """The report on the recording without a search for profiles, and the overlay made from it."""
    overlay = tmp_path_factory.mktemp("taught") / "mine.yaml"
    return compare(planted[0], "--no-fit", "--teach", overlay, code=4), overlay


def test_finding_says_what_the_emulator_went_by(planted: Recorded, taught: tuple[Any, Path]) -> None:
    report, _ = taught
    by = {(each.get("endpoint"), each["kind"]): each for each in report["findings"]}
    assert by["download", "status"]["evidence"] == "assumed"
    assert by["send", "code"]["source"].startswith("codes: line")
    assert by["status", "word"]["severity"] == "breaks"
    assert (
        by["status", "word"]["says"] == "data.faxStatus is in_progress, a word that no table has, not sending"
    )
    assert by["faxes", "timing"]["says"] == "delivered after 230 s, not 79 s"
    text = run_command("compare", planted[0], "--no-fit").stdout
    assert "ifax: 4 of 24 exchanges equal, 12 findings" in text
    assert "tries after 420 s, not 300 s" in text


def test_server_with_the_overlay_answers_like_the_account_and_coverage_says_so(
    taught: tuple[Any, Path],
) -> None:
    _, overlay = taught
    [(name, known)] = load_overlays([str(overlay)], all_vendors()).items()
    with upstream(lambda app: app, str(overlay)) as (server, _):
        sandbox = server.create(clock={"mode": "manual"})
        sent = sandbox.send("ifax", "+12125550123")
        sandbox.settle()
        assert set(json.loads(sent.answer)["data"]) == {"faxJobId"}
        assert sandbox.faxes()[0].attempts[0].duration == pytest.approx(3 * 25.986, abs=0.1)
        table = next(each for each in server.coverage()["vendors"] if each["vendor"] == name)["overlay"]
    assert {row["evidence"] for row in table} == {"observed"}
    assert {row["source"] for row in table} == {f"your recording of 2026-03-04, digest {known.digest}"}
    assert "data.jobId is called faxJobId; code says 12009, not 12020" in [row["text"] for row in table]


def test_recording_of_the_emulator_itself_differs_in_nothing(tmp_path: Path) -> None:
    record(tmp_path / "same.har", plant=False)
    report = compare(tmp_path / "same.har", code=0)
    assert (report["findings"], report["equal"], report["fit"]["lines"]) == ([], 24, [])
