"""The fixture uses the server that LOCALFAX_URL names."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.cli.conftest import HUNG, variables
from tests.conftest import Control
from tests.plugin.test_plugin import WORDS

TEST = """
def test_it(faxcloud):
    print("used", faxcloud.url)
    faxcloud.send("ifax", "+12125550123")
    faxcloud.settle()
    faxcloud.assert_fax(state="delivered")
"""


def run(place: Path, url: str) -> subprocess.CompletedProcess[str]:
    (place / "test_it.py").write_text(TEST)
    command = [sys.executable, "-m", "pytest", *WORDS, "-s"]
    environ = variables({"LOCALFAX_URL": url})
    return subprocess.run(command, cwd=place, env=environ, capture_output=True, text=True, timeout=HUNG)


def test_a_server_elsewhere_is_used(server: Control, tmp_path: Path):
    done = run(tmp_path, server.url)
    assert f"used {server.url}\n" in done.stdout, done.stdout + done.stderr
    assert "1 passed" in done.stdout


def test_one_that_does_not_answer_is_said_with_the_way_out(tmp_path: Path):
    done = run(tmp_path, "http://127.0.0.1:9")
    assert "LOCALFAX_URL is http://127.0.0.1:9, but nobody answers at http://127.0.0.1:9" in done.stdout
    assert "start a server there, or unset LOCALFAX_URL for one in this process" in done.stdout


def test_exec_s_server_is_used_by_all_workers(tmp_path: Path):
    (tmp_path / "test_it.py").write_text(TEST)
    command = [
        sys.executable,
        "-m",
        "emulator.cli",
        "exec",
        "--",
        sys.executable,
        "-m",
        "pytest",
        *WORDS,
        "-n2",
    ]
    done = subprocess.run(
        command, cwd=tmp_path, env=variables({}), capture_output=True, text=True, timeout=HUNG
    )
    assert "1 passed" in done.stdout, done.stdout + done.stderr
