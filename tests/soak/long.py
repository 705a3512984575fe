"""Hours of mixed load on one server: `python -m tests.soak.long [memory|redis] [SECONDS]`.

Sixteen test runners, attackers, dear documents and deaf listeners, and, over Redis with two workers, the end
of the younger worker once a sample. What the elder has (memory, threads, descriptors), what Redis has, and
how late steps were is looked at again and again, printed, and must be in the end what it was early on.
"""

from __future__ import annotations

import os
import re
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import requests

from tests.conftest import WAIT
from tests.soak.runners import Load, insist
from tests.soak.storm import until
from tests.soak.test_edge import look
from tests.soak.workers import Workers, workers
from tests.stores.redis_server import RedisServer, redis_server

RUNNERS = 16
SAMPLE = 60.0
"""Real seconds between two samples, at most."""
GROWN, THREADS, DESCRIPTORS = 1.25, 2 * (48 + 64), 50
"""By how much memory may grow, how many threads there may be, how many descriptors may come."""
PATIENCE, MOST_TOLD = 600.0, 5
LATE = re.compile(r'localfax_lateness_seconds_bucket\{le="([^"]+)"\} (\S+)')
EXPIRED = re.compile(r"localfax_sandboxes_expired_total (\d\S*)")
SANDBOXES = re.compile(r"localfax_sandboxes (\d\S*)")


@dataclass(frozen=True)
class Size:
    """How much there is of everything, in real seconds; `pace` is between two requests of a runner."""

    seconds: float
    runners: int = RUNNERS
    pace: float = 1.0
    expire: float = 60.0


@dataclass(frozen=True)
class Metrics:
    """What the server counts: sandboxes there are and expired, steps by their lateness."""

    sandboxes: int
    expired: int
    late: dict[float, int]

    def lateness(self, before: Metrics) -> float:
        """Give the bound below which 99 % of the steps since then were late, in seconds."""
        counts = {bound: count - before.late.get(bound, 0) for bound, count in self.late.items()}
        return min(bound for bound, count in counts.items() if count >= 0.99 * max(counts.values()))


@dataclass(frozen=True)
class Sample:
    """What was seen at one moment: megabytes, counts, and seconds of lateness."""

    memory: float
    threads: int
    descriptors: int
    redis: float
    sandboxes: int
    late: float


@dataclass
class Watch:
    """Who looks at the server while it is used, and ends a worker of it now and then."""

    server: Workers
    redis: RedisServer | None
    load: Load
    samples: list[Sample] = field(default_factory=list)
    expired: int = 0
    told: int = 0
    """How much of what is wrong was printed."""

    def __post_init__(self) -> None:
        self.elder = self.server.pids()[0] if self.redis else self.server.process.pid
        self._before = self.metrics()

    def metrics(self) -> Metrics:
        """Ask all workers what they counted."""
        url = f"{self.server.url}/_localfax/metrics"
        text = insist(lambda: requests.get(url, timeout=WAIT)).text
        found = [int(float(each.findall(text)[0])) for each in (SANDBOXES, EXPIRED)]
        return Metrics(*found, {float(bound): int(float(count)) for bound, count in LATE.findall(text)})

    def take(self) -> Sample:
        """Look at everything."""
        now, held = self.metrics(), look(self.elder)
        self.expired += now.expired - self._before.expired
        stored = self.redis.client.info("memory")["used_memory"] / 2**20 if self.redis else 0.0
        late = now.lateness(self._before)
        self._before = now
        self.samples.append(Sample(held.memory, held.threads, held.descriptors, stored, now.sandboxes, late))
        return self.samples[-1]

    def look(self) -> None:
        """Look at everything, and print it."""
        tell(self, self.take())

    def look_and_kill(self) -> None:
        """Look, and then kill a worker."""
        self.look()
        self.kill()

    def kill(self) -> None:
        """Kill the worker that was started last, and wait until there is another: it has counted nothing."""
        pids = self.server.pids()
        self.server.killed += 1
        os.kill(pids[-1], signal.SIGKILL)
        until(lambda: len(set(self.server.pids()) - {pids[-1]}) == len(pids), PATIENCE, "another worker")
        self._before = self.metrics()


