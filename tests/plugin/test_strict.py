"""Rules that decide nothing are named, and fail a test where that is wanted."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.cli.conftest import HUNG
from tests.plugin.test_plugin import WORDS, outcomes

TEST = """
def test_a_rule_that_matches(faxcloud):
    faxcloud.when(to="+12125550123").busy()
    faxcloud.send("ifax", "+12125550123")
    faxcloud.settle()

def test_a_rule_that_refuses(faxcloud):
    faxcloud.when(to="+12125550123").submit(refusal="no_credit")
    faxcloud.send("ifax", "+12125550123")

def test_a_rule_that_matches_nothing(faxcloud):
    faxcloud.when(to="+12125550199").busy()
    faxcloud.send("ifax", "+12125550123")

def test_a_rule_without_an_outcome(faxcloud):
    faxcloud.when(to="+12125550123")
    faxcloud.send("ifax", "+12125550123")
"""


def run(place: Path, settings: str, test: str = TEST) -> str:
    (place / "test_it.py").write_text(test)
    (place / "pytest.ini").write_text(f"[pytest]\n{settings}\n")
    command = [sys.executable, "-m", "pytest", *WORDS]
    return subprocess.run(command, cwd=place, capture_output=True, text=True, timeout=HUNG).stdout


def test_rules_that_decide_nothing_fail_a_strict_test(tmp_path: Path):
    said = run(tmp_path, "faxcloud_strict = true")
    assert outcomes(said) == {"failed": 2, "passed": 2}
    assert "{'to': '+12125550199'}" in said
    assert "> matched no fax" in said
    assert "says no outcome: end it with one, like .busy() or .delivered()" in said


def test_they_pass_else(tmp_path: Path):
    assert outcomes(run(tmp_path, "")) == {"passed": 4}


FAILS = """
def test_it(faxcloud):
    faxcloud.when(to="+12125550199").busy()
    assert False
"""


def test_a_failing_test_names_them(tmp_path: Path):
    said = run(tmp_path, "", FAILS)
    assert outcomes(said) == {"failed": 1}
    assert "matched no fax" in said
