"""What is told as it happens: lines of the server's terminal, and of `localfax tail`."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import IO

import pytest
import requests

from tests.bench.process import free_port
from tests.cli.conftest import COMMAND, variables
from tests.conftest import WAIT, Control
from tests.receiver import Receiver
from tests.sending import send


@pytest.fixture(params=["text", "json", "off"])
def serving(request: pytest.FixtureRequest) -> Iterator[tuple[str, Control, IO[str], subprocess.Popen[str]]]:
    port = free_port()
    command = [COMMAND, "serve", "--port", str(port), "--speed", "0", "--log", request.param]
    environ = variables({"PYTHONUNBUFFERED": "1"})
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.strip().startswith("curl"):
                break
        yield request.param, Control(f"http://127.0.0.1:{port}"), process.stdout, process
        process.kill()


def test_the_server_prints_a_line_for_each_request_and_webhook(
    serving: tuple[str, Control, IO[str], subprocess.Popen[str]], receiver: Receiver
):
    form, default, printed, process = serving
    account = {"AccountID": "123456789", "APIKey": "of-production", "FaxNumber": "12125550123"}
    control = default.create(webhooks=receiver.url)
    assert send(control, "ifax", "+12125550123").ok
    control.advance()
    requests.post(f"{control.url}/v1/customer/fax-send", timeout=WAIT)
    requests.post(f"{control.url}/openfax/faxSendSubmit.php", data=account, timeout=WAIT)
    process.send_signal(signal.SIGTERM)
    lines = [line.rstrip("\n") for line in printed if line.strip()]
    if form == "off":
        assert lines == []
        return
    asked, told, lost, shut = lines
    if form == "json":
        assert json.loads(asked).items() >= {"kind": "request", "vendor": "ifax", "status": 200}.items()
        assert json.loads(told).items() >= {"kind": "webhook", "vendor": "ifax", "status": 200}.items()
        assert json.loads(lost)["why"] == "this is iFax's path: /ifax/v1/customer/fax-send"
        return
    assert asked[9:].startswith("ifax    POST /v1/customer/fax-send 200  ")
    assert told[9:].startswith("ifax    webhook ")
    assert "try 1: 200 <- http://127.0.0.1:" in told
    assert lost[9:].startswith("-       POST /v1/customer/fax-send 404  ")
    assert lost.endswith("this is iFax's path: /ifax/v1/customer/fax-send")
    assert shut.endswith(
        "  InvalidAuthentication: AccountID 123456789, APIKey …on open no active account; this sandbox has "
        "AccountID 123456789, APIKey IEYRtw2cd8aGa54; GET /_localfax/sandboxes gives those that do"
    )
    assert "2125550123" not in "".join(lines)


def test_tail_follows_a_sandbox_from_elsewhere(server: Control, receiver: Receiver):
    control = server.create(webhooks=receiver.url)
    command = [sys.executable, "-m", "emulator.cli", "tail", "--count", "4", "--sandbox", control.id]
    environ = variables({"LOCALFAX_URL": server.url, "PYTHONUNBUFFERED": "1"})
    following = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environ
    )
    with following as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stderr.readline() == f"Following {control.id}; the times are its clock's.\n"
        assert send(control, "ifax").ok
        control.advance()
        lines = [line[9:].rstrip("\n") for line in process.stdout]
    assert lines[0] == "ifax fax-1 received"
    assert lines[1].startswith("ifax    POST /v1/customer/fax-send 200  ")
    assert lines[2:] == ["ifax fax-1 rendering", "ifax fax-1 credit_check"]


def test_tail_says_why_a_request_was_refused_with_200(server: Control):
    control = server.create()
    command = [sys.executable, "-m", "emulator.cli", "tail", "--count", "2", "--sandbox", control.id]
    environ = variables({"LOCALFAX_URL": server.url, "PYTHONUNBUFFERED": "1"})
    keys = {"accessToken": control.credentials("ifax")["accessToken"]}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environ
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stderr.readline()
        url = f"{control.base_url('ifax')}/v1/customer/fax-send"
        answer = requests.post(url, json={"faxNumber": "x"}, headers=keys, timeout=WAIT)
        assert answer.status_code == 200
        form = {**control.credentials("openfax"), "FaxNumber": "12125550123"}
        requests.post(f"{control.base_url('openfax')}/faxSendSubmit.php", data=form, timeout=WAIT)
        lines = [line.rstrip("\n") for line in process.stdout]
    assert f"  {answer.json()['message']}" in lines[0]
    assert " 200  " in lines[0]
    assert lines[1].partition(" ms  ")[2] == (
        "InvalidFaxResolution: field `faxResolution` missing; field `paperSize` missing; "
        "field `Priority` missing; field `PDF_encode` missing"
    )
