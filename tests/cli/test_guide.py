"""The README's examples run as written."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from emulator.testing.receiver import Receiver
from tests.conftest import Control

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
BIN = Path(sys.executable).parent


def blocks(language: str, word: str) -> list[str]:
    """Give the README's code blocks in a language that hold a word."""
    found = re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    return [block for block in found if word in block]


def shell(script: str, place: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run lines of a shell, stopping at the first that fails; the server that they start ends with them."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("LOCALFAX_")}
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    stop = "trap 'test -z \"$(jobs -p)\" || kill $(jobs -p)' EXIT\n"
    return subprocess.run(
        ["bash", "-e", "-c", stop + script],
        cwd=place, env={**clean, "PATH": path, **environ}, capture_output=True, text=True, timeout=120,
    )  # fmt: skip


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with the README's tests and its scenario."""
    (tmp_path / "test_readme.py").write_text(blocks("python", "def test_")[0])
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = -p no:randomly --strict-markers -W error\n")
    for folder in ("scenarios", "my-scenarios"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "redial.yaml").write_text(blocks("yaml", "expect:")[0])
    return tmp_path


def test_workflow_for_ci_runs(project: Path) -> None:
    [workflow] = blocks("yaml", "runs-on:")
    steps: list[dict[str, Any]] = yaml.safe_load(workflow)["jobs"]["test"]["steps"]
    commands = [step["run"] for step in steps if "run" in step]
    assert commands[0] == "pip install localfax pytest pytest-xdist"
    done = shell("\n".join(commands[1:]), project)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "4 passed" in done.stdout
    assert (project / "replay.xml").exists()
    assert (project / "replay.html").exists()


def test_day_at_your_own_machine_runs(tmp_path: Path) -> None:
    [script] = blocks("sh", "localfax serve")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    done = shell(script, tmp_path, LOCALFAX_PORT=port, LOCALFAX_URL=f"http://127.0.0.1:{port}")
    assert done.returncode == 0, done.stdout + done.stderr
    ladder = done.stdout[done.stdout.rindex("\nfax-1  openfax") + 1 :].splitlines()
    assert (
        ladder[0] == "fax-1  openfax outbound to +15005550004  delivered, 2 of 2 pages, 2 calls  (magic-04)"
    )


def test_checks_and_replays_for_qa_run(project: Path) -> None:
    done = shell(blocks("sh", "scenarios check")[0], project)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout == (
        "1 scenarios are right, 0 problems.\n"
        "ok      redial-then-two-of-three-pages (openfax)\n"
        "1 scenarios, 0 not as expected.\n"
    )


def test_recording_for_qa_runs(server: Control, project: Path) -> None:
    sandbox = server.create().id
    script = blocks("sh", "localfax record")[0]
    done = shell(script, project, LOCALFAX_URL=server.url, LOCALFAX_SANDBOX=sandbox)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "1 scenarios, 0 not as expected."
    assert (project / "journal.json").exists()


def test_grade_for_qa_runs(project: Path, receiver: Receiver) -> None:
    script = blocks("sh", "localfax grade")[0].replace("http://127.0.0.1:8000", receiver.url)
    done = shell(script, project)
    assert done.returncode == 4, done.stderr
    assert done.stdout.count("survives") == 7


def test_readme_names_every_command() -> None:
    from emulator.cli import COMMANDS

    assert all(f"localfax {name}" in README or f"`{name}`" in README for name in COMMANDS)
