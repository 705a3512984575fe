"""The programs of docs/http.md: each runs where its language is, and all make the same calls."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import HUNG, variables
from tests.conftest import Control

PAGE = (Path(__file__).parents[2] / "docs" / "http.md").read_text(encoding="utf-8")
PROGRAMS = dict(re.findall(r"^```(\w+)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL))
RUN = {
    "java": ("Busy.java", "java -XX:TieredStopAtLevel=1 Busy.java"),
    "go": ("busy.go", "go run busy.go"),
    "ruby": ("busy.rb", "ruby busy.rb"),
    "csharp": ("busy.cs", "mcs -r:System.Net.Http busy.cs && mono busy.exe"),
}


@pytest.mark.soak
@pytest.mark.parametrize("language", RUN)
def test_a_program_sees_its_fax_delivered_at_the_second_call(
    language: str, server: Control, tmp_path: Path
) -> None:
    name, command = RUN[language]
    (tmp_path / name).write_text(PROGRAMS[language], encoding="utf-8")
    environ = variables({"LOCALFAX_URL": server.url, "GOFLAGS": "-mod=mod"})
    words = ["bash", "-c", command]
    done = subprocess.run(words, cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=HUNG)
    assert (done.returncode, done.stdout) == (0, "the fax is delivered\n"), done.stderr


def calls(program: str) -> list[tuple[str, str]]:
    """List the calls of a program: method, and what stands for the path."""
    found = re.findall(r'[cC]all\("([A-Z]+)", (?:sandbox *\+? *)?"?([\w/.-]*)', program)
    return [(method, path.removeprefix("sandbox")) for method, path in found]


@pytest.mark.parametrize("language", RUN)
def test_all_programs_make_the_same_calls(language: str) -> None:
    assert calls(PROGRAMS[language]) == [
        ("POST", "/_localfax/sandboxes"),
        ("POST", "/scenarios/next"),
        ("POST", "/ifax/v1/customer/fax-send"),
        ("POST", "/clock/advance"),
        ("GET", "/faxes"),
        ("DELETE", ""),
    ]
