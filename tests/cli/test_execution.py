"""`localfax exec`: a command beside a server of its own."""

from __future__ import annotations

import json
import os
import pty
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from emulator.server.http_server import bind
from localfax import Localfax
from tests.cli.conftest import COMMAND, run_command, run_process, variables

PRINT = (
    "import os, urllib.request as u; print(u.urlopen(os.environ['LOCALFAX_URL'] + '/_localfax/ready').status)"
)

SEND = (COMMAND, "send", "ifax", "--to", "+15005550002", "--no-wait")
WAIT = 60.0
NOT_ONE = 1.1
"""Real seconds after which a signal is a second one."""


def test_command_finds_a_server() -> None:
    done = run_process("exec", "--", sys.executable, "-c", PRINT)
    assert (done.returncode, done.stdout) == (0, "200\n"), done.stderr


def test_command_finds_urls_and_keys_of_every_vendor() -> None:
    done = run_process("exec", "--", "env")
    found = dict(
        line.partition("=")[::2] for line in done.stdout.splitlines() if line.startswith("LOCALFAX_")
    )
    url = found["LOCALFAX_URL"]
    assert found == {
        "LOCALFAX_URL": url,
        "LOCALFAX_SANDBOX": "default",
        "LOCALFAX_OPENFAX_BASE_URL": f"{url}/openfax",
        "LOCALFAX_OPENFAX_ACCOUNT_ID": "123456789",
        "LOCALFAX_OPENFAX_API_KEY": "IEYRtw2cd8aGa54",
        "LOCALFAX_KAZOO_BASE_URL": f"{url}/kazoo",
        "LOCALFAX_KAZOO_ACCOUNT": "0123456789abcdef0123456789abcdef",
        "LOCALFAX_KAZOO_X_AUTH_TOKEN": "kazoo-test-token",
        "LOCALFAX_KAZOO_API_KEY": "kazoo-test-api-key".ljust(64, "0"),
        "LOCALFAX_KAZOO_USER": "admin",
        "LOCALFAX_KAZOO_PASSWORD": "admin",
        "LOCALFAX_KAZOO_ACCOUNT_NAME": "localfax",
        "LOCALFAX_KAZOO_ACCOUNT_REALM": "localfax.sip.localfax.test",
        "LOCALFAX_IFAX_BASE_URL": f"{url}/ifax",
        "LOCALFAX_IFAX_ACCESS_TOKEN": "ifax-test-key",
        "LOCALFAX_IFAX_TEST_ACCESS_TOKEN": "test_ifax-test-key",
        "LOCALFAX_MFAX_BASE_URL": f"{url}/mfax",
        "LOCALFAX_MFAX_API_KEY": "mfax-test-key",
        "LOCALFAX_MFAX_AUTHORIZATION": "Basic mfax-test-key",
        "LOCALFAX_MFAX_BASE_API_KEY": "mfax-test-base-key",
        "LOCALFAX_FAXTO_BASE_URL": f"{url}/faxto",
        "LOCALFAX_FAXTO_API_KEY": "f@x2r0ckkz",
    }


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (("sh", "-c", "exit 7"), 7),
        (("sh", "-c", "kill -9 $$"), 128 + 9),
        (("no-such-command-here",), 127),
        (("/",), 126),
    ],
)
def test_code_of_the_command_is_given_back(command: tuple[str, ...], code: int) -> None:
    assert run_command("exec", "--", *command).returncode == code


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signal_is_passed_on_to_the_command_and_nothing_is_left(tmp_path: Path, number: int) -> None:
    words = [COMMAND, "exec", "--intercept", "--", "sh", "-c", "echo begun; exec sleep 60"]
    told = variables({"LOCALFAX_CA_DIR": str(tmp_path / "ca"), "TMPDIR": str(tmp_path)})
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=told) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        process.send_signal(number)
    assert process.returncode == 128 + number
    assert [each.name for each in tmp_path.iterdir()] == ["ca"]


