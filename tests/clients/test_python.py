"""localfax-client, where the server is not installed: with one elsewhere, and one that a command starts."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tomllib
import venv
from collections.abc import Mapping
from importlib.metadata import distribution
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement

import emulator
import localfax
from localfax.local_server import NoServer, find_command, start_server
from tests.cli.conftest import HUNG, variables
from tests.conftest import Control

ROOT = Path(__file__).parents[2] / "clients" / "python"
NEEDED = ("requests", "urllib3", "idna", "certifi", "charset-normalizer")
"""What the client depends on, with what that depends on."""
TESTED_BY = ("pytest", "pluggy", "iniconfig", "packaging", "pygments")
COMMAND = (sys.executable, "-m", "emulator.cli")

TESTS = """
import importlib.util
import localfax
import pytest

def test_the_server_is_not_here():
    assert importlib.util.find_spec("emulator") is None

@pytest.mark.parametrize("vendor", ["openfax", "kazoo", "ifax", "mfax", "faxto"])
def test_a_busy_line_is_tried_again(faxcloud, vendor):
    faxcloud.when(to="+12125550123", vendor=vendor).busy().then.delivered(pages=2)
    sent = faxcloud.send(vendor, "+12125550123", pages=3, max_attempts=3)
    assert sent.accepted, sent
    faxcloud.settle()
    if vendor != "ifax":
        faxcloud.assert_fax(vendor=vendor, state="delivered", pages_sent=2)
    assert "call 1: busy" in faxcloud.timeline

def test_webhooks_are_received(faxcloud):
    faxcloud.webhook_receiver.answer(500, times=2)
    faxcloud.send("faxto", "+12125550123")
    faxcloud.settle()
    assert [post.status for post in faxcloud.assert_webhook(vendor="faxto").attempts] == [500, 500, 200]

def test_webhooks_come_into_an_application(faxcloud):
    heard = []
    def app(environ, start_response):
        heard.append(environ["PATH_INFO"])
        start_response("204 No Content", [])
        return []
    faxcloud.deliver_to(app, "/hook")
    faxcloud.receive("ifax", sender="+13105550123")
    faxcloud.settle()
    assert heard == ["/hook"]

def test_nothing_is_turned_into_a_pdf(faxcloud):
    letter = localfax.Document("a.txt", "text/plain", b"Dear Ann")
    with pytest.raises(ValueError, match="Openfax takes PDF alone: send a document that is one"):
        faxcloud.send("openfax", "+12125550123", document=letter)

def test_that_fails(faxcloud):
    faxcloud.send("ifax", "+15005550002")
    faxcloud.settle()
    faxcloud.assert_fax(state="deliverd")
"""
SAID = ("did you mean delivered?", "ifax outbound to +15005550002  failed (busy)", "1 failed, 9 passed")


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment with the client's wheel, what it needs and pytest, nothing else."""
    place = tmp_path_factory.mktemp("light")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(place)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True, timeout=HUNG)
    venv.create(place / "venv", symlinks=True)
    [packages] = (place / "venv").glob("lib/*/site-packages")
    for name in (*NEEDED, *TESTED_BY):
        for path in {file.parts[0] for file in distribution(name).files or ()} - {".."}:
            (packages / path).symlink_to(distribution(name).locate_file(path))
    [wheel] = place.glob("*.whl")
    with ZipFile(wheel) as archive:
        archive.extractall(packages)
    return place / "venv" / "bin" / "python"


def run(python: Path, place: Path, environ: Mapping[str, str]) -> str:
    """Run the test file as its user; give what pytest printed."""
    (place / "test_it.py").write_text(TESTS)
    clean = {name: value for name, value in variables(environ).items() if name != "PYTHONPATH"}
    command = [str(python), "-m", "pytest", "-q", "-W", "error"]
    done = subprocess.run(command, cwd=place, env=clean, capture_output=True, text=True, timeout=HUNG)
    return done.stdout + done.stderr


def test_tests_use_a_server_elsewhere(python: Path, tmp_path: Path, server: Control):
    said = run(python, tmp_path, {"LOCALFAX_URL": server.url})
    assert [each for each in SAID if each not in said] == [], said


def test_tests_use_a_server_that_a_command_starts(python: Path, tmp_path: Path):
    started = shlex.join(["env", f"PYTHONPATH={os.environ.get('PYTHONPATH', '')}", *COMMAND])
    said = run(python, tmp_path, {"LOCALFAX_COMMAND": started})
    assert [each for each in SAID if each not in said] == [], said


def test_that_there_is_none_is_said_with_the_ways_out(python: Path, tmp_path: Path):
    said = run(python, tmp_path, {"PATH": "/nowhere"})
    assert "no Localfax server is at hand: name a running one as LOCALFAX_URL" in said
    for command, why in (("/nowhere/localfax", "No such file"), ("false", "it ended with 1")):
        with pytest.raises(NoServer, match=f"{command}.*{why}"), start_server([command]):
            pass


def test_a_command_is_the_one_named_else_localfax_else_uvx(tmp_path: Path):
    paths = {}
    for name in ("uvx", "localfax"):
        paths[name] = tmp_path / name / name
        paths[name].parent.mkdir()
        paths[name].write_text("#!/bin/sh\n")
        paths[name].chmod(0o755)
    both = os.pathsep.join(str(path.parent) for path in paths.values())
    assert find_command({"PATH": both, "LOCALFAX_COMMAND": "uvx --from x localfax"})[-1] == "localfax"
    assert find_command({"PATH": both}) == [str(paths["localfax"])]
    assert find_command({"PATH": str(paths["uvx"].parent)}) == [str(paths["uvx"]), "localfax"]
    with pytest.raises(NoServer, match="LOCALFAX_COMMAND"):
        find_command({"PATH": str(tmp_path)})


def test_both_distributions_in_one_environment_are_one_plugin(python: Path, tmp_path: Path, server: Control):
    other = python.parents[1] / "both" / "localfax-0.1.0.dist-info"
    other.mkdir(parents=True)
    (other / "METADATA").write_text("Metadata-Version: 2.1\nName: localfax\nVersion: 0.1.0\n")
    (other / "entry_points.txt").write_text("[pytest11]\nlocalfax = localfax.plugin\n")
    (tmp_path / "test_it.py").write_text("def test_it(faxcloud):\n    assert faxcloud.ifax.access_token\n")
    environ = variables({"LOCALFAX_URL": server.url, "PYTHONPATH": str(other.parent)})
    command = [str(python), "-m", "pytest", "-q"]
    done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=HUNG)
    assert "1 passed" in done.stdout, done.stdout + done.stderr


def test_both_distributions_have_one_version():
    assert localfax.__version__ == emulator.__version__


def test_requests_is_all_that_it_needs():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert [Requirement(each).name for each in project["dependencies"]] == ["requests"]
    assert project["requires-python"] == ">=3.9"
