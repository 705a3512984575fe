"""Measures for Prometheus: counted as things happen, written out when somebody asks."""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from emulator.core.delivery import Delivery
from emulator.core.engine import Engine
from emulator.core.fax import Fax
from emulator.core.store import Store

BOUNDS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Seconds: the upper bounds of the histograms' buckets."""

JOURNAL = "requests"

Labels = tuple[str, ...]


@dataclass
class Histogram:
    """Seconds, counted in buckets."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    total: float = 0.0

    def add(self, seconds: float) -> None:
        self.counts[bisect_left(BOUNDS, seconds)] += 1
        self.total += seconds

    def buckets(self) -> list[tuple[str, float]]:
        """Give each bucket's upper bound and how many are at or below it."""
        names = [*map(str, BOUNDS), "+Inf"]
        return [(name, float(sum(self.counts[: place + 1]))) for place, name in enumerate(names)]


class Tally:
    """Counts what the engine tells."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._faxes: dict[str, Counter[Labels]] = defaultdict(Counter)
        self._requests: Counter[Labels] = Counter()
        self._attempts: Counter[Labels] = Counter()
        self._lag: dict[Labels, Histogram] = defaultdict(Histogram)
        self._took: dict[Labels, Histogram] = defaultdict(Histogram)
        self._late = Histogram()
        engine.listeners.append(self._hear)

    def late(self, seconds: float) -> None:
        """Count by how many real seconds a due step was played late."""
        with self._lock:
            self._late.add(max(0.0, seconds))

    def exposition(self, store: Store) -> bytes:
        """Write everything out in Prometheus's text format."""
        from prometheus_client import CollectorRegistry, generate_latest

        registry = CollectorRegistry(auto_describe=False)
        registry.register(_Collector(self, store))
        return generate_latest(registry)

    def _hear(self, sandbox_id: str, kind: str, thing: Any) -> None:
        count = _COUNTS.get(kind)
        if count is not None:
            with self._lock:
                count(self, sandbox_id, thing)

    def _fax(self, sandbox_id: str, change: tuple[Fax | None, Fax]) -> None:
        before, after = change
        if before is not None and before.state is after.state:
            return
        faxes = self._faxes[sandbox_id]
        faxes[after.vendor, after.direction.value, after.state.value] += 1
        if before is not None:
            faxes[before.vendor, before.direction.value, before.state.value] -= 1

    def _delivery(self, sandbox_id: str, delivery: Delivery) -> None:
        post = delivery.attempts[-1]
        outcome = post.reply.error or f"{(post.reply.status or 0) // 100}xx"
        self._attempts[delivery.vendor, str(outcome)] += 1
        self._lag[(delivery.vendor,)].add(max(0.0, post.at - delivery.created_at))

    def _request(self, sandbox_id: str, entry: Mapping[str, Any]) -> None:
        endpoint = entry["endpoint"] or "none"
        self._requests[entry["vendor"], endpoint, str(entry["status"])] += 1
        self._took[entry["vendor"], endpoint].add(entry["seconds"])

    def _sandbox(self, sandbox_id: str, word: str) -> None:
        self._faxes.pop(sandbox_id, None)

    def families(self, store: Store) -> Iterator[Any]:
        """Give all measures as they stand."""
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

        with self._lock:
            states: Counter[Labels] = Counter()
            for faxes in self._faxes.values():
                states.update(faxes)
            dropped, sandboxes = _dropped(store)
            yield _counted(
                GaugeMetricFamily(
                    "localfax_faxes", "Faxes by state.", labels=["vendor", "direction", "state"]
                ),
                states,
            )
            yield _counted(
                CounterMetricFamily(
                    "localfax_requests",
                    "Vendor calls by endpoint and status.",
                    labels=["vendor", "endpoint", "status"],
                ),
                self._requests,
            )
            yield _measured(
                "localfax_request_seconds",
                "Real seconds of vendor calls.",
                ["vendor", "endpoint"],
                self._took,
            )
            yield _counted(
                CounterMetricFamily(
                    "localfax_webhook_attempts", "Webhook tries by outcome.", labels=["vendor", "outcome"]
                ),
                self._attempts,
            )
            yield _measured(
                "localfax_webhook_lag_seconds", "Virtual seconds from event to try.", ["vendor"], self._lag
            )
            yield _measured(
                "localfax_lateness_seconds",
                "Real seconds by which due steps were late.",
                [],
                {(): self._late},
            )
            yield CounterMetricFamily(
                "localfax_journal_dropped", "Entries that journals let go.", value=dropped
            )
            yield GaugeMetricFamily("localfax_sandboxes", "Sandboxes.", value=sandboxes)


class _Collector:
    def __init__(self, tally: Tally, store: Store) -> None:
        self.tally, self.store = tally, store

    def collect(self) -> Iterator[Any]:
        return self.tally.families(self.store)


_COUNTS: dict[str, Any] = {
    "fax": Tally._fax,
    "delivery": Tally._delivery,
    "request": Tally._request,
    "sandbox": Tally._sandbox,
}


def _counted(family: Any, counts: Mapping[Labels, int]) -> Any:
    for labels, count in sorted(counts.items()):
        family.add_metric(list(labels), count)
    return family


def _measured(name: str, text: str, labels: list[str], histograms: Mapping[Labels, Histogram]) -> Any:
    from prometheus_client.core import HistogramMetricFamily

    family = HistogramMetricFamily(name, text, labels=labels)
    for values, histogram in sorted(histograms.items(), key=lambda row: row[0]):
        family.add_metric(list(values), histogram.buckets(), histogram.total)
    return family


def _dropped(store: Store) -> tuple[int, int]:
    """Give how many entries the request journals have let go, and how many sandboxes there are."""
    dropped = count = 0
    after = None
    while page := store.sandboxes(after):
        dropped += sum(store.journal(each.id, JOURNAL, limit=0).dropped for each in page)
        count, after = count + len(page), page[-1].id
    return dropped, count
