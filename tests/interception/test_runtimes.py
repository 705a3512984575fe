"""Unmodified programs with the vendors' own addresses built in: each sends by two vendors, hears of both."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import COMMAND, HUNG, variables
from tests.conftest import WAIT, Control
from tests.interception.conftest import PROGRAMS, Run
from tests.receiver import Receiver

ROOT = Path(__file__).parents[2]
NODE_MODULES = ROOT / "clients" / "node" / "node_modules"
Application = Callable[..., str]
AUDIT = """
import sys
def hear(event, told):
    if event == "socket.connect":
        print("connect", told[1][0], file=sys.stderr)
    if event in ("socket.getaddrinfo", "socket.gethostbyname"):
        print("lookup", told[0], file=sys.stderr)
sys.addaudithook(hear)
"""
"""Has the interpreter itself tell of every name that is looked up and every connection."""


@pytest.fixture(scope="module")
def node_modules() -> Path:
    subprocess.run([ROOT / "scripts" / "install-node-tools"], check=True, timeout=HUNG)
    return NODE_MODULES


@pytest.mark.parametrize(
    "library",
    ["requests", "requests_alone", "httpx", "urllib", "http_client", "aiohttp", "aiohttp_on_uvloop"],
)
def test_python(application: Application, surroundings: dict[str, str], tmp_path: Path, library: str) -> None:
    (tmp_path / "sitecustomize.py").write_text(AUDIT)
    path = f"{surroundings['PYTHONPATH']}{os.pathsep}{tmp_path}"
    said = application(sys.executable, PROGRAMS / "application.py", library, PYTHONPATH=path)
    told = {line for line in said.splitlines() if line.startswith(("connect ", "lookup "))}
    assert "connect 127.0.0.1" in told
    assert all(line.split()[1].startswith("127.") for line in told), told


@pytest.mark.parametrize("client", ["fetch", "https", "own agent", "axios", "axios without proxy"])
def test_node(application: Application, node_modules: Path, client: str) -> None:
    application("node", PROGRAMS / "application.cjs", client, NODE_PATH=str(node_modules))


@pytest.mark.parametrize("client", ["byCurl", "byStreams", "byGuzzle", "byGuzzleStream"])
def test_php(application: Application, client: str) -> None:
    application("php", "-d", "display_errors=stderr", PROGRAMS / "application.php", client)


def test_curl(stand_in: Control, run: Run, receiver: Receiver) -> None:
    stand_in.call("POST", "/sandboxes/default/reset", 200)
    for vendor in ("ifax", "openfax"):
        stand_in.vendor(vendor, webhooks={"outbound": receiver.url})
    done = run("sh", PROGRAMS / "application.sh")
    assert done.returncode == 0, done.stderr
    first, second = map(json.loads, done.stdout.splitlines())
    assert (first["status"], second["Response"]) == (1, "Success")
    receiver.wait(2)
    assert sorted(fax["vendor"] for fax in stand_in.faxes()) == ["ifax", "openfax"]


def test_exec_runs_programs_of_several_languages_at_once(free_port: int, tmp_path: Path) -> None:
    script = (
        f"node {PROGRAMS}/application.cjs https {free_port} && "
        f"php {PROGRAMS}/application.php byStreams {free_port} && "
        "curl -sS $LOCALFAX_URL/_localfax/sandboxes/default/faxes"
    )
    path = f"{Path(COMMAND).parent}{os.pathsep}{os.environ['PATH']}"
    words = ["exec", "--intercept", "--any-credentials", "--speed", "max"]
    done = subprocess.run(
        [COMMAND, *words, "--webhook", f"http://127.0.0.1:{free_port}/", "--", "sh", "-c", script],
        cwd=tmp_path,
        env=variables({"PATH": path, "LOCALFAX_CA_DIR": str(tmp_path / "ca")}),
        capture_output=True,
        text=True,
        timeout=HUNG,
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[:2] == ["1 Success heard 2"] * 2
    assert len(json.loads("\n".join(lines[2:]))["faxes"]) == 4
    [told] = done.stderr.splitlines()
    assert told.startswith("localfax exec: api.openfax.com, apps.hostedpbx.ie, api.ifaxapp.com, ")
    assert " are answered by Localfax at http://127.0.0.1:" in told


@pytest.mark.soak
@pytest.mark.parametrize("client", ["HttpClient", "HttpURLConnection"])
def test_java(application: Application, client: str, tmp_path: Path) -> None:
    build = ["javac", "-d", str(tmp_path), str(PROGRAMS / "Application.java")]
    subprocess.run(build, check=True, timeout=WAIT * 4)
    application("java", "-cp", tmp_path, "Application", client)


@pytest.mark.soak
def test_go(application: Application, tmp_path: Path) -> None:
    program = tmp_path / "application"
    build = ["go", "build", "-o", str(program), str(PROGRAMS / "application.go")]
    cache = {"GOCACHE": str(tmp_path / "cache"), "GO111MODULE": "off"}
    subprocess.run(build, check=True, timeout=WAIT * 10, env={**os.environ, **cache})
    application(program)


@pytest.mark.soak
def test_ruby(application: Application) -> None:
    application("ruby", PROGRAMS / "application.rb")


@pytest.mark.soak
def test_perl(application: Application) -> None:
    application("perl", PROGRAMS / "application.pl")


@pytest.mark.soak
@pytest.mark.parametrize("client", ["WebRequest", "HttpClient"])
def test_mono(application: Application, run: Run, stand_in: Control, client: str, tmp_path: Path) -> None:
    certificate, program, home = tmp_path / "ca.pem", tmp_path / "application.exe", {"HOME": str(tmp_path)}
    certificate.write_text(stand_in.call("GET", "/interception", 200)["certificate"], encoding="utf-8")
    assert run("cert-sync", "--user", certificate, **home).returncode == 0
    built = run("mcs", "-r:System.Net.Http", f"-out:{program}", PROGRAMS / "Application.cs")
    assert built.returncode == 0, built.stderr
    application("mono", program, client, **home)
