"""The client for Node: its own tests with real node under `localfax exec`, its types, package and README."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from emulator import __version__
from tests.cli.conftest import COMMAND, HUNG, variables

ROOT = Path(__file__).parents[2]
NODE = ROOT / "clients" / "node"
ASKED = ("node.test.js", "vitest.spec.ts", "playwright.spec.ts")


@pytest.fixture(scope="module", autouse=True)
def tools() -> None:
    subprocess.run([ROOT / "scripts" / "install-node-tools"], check=True, timeout=HUNG)


def run(*words: object, place: Path = NODE, **environ: str) -> subprocess.CompletedProcess[str]:
    places = (NODE / "node_modules" / ".bin", Path(COMMAND).parent, os.environ["PATH"])
    path = os.pathsep.join(map(str, places))
    return subprocess.run(
        [*map(str, words)],
        cwd=place,
        env=variables({"PATH": path, "NO_COLOR": "1", **environ}),
        capture_output=True,
        text=True,
        timeout=HUNG,
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["node", "--test", "example", "test/client.test.js", "test/node.test.js"], "# fail 0\n"),
        (["vitest", "run", "--testTimeout=100000", "--root", ".", "test/vitest.spec.ts"], "1 passed"),
        (["playwright", "test", "playwright.spec", "--timeout=100000", "--output", "OUTPUT"], "1 passed"),
    ],
    ids=["node", "vitest", "playwright"],
)
def test_tests_pass_and_their_sandboxes_are_gone(words: list[str], said: str, tmp_path: Path) -> None:
    words = [str(tmp_path) if word == "OUTPUT" else word for word in words]
    done = run(COMMAND, "exec", "--", "sh", "-c", '"$@" && localfax sandbox list --json', "sh", *words)
    assert done.returncode == 0, done.stdout + done.stderr
    tests, _, sandboxes = done.stdout.rpartition("\n[\n")
    assert said in tests
    assert [each["id"] for each in json.loads(f"[{sandboxes}")] == ["default"]


def test_the_types_are_those_of_the_server_and_of_the_client(tmp_path: Path) -> None:
    done = run(ROOT / "scripts" / "make-node-types", tmp_path, PYTHON=sys.executable)
    assert done.returncode == 0, done.stdout + done.stderr
    for name in ("openapi.d.ts", "index.d.ts"):
        kept = (NODE / name).read_text(encoding="utf-8")
        assert (tmp_path / name).read_text(encoding="utf-8") == kept, "make node-types writes it"


def test_a_failed_test_leaves_its_sandbox_to_the_report(tmp_path: Path) -> None:
    """In a place of its own with nothing but the package as it would be published."""
    packed = run("npm", "pack", "--silent", "--pack-destination", tmp_path)
    with tarfile.open(tmp_path / packed.stdout.strip()) as package:
        package.extractall(tmp_path / "node_modules", filter="data")
    (tmp_path / "node_modules" / "package").rename(tmp_path / "node_modules" / "localfax")
    test = (NODE / "test" / "node.test.js").read_text(encoding="utf-8").replace('"busy", {', '"no_answer", {')
    (tmp_path / "failing.test.mjs").write_text(test, encoding="utf-8")
    report = tmp_path / "report"
    done = run(
        COMMAND, "exec", "--report", report, "--", "node", "--test", "failing.test.mjs", place=tmp_path
    )
    assert (done.returncode, "localfax timeline --url http://127.0.0.1:" in done.stdout) == (1, True)
    ladders = (report / "ladders.txt").read_text(encoding="utf-8")
    assert "call 1: no_answer" in ladders
    assert "a busy line is tried again" in (report / "index.html").read_text(encoding="utf-8")


def test_the_package_needs_nothing_and_is_of_this_version() -> None:
    about = json.loads((NODE / "package.json").read_text(encoding="utf-8"))
    assert about["version"] == __version__
    assert not {"dependencies", "peerDependencies", "optionalDependencies"} & set(about)


def test_the_readme_shows_tests_that_run_and_every_method() -> None:
    readme = (NODE / "README.md").read_text(encoding="utf-8")
    for name in ASKED:
        assert f"\n{(NODE / 'test' / name).read_text(encoding='utf-8')}```" in readme
    sandbox = (
        (NODE / "index.js").read_text(encoding="utf-8").partition("class Sandbox {")[2].partition("\n}")[0]
    )
    methods = set(re.findall(r"^  (?:async )?(\w+)\(.*\{$", sandbox, re.MULTILINE)) - {"constructor"}
    assert {name for name in methods if f"`{name}(" not in readme} == {"ask", "rows"}


def test_the_example_is_small() -> None:
    assert len((NODE / "example" / "app.js").read_text(encoding="utf-8").splitlines()) <= 60
