"""The `localfax` command as a person meets it: in a process of its own when it serves, else in this one."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote

import pytest
import requests

from emulator.server.http_server import bind
from emulator.vendors import all_vendors
from tests.cli.conftest import run_command

WAIT = 30.0
COMMAND = (sys.executable, "-W", "error", "-m", "emulator.cli")


def environment(**variables: str) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("LOCALFAX_")}
    return {**inherited, "PYTHONUNBUFFERED": "1", **variables}


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return run_command(*arguments, environ=variables)


@contextmanager
def serving(*arguments: str, **variables: str) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """Start `localfax serve`; give the process and the lines that it says when it is ready."""
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        [*COMMAND, "serve", *arguments], stdout=pipe, stderr=pipe, text=True, env=environment(**variables)
    )
    assert process.stdout is not None
    try:
        lines: list[str] = []
        while not lines or not lines[-1].lstrip().startswith("curl"):
            line = process.stdout.readline()
            assert line, process.communicate()
            lines.append(line.rstrip("\n"))
        yield process, lines
    finally:
        process.kill()
        process.communicate()


def curl(line: str) -> requests.Response:
    """Make the call of a curl line."""
    _, *words = shlex.split(line)
    url = next(word for word in words if word.startswith("http"))
    pairs = list(pairwise(words))
    headers = dict(value.split(": ", 1) for flag, value in pairs if flag == "-H")
    fields = [value for flag, value in pairs if flag in ("-d", "--data")]
    coded = [value.split("=", 1) for flag, value in pairs if flag == "--data-urlencode"]
    fields += [f"{name}={quote(value, safe='')}" for name, value in coded]
    forms = [value.split("=", 1) for flag, value in pairs if flag == "-F"]
    if forms:
        return requests.post(
            url, files=[(name, (None, value)) for name, value in forms], headers=headers, timeout=WAIT
        )
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    return requests.post(url, "&".join(fields).encode(), headers={**kind, **headers}, timeout=WAIT)


def without_id(text: str) -> str:
    """Leave out the id that some vendors give to each call."""
    return re.sub(r"[0-9a-f]{32}", "…", text)


def origin_of(lines: list[str]) -> str:
    found = re.fullmatch(
        r"Localfax answers at (http://127\.0\.0\.1:\d+)\. Not for real patient data\.", lines[0]
    )
    assert found, lines
    return found[1]


def test_serve_says_where_it_is_what_to_use_and_what_to_try_and_ends_cleanly():
    with serving("--port", "0") as (process, lines):
        origin = origin_of(lines)
        text = "\n".join(lines)
        for vendor in all_vendors().values():
            assert f"{origin}/{vendor.name}\n" in text
            for name, value in vendor.credentials.items():
                assert f"{name} {value}" in text
        assert requests.get(f"{origin}/_localfax/ready", timeout=WAIT).json() == {"status": "ready"}
        answer = curl(lines[-1])
        assert answer.status_code == 200
        faxes = requests.get(f"{origin}/_localfax/sandboxes/default/faxes", timeout=WAIT).json()["faxes"]
        assert len(faxes) == 1
        process.send_signal(signal.SIGTERM)
        rest, errors = process.communicate(timeout=WAIT)
        assert (process.returncode, errors) == (0, "")
        line = r"\d\d:\d\d:\d\d openfax POST /faxSendSubmit\.php 200  \d+ ms  fax-1"
        assert re.fullmatch(line, rest.strip())


def test_ctrl_c_ends_cleanly_too():
    with serving("--port", "0") as (process, _):
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=WAIT)
        assert (process.returncode, errors) == (0, "")


def test_each_vendor_may_have_a_port_of_its_own():
    with serving("--port", "0", "--vendor-ports") as (_, lines):
        origin = origin_of(lines)
        ports = [int(port) for port in re.findall(r"\(port (\d+)\)", "\n".join(lines))]
        assert len(set(ports)) == len(all_vendors())
        for port, vendor in zip(ports, all_vendors(), strict=True):
            own = requests.get(f"http://127.0.0.1:{port}/no/such/path", timeout=WAIT)
            shared = requests.get(f"{origin}/{vendor}/no/such/path", timeout=WAIT)
            assert (own.status_code, without_id(own.text)) == (shared.status_code, without_id(shared.text))


def test_settings_come_from_variables_and_a_file(tmp_path: Path):
    file = tmp_path / "localfax.toml"
    file.write_text('seed = "from a file"\nspeed = "max"', encoding="utf-8")
    with serving("--config", str(file), LOCALFAX_PORT="0", LOCALFAX_SPEED="7") as (_, lines):
        shown = requests.get(f"{origin_of(lines)}/_localfax/sandboxes/default", timeout=WAIT).json()
        assert (shown["seed"], shown["clock"]["speed"], shown["clock"]["mode"]) == (
            "from a file",
            7,
            "running",
        )


def test_more_workers_than_one_are_refused_over_a_store_that_is_not_shared():
    ended = run("serve", "--port", "0", "--workers", "2")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.endswith(
        "Error: --workers needs a shared store: each process has a memory of its own. "
        "Use one worker, or --store redis://host:port\n"
    )


def test_any_free_port_for_mail_is_for_one_worker():
    shared = ("--workers", "2", "--store", "redis://127.0.0.1:1")
    ended = run("serve", "--port", "0", *shared, "--smtp-port", "0")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.endswith(
        "Error: --smtp-port 0 is for one worker: which port it became is only known inside. Name one\n"
    )


@pytest.mark.parametrize(
    ("arguments", "variables", "message"),
    [
        (["--port", "70000"], {}, "port must be a whole number from 0 to 65,535, not 70000"),
        (["--speed", "fast"], {}, "speed must be a number from 0 to 1,000,000 or max, not 'fast'"),
        ([], {"LOCALFAX_THREADS": "lots"}, "threads must be a whole number from 1 to 1,000, not 'lots'"),
        (["--store", "tape"], {}, "unknown store 'tape'"),
        ([], {"LOCALFAX_CONFIG": "/no/such/file"}, "cannot read /no/such/file: No such file or directory"),
        (["--host", "256.1.1.1"], {}, "cannot listen on 256.1.1.1 port"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    arguments: list[str], variables: dict[str, str], message: str
):
    ended = run("serve", "--port", "0", *arguments, **variables)
    assert ended.returncode != 0
    assert ended.stderr.splitlines()[-1].startswith("Error: ")
    assert message in ended.stderr.splitlines()[-1]
    assert "Traceback" not in ended.stderr


def test_a_port_that_is_taken_is_named():
    with bind("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        ended = run("serve", "--port", str(port))
    assert ended.returncode == 1
    assert ended.stderr.startswith(f"Error: cannot listen on 127.0.0.1 port {port}: Address already in use")
    assert ended.stderr.endswith("; choose another with --port\n")


def test_a_refusal_ends_the_process_with_its_code_and_one_line():
    command = [*COMMAND, "serve", "--port", "70000"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=WAIT, env=environment())
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.endswith("Error: port must be a whole number from 0 to 65,535, not 70000\n")


def test_help_names_every_flag_and_its_default():
    shown = run("serve", "--help").stdout
    for words in ("--port INTEGER", "(8329, 8-FAX)", "--allow-host", "(127.0.0.1)", "LOCALFAX_PORT"):
        assert words in shown


def test_the_version_is_told():
    from emulator import __version__

    assert run("--version").stdout.strip().endswith(f"version {__version__}")


def test_the_curl_line_quotes_what_a_shell_would_read_otherwise():
    vendor = next(vendor for vendor in all_vendors().values() if vendor.sample)
    line = vendor.sample.format(base="http://127.0.0.1:1/x", **vendor.credentials)
    for word in shlex.split(line):
        if word.startswith("{"):
            json.loads(word)
