"""Localfax beside servers that somebody might use instead, in one run: moto, WireMock and Prism.

WireMock and Prism answer the same iFax send from a stub and from our OpenAPI document; moto knows no fax and
takes an SNS message. What is not installed is left out; `RIVALS` may name a folder with `node_modules` and a
virtual environment `moto`: npm install wiremock @stoplight/prism-cli; pip install 'moto[server]'.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from urllib.request import urlopen

from tests.bench.calls import KEY, SEND, rates
from tests.bench.letter import BODY
from tests.bench.load import request
from tests.bench.process import Running, free_port, running
from tests.bench.rows import row

PLACE = Path(os.environ.get("RIVALS", "."))
ANSWER = {"status": 1, "message": "Fax successfully queued for delivery", "data": {"jobId": 12345678}}
SNS = "Action=Publish&Message=%s&PhoneNumber=%%2B12125550123" % ("x" * 900)
SIGNED = "AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/sns/aws4_request, SignedHeaders=host, Signature=x"

Command = Callable[[int, Path], Sequence[str] | None]
"""From a port and a folder of its own to a server's command; None when it is not installed."""


def main() -> None:
    """Print how many sends a second each answers, its start and its memory."""
    call = request("POST", SEND, headers=KEY, body=BODY)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        servers = {"localfax": _start(stack, _localfax, folder, "/_localfax/ready")}
        assert servers["localfax"] is not None
        _describe(servers["localfax"].port, folder)
        servers |= {name: _start(stack, command, folder, "/") for name, command in COMMANDS.items()}
        there = {name: server for name, server in servers.items() if server is not None}
        calls = [(server, CALLS.get(name, call)) for name, server in there.items()]
        found = rates(*calls)
        for (name, server), rate in zip(there.items(), found, strict=True):
            rest = f"ready in {server.ready_after:.1f} s, {server.resident_mb():.0f} MB"
            row(name, f"{rate:,.0f}/s, {rest}")
    for name in sorted(servers.keys() - there.keys()):
        row(name, "not installed")


def _start(stack: ExitStack, command: Command, folder: Path, path: str) -> Running | None:
    port = free_port()
    line = command(port, folder)
    return None if line is None else stack.enter_context(running(line, port, path))


def _describe(port: int, folder: Path) -> None:
    """Write what the stubs are made from."""
    with urlopen(f"http://127.0.0.1:{port}/_localfax/openapi/ifax.json", timeout=30) as answer:
        described = json.load(answer)
    described.pop("servers", None)
    (folder / "ifax.json").write_text(json.dumps(described))
    (folder / "mappings").mkdir()
    stub = {
        "request": {
            "method": "POST",
            "urlPath": SEND,
            "headers": {"accessToken": {"equalTo": KEY["accessToken"]}},
        },
        "response": {"jsonBody": ANSWER, "headers": {"Content-Type": "application/json"}},
    }
    (folder / "mappings" / "send.json").write_text(json.dumps(stub))


def _localfax(port: int, folder: Path) -> Sequence[str]:
    return [sys.executable, "-m", "emulator.cli", "serve", "--port", str(port), "--speed", "0"]


def _moto(port: int, folder: Path) -> Sequence[str] | None:
    found = shutil.which("moto_server") or shutil.which(PLACE / "moto/bin/moto_server")
    return found and [found, "-p", str(port)]


def _wiremock(port: int, folder: Path) -> Sequence[str] | None:
    jars = sorted((PLACE / "node_modules/wiremock").rglob("*.jar"))
    java = shutil.which("java")
    if not jars or java is None:
        return None
    return [java, "-jar", str(jars[0]), "--port", str(port), "--root-dir", str(folder)]


def _prism(port: int, folder: Path) -> Sequence[str] | None:
    found = shutil.which("prism") or shutil.which(PLACE / "node_modules/.bin/prism")
    return found and [found, "mock", "-p", str(port), "-h", "127.0.0.1", str(folder / "ifax.json")]


COMMANDS: dict[str, Command] = {"moto (SNS)": _moto, "WireMock": _wiremock, "Prism": _prism}
CALLS = {
    "moto (SNS)": request(
        "POST",
        "/",
        headers={"Content-Type": "application/x-www-form-urlencoded", "Authorization": SIGNED},
        body=SNS.encode(),
    ),
    "Prism": request("POST", SEND.removeprefix("/ifax"), headers=KEY, body=BODY),
}
