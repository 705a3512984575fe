"""What a failing test tells of mistakes that made no fax."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

from tests.cli.conftest import COMMAND, HUNG, variables
from tests.plugin.test_plugin import WORDS

WRONG_KEY = """
import requests

def test_it(faxcloud):
    url = faxcloud.ifax.base_url + "/v1/customer/fax-send"
    requests.post(url, json={"faxNumber": "+12125550123"}, headers={"accessToken": "wrong"}, timeout=30)
    requests.post(faxcloud.url + "/v1/customer/fax-send", json={}, timeout=30)
    faxcloud.assert_fax(state="delivered")
"""
FORGOTTEN = """
def test_it(faxcloud):
    faxcloud.send("ifax", "+12125550123")
    faxcloud.assert_webhook(vendor="ifax")
"""


def run(place: Path, test: str, *before: str, failed: int = 1) -> str:
    (place / "test_it.py").write_text(test)
    command = [*before, sys.executable, "-m", "pytest", *WORDS]
    environ = variables({"COLUMNS": "300"})
    done = subprocess.run(command, cwd=place, env=environ, capture_output=True, text=True, timeout=HUNG)
    assert f"{failed} failed" in done.stdout, done.stdout + done.stderr
    return done.stdout


def test_requests_that_opened_no_sandbox_are_shown(tmp_path: Path):
    said = run(tmp_path, WRONG_KEY)
    assert "requests that opened no sandbox:" in said
    assert "accessToken …g opens no active account; this sandbox has accessToken" in said
    assert "this is iFax's path: /ifax/v1/customer/fax-send" in said


def test_a_forgotten_settle_and_a_webhook_without_a_url_are_told_in_the_test_s_own_words(tmp_path: Path):
    said = run(tmp_path, FORGOTTEN)
    assert "ifax has no webhook URL: set one with faxcloud.ifax.webhooks_to(URL)" in said
    assert "the test's clock stands still: .settle() or .advance() plays on" in said


def test_exec_tells_of_the_sandbox_of_a_failed_test(tmp_path: Path):
    run(tmp_path, FORGOTTEN, COMMAND, "exec", "--report", "report", "--")
    ladders = (tmp_path / "report" / "ladders.txt").read_text()
    assert "ifax outbound to +12125550123" in ladders
    every = json.loads((tmp_path / "report" / "requests.json").read_text())
    assert [row["path"] for rows in every.values() for row in rows] == ["/v1/customer/fax-send"]


REFUSED = """
import pytest

def test_a_mistake_in_a_rule(faxcloud):
    faxcloud.when(to="+12125550123").busy().webhook(duplicat=1)

def test_a_vendor_of_another_name(faxcloud):
    faxcloud.send("opnfax", "+12125550123")

@pytest.mark.faxcloud(sed="1")
def test_a_mistake_in_the_marker(faxcloud): ...

@pytest.mark.faxcloud("thrid-time-lucky")
def test_a_scenario_of_another_name(faxcloud): ...
"""
OWN_FILES = re.compile(r"localfax/\w+\.py|connection\.py|sandbox\.py|plugin\.py")


def test_mistakes_are_shown_where_the_test_made_them(tmp_path: Path):
    said = run(tmp_path, REFUSED, failed=2)
    assert ">       faxcloud.when(to=" in said
    assert "webhook.duplicat: unknown key; did you mean duplicate?" in said
    assert "no vendor 'opnfax'" in said
    assert "the marker faxcloud has no sed; did you mean seed?" in said
    assert "During handling of the above exception" not in said
    assert "no scenario thrid-time-lucky; did you mean third-time-lucky?" in said
    assert not OWN_FILES.findall(said)


def test_an_address_without_its_scheme_is_told_in_a_line(tmp_path: Path):
    environ = variables({"LOCALFAX_URL": "127.0.0.1:8329"})
    (tmp_path / "test_it.py").write_text("def test_it(faxcloud): ...")
    command = [sys.executable, "-m", "pytest", *WORDS]
    done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=HUNG)
    assert (
        "LOCALFAX_URL is 127.0.0.1:8329, but '127.0.0.1:8329' is no address: it begins with http"
        in done.stdout
    )
    assert not OWN_FILES.findall(done.stdout)
