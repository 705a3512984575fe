"""The recording proxy: what passes through it, what it writes, and where it refuses to go."""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import requests

from emulator.outbound.policy import OutboundPolicy
from emulator.server.http_server import in_process
from emulator.traffic.files import read_recordings
from emulator.traffic.proxy import RecordingProxy
from emulator.traffic.recorder import HarFile
from localfax.receiver import Receiver
from tests.cli.conftest import run_command, run_process


class Recorded:
    """A proxy before a receiver that stands for the vendor."""

    def __init__(self, vendor: Receiver, url: str, path: Path) -> None:
        self.vendor, self.url, self.path = vendor, url, path

    @property
    def entries(self) -> list[Any]:
        return list(json.loads(self.path.read_text())["log"]["entries"])


@pytest.fixture
def recorded(tmp_path: Path) -> Iterator[Recorded]:
    with Receiver() as vendor, Receiver() as application:
        application.answer(503, "busy")
        file = HarFile(tmp_path / "one.har")
        proxy = RecordingProxy(
            "mfax", file, f"{vendor.url}/base", policy=OutboundPolicy(), host="api.documo.com",
            receiver=f"{application.url}/hook",
        )  # fmt: skip
        with in_process(proxy, 4) as running:
            yield Recorded(vendor, running.url, tmp_path / "one.har")
        file.close()


def test_request_and_answer_pass_as_they_are(recorded: Recorded) -> None:
    recorded.vendor.answer(
        202, {"error": {"name": "X", "message": "y"}}, headers={"X-Own": "1", "Retry-After": "9"}
    )
    answer = requests.post(
        f"{recorded.url}/v1/faxes?a=b%20c",
        data=b"x=1",
        headers={"Authorization": "Basic k3y-of-mine"},
        timeout=9,
    )
    [seen] = recorded.vendor.requests
    assert (seen.method, seen.target, seen.body) == ("POST", "/base/v1/faxes?a=b%20c", b"x=1")
    assert seen.header("Authorization") == "Basic k3y-of-mine"
    assert seen.header("Host") == recorded.vendor.url.removeprefix("http://")
    assert (answer.status_code, answer.json()["error"]["name"], answer.headers["X-Own"]) == (202, "X", "1")
    [entry] = recorded.entries
    assert "k3y-of-mine" not in json.dumps(entry)
    assert entry["request"]["url"].startswith("https://api.documo.com/v1/faxes?a=")


def test_file_is_whole_after_every_entry(recorded: Recorded) -> None:
    assert recorded.entries == []
    for count in range(1, 4):
        requests.get(f"{recorded.url}/ping", timeout=9)
        assert len(recorded.entries) == count


def test_packed_answers_are_unpacked(recorded: Recorded) -> None:
    body = gzip.compress(b'{"count": 3, "rows": []}')
    recorded.vendor.answer(
        200, body, headers={"Content-Encoding": "gzip", "Content-Type": "application/json"}
    )
    assert requests.get(f"{recorded.url}/v1/tags", timeout=9).json() == {"count": 3, "rows": []}
    assert json.loads(recorded.entries[0]["response"]["content"]["text"]) == {"count": 3, "rows": []}


def test_packed_request_passes_packed_and_is_recorded_unpacked(recorded: Recorded) -> None:
    body = gzip.compress(b'{"isArchived":true}')
    headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
    requests.patch(
        f"{recorded.url}/v1/fax/b6a7dd31-1c35-4f5b-9f57-5c5c3e0b8d11", data=body, headers=headers, timeout=9
    )
    assert recorded.vendor.requests[0].body == body
    assert recorded.entries[0]["request"]["postData"]["text"] == '{"isArchived":true}'


def test_webhooks_go_on_to_the_application(recorded: Recorded) -> None:
    said = {"messageId": "b6a7dd31-1c35-4f5b-9f57-5c5c3e0b8d11", "status": "success", "direction": "outbound"}
    answer = requests.post(
        f"{recorded.url}/_webhooks/deep", json=said, headers={"Host": "my.tunnel.example"}, timeout=9
    )
    assert (answer.status_code, answer.text) == (503, "busy")
    [recording] = read_recordings([recorded.path])
    [webhook] = recording.exchanges
    assert (webhook.webhook, webhook.status) == (True, 503)
    assert webhook.asked.body.data["status"] == "success"
    assert webhook.asked.body.data["messageId"] != said["messageId"]


def test_foreign_hosts_and_pages_are_refused(recorded: Recorded) -> None:
    for headers in (
        {"Host": "evil.example"},
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
    ):
        assert requests.get(f"{recorded.url}/ping", headers=headers, timeout=9).status_code == 403
    assert recorded.vendor.requests == []


