"""The server as a process: its further ports, and how signals end it."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.server.calling import call

SERVING = """
import os
from emulator.server.process import serve

class App:
    def __call__(self, environ, start_response):
        if environ["PATH_INFO"] == "/wait":
            print("waiting", flush=True)
            os.read(0, 1)
        body = environ.get("localfax.vendor", "none").encode()
        start_response("200 OK", [("Content-Length", str(len(body)))])
        return [body]

    def close(self):
        print("closed", flush=True)

also = [(0, {"localfax.vendor": "acme"})]
serve(lambda others: App(), "127.0.0.1", 0, also=also, ready=lambda ports: print(*ports, flush=True))
"""


@pytest.fixture
def serving() -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", SERVING]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def test_a_further_port_says_its_word(serving: subprocess.Popen[str]) -> None:
    main, vendor = map(int, serving.stdout.readline().split())
    assert [call(main, "/"), call(vendor, "/")] == [b"none", b"acme"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_lets_calls_finish_and_closes_the_application(
    serving: subprocess.Popen[str], number: signal.Signals
) -> None:
    main, _ = map(int, serving.stdout.readline().split())
    with ThreadPoolExecutor(1) as clients:
        waiting = clients.submit(call, main, "/wait")
        assert serving.stdout.readline() == "waiting\n"
        serving.send_signal(number)
        serving.stdin.write("go on\n")
        serving.stdin.flush()
        assert waiting.result() == b"none"
    assert serving.stdout.readline() == "closed\n"
    assert serving.wait(10) == 0


def test_a_second_signal_ends_the_server_at_once(serving: subprocess.Popen[str]) -> None:
    main, _ = map(int, serving.stdout.readline().split())
    with ThreadPoolExecutor(1) as clients:
        waiting = clients.submit(call, main, "/wait")
        assert serving.stdout.readline() == "waiting\n"
        serving.send_signal(signal.SIGTERM)
        serving.send_signal(signal.SIGINT)
        with pytest.raises(ConnectionError):
            waiting.result()
    assert serving.wait(10) == 0
