"""The page of zero change: what it shows runs, and it names what is set."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from localfax import FaxCloud
from tests.cli.test_guide import ROOT, blocks, shell
from tests.conftest import Control
from tests.vendors.test_any_credentials import SENDS

PAGE = (ROOT / "docs" / "zero-change.md").read_text(encoding="utf-8")
LETTER = SENDS["ifax"][1]["json"]


def test_the_first_lines_run(tmp_path: Path) -> None:
    done = shell(blocks("sh", "exec --intercept", PAGE)[0], tmp_path, LOCALFAX_CA_DIR=str(tmp_path / "ca"))
    assert done.stdout == "200 Fax with this id does not exist\n", done.stderr


def test_the_lines_for_a_server_that_runs_do(server: Control, tmp_path: Path) -> None:
    [script] = blocks("sh", "ca bundle", PAGE)
    ask = "curl -sS https://api.ifaxapp.com/x -d '{}' --cacert $SSL_CERT_FILE"
    done = shell(f"{script.replace('http://127.0.0.1:8329', server.url)}\n{ask}", tmp_path)
    assert '"status"' in done.stdout, done.stderr


def test_the_test_in_it_passes(faxcloud_intercept: FaxCloud) -> None:
    [test] = blocks("python", "intercept=True", PAGE)
    found: dict[str, Callable[[FaxCloud], None]] = {}
    exec(test, {"pytest": pytest, "requests": requests, "LETTER": LETTER}, found)  # the page's own lines
    found["test_an_sdk_with_a_fixed_host"](faxcloud_intercept)


def test_it_names_every_host_and_every_runtime_that_is_proved(server: Control) -> None:
    for host in server.call("GET", "/interception", 200)["hosts"]:
        assert f"`{host}`" in PAGE
    proofs = (Path(__file__).parent / "test_runtimes.py").read_text(encoding="utf-8")
    for runtime in re.findall(r"^def test_(\w+)\(application", proofs, re.MULTILINE):
        assert f"\n| {runtime}" in PAGE.lower().replace("| php 8", "| php"), runtime
