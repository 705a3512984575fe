"""The commands of docs/real-vendor.md, on a recording of a user's own; a receiver stands for the vendor."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
from pathlib import Path

import pytest
import requests

from tests.cli.conftest import COMMAND, HUNG, run_command, variables
from tests.docs.pages import ROOT, list_examples
from tests.receiver import Receiver

EXAMPLES = [each for each in list_examples() if each.page == "docs/real-vendor.md"]
COMMANDS = [line for each in EXAMPLES if each.language == "sh" for line in each.text.splitlines() if line]
PROXY = [shlex.split(line)[2:] for line in COMMANDS if line.startswith("localfax proxy ")]
HERE = [line for line in COMMANDS if not line.startswith("localfax proxy ")]
APPLICATION = """
import requests
url, keys = "https://api.ifaxapp.com/v1/customer/fax-lists", {"accessToken": "k3y-of-mine"}
print(requests.post(url, json={}, headers=keys).text)
"""
THERE = {
    "ifax.har": ROOT / "fixtures" / "observed" / "ifax-live.har",
    "scenarios": ROOT / "scenarios",
}
"""What the page takes for granted: a recording, and a checkout."""


def serve(line: str) -> str:
    """Run a line that stays until the server has printed its last vendor; give what it printed."""
    words = [COMMAND, *shlex.split(line)[1:], "--port", "0"]
    said = ""
    with subprocess.Popen(
        words, env=variables({}), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as running:
        assert running.stdout is not None
        while "faxSendSubmit" not in said and (line := running.stdout.readline()):
            said += line
        running.terminate()
        running.communicate(timeout=HUNG)
    return said


def test_the_commands_of_the_page_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, origin in THERE.items():
        (tmp_path / name).symlink_to(origin)
    monkeypatch.chdir(tmp_path)
    said = {}
    for line in HERE:
        if line.startswith("localfax serve "):
            assert "faxSendSubmit" in serve(line), line
            continue
        done = run_command(*shlex.split(line)[1:])
        assert done.returncode == 0, line + done.stdout + done.stderr
        said[line.split(" ", 2)[1]] = done.stdout
    assert "Set it: localfax serve --profile ifax=live" in said["compare"]
    assert "busy-then-delivered" in said["migrate"]
    written = ("report.html", "report.xml", "my-account.yaml", "move.html")
    assert [name for name in written if not (tmp_path / name).stat().st_size] == []


@pytest.fixture
def account(receiver: Receiver, tmp_path: Path) -> dict[str, str]:
    """Where a user with an account is, but that his vendor is a receiver: the environment of his commands."""
    receiver.answer(200, {"status": 0, "code": 12001, "message": "accessToken invalid"}, times=None)
    (tmp_path / "app.py").write_text(APPLICATION, encoding="utf-8")
    at = {"LOCALFAX_UPSTREAM": receiver.url, "LOCALFAX_CA_DIR": str(tmp_path / "ca")}
    return variables({**at, "PATH": os.pathsep.join([str(Path(COMMAND).parent), os.environ["PATH"]])})


def record(words: list[str], account: dict[str, str], place: Path) -> subprocess.Popen[str]:
    """Start a proxy as the page has it, on a free port, and give its question the host's name."""
    running = subprocess.Popen(
        [COMMAND, "proxy", "--port", "0", *words],
        cwd=place, env=account, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert running.stdin is not None
    running.stdin.write(account["LOCALFAX_UPSTREAM"].removeprefix("http://") + "\n")
    running.stdin.flush()
    return running


def test_the_proxy_of_the_page_records_an_application_with_another_base_url(
    account: dict[str, str], tmp_path: Path
) -> None:
    [words] = [each for each in PROXY if "--intercept" not in each]
    with record(words, account, tmp_path) as running:
        assert running.stdout is not None
        said = running.stdout.readline() + running.stdout.readline()
        url = re.findall(r"ifax is at (\S+),", said)[0]
        answer = requests.post(f"{url}/v1/customer/fax-lists", json={}, timeout=HUNG)
        running.send_signal(signal.SIGINT)
        rest, wrong = running.communicate(timeout=HUNG)
    assert (answer.json()["code"], running.returncode, wrong) == (12001, 0, "")
    assert "1 exchanges are in ifax.har. Now: localfax compare ifax.har" in rest


def test_the_proxy_of_the_page_records_an_application_as_it_is(
    account: dict[str, str], receiver: Receiver, tmp_path: Path
) -> None:
    [words] = [each for each in PROXY if "--intercept" in each]
    with record(words, account, tmp_path) as running:
        said, wrong = running.communicate(timeout=HUNG)
    assert (running.returncode, wrong) == (0, "")
    assert "accessToken invalid" in said
    assert [each.path for each in receiver.requests] == ["/v1/customer/fax-lists"]
    assert "k3y-of-mine" not in (tmp_path / "ifax.har").read_text(encoding="utf-8")


def test_the_overlay_of_the_page_is_right(tmp_path: Path) -> None:
    [overlay] = [each for each in EXAMPLES if each.language == "yaml"]
    (tmp_path / "my-account.yaml").write_text(overlay.text, encoding="utf-8")
    done = run_command("overlay", "check", tmp_path / "my-account.yaml")
    assert done.returncode == 0, done.stdout + done.stderr
