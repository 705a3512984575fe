"""Real redis-servers for tests: one on a free port with a folder of its own, and a cluster of several."""

from __future__ import annotations

import resource
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from random import SystemRandom

import redis

from emulator.server.http_server import bind

PORTS, CLUSTER = range(12_000, 22_000), 10_000
"""Where servers may listen, and how far above is the cluster port: below those of outgoing connections."""

WAIT = 20.0
"""Real seconds after which a server counts as not coming up."""


class RedisServer:
    """A redis-server process; started anew it has what its append-only file has."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}"
        self._command = [
            *("redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(folder)),
            *("--save", "", "--logfile", str(folder / "log"), *options),
        ]
        self.client = redis.Redis(port=self.port, protocol=2)
        self.start()

    def start(self) -> None:
        """Start it and wait until it answers."""
        # As this process does, it goes on after a write beyond its limit.
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL, restore_signals=False)
        deadline = time.monotonic() + WAIT
        while not self._answers():
            assert self._process.poll() is None, (self.folder / "log").read_text()
            assert time.monotonic() < deadline, "redis-server does not answer"
            time.sleep(0.01)

    def stop(self) -> None:
        """Stop it in order."""
        self._process.terminate()
        self._process.wait(WAIT)

    def crash(self) -> None:
        """Kill it and start it anew."""
        self.kill()
        self.start()

    def kill(self) -> None:
        """End it as if the machine had lost it; `start` starts it anew."""
        self._process.kill()
        self._process.wait(WAIT)

    def fill_disk(self, left: int) -> None:
        """Let its append-only file grow by so many bytes at most, as if the disk were full then."""
        size = max(each.stat().st_size for each in self.folder.rglob("*.aof"))
        self._limit(size + left)

    def empty_disk(self) -> None:
        """Let its files grow again."""
        self._limit(resource.RLIM_INFINITY)

    def ended(self) -> bool:
        """Wait for it to end by itself; tell whether it does."""
        try:
            return self._process.wait(WAIT) != 0
        except subprocess.TimeoutExpired:
            return False

    def _limit(self, size: int) -> None:
        resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Let it stand still for the block: connections stay, nothing is answered."""
        self._process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)

    def stand_still(self, seconds: float) -> None:
        """Let it stand still for so many real seconds."""
        with self.paused():
            time.sleep(seconds)

    def cut(self) -> None:
        """Cut the connection of every client."""
        for kind in ("normal", "pubsub"):
            self.client.execute_command("CLIENT", "KILL", "TYPE", kind)

    def _answers(self) -> bool:
        try:
            return bool(self.client.ping())
        except redis.RedisError:
            return False


def free_port() -> int:
    """Find a port that is free, as is its cluster port, and that no outgoing connection is given."""
    for port in SystemRandom().sample(PORTS, len(PORTS)):
        with suppress(OSError), bind("127.0.0.1", port), bind("127.0.0.1", port + CLUSTER):
            return port
    raise AssertionError("no port is free")


@contextmanager
def redis_server(folder: Path, *options: str) -> Iterator[RedisServer]:
    """Run a server for the block."""
    server = RedisServer(folder, *options)
    try:
        yield server
    finally:
        server.client.close()
        server.stop()


@contextmanager
def redis_cluster(folder: Path, masters: int = 3, replicas: int = 0) -> Iterator[list[RedisServer]]:
    """Run a cluster of several masters, each with so many replicas, for the block; give all of them."""
    with ExitStack() as stack:
        servers = []
        for number in range(masters * (1 + replicas)):
            own = folder / f"node-{number}"
            own.mkdir()
            servers.append(
                stack.enter_context(
                    redis_server(own, "--cluster-enabled", "yes", "--cluster-node-timeout", "2000")
                )
            )
        addresses = [f"127.0.0.1:{server.port}" for server in servers]
        copies = ["--cluster-replicas", str(replicas)]
        create = ["redis-cli", "--cluster", "create", *addresses, *copies, "--cluster-yes"]
        subprocess.run(create, check=True, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + WAIT
        while any(server.client.cluster("INFO")["cluster_state"] != "ok" for server in servers):
            assert time.monotonic() < deadline, "the cluster does not form"
            time.sleep(0.02)
        yield servers
