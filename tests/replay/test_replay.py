"""Recordings and replays with the installed command."""

from __future__ import annotations

import json
import re
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import parse

import pytest

from emulator.replay.recording import describe_past, write_recording
from emulator.scenarios import find_catalogue
from localfax import Localfax, Sandbox
from tests.cli.conftest import run_command, run_process
from tests.conftest import Control
from tests.sending import pages
from tests.test_proofs import dithered

VENDORS = ("openfax", "kazoo", "ifax", "mfax", "faxto")


@pytest.fixture
def sandbox(server: Control) -> Iterator[Sandbox]:
    """A fresh sandbox with a manual clock."""
    with Localfax(server.url) as client:
        yield client.create(clock={"mode": "manual"}, seed="replay")


def lives(faxes: list[Any]) -> list[Any]:
    """Give what a replay must make again: ids, states, calls and instants."""
    kept = ("id", "state", "outcome", "pages", "attempts", "created_at", "finished_at", "vendor_view", "cost")
    states = [[entry for entry in fax["timeline"] if entry["kind"] != "webhook"] for fax in faxes]
    return [[{name: fax[name] for name in kept}, life] for fax, life in zip(faxes, states, strict=True)]


def replayed(path: Path, *words: object) -> Any:
    done = run_command("replay", path, "--json", *words)
    assert done.returncode == 0, done.stdout[:2000] + done.stderr
    [result] = json.loads(done.stdout)
    return result


@pytest.mark.parametrize("vendor", VENDORS)
def test_recording_makes_the_same_lives_again(sandbox: Sandbox, tmp_path: Path, vendor: str) -> None:
    sandbox.settings(vendor, max_attempts=2)
    for number in ("04", "05", "02", "12", "15", "14"):
        sandbox.send(vendor, f"+150055500{number}", pages=2, max_attempts=2)
        sandbox.advance("2.5s")
    sandbox.receive(vendor, "+12125550100", "+15005550005", pages=3, csid="FAR END", force=True)
    sandbox.settle()
    path = tmp_path / "recording.yaml"
    path.write_text(write_recording(sandbox), encoding="utf-8")
    assert lives(replayed(path)["faxes"]) == lives([fax.data for fax in reversed(sandbox.faxes())])


def test_replaying_twice_gives_the_same_journal_byte_for_byte(sandbox: Sandbox, tmp_path: Path) -> None:
    for vendor in VENDORS:
        sandbox.send(vendor, "+15005550004", pages=2)
        sandbox.advance("1s")
        sandbox.send(vendor, "+15005550017")
        sandbox.receive(vendor, "+12125550100", "+13105550123", force=True)
    sandbox.settle()
    path = tmp_path / "recording.yaml"
    path.write_text(write_recording(sandbox), encoding="utf-8")
    journals = [tmp_path / name for name in ("one.json", "two.json")]
    for run, journal in zip((run_command, run_process), journals, strict=True):
        assert run("replay", path, "--journal", journal).returncode == 0
    one, two = (journal.read_bytes() for journal in journals)
    assert one == two
    assert one.count(b'"near_misses"') == 10


def send_fine(sandbox: Sandbox, document: bytes) -> None:
    own, page = sandbox.credentials("openfax"), b64encode(document).decode()
    fields = {"FaxNumber": "12125550123", "paperSize": "0", "faxResolution": "1", "Priority": "Normal"}
    url = f"{sandbox.base_url('openfax')}/faxSendSubmit.php"
    sandbox.connection.session.post(url, data={**own, **fields, "PDF_encode": page})


def test_fine_pages_last_as_long_again(sandbox: Sandbox, tmp_path: Path) -> None:
    send_fine(sandbox, pages(2))
    sandbox.settle()
    path = tmp_path / "recording.yaml"
    path.write_text(write_recording(sandbox), encoding="utf-8")
    [again], [before] = replayed(path)["faxes"], sandbox.faxes()
    assert again["attempts"] == before.data["attempts"]
    assert before.attempts[0].duration > 45


@pytest.mark.parametrize("calls", [[{"line_error": {"pages": 1}}], [{"hangup": {"pages": 1}}]])
def test_fine_pages_of_which_one_is_large_last_as_long_until_the_call_breaks(
    sandbox: Sandbox, tmp_path: Path, calls: list[Any]
) -> None:
    sandbox.add_scenarios({"name": "broken", "attempts": calls})
    send_fine(sandbox, dithered())
    sandbox.settle()
    path = tmp_path / "recording.yaml"
    path.write_text(write_recording(sandbox), encoding="utf-8")
    [again], [before] = replayed(path)["faxes"], sandbox.faxes()
    assert [call["duration"] for call in again["attempts"]] == [
        call["duration"] for call in before.data["attempts"]
    ]
    assert [before.outcome] == list(calls[0])