@pytest.mark.parametrize(
    ("upstream", "said"),
    [
        ("http://169.254.169.254/latest", "out of bounds"),
        ("http://[fd00:ec2::254]", "out of bounds"),
        ("http://93.184.215.14", "the internet needs --allow-egress"),
        ("http://127.0.0.1:9", "gave no answer"),
    ],
)
def test_vendor_out_of_bounds_or_silent_is_a_502(tmp_path: Path, upstream: str, said: str) -> None:
    file = HarFile(tmp_path / "no.har")
    proxy = RecordingProxy("ifax", file, upstream, policy=OutboundPolicy(), host="x")
    with in_process(proxy, 2) as running:
        answer = requests.post(f"{running.url}/v1/customer/fax-lists", json={}, timeout=20)
    file.close()
    assert (answer.status_code, said in answer.json()["error"]["message"]) == (502, True)
    assert json.loads((tmp_path / "no.har").read_text())["log"]["entries"][0]["response"]["status"] == 0


def test_recording_is_a_file_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "there.har"
    path.write_text("mine")
    done = run_command("proxy", "ifax", "--har", path, "--upstream", "http://127.0.0.1:9", "--yes")
    assert (done.returncode, "is there already" in done.stderr, path.read_text()) == (1, True, "mine")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("ifax",), 2, "requests would go to api.ifaxapp.com: say so with --allow-egress"),
        (("kazoo", "--upstream", "https://apps.hostedpbx.ie:8443"), 2, "to apps.hostedpbx.ie: say so"),
        (("nofax", "--yes"), 2, "no vendor 'nofax'"),
        (("ifax", "--upstream", "ftp://x"), 2, "only absolute http and https URLs"),
    ],
)
def test_internet_wants_a_flag_and_the_host_by_name(
    tmp_path: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    done = run_command("proxy", *words, "--har", tmp_path / "a.har")
    assert done.returncode == code
    assert said in re.sub(r"\s+", " ", done.stdout + done.stderr)
    assert not (tmp_path / "a.har").exists()


def test_host_is_to_be_written_before_anything_goes_out(tmp_path: Path) -> None:
    words = ("proxy", "ifax", "--allow-egress", "--har", tmp_path / "a.har")
    with patch("sys.stdin", StringIO("yes\n")):
        done = run_command(*words)
    assert (done.returncode, done.stderr) == (1, "Error: nothing was started\n")
    assert "Requests will go to api.ifaxapp.com, with your own keys" in done.stdout
    assert not (tmp_path / "a.har").exists()


SCRIPT = """
import requests
url, own = "https://api.ifaxapp.com/v1/customer/fax-lists", {"accessToken": "k3y-of-mine"}
said = requests.post(url, json={}, headers=own)
print(said.status_code, said.json()["message"])
try:
    requests.get("https://fax.to/api/v2/balance")
except requests.exceptions.RequestException as wrong:
    print("403" in str(wrong))
"""


def test_command_is_recorded_with_nothing_configured(tmp_path: Path) -> None:
    har = tmp_path / "in.har"
    with Receiver() as vendor:
        vendor.answer(200, {"status": 0, "code": 12001, "message": "accessToken invalid"})
        done = run_process(
            "proxy", "ifax", "--har", har, "--port", 0, "--upstream", vendor.url, "--intercept", "--yes",
            "--ca-dir", tmp_path / "ca", "--", sys.executable, "-c", SCRIPT,
        )  # fmt: skip
        [seen] = vendor.requests
    assert done.returncode == 0, done.stderr
    assert "200 accessToken invalid\nTrue\n" in done.stdout
    assert (seen.path, seen.header("accessToken")) == ("/v1/customer/fax-lists", "k3y-of-mine")
    [entry] = json.loads(har.read_text())["log"]["entries"]
    assert entry["request"]["url"] == "https://api.ifaxapp.com/v1/customer/fax-lists"
    assert "k3y-of-mine" not in har.read_text()
    assert f"1 exchanges are in {har}. Now: localfax compare {har}" in done.stdout


def test_command_finds_the_proxy_as_its_base_url_and_its_code_is_kept(tmp_path: Path) -> None:
    script = (
        "import os, sys; sys.exit(os.environ['LOCALFAX_MFAX_BASE_URL'].startswith('http://127.0.0.1:') + 6)"
    )
    words = ("--har", tmp_path / "a.har", "--port", 0, "--upstream", "http://127.0.0.1:9", "--yes")
    assert run_command("proxy", "mfax", *words, "--", sys.executable, "-c", script).returncode == 7
