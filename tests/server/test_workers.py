"""Several worker processes over one store: they share ports, are replaced, and end together."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

import pytest
import requests

from tests.bench.process import free_port
from tests.conftest import WAIT, Control
from tests.sending import send
from tests.soak.storm import until
from tests.soak.workers import Workers, workers
from tests.stores.redis_server import RedisServer, redis_server

SLOW = {"name": "slow", "http": {"delay": 1.0}, "match": {"vendor": "ifax"}}


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with redis_server(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture
def server(redis: RedisServer) -> Iterator[Workers]:
    redis.client.flushall()
    with workers(redis.url) as running:
        until(lambda: len(running.pids()) == 2, WAIT, "two workers run")
        yield running


def alive(pid: int) -> bool:
    """Tell whether a process runs; one that has ended and waits for its parent does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_any_worker_answers_for_a_sandbox_that_another_made(server: Workers):
    control = Control(server.url).create()
    sent = [send(control, "ifax").json()["data"]["jobId"] for _ in range(10)]
    assert len(set(sent)) == 10
    assert len(control.faxes()) == 10
    timeline = control.advance()["timeline"]
    assert [entry["what"] for entry in timeline].count("delivered") == 10
    assert {fax["state"] for fax in control.faxes()} == {"delivered"}


def test_the_measures_are_those_of_all_workers_whichever_is_asked(server: Workers):
    control = Control(server.url).create()
    for _ in range(20):
        assert send(control, "ifax").ok
    for _ in range(6):
        told = requests.get(f"{server.url}/_localfax/metrics", timeout=WAIT).text
        counted = [line for line in told.splitlines() if line.startswith("localfax_requests_total{")]
        assert [line.rpartition(" ")[2] for line in counted] == ["20.0"]


def test_a_worker_that_stands_still_does_not_keep_the_measures_from_being_told(server: Workers):
    control = Control(server.url).create()
    assert send(control, "ifax").ok
    stopped = server.pids()[0]
    os.kill(stopped, signal.SIGSTOP)
    try:
        told = requests.get(f"{server.url}/_localfax/metrics", timeout=WAIT)
        assert (told.status_code, "localfax_requests_total" in told.text) == (200, True)
    finally:
        os.kill(stopped, signal.SIGCONT)


def test_workers_take_connections_evenly(server: Workers):
    def descriptors() -> list[int]:
        return [len(list(Path(f"/proc/{pid}/fd").iterdir())) for pid in server.pids()]

    def connect() -> None:
        client = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=WAIT))
        client.sendall(b"GET /_localfax/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert client.recv(12) == b"HTTP/1.1 200"

    def are_even() -> bool:
        connect()  # the first worker alone answers while the second one starts
        return max(descriptors()) - min(descriptors()) <= 2

    port = urlsplit(server.url).port
    with ExitStack() as stack:
        until(are_even, WAIT, "the second worker has caught up")
        before = descriptors()
        for _ in range(20):
            connect()
        more = [after - earlier for after, earlier in zip(descriptors(), before, strict=True)]
    assert min(more) >= 8


def test_a_worker_that_dies_is_replaced(server: Workers):
    control = Control(server.url).create()
    before = set(server.pids())
    server.kill_one(Random(1))
    until(lambda: len(set(server.pids()) - before) == 1, WAIT, "another worker was started")
    assert send(control, "ifax").status_code == 200


def test_sigterm_lets_a_call_in_flight_finish_and_ends_all_processes(server: Workers):
    control = Control(server.url).create()
    control.call("POST", f"/sandboxes/{control.id}/scenarios", json=SLOW)
    pids = server.pids()
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(send, control, "ifax")
        until(lambda: bool(control.faxes()), WAIT, "the fax is accepted")
        server.process.terminate()
        assert answer.result().json()["status"] == 1
    assert server.process.wait(WAIT) == 0
    assert not any(map(alive, pids))
    with pytest.raises(requests.ConnectionError):
        requests.get(server.url, timeout=WAIT)


def test_workers_end_when_their_supervisor_is_killed(server: Workers):
    pids = server.pids()
    os.kill(server.process.pid, signal.SIGKILL)
    until(lambda: not any(map(alive, pids)), WAIT, "the workers have ended")


def test_a_store_that_is_not_there_is_said_once_and_nothing_is_started():
    port = free_port()
    command = [sys.executable, "-m", "emulator.cli", "serve", "--port", str(port), "--workers", "2"]
    ended = subprocess.run(
        [*command, "--store", "redis://127.0.0.1:1"], capture_output=True, text=True, timeout=WAIT
    )
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == (
        "Error: the store cannot answer: Error 111 connecting to 127.0.0.1:1. Connection refused.\n"
    )
