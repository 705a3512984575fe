"""`localfax explore` as its user runs it, beside an application that listens."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import requests

from localfax import Localfax, Sandbox
from tests.cli.conftest import run_command
from tests.conftest import WAIT, Control
from tests.explore.conftest import load

WORDS = ("--word", "delivered=.state:delivered", "--word", "failed=.state:failed")


@contextmanager
def serving(server: Control, name: str, vendor: str) -> Iterator[tuple[Sandbox, str]]:
    """Serve an example that uses a sandbox of its own."""
    sandbox = server.create(clock={"mode": "running", "speed": 7}).client
    with Localfax(server.url).serve(load(name, sandbox.environ)) as url:
        hook = {"url": f"{url}/hook"}
        sandbox.settings(vendor, webhooks={"outbound": hook, "inbound": hook})
        yield sandbox, url


def explored(sandbox: Sandbox, vendor: str, *words: object) -> Any:
    where = ("--url", sandbox.connection.url, "--sandbox", sandbox.id, "--vendor", vendor)
    return run_command("explore", *where, *words, "--seed", "s", "--patience", "0.3")


def test_a_finding_is_written_down_in_every_form_and_plays_again(server: Control, tmp_path: Path) -> None:
    with serving(server, "flask_app", "openfax") as (sandbox, url):
        send = f"curl -sf {url}/faxes -d to={{to}}"
        state = f"curl -sf '{url}/faxes?to={{to}}'"
        done = explored(
            sandbox, "openfax", "--send", send, "--state", state, *WORDS, "--effects", ".effects",
            "--no-pairs", "--only", "webhook:t", "--findings", tmp_path / "found", "--json",
            "--junit", tmp_path / "explore.xml", "--html", tmp_path / "explore.html",
        )  # fmt: skip
        assert done.returncode == 4, done.stderr
        told = json.loads(done.stdout)
        twice, broken = told["combinations"]
        assert (told["held"], told["seed"]) == (False, "s")
        assert (twice["name"], twice["verdict"], twice["truth"]) == (
            "webhook:twice", "did not hold", "delivered, 1 fax",
        )  # fmt: skip
        assert twice["problems"] == [{"kind": "effect", "text": "its effect happened 2 times, not once"}]
        assert "the application answers 204" in twice["story"]
        assert (broken["name"], broken["verdict"]) == ("webhook:truncated", "held")
        [failure] = ElementTree.parse(tmp_path / "explore.xml").iter("failure")
        assert failure.attrib["message"] == "its effect happened 2 times, not once"
        assert "webhook:twice" in (tmp_path / "explore.html").read_text(encoding="utf-8")
        assert (sandbox.clock()["mode"], sandbox.clock()["speed"]) == ("running", 7)
        assert sandbox.scenarios()["scenarios"] == []
        plays_again(sandbox, url, tmp_path / "found" / "webhook.twice.yaml")


def plays_again(sandbox: Sandbox, url: str, finding: Path) -> None:
    """Replay a finding while the application sends, as its head says."""
    where = ("--wait", "--url", sandbox.connection.url, "--sandbox", sandbox.id)
    to = finding.read_text(encoding="utf-8").partition("-d to=")[2].split()[0]

    def send() -> None:
        deadline = time.monotonic() + WAIT
        while not sandbox.scenarios()["scenarios"] and time.monotonic() < deadline:
            time.sleep(0.02)
        requests.post(f"{url}/faxes", data={"to": to, "order": "again"}, timeout=WAIT)

    sending = threading.Thread(target=send)
    sending.start()
    done = run_command("replay", *where, finding)
    sending.join()
    assert done.returncode == 0, done.stdout + done.stderr
    assert [each.fault for each in sandbox.webhooks()] == ["duplicate", None]


def test_an_application_may_send_by_itself(server: Control) -> None:
    stop = threading.Event()
    with serving(server, "correct", "ifax") as (sandbox, url):

        def send() -> None:
            for place in range(100, 200):
                if stop.wait(0.3):
                    return
                requests.post(f"{url}/faxes", data={"to": f"13105550{place}"}, timeout=WAIT)

        sending = threading.Thread(target=send)
        sending.start()
        state = f"curl -sf '{url}/faxes?to={{to}}'"
        try:
            done = explored(
                sandbox, "ifax", "--wait", "--state", state, *WORDS, "--no-pairs", "--only", "line:f"
            )
        finally:
            stop.set()
            sending.join()
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 combination: 1 held. Seed s." in done.stdout


@pytest.mark.parametrize(
    ("send", "timeout", "said"),
    [
        ("curl -sf http://127.0.0.1:9/", "60", "the send command ended with 7: it wrote nothing"),
        ("true", "3", "a plain delivery does not hold: the application asked the vendor for no fax"),
        ("sleep 90", "0.2", "the send command did not end in time: it wrote nothing"),
    ],
)
def test_a_dead_application_is_one_line(control: Control, send: str, timeout: str, said: str) -> None:
    done = explored(control.client, "ifax", "--send", send, "--state", "true", "--timeout", timeout)
    assert (done.returncode, done.stdout) == (4, "")
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "words",
    [
        ("--state", "true"),
        ("--state", "true", "--send", "true", "--wait"),
        ("--state", "true", "--wait", "--word", "sent"),
    ],
)
def test_a_wrong_command_line_is_a_usage_error(control: Control, words: tuple[str, ...]) -> None:
    assert explored(control.client, "ifax", *words).returncode == 2


def test_a_vendor_that_there_is_not_is_a_usage_error(control: Control) -> None:
    assert explored(control.client, "pigeon", "--state", "true", "--wait").returncode == 2