def run(server: Workers, redis: RedisServer | None, size: Size) -> Watch:
    """Use a server for the time, and a life longer; print a line a sample."""
    load = Load(server, size.pace, time.monotonic() + size.seconds)
    watch = Watch(server, redis, load)
    acts = [*[load.live] * size.runners, load.attack, load.send_bomb]
    every = min(SAMPLE, size.seconds)
    with ThreadPoolExecutor(len(acts)) as clients:
        for seed, act in enumerate(acts):
            clients.submit(load.go_on, act, seed)
        while (left := load.until - time.monotonic()) > 0:
            time.sleep(min(left, every))
            load.try_once(watch.look_and_kill if redis else watch.look)
    return watch


def wait_for_expiry(watch: Watch, size: Size) -> None:
    """Wait until the sandboxes that were left are gone, and count them."""
    root = f"{watch.server.url}/_localfax/sandboxes"
    gone = lambda each: requests.get(f"{root}/{each}", timeout=WAIT).status_code == 404  # noqa: E731
    time.sleep(size.expire + 10)  # to ask for one is a use of it
    assert all(gone(each) for each in watch.load.left)
    tell(watch, watch.take())


def tell(watch: Watch, sample: Sample) -> None:
    """Print a line."""
    load, minutes = watch.load, (time.monotonic() - watch.load.until) / 60
    counts = " ".join(f"{name} {count}" for name, count in sorted(load.counts.items()))
    line = (
        f"{minutes:+7.1f} min  {sample.memory:.0f} MB  {sample.threads} threads  {sample.descriptors} fds  "
        f"redis {sample.redis:.1f} MB  {sample.sandboxes} sandboxes, {watch.expired} expired  "
        f"late {sample.late * 1000:g} ms  killed {watch.server.killed}  wrong {len(load.wrong)}  {counts}"
    )
    sys.stdout.write(f"{line}\n")
    sys.stdout.writelines(f"WRONG {each}\n" for each in load.wrong[watch.told : watch.told + MOST_TOLD])
    watch.told = len(load.wrong)
    sys.stdout.flush()


def judge(samples: list[Sample]) -> None:
    """See that what there is in the last quarter is what there was in the second."""
    quarter = len(samples) // 4
    early, late = samples[quarter : 2 * quarter], samples[-quarter:]

    def of(rows: list[Sample], name: str) -> float:
        return median(getattr(each, name) for each in rows)

    assert of(late, "memory") <= GROWN * of(early, "memory")
    assert of(late, "redis") <= GROWN * of(early, "redis")
    assert of(late, "sandboxes") <= GROWN * of(early, "sandboxes")
    assert max(each.threads for each in samples) <= THREADS
    assert of(late, "descriptors") <= of(early, "descriptors") + DESCRIPTORS
    assert of(late, "late") <= max(0.5, 2.5 * of(early, "late"))


@contextmanager
def serving(store: str, folder: Path, size: Size) -> Iterator[tuple[Workers, RedisServer | None]]:
    """Run a server: of one process in memory, of two workers over Redis."""
    with ExitStack() as stack:
        redis = None
        if store == "redis":
            redis = stack.enter_context(redis_server(folder))
            store = redis.url
        yield stack.enter_context(workers(store, 2 if redis else 1, expire=size.expire)), redis


def main(store: str = "memory", seconds: str = "7200") -> None:
    """Run it by hand."""
    size = Size(float(seconds))
    with tempfile.TemporaryDirectory() as folder, serving(store, Path(folder), size) as (server, redis):
        watch = run(server, redis, size)
        wait_for_expiry(watch, size)
        judge(watch.samples[:-1])


if __name__ == "__main__":
    main(*sys.argv[1:])
