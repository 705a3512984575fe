"""Localfax beside servers that somebody might use instead, one after the other, each alone.

A test suite meets a server in its first seconds, when a JVM is still cold: so what is answered within 5 s of
the start is told beside what a warm one answers. WireMock, Prism and Mockoon answer the same iFax send from a
stub or from our OpenAPI document; moto knows no fax and takes an SNS message. What is not installed is left
out; `RIVALS` may name a folder with `node_modules` and a virtual environment `moto`:
npm install wiremock @stoplight/prism-cli @mockoon/cli; pip install 'moto[server]'.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from tests.bench.calls import KEY, SEND
from tests.bench.letter import BODY
from tests.bench.load import request
from tests.bench.process import Running, free_port, running
from tests.bench.rows import row
from tests.bench.wrk import TOOL, measure

PLACE = Path(os.environ.get("RIVALS", "."))
FIRST = 5.0
"""Seconds from its start in which a test suite meets a server."""
WARMING, WARM_ROUNDS = 4, 3
ANSWER = {"status": 1, "message": "Fax successfully queued for delivery", "data": {"jobId": 12345678}}
TEMPLATED = ANSWER | {"data": {"jobId": "{{randomInt lower=10000000 upper=99999999}}"}}
SNS = "Action=Publish&Message=%s&PhoneNumber=%%2B12125550123" % ("x" * 900)
SIGNED = "AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/sns/aws4_request, SignedHeaders=host, Signature=x"

Command = Callable[[int, Path], Sequence[str] | None]
"""From a port and a folder of its own to a server's command; None when it is not installed."""


def main() -> None:
    """Print, of each, the sends answered within 5 s of its start, its rate when warm, and its memory."""
    call = request("POST", SEND, headers=KEY, body=BODY)
    row("load by", TOOL)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        with _start(_localfax, folder, "/_localfax/ready") as server:
            assert server is not None
            _describe(server.port, folder)
        for name, command in COMMANDS.items():
            with _start(command, folder, "/_localfax/ready" if command is _localfax else "/") as server:
                row(name, "not installed" if server is None else _measured(server, CALLS.get(name, call)))


@contextmanager
def _start(command: Command, folder: Path, path: str) -> Iterator[Running | None]:
    port = free_port()
    line = command(port, folder)
    if line is None:
        yield None
        return
    with running(line, port, path) as server:
        yield server


def _measured(server: Running, call: bytes) -> str:
    left = FIRST - server.ready_after
    cold = measure(server.port, call, seconds=max(1, round(left)))
    rounds = [measure(server.port, call, seconds=WARMING) for _ in range(WARM_ROUNDS)]
    assert cold.failed == rounds[-1].failed == 0, (cold, rounds)
    return (
        f"{max(0.0, left) * cold.rate:,.0f} in the first {FIRST:g} s, then {rounds[-1].rate:,.0f}/s; "
        f"ready in {server.ready_after:.1f} s, {server.resident_mb():,.0f} MB in the end"
    )


def _describe(port: int, folder: Path) -> None:
    """Write what the stubs are made from."""
    with urlopen(f"http://127.0.0.1:{port}/_localfax/openapi/ifax.json", timeout=30) as answer:
        described = json.load(answer)
    described.pop("servers", None)
    (folder / "ifax.json").write_text(json.dumps(described))
    for name, answer in (("mappings", ANSWER), ("templated/mappings", TEMPLATED)):
        (folder / name).mkdir(parents=True)
        (folder / name / "send.json").write_text(json.dumps(_stub(answer)))


def _stub(answer: Any) -> Any:
    return {
        "request": {
            "method": "POST",
            "urlPath": SEND,
            "headers": {"accessToken": {"equalTo": KEY["accessToken"]}},
        },
        "response": {"jsonBody": answer, "headers": {"Content-Type": "application/json"}},
    }


def _localfax(port: int, folder: Path) -> Sequence[str]:
    return [sys.executable, "-m", "emulator.cli", "serve", "--port", str(port), "--speed", "0"]


def _moto(port: int, folder: Path) -> Sequence[str] | None:
    found = shutil.which("moto_server") or shutil.which(PLACE / "moto/bin/moto_server")
    return found and [found, "-p", str(port)]


def _templated(port: int, folder: Path) -> Sequence[str] | None:
    line = _wiremock(port, folder / "templated")
    return line and [*line, "--global-response-templating"]


def _wiremock(port: int, folder: Path) -> Sequence[str] | None:
    jars = sorted((PLACE / "node_modules/wiremock").rglob("*.jar"))
    java = shutil.which("java")
    if not jars or java is None:
        return None
    return [java, "-jar", str(jars[0]), "--port", str(port), "--root-dir", str(folder)]


def _prism(port: int, folder: Path) -> Sequence[str] | None:
    found = shutil.which("prism") or shutil.which(PLACE / "node_modules/.bin/prism")
    return found and [found, "mock", "-p", str(port), "-h", "127.0.0.1", str(folder / "ifax.json")]


def _mockoon(port: int, folder: Path) -> Sequence[str] | None:
    found = shutil.which("mockoon-cli") or shutil.which(PLACE / "node_modules/.bin/mockoon-cli")
    options = ["--data", str(folder / "ifax.json"), "--port", str(port), "--hostname", "127.0.0.1"]
    return found and [found, "start", *options, "--disable-log-to-file"]


COMMANDS: dict[str, Command] = {
    "localfax": _localfax,
    "moto (SNS)": _moto,
    "WireMock, canned": _wiremock,
    "WireMock, templated": _templated,
    "Prism": _prism,
    "Mockoon": _mockoon,
}
CALLS = {
    "moto (SNS)": request(
        "POST",
        "/",
        headers={"Content-Type": "application/x-www-form-urlencoded", "Authorization": SIGNED},
        body=SNS.encode(),
    ),
    "Prism": request("POST", SEND.removeprefix("/ifax"), headers=KEY, body=BODY),
    "Mockoon": request("POST", SEND.removeprefix("/ifax"), headers=KEY, body=BODY),
}
