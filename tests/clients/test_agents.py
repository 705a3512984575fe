"""What coding agents are told, in AGENTS.md and by a running server: all of it runs and is true."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import requests

from emulator.control.routes import ROUTES
from emulator.core.scripting.magic import MAGIC, PREFIX
from emulator.scenarios.calls import OUTCOMES
from localfax import Localfax
from tests.cli.conftest import COMMAND, HUNG, variables
from tests.conftest import WAIT, Control

AGENTS = (Path(__file__).parents[2] / "AGENTS.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", AGENTS, re.MULTILINE | re.DOTALL)
START, STEER = (text for language, text in BLOCKS if language == "sh")
[TEST] = (text for language, text in BLOCKS if language == "python")


def shell(script: str, place: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    path = f"{Path(COMMAND).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", script], cwd=place, env=variables({"PATH": path, **environ}),
        capture_output=True, text=True, timeout=HUNG,
    )  # fmt: skip


def test_the_commands_and_the_test_in_python_run(tmp_path: Path) -> None:
    (tmp_path / "test_busy.py").write_text(TEST, encoding="utf-8")
    done = shell(START, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "LOCALFAX_IFAX_ACCESS_TOKEN=ifax-test-key" in done.stdout
    assert "1 passed" in done.stdout


def test_the_calls_run_in_their_order(server: Control, tmp_path: Path) -> None:
    sends = 'localfax send ifax --to +12125550123 --sandbox "$id" --no-wait >&2\n'
    before, here, after = STEER.partition("# here your application sends\n")
    done = shell(before + sends + after, tmp_path, LOCALFAX_URL=server.url)
    assert (done.returncode, bool(here)) == (0, True), done.stdout + done.stderr
    said = re.sub(r"\s", "", done.stdout)
    assert f'"base_url":"{server.url}/ifax"' in said
    assert (
        '{"to":"+12125550123","state":"delivered","outcome":"delivered","calls":["busy","delivered"]}' in said
    )
    assert '{"path":"/v1/customer/fax-send","status":200,"near_misses":[]}' in said


@pytest.mark.parametrize("said", re.findall(r'`("(?:attempts|http|webhook)": .+?)`', AGENTS))
def test_each_failure_is_a_scenario(control: Control, said: str) -> None:
    control.call("POST", f"/sandboxes/{control.id}/scenarios", 201, json=json.loads(f"{{{said}}}"))


def test_the_words_beside_them_are_known(server: Control) -> None:
    known = json.dumps(server.call("GET", "/scenario.schema.json", 200))
    rows = re.findall(r"; also (.+?) \|", AGENTS)
    assert len(rows) == 3
    assert [word for word in re.findall(r"`(\w+)`", "".join(rows)) if f'"{word}"' not in known] == []


@pytest.fixture(scope="module")
def guide(server: Control) -> str:
    answer = requests.get(f"{server.root}/llms.txt", timeout=WAIT)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/plain; charset=utf-8")
    return answer.text


def test_a_server_tells_paths_that_there_are(server: Control, guide: str) -> None:
    assert "{" + "origin}" not in guide
    known = {(route.method, re.sub("<[^>]+>", "*", route.path)) for route in ROUTES}
    told = re.findall(r"^- (GET|POST|PATCH|DELETE) (/\S+?)[: ]", guide, re.MULTILINE)
    assert len(told) == 9
    assert [(method, path) for method, path in told if (method, _pattern(path)) not in known] == []
    for url in re.findall(rf"{server.url}/_localfax/\S+(?<![.,:])", guide):
        assert requests.get(url.replace("VENDOR", "ifax"), timeout=WAIT).status_code == 200, url


def _pattern(path: str) -> str:
    return re.sub(r"\b(ID|VENDOR)\b", "*", path)


def test_a_server_tells_bodies_that_are_taken(server: Control, guide: str) -> None:
    sandbox = Localfax(server.url).create()
    values = {"URL": '"http://127.0.0.1:9/"', "V": '"ifax"', "N": '"+12125550100"'}
    for method, path, body in re.findall(r"^- (\w+) (/\S+) (\{.*?\})(?::| or)", guide, re.MULTILINE):
        read: Any = json.loads(re.sub(r"\b(URL|V|N)\b", lambda found: values[found[0]], body))
        own = path.replace("ID", sandbox.id).replace("VENDOR", "ifax")
        assert server.call(method, own, json=read)
    sandbox.connection.close()


def test_a_server_tells_every_outcome_and_magic_number(guide: str) -> None:
    assert all(f"{word}," in guide or f"{word}." in guide for word in OUTCOMES)
    assert guide.endswith("".join(f"- {PREFIX}{digits}: {does}\n" for digits, (does, _) in MAGIC.items()))
