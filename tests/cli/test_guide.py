"""The examples of the README and of its pages run as written."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import venv
from importlib.metadata import distribution
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import yaml

import emulator
import localfax
from emulator.scenarios import find_catalogue
from localfax.receiver import Receiver
from tests.conftest import Control

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
GUIDE = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").glob("*.md")))
PYTEST = (ROOT / "docs" / "pytest.md").read_text(encoding="utf-8")
BIN = Path(sys.executable).parent
HUNG = 600.0
"""Real seconds after which lines of a shell count as hung, on a machine that has much else to do."""


def blocks(language: str, word: str, text: str = GUIDE) -> list[str]:
    """List the code blocks of a language that hold a word."""
    found = re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [block for block in found if word in block]


def shell(script: str, place: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run lines of a shell, stopping at the first that fails; the server that they start ends with them."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("LOCALFAX_")}
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    stop = "trap 'test -z \"$(jobs -p)\" || kill $(jobs -p)' EXIT\n"
    return subprocess.run(
        ["bash", "-e", "-c", stop + script],
        cwd=place, env={**clean, "PATH": path, **environ}, capture_output=True, text=True, timeout=HUNG,
    )  # fmt: skip


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with the README's tests and its scenario."""
    (tmp_path / "test_readme.py").write_text(blocks("python", "def test_", PYTEST)[0])
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --strict-markers -W error\n")
    for folder in ("scenarios", "my-scenarios"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "redial.yaml").write_text(blocks("yaml", "expect:")[0])
    return tmp_path


@pytest.fixture
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder from which pip can install this program: its files and its metadata as a wheel."""
    folder, about = tmp_path_factory.mktemp("index"), distribution("localfax")
    information = f"localfax-{about.version}.dist-info"
    packages = [Path(package.__file__ or "").parent for package in (emulator, localfax)]
    files = [(root.parent, path) for root in packages for path in root.rglob("*.*") if path.suffix != ".pyc"]
    found = {str(path.relative_to(root)): path.read_bytes() for root, path in files if path.is_file()}
    found |= {
        f"emulator/scenarios_catalogue/{path.name}": path.read_bytes() for path in find_catalogue().iterdir()
    }
    for name in ("METADATA", "WHEEL", "entry_points.txt"):
        found[f"{information}/{name}"] = (about.read_text(name) or "").encode()
    found[f"{information}/RECORD"] = "".join(f"{name},,\n" for name in found).encode()
    with ZipFile(folder / f"localfax-{about.version}-py3-none-any.whl", "w") as wheel:
        for name, content in found.items():
            wheel.writestr(name, content)
    return folder


def is_stray_plugin(entry: Path) -> bool:
    """Whether this tells of a plugin that pytest would load, and that the workflow does not install."""
    points = entry / "entry_points.txt"
    needed = entry.name.startswith(("pytest_xdist", "platformdirs"))
    return points.exists() and "[pytest11]" in points.read_text() and not needed


@pytest.fixture
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` of an environment with everything that this program needs, but without this program."""
    place, others = tmp_path_factory.mktemp("venv"), tmp_path_factory.mktemp("others")
    venv.create(place, with_pip=True)
    for entry in Path(pytest.__file__).parents[1].iterdir():
        ours = "localfax" in entry.name or entry.name == "emulator"
        if not ours and entry.suffix != ".pth" and not is_stray_plugin(entry):
            (others / entry.name).symlink_to(entry)
    [own] = place.glob("lib/*/site-packages")
    (own / "others.pth").write_text(f"{others}\n")
    command = place / "bin" / "pytest"
    command.write_text(f'#!/bin/sh\nexec {place}/bin/python -m pytest "$@"\n')
    command.chmod(0o755)
    return place / "bin"


def test_workflow_for_ci_runs(project: Path, index: Path, bare: Path) -> None:
    [workflow] = blocks("yaml", "runs-on:")
    steps: list[dict[str, Any]] = yaml.safe_load(workflow)["jobs"]["test"]["steps"]
    commands = [step["run"] for step in steps if "run" in step]
    environ = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(index), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    done = shell("\n".join(commands), project, **environ, PATH=f"{bare}{os.pathsep}{os.environ['PATH']}")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Successfully installed localfax-" in done.stdout
    assert "4 passed" in done.stdout
    assert [path.name for path in sorted(project.glob("replay.*"))] == ["replay.html", "replay.xml"]


def test_day_at_your_own_machine_runs(tmp_path: Path) -> None:
    [script] = blocks("sh", "localfax ready")
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
    done = shell(script, project, LOCALFAX_WITHIN="60")
    assert done.returncode == 4, done.stderr
    assert done.stdout.count("cannot be seen") == 9


def test_exec_leaves_evidence_and_takes_a_sandbox_along(tmp_path: Path) -> None:
    done = shell(blocks("sh", "--export-on-exit")[0], tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "delivered" in (tmp_path / "faxes" / "ladders.txt").read_text(encoding="utf-8")
    assert re.search(r"^ *fax-1 .* failed +busy ", done.stdout, re.MULTILINE)


def test_guide_names_every_command() -> None:
    from emulator.cli import COMMANDS

    assert all(f"localfax {name}" in GUIDE or f"`{name}`" in GUIDE for name in COMMANDS)


def test_readme_is_short_and_its_links_lead_somewhere() -> None:
    assert len(README.splitlines()) <= 130
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    links = [
        (page, link)
        for page in pages
        for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
    ]
    assert [(page.name, link) for page, link in links if not (page.parent / link).exists()] == []


def test_first_calls_of_the_readme_run(server: Control, tmp_path: Path) -> None:
    [script] = blocks("sh", "curl -sf", README)
    begin, advance, end = script.partition("curl -sf -X POST $api/clock/advance")
    sent = "localfax send ifax --to +12125550123 --no-wait >&2\n"
    try:
        done = shell(begin + sent + advance + end, tmp_path, LOCALFAX_URL=server.url)
    finally:
        server.call("PATCH", "/sandboxes/default/clock", 200, json={"mode": "running"})
    assert done.returncode == 0, done.stdout + done.stderr
    assert '"outcome":"busy"' in done.stdout.replace(" ", "")
    assert done.stderr.startswith("received")
