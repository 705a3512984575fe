"""A server in a process of its own, to be measured from outside."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from random import SystemRandom
from urllib.error import HTTPError
from urllib.request import ProxyHandler, build_opener

from emulator.server.http_server import bind


@dataclass(frozen=True)
class Running:
    """A server that has answered: its process, its port, the seconds from its start to its first answer."""

    process: subprocess.Popen[bytes]
    port: int
    ready_after: float

    def resident_mb(self) -> float:
        """Add up the resident memory, in megabytes, of the process and its children."""
        listing = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,rss="], capture_output=True, check=True)
        rows = [tuple(map(int, line.split())) for line in listing.stdout.splitlines()]
        return sum(rss for pid, parent, rss in rows if self.process.pid in (pid, parent)) / 1024


DIRECT = build_opener(ProxyHandler({}))
"""Asks without a proxy, whatever the environment says: one may answer for a server that is not there."""

PORTS = range(61_000, 65_500)
"""Behind those that Linux gives to whoever asks for any: no other test's server comes by one."""


def free_port() -> int:
    """Find a port that nobody listens on, or is given, until it is taken."""
    for port in SystemRandom().sample(PORTS, len(PORTS)):
        with suppress(OSError), bind("127.0.0.1", port):
            return port
    raise AssertionError("no port is free")


@contextmanager
def running(
    command: Sequence[str],
    port: int,
    path: str = "/",
    *,
    patience: float = 30.0,
    env: Mapping[str, str] | None = None,
) -> Iterator[Running]:
    """Run a server's command for as long as the context lasts, which begins when the path is answered.

    That must be within `patience` seconds.
    """
    start = time.perf_counter()
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=quiet, stderr=quiet, env=env) as process:
        try:
            while not _answers(port, path):
                assert process.poll() is None, f"{command} ended with {process.returncode}"
                assert time.perf_counter() - start < patience, f"{command} does not answer"
                time.sleep(0.005)
            yield Running(process, port, time.perf_counter() - start)
        finally:
            process.terminate()


def _answers(port: int, path: str) -> bool:
    try:
        DIRECT.open(f"http://127.0.0.1:{port}{path}", timeout=30).close()
    except HTTPError as error:
        error.close()
    except OSError:
        return False
    return True
