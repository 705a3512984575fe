"""A running server of several workers, whose workers can be killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from tests.bench.process import free_port, running

LEASE = 3.0
"""Real seconds after which a worker takes over what one that died had begun."""


class Workers:
    """The supervisor's process and those of its workers."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process = process
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.killed = 0

    def pids(self) -> list[int]:
        """Give the ids of the workers' processes."""
        pid = self.process.pid
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def kill_one(self, random: Random) -> None:
        """Kill a worker, as if the machine had lost it."""
        if pids := self.pids():
            os.kill(random.choice(pids), signal.SIGKILL)
            self.killed += 1


@contextmanager
def workers(store: str, count: int = 2, *, expire: float = 86_400.0) -> Iterator[Workers]:
    """Run a server for the block; sandboxes that are unused for `expire` real seconds are removed."""
    port = free_port()
    options = (str(port), store, str(count), str(LEASE), str(expire))
    command = [sys.executable, "-m", "tests.soak.server", *options]
    with running(command, port, "/_localfax/ready") as server:
        yield Workers(server.process, port)
