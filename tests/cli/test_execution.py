"""`localfax exec`: a command beside a server of its own."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from tests.cli.conftest import COMMAND, run_command, run_process

PRINT = (
    "import os, urllib.request as u; print(u.urlopen(os.environ['LOCALFAX_URL'] + '/_localfax/ready').status)"
)


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


def test_sigterm_is_passed_on_to_the_command() -> None:
    waits = "import sys, time; print('begun', flush=True); time.sleep(60)"
    words = [COMMAND, "exec", "--", sys.executable, "-c", waits]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        process.send_signal(signal.SIGTERM)
    assert process.returncode == 128 + signal.SIGTERM


def test_wrong_setting_is_a_usage_error() -> None:
    assert run_command("exec", "--speed", "warp", "--", "true").returncode == 2
