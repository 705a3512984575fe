"""Every example that users read is run: here, or by the test that is named."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from localfax import Localfax
from localfax.local_server import run_server
from tests.cli.conftest import COMMAND, HUNG, variables
from tests.docs.pages import ROOT, Example, list_examples
from tests.plugin.test_plugin import WORDS
from tests.receiver import Receiver

GUIDE, AGENTS = "tests/cli/test_guide.py::", "tests/clients/test_agents.py::"
REAL = "tests/docs/test_real_vendor.py::"
ELSEWHERE = {
    ("README.md", "sh", "api="): f"{GUIDE}test_first_calls_of_the_readme_run",
    ("AGENTS.md", "sh", "localfax exec"): f"{AGENTS}test_the_commands_and_the_test_in_python_run",
    ("AGENTS.md", "sh", "api="): f"{AGENTS}test_the_calls_run_in_their_order",
    ("AGENTS.md", "python", ""): f"{AGENTS}test_the_commands_and_the_test_in_python_run",
    ("clients/node/README.md", "", ""): "tests/clients/test_node.py::test_the_readme",
    ("clients/php/README.md", "php", ""): "tests/clients/test_php.py::test_the_readme",
    ("docs/ci.md", "yaml", "name: tests"): f"{GUIDE}test_workflow_for_ci_runs",
    ("docs/ci.md", "sh", "localfax exec"): f"{GUIDE}test_exec_leaves_evidence_and_takes_a_sandbox_along",
    ("docs/command-line.md", "sh", "localfax serve &"): f"{GUIDE}test_day_at_your_own_machine_runs",
    ("docs/replay.md", "yaml", "name:"): f"{GUIDE}test_checks_and_replays_for_qa_run",
    ("docs/replay.md", "sh", "localfax scenarios"): f"{GUIDE}test_checks_and_replays_for_qa_run",
    ("docs/replay.md", "sh", "localfax send"): f"{GUIDE}test_recording_for_qa_runs",
    ("docs/replay.md", "sh", "localfax grade"): f"{GUIDE}test_grade_for_qa_runs",
    ("docs/explore.md", "sh", ""): "tests/explore/test_page.py::test_the_command_of_the_page_finds_the_fault",
    ("docs/pytest.md", "python", ""): f"{GUIDE}test_workflow_for_ci_runs",
    ("docs/http.md", "", ""): "tests/docs/test_languages.py::test_a_program",
    ("docs/real-vendor.md", "sh", "localfax proxy"): f"{REAL}test_the_proxy_of_the_page_records",
    ("docs/real-vendor.md", "sh", ""): f"{REAL}test_the_commands_of_the_page_run",
    ("docs/real-vendor.md", "yaml", "overlay"): f"{REAL}test_the_overlay_of_the_page_is_right",
    ("docs/vendors/kazoo.md", "python", "# pip"): "tests/soak/test_sdks.py::test_the_sdks_of_the_page_send",
    ("docs/zero-change.md", "sh", ""): "tests/interception/test_page.py::test_the_first_lines_run",
    ("docs/zero-change.md", "python", ""): "tests/interception/test_page.py::test_the_test_in_it_passes",
    ("scenarios/README.md", "yaml", ""): "tests/scenarios/test_readme.py::test_the_sample_is_read",
}
"""By page, language and beginning, what runs an example that wants more than is done here."""
BY_HAND = ("docker", "localfax serve", "make", "npm", "pip", "uvx")
"""What the lines of a `console` begin with: they install, or stay, so that they are tried by hand."""

# `localfax serve` runs until it is ready; everything else as it is.
SHIM = """#!/bin/bash
if [ "$1" != serve ]; then exec {command} "$@"; fi
said=$(mktemp)
{command} "$@" --port 0 >"$said" 2>&1 &
until grep -q faxSendSubmit "$said"; do kill -0 $! || {{ cat "$said"; exit 1; }}; sleep 0.05; done
kill $! && wait $! || true
"""


def runner_of(example: Example) -> str | None:
    """Say which other test runs an example."""
    for (page, language, begins), test in ELSEWHERE.items():
        same = page == example.page and language in ("", example.language)
        if same and example.first.startswith(begins):
            return test
    return None


OWN = [each for each in list_examples() if runner_of(each) is None]
OF_SHELL = sorted({each.page for each in OWN if each.language == "sh"})
OF_PYTHON = [each for each in OWN if each.language == "python"]


@pytest.fixture
def own(receiver: Receiver) -> Iterator[Localfax]:
    """A server whose clock runs as fast as it can."""
    with run_server() as server:
        server.sandbox().clock(mode="running", speed="max")
        yield server


@pytest.mark.parametrize("page", OF_SHELL)
def test_the_commands_of_a_page_run(page: str, own: Localfax, receiver: Receiver, tmp_path: Path) -> None:
    shim = tmp_path / "bin" / "localfax"
    shim.parent.mkdir()
    shim.write_text(SHIM.format(command=shlex.join([sys.executable, "-m", "emulator.cli"])))
    shim.chmod(0o755)
    script = "\n".join(each.text for each in OWN if each.page == page and each.language == "sh")
    script = script.replace("http://127.0.0.1:8329", own.url).replace("http://127.0.0.1:8000", receiver.url)
    path = os.pathsep.join([str(shim.parent), str(Path(COMMAND).parent), os.environ["PATH"]])
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", script],
        cwd=tmp_path,
        env=variables({"PATH": path, "LOCALFAX_URL": own.url}),
        capture_output=True,
        text=True,
        timeout=HUNG,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    if "curl" in script:
        assert '"status":0' not in done.stdout.replace(" ", "")


def test_the_python_of_the_pages_runs(own: Localfax, tmp_path: Path) -> None:
    for number, example in enumerate(OF_PYTHON):
        kind = "test" if "def test_" in example.text else "program"
        (tmp_path / f"{kind}_{number}.py").write_text(example.text, encoding="utf-8")
    commands = [["-m", "pytest", *WORDS], *([str(path)] for path in tmp_path.glob("program_*.py"))]
    for words in commands:
        environ = variables({"LOCALFAX_URL": own.url})
        done = subprocess.run(
            [sys.executable, *words], cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=HUNG
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_every_example_is_run_by_some_test() -> None:
    kinds = {"sh", "python", "console", ""}
    assert [(each.page, each.language, each.first) for each in OWN if each.language not in kinds] == []


def test_the_tests_that_run_examples_are_there() -> None:
    for test in set(ELSEWHERE.values()):
        path, _, name = test.partition("::")
        files = [ROOT / path] if name else list((ROOT / path).glob("test_*.py"))
        assert any(f"def {name or 'test_'}" in each.read_text(encoding="utf-8") for each in files), test


def test_what_is_only_tried_by_hand_installs_or_stays() -> None:
    lines = [line for each in OWN if each.language == "console" for line in each.text.splitlines()]
    assert [line for line in lines if not line.startswith(BY_HAND)] == []


def test_what_has_no_language_is_no_command() -> None:
    plain = [each for each in OWN if not each.language]
    assert [each for each in plain if re.search(r"^(localfax|curl|pip) ", each.text, re.M)] == []