DEAF = """
import signal, sys
def hear(number, frame):
    print("heard", number, flush=True)
for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, hear)
print("begun", flush=True)
while True:
    signal.pause()
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_same_signal_later_ends_a_command_that_does_not_heed_it(number: int) -> None:
    words = [COMMAND, "exec", "--", sys.executable, "-c", DEAF]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=variables({})) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        process.send_signal(number)
        assert process.stdout.readline() == f"heard {number}\n"
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(NOT_ONE)
        process.send_signal(number)
        assert process.stdout.read() == ""
    assert process.returncode == 128 + signal.SIGKILL


def test_ctrl_c_at_a_terminal_reaches_the_command_once_each_time() -> None:
    """The terminal tells everybody in front of it, so that nothing is passed on."""
    ours, theirs = pty.openpty()
    words = shlex.join([COMMAND, "exec", "--", sys.executable, "-c", DEAF])
    line = f"exec <{os.ttyname(theirs)}; exec {words}"
    with (
        open(ours, "wb", buffering=0) as terminal,  # noqa: PTH123
        subprocess.Popen(
            ["sh", "-c", line], stdout=subprocess.PIPE, text=True, env=variables({}), start_new_session=True
        ) as process,
    ):
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        for _ in range(3):
            terminal.write(b"\x03")
            assert process.stdout.readline() == "heard 2\n"
        process.send_signal(signal.SIGHUP)
        assert process.stdout.read() == ""
    os.close(theirs)
    assert process.returncode == 128 + signal.SIGHUP


def test_wrong_setting_is_a_usage_error() -> None:
    assert run_command("exec", "--speed", "warp", "--", "true").returncode == 2


def test_failed_command_leaves_a_report(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "report"
    script = f"{' '.join(SEND)} && {COMMAND} settle && curl -s $LOCALFAX_IFAX_BASE_URL/no/such && exit 7"
    done = run_process("exec", "--report", folder, "--", "sh", "-c", script)
    assert (done.returncode, f"see {folder}/index.html" in done.stderr) == (7, True), done.stderr
    assert sorted(each.name for each in folder.iterdir()) == [
        "default.yaml", "index.html", "ladders.txt", "requests.json",
    ]  # fmt: skip
    ladders = (folder / "ladders.txt").read_text(encoding="utf-8")
    assert ladders.startswith("sandbox default\n\nfax-1  ifax outbound to +15005550002  failed (busy)")
    rows = json.loads((folder / "requests.json").read_text(encoding="utf-8"))["default"]
    assert [row["path"] for row in rows] == ["/no/such", "/v1/customer/fax-send"]
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert "ended with 7</title>" in page
    assert "fax-1  ifax outbound to +15005550002" in page
    assert "&lt;ifax GET /no/such -&gt;" in page
    assert "refused requests: 1, failed faxes: 1" in page
    assert all(f"<dt>{each}</dt>" in page for each in ("Date", "Version", "Duration", "Command", "Seed"))
    played = run_command("replay", folder / "default.yaml")
    assert played.returncode == 0, played.stdout


@pytest.mark.parametrize(("flags", "written"), [((), False), (("--report-always",), True)])
def test_report_of_a_command_that_succeeds_is_asked_for(
    tmp_path: Path, flags: tuple[str, ...], written: bool
) -> None:
    folder = tmp_path / "report"
    assert run_command("exec", "--report", folder, *flags, "--", "true").returncode == 0
    assert folder.is_dir() is written
    if written:
        assert "no vendor was called" in (folder / "index.html").read_text(encoding="utf-8")


def test_report_always_needs_a_folder() -> None:
    done = run_command("exec", "--report-always", "--", "true")
    assert (done.returncode, "--report-always needs --report DIR" in done.stderr) == (2, True)


def test_default_sandbox_goes_out_as_a_file_and_comes_back(tmp_path: Path) -> None:
    file = tmp_path / "kept.json"
    first = run_command("exec", "--export-on-exit", file, "--", *SEND)
    assert first.returncode == 0, first.stderr
    script = f"{COMMAND} faxes --json; exit 3"
    again = run_process("exec", "--import", file, "--", "sh", "-c", script)
    assert again.returncode == 3
    assert [fax["to"] for fax in json.loads(again.stdout)] == ["+15005550002"]


def test_snapshot_that_is_none_is_refused_before_the_command_runs(tmp_path: Path) -> None:
    (tmp_path / "odd.json").write_text("{}", encoding="utf-8")
    mark = tmp_path / "mark"
    done = run_command("exec", "--import", tmp_path / "odd.json", "--", "touch", mark)
    assert (done.returncode, mark.exists()) == (1, False)
    assert "no snapshot, as `localfax snapshot save` writes it" in done.stderr


def test_server_stays_at_its_port_until_it_is_told_to_end(tmp_path: Path) -> None:
    with bind("127.0.0.1", 0) as free:
        port = free.getsockname()[1]
    words = [COMMAND, "exec", "--port", str(port), "--keep", "--export-on-exit", tmp_path / "end.json"]
    with subprocess.Popen(
        [*words, "--", "false"], stderr=subprocess.PIPE, text=True, env=variables({})
    ) as process:
        assert process.stderr is not None
        said = process.stderr.readline()
        assert said == f"localfax exec: the server stays at http://127.0.0.1:{port}; Ctrl-C ends it\n"
        with Localfax(f"http://127.0.0.1:{port}") as server:
            server.sandbox().send("ifax", "+12125550123")
        process.send_signal(signal.SIGINT)
        assert process.wait(WAIT) == 1
    assert "+12125550123" in (tmp_path / "end.json").read_text(encoding="utf-8")
    with pytest.raises(requests.ConnectionError):
        requests.get(f"http://127.0.0.1:{port}/", timeout=WAIT)


def test_port_that_is_taken_is_named() -> None:
    with bind("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        done = run_command("exec", "--port", port, "--", "true")
    assert (done.returncode, done.stdout) == (1, "")
    assert f"cannot listen on 127.0.0.1 port {port}: Address already in use" in done.stderr
