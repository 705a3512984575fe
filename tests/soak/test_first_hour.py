"""The first hour of somebody who has only the wheel: README and quick start, literally."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import variables
from tests.docs.pages import ROOT, list_examples
from tests.receiver import Receiver

pytestmark = pytest.mark.soak
PATIENCE = 600.0
OLD = ("marshmallow<4", "pytest")
"""What the application has beside: the older marshmallow, and pytest."""
MISTAKES = """
curl -s http://127.0.0.1:8329/v1/customer/fax-send -X POST
curl -s http://127.0.0.1:8329/ifax/v1/customer/fax-status -H 'accessToken: of-production' -d '{}' >&2
localfax requests
localfax send ifx --to +12125550123 || true
localfax settings ifax --webhook http://127.0.0.1:9/nobody
localfax send ifax --to +12125550123 --no-wait
localfax settle
localfax webhooks
"""
WAYS_OUT = (
    "this is iFax's path: /ifax/v1/customer/fax-send",
    "accessToken …on opens no active account; this sandbox has accessToken ifax-test-key",
    "there are openfax, kazoo, ifax, mfax, faxto",
    "nothing listens at 127.0.0.1:9",
)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` of an environment into which pip has installed the wheel."""
    place = tmp_path_factory.mktemp("first-hour")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(place), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True, timeout=PATIENCE)
    subprocess.run([sys.executable, "-m", "venv", place / "venv"], check=True, timeout=PATIENCE)
    [wheel] = place.glob("*.whl")
    install = [place / "venv" / "bin" / "pip", "install", "--quiet", wheel, *OLD]
    subprocess.run(install, check=True, capture_output=True, timeout=PATIENCE)
    return place / "venv" / "bin"


def examples(language: str) -> str:
    """The examples of README and quick start in their order; the six calls want an application that sends."""
    pages = ("README.md", "docs/quick-start.md")
    found = [each for each in list_examples() if each.page in pages and each.language == language]
    return "\n".join(each.text for each in found if not each.first.startswith("api="))


def run(installed: Path, place: Path, script: str, receiver: Receiver) -> subprocess.CompletedProcess[str]:
    """Run lines of a shell beside `localfax serve`; what they leave running ends with them."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    lines = [line for line in script.splitlines() if not line.startswith("localfax serve --webhook")]
    begin = "localfax serve --log off >serve.txt & trap 'kill %1' EXIT; localfax ready --timeout 60\n"
    text = begin + "\n".join(lines)
    text = text.replace("http://127.0.0.1:8329", f"http://127.0.0.1:{port}")
    text = text.replace("http://127.0.0.1:8000", receiver.url)
    path = os.pathsep.join([str(installed), os.environ["PATH"]])
    own = {"PATH": path, "LOCALFAX_PORT": port, "LOCALFAX_URL": f"http://127.0.0.1:{port}"}
    environ = {name: value for name, value in variables(own).items() if name != "PYTHONPATH"}
    command = ["bash", "-e", "-o", "pipefail", "-c", text]
    return subprocess.run(command, cwd=place, env=environ, capture_output=True, text=True, timeout=PATIENCE)


def test_it_is_the_wheel_beside_the_older_package(installed: Path) -> None:
    told = "import emulator, localfax, marshmallow, importlib.metadata as m; "
    told += "print(emulator.__file__, localfax.__file__, marshmallow.__file__, m.version('marshmallow'))"
    command = [installed / "python", "-c", told]
    environ = {"PATH": os.environ["PATH"]}
    said = subprocess.run(
        command, cwd="/", env=environ, capture_output=True, text=True, timeout=PATIENCE
    ).stdout
    assert said.count(str(installed.parent)) == 3
    assert said.split()[-1].startswith("3.")


def test_the_lines_of_readme_and_quick_start_do_what_they_say(
    installed: Path, receiver: Receiver, tmp_path: Path
) -> None:
    done = run(installed, tmp_path, examples("sh"), receiver)
    assert done.returncode == 0, done.stdout + done.stderr
    assert '{"Response":"Success"' in done.stdout
    assert "fax-sent" not in done.stderr
    assert "call 2: answered" in done.stdout
    assert receiver.requests, done.stdout


def test_their_tests_pass(installed: Path, tmp_path: Path) -> None:
    for number, each in enumerate(each for each in list_examples() if each.page == "docs/quick-start.md"):
        if each.language == "python":
            (tmp_path / f"test_{number}.py").write_text(each.text)
    environ = {name: value for name, value in variables({}).items() if name != "PYTHONPATH"}
    command = [installed / "python", "-m", "pytest", "-q", "-W", "error"]
    done = subprocess.run(
        command, cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=PATIENCE
    )
    assert "1 passed" in done.stdout, done.stdout + done.stderr


def test_mistakes_are_answered_with_the_way_out(installed: Path, receiver: Receiver, tmp_path: Path) -> None:
    done = run(installed, tmp_path, MISTAKES, receiver)
    said = done.stdout + done.stderr
    assert [each for each in WAYS_OUT if each not in said] == [], said
    assert shutil.which("localfax", path=str(installed)) is not None