def test_sandbox_where_nothing_happened_is_recorded(sandbox: Sandbox) -> None:
    said = describe_past(sandbox, "empty")
    assert (said["steps"], said["expect"], said["sandbox"]["vendors"]) == ([], [], {})


def test_record_writes_to_stdout_or_a_file(server: Control, sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.send("ifax", "+12125550123")
    words = ("record", "--url", server.url, "--sandbox", sandbox.id, "--name", "mine")
    printed = run_command(*words).stdout
    assert printed.startswith("# Play it again: localfax replay FILE\nname: mine\n")
    assert run_command(*words, "-o", tmp_path / "mine.yaml").stdout == ""
    assert (tmp_path / "mine.yaml").read_text() == printed


def test_catalogue_replays_as_expected() -> None:
    done = run_command("replay", find_catalogue())
    assert done.returncode == 0, done.stdout
    assert done.stdout.splitlines()[-1].endswith("scenarios, 0 not as expected.")


BROKEN = """\
name: right
match: {to: "+12125550123"}
attempts: [busy]
expect: [{state: failed, outcome: busy}]
---
name: wrong <b>
purpose: Cannot be so.
""".replace(" <b>", "")
BROKEN += 'attempts: [busy]\nexpect: [{state: delivered, attempts: 1, submit: "200"}, {state: delivered}]\n'


def test_what_is_not_as_expected_is_told_in_all_reports(tmp_path: Path) -> None:
    path, junit, html = (tmp_path / name for name in ("two.yaml", "junit.xml", "report.html"))
    path.write_text(BROKEN)
    done = run_command("replay", path, "--junit", junit, "--html", html, "--vendor", "ifax")
    assert done.returncode == 4
    assert done.stdout.startswith(
        "ok      right (ifax)\n"
        "FAILED  wrong (ifax)\n"
        "        1. fax-1: state is 'failed', not 'delivered'\n"
        "        1 faxes more were expected than were made\n"
        "fax-1  ifax outbound to +13105550123  failed (busy), 0 of 1 page, 1 call  (wrong)\n"
    )
    root = parse(junit).getroot()
    assert (root.get("tests"), root.get("failures")) == ("2", "1")
    cases = root.findall("testsuite/testcase")
    assert [case.get("name") for case in cases] == ["right [ifax]", "wrong [ifax]"]
    failure = cases[1].find("failure")
    assert failure is not None
    assert failure.get("message") == "1. fax-1: state is 'failed', not 'delivered'"
    assert "call 1: busy" in (cases[0].findtext("system-out") or "")
    page = html.read_text()
    assert "2 scenarios, 1 as expected, 1 not." in page
    assert page.count("call 1: dial") == 2
    assert page.index(">wrong</h2>") < page.index(">right</h2>")
    assert re.search(r"1. fax-1: state</th><td>delivered</td><td>failed</td>", page)
    facts = dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page))
    assert list(facts) == ["Date", "Version", "Duration", "Command", "Seed"]
    assert "POST /v1/customer/fax-send" in page
    assert "fax.sent of fax-1, try 1: 200" in page
    assert page.count("data:image/png;base64,") == 2
    assert not any(word in page for word in ("http://cdn", "https://", "<script", "<link"))


def test_file_that_is_wrong_ends_with_1(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text("name: bad\nattempts: [buzy]\n")
    done = run_command("replay", path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"Error: {path}:2: attempts[0]: unknown outcome 'buzy'")


def test_wait_leaves_the_sending_to_the_application(
    server: Control, sandbox: Sandbox, tmp_path: Path, application: Callable[[Sandbox], None]
) -> None:
    path = tmp_path / "wait.yaml"
    path.write_text("name: wait\nattempts: [no_answer]\nexpect: [{state: failed, outcome: no_answer}]\n")
    words = ("--url", server.url, "--sandbox", sandbox.id, "--wait")
    application(sandbox)
    assert replayed(path, *words)["passed"] is True
    late = run_command("replay", path, *words, "--timeout", 0.2)
    assert late.returncode == 4
    assert "the application sent no fax within 0.2 s" in late.stdout


@pytest.fixture
def application() -> Iterator[Callable[[Sandbox], None]]:
    """An application that sends one fax as soon as the sandbox has the scenario."""
    threads = []

    def start(sandbox: Sandbox) -> None:
        def work() -> None:
            with Localfax(sandbox.connection.url) as client:
                own = client.sandbox(sandbox.id)
                for _ in range(2000):
                    if own.scenarios()["scenarios"]:
                        own.send("ifax", "+12125550123")
                        return

        threads.append(threading.Thread(target=work))
        threads[-1].start()

    yield start
    for thread in threads:
        thread.join()


def test_wait_needs_to_know_the_sandbox(tmp_path: Path) -> None:
    path = tmp_path / "wait.yaml"
    path.write_text("name: wait\n")
    done = run_command("replay", path, "--wait")
    assert done.returncode == 2
    assert "--wait needs --url and --sandbox" in done.stderr
