"""`localfax explore` as its user runs it, beside an application that listens."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
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
from tests.receiver import Receiver

WORDS = ("--word", "delivered=.state:delivered", "--word", "failed=.state:failed")


@contextmanager
def serving(server: Control, name: str, vendor: str) -> Iterator[tuple[Sandbox, str]]:
    """Serve an example that uses a sandbox of its own."""
    sandbox = server.create(clock={"mode": "running", "speed": 7}).client
    with Localfax(server.url).serve(load(name, sandbox.environ)) as url:
        hook = {"url": f"{url}/hook"}
        sandbox.settings(vendor, webhooks={"outbound": hook, "inbound": hook})
        yield sandbox, url


def explored(sandbox: Sandbox, vendor: str, *words: object, seed: str = "s") -> Any:
    where = ("--url", sandbox.connection.url, "--sandbox", sandbox.id, "--vendor", vendor)
    return run_command("explore", *where, *words, "--seed", seed, "--patience", "0.3")


def test_a_finding_is_written_down_in_every_form_and_plays_again(server: Control, tmp_path: Path) -> None:
    with serving(server, "flask_app", "openfax") as (sandbox, url):
        send = f"curl -sf {url}/faxes -d to={{to}}"
        state = f"curl -sf '{url}/faxes?to={{to}}'"
        mine = sandbox.add_scenarios([{"name": name, "attempts": ["busy"]} for name in ("one", "other")])
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
        assert sandbox.scenarios()["scenarios"] == mine
        sandbox.clear_scenarios()
        plays_again(sandbox, url, tmp_path / "found" / "webhook.twice.yaml")


def plays_again(sandbox: Sandbox, url: str, finding: Path) -> None:
    """Replay a finding while the application sends, as its head says."""
    where = ("--wait", "--url", sandbox.connection.url, "--sandbox", sandbox.id)
    to = finding.read_text(encoding="utf-8").partition("-d to=")[2].split()[0]
    command = [sys.executable, "-m", "emulator.cli", "replay", *where, str(finding)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        assert "waits for a fax of the application, 60 s at most" in running.stderr.readline()
        requests.post(f"{url}/faxes", data={"to": to, "order": "again"}, timeout=WAIT)
        told, said = running.communicate(timeout=WAIT)
    assert running.returncode == 0, told + said
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
        ("sleep 90", "0.2", "the send command did not end within 0.2"),
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


def test_words_and_numbers_that_are_not_found_say_how_they_are_named(server: Control) -> None:
    with serving(server, "correct", "ifax") as (sandbox, url):
        sends = ("--send", f"curl -sf {url}/faxes -d to={{to}}")
        state = ("--state", f"curl -sf '{url}/faxes?to={{to}}'")
        word, effects = "--word, like delivered=sent", "a path in what --state prints, like .effects"
        for seed, (words, said) in enumerate((
            ((*state, "--word", "delivered=.faxes[0]:sent"), "nothing at .faxes[0], but '{"),
            (("--state", "true"), word),
            ((*state, *WORDS, "--effects", ".mails"), effects),
            (("--state", "sleep 90", "--timeout", "0.5"), "the state command did not end within 0.5"),
            ((*state, *WORDS, "--only", "nosuch"), "--only nosuch: no combination is called so"),
        )):  # fmt: skip
            done = explored(sandbox, "ifax", *sends, *words, seed=f"{seed}")
            assert said in done.stderr, done.stderr
            assert done.stdout == ""


def test_an_application_of_another_vendor_is_told_so(server: Control) -> None:
    with serving(server, "correct", "ifax") as (sandbox, url):
        send = f"curl -sf {url}/faxes -d to={{to}}"
        done = explored(sandbox, "mfax", "--send", send, "--state", "true", "--timeout", "1")
    assert "It asked ifax in this sandbox: see --vendor" in done.stderr


def test_an_application_that_dies_midway_is_one_finding(server: Control, tmp_path: Path) -> None:
    with serving(server, "correct", "ifax") as (sandbox, url):
        died = tmp_path / "died"
        send = f"test ! -e {died} && curl -sf {url}/faxes -d to={{to}}"
        send += f" && test {{order}} != s-3 || ! touch {died}"
        state = f"test ! -e {died} && curl -sf '{url}/faxes?to={{to}}'"
        done = explored(
            sandbox, "ifax", "--send", send, "--state", state, *WORDS, "--no-pairs", "--only", "submit:",
            "--findings", tmp_path / "found", "--json", "--timeout", "3",
        )  # fmt: skip
    assert done.returncode == 4, done.stderr
    first, second, *others = json.loads(done.stdout)["combinations"]
    assert (first["verdict"], second["verdict"]) == ("held", "did not hold")
    assert second["problems"][0]["kind"] == "dead"
    assert {each["verdict"] for each in others} == {"not tried"}


@pytest.mark.parametrize("ends", [signal.SIGINT, signal.SIGTERM])
def test_stopping_it_leaves_nothing_running(server: Control, receiver: Receiver, ends: int) -> None:
    receiver.answer(200, behaviour="hang")
    with serving(server, "correct", "ifax") as (sandbox, url):
        hang = f"curl -s {receiver.url} -d $$"
        send = f"curl -sf {url}/faxes -d to={{to}}; test {{order}} = s-1 || {hang}; true"
        command = [sys.executable, "-m", "emulator.cli", "explore", "--vendor", "ifax", "--seed", "s"]
        command += ["--url", sandbox.connection.url, "--sandbox", sandbox.id, "--timeout", "60", *WORDS]
        command += ["--send", send, "--state", f"curl -sf '{url}/faxes?to={{to}}'"]
        running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        [hung] = receiver.wait(1)
        running.send_signal(ends)
        told, said = running.communicate(timeout=WAIT)
    assert (running.returncode, "stopped before" in said) == (130, True), told + said
    with pytest.raises(ProcessLookupError):
        os.kill(int(hung.body), 0)


def test_a_vendor_that_there_is_not_is_a_usage_error(control: Control) -> None:
    assert explored(control.client, "pigeon", "--state", "true", "--wait").returncode == 2
