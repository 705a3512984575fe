"""Many at once: those who wait hold up nobody, and descriptors may run out."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import ExitStack

import pytest

from emulator.app import App
from emulator.server.http_server import InProcess
from emulator.server.http_server import in_process as in_any_process
from emulator.watch.feed import MOST
from tests.server.calling import HOST, connect, get, leave_at_once

CROWDED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (60, 60))
from emulator.server.http_server import in_process

def app(environ, start_response):
    environ["localfax.manner"].delay = 3600.0 if environ["PATH_INFO"] == "/held" else 0.0
    start_response("200 OK", [("Content-Length", "0")])
    return []

with in_process(app) as server:
    print(server.port, flush=True)
    sys.stdin.read()
"""


def test_without_a_descriptor_left_nothing_spins():
    command = [sys.executable, "-c", CROWDED]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        server = InProcess(int(process.stdout.readline()))
        with ExitStack() as stack:
            for _ in range(70):
                client = stack.enter_context(connect(server.port))
                leave_at_once(client)
                client.sendall(get("/held"))
            while "Too many open files; none of them idles" not in process.stderr.readline():
                pass
            begun = time.monotonic()
            for _ in range(3):
                assert "none of them idles" in process.stderr.readline()
            assert time.monotonic() - begun > 0.15
        with connect(server.port) as client:
            client.sendall(get("/"))
            assert client.recv(15) == b"HTTP/1.1 200 OK"
        process.kill()


@pytest.mark.parametrize("asked", ["HEAD {}?wait=25", "GET {}?w%61it=25", "GET {}?wait=25"])
def test_who_waits_is_told_by_the_method_and_the_query_however_written(app: App, asked: str):
    line = asked.format("/_localfax/sandboxes/default/faxes").encode()
    with (
        in_any_process(app, threads=1) as server,
        connect(server.port) as waiting,
        connect(server.port) as client,
    ):
        waiting.sendall(line + b" HTTP/1.1\r\n" + HOST + b"\r\n")
        client.settimeout(10)
        client.sendall(get("/_localfax/health"))
        assert client.recv(15) == b"HTTP/1.1 200 OK"


def test_the_clock_advances_though_as_many_wait_as_may(app: App):
    with in_any_process(app) as server, ExitStack() as stack:
        for _ in range(MOST):
            waiting = stack.enter_context(connect(server.port))
            waiting.sendall(get("/_localfax/sandboxes/default/faxes?wait=25"))
        client = stack.enter_context(connect(server.port))
        client.settimeout(10)
        body = b'{"seconds": 1}'
        head = b"POST /_localfax/sandboxes/default/clock/advance HTTP/1.1\r\n" + HOST
        head += b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
        client.sendall(head + body)
        assert client.recv(9) == b"HTTP/1.1 "
