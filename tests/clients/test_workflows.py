"""The hook for pre-commit and the action for GitHub: what they would run there is run here."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml

from emulator.scenarios import find_catalogue
from emulator.server.http_server import bind
from tests.cli.conftest import HUNG, run_command, variables
from tests.conftest import WAIT

ROOT = Path(__file__).parents[2]
[HOOK] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
GROUPS: list[int] = []
"""Process groups of the steps that ran: what they left running is ended with them."""
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))


def test_hook_says_what_pre_commit_wants() -> None:
    assert set(HOOK) <= {"id", "name", "description", "entry", "language", "types", "files"}
    assert (HOOK["language"], HOOK["types"]) == ("python", ["yaml"])


@pytest.mark.parametrize(
    ("path", "checked"),
    [
        ("scenarios/busy.yaml", True),
        ("tests/scenarios/busy.yml", True),
        ("scenarios/README.md", False),
        ("compose.yaml", False),
        ("my-scenarios/busy.yaml", False),
    ],
)
def test_hook_is_for_files_in_a_folder_named_scenarios(path: str, checked: bool) -> None:
    assert bool(re.search(HOOK["files"], path)) is checked


def test_hook_passes_right_files_and_fails_wrong_ones(tmp_path: Path) -> None:
    command, *words = shlex.split(HOOK["entry"])
    assert command == "localfax"
    right = sorted(find_catalogue().glob("*.yaml"))[:2]
    assert run_command(*words, *right).returncode == 0
    (wrong := tmp_path / "wrong.yaml").write_text("name: wrong\nattempts: [buzy]\n", encoding="utf-8")
    done = run_command(*words, *right, wrong)
    assert (done.returncode, f"{wrong}:2: " in done.stdout) == (4, True)


@pytest.fixture
def job(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The variables of a job, and the action's inputs; what it leaves running is ended."""
    with bind("127.0.0.1", 0) as free:
        port = str(free.getsockname()[1])
    files = {name: str(tmp_path / name) for name in ("GITHUB_ENV", "GITHUB_OUTPUT", "GITHUB_PATH")}
    yield {"GITHUB_ACTION_PATH": str(ROOT), "RUNNER_TEMP": str(tmp_path), "PORT": port, **files}
    for group in GROUPS:
        with suppress(ProcessLookupError):
            os.killpg(group, signal.SIGTERM)
    GROUPS.clear()


def step(each: Mapping[str, Any], job: Mapping[str, str]) -> None:
    """Run a step as the runner does: with its own variables, stopping at the first command that fails."""
    given = {"inputs.port": job["PORT"], "inputs.arguments": "--seed action --speed max"}
    given["steps.python.outputs.python-path"] = sys.executable
    own = {
        name: re.sub(r"\$\{\{ (\S+) \}\}", lambda found: given[found[1]], value)
        for name, value in each.get("env", {}).items()
    }
    running = subprocess.Popen(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", each["run"]],
        env=variables({**job, **own}), start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    GROUPS.append(running.pid)
    assert running.wait(HUNG) == 0, each["name"]


def test_action_installs_serves_and_goes_on_when_it_is_ready(job: dict[str, str]) -> None:
    first, *steps = ACTION["runs"]["steps"]
    assert (ACTION["runs"]["using"], first["uses"]) == ("composite", "actions/setup-python@v5")
    assert set(first["with"].values()) == {"${{ inputs.python-version }}", False}
    for each in steps:
        assert each["shell"] == "bash"
        step(each, job)
    url = f"http://127.0.0.1:{job['PORT']}"
    assert Path(job["GITHUB_ENV"]).read_text(encoding="utf-8") == f"LOCALFAX_URL={url}\n"
    assert Path(job["GITHUB_OUTPUT"]).read_text(encoding="utf-8") == f"url={url}\n"
    shown = requests.get(f"{url}/_localfax/sandboxes/default", timeout=WAIT).json()
    assert (shown["seed"], shown["clock"]["speed"]) == ("action", "max")
    folder = Path(job["GITHUB_PATH"]).read_text(encoding="utf-8").strip()
    said = subprocess.run(
        [f"{folder}/localfax", "ready"],
        env=variables({"LOCALFAX_URL": url}),
        capture_output=True,
        timeout=HUNG,
    )
    assert said.returncode == 0
