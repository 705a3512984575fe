"""The commands of docs/real-vendor.md, on a recording of a user's own; only the proxy's are run elsewhere."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import COMMAND, HUNG, run_command, variables
from tests.docs.pages import ROOT, list_examples

EXAMPLES = [each for each in list_examples() if each.page == "docs/real-vendor.md"]
COMMANDS = [line for each in EXAMPLES if each.language == "sh" for line in each.text.splitlines() if line]
HERE = [line for line in COMMANDS if not line.startswith("localfax proxy ")]
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


def test_the_overlay_of_the_page_is_right(tmp_path: Path) -> None:
    [overlay] = [each for each in EXAMPLES if each.language == "yaml"]
    (tmp_path / "my-account.yaml").write_text(overlay.text, encoding="utf-8")
    done = run_command("overlay", "check", tmp_path / "my-account.yaml")
    assert done.returncode == 0, done.stdout + done.stderr
