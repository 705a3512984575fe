"""Measures for Prometheus: what this server's processes did, counted as it happens; what the store holds."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from emulator.core.engine.counts import read_counts
from emulator.core.engine.engine import Engine
from emulator.core.errors import NotFound
from emulator.core.short_lock import ShortLock
from emulator.core.storage.store import DROPPED, Store
from emulator.core.webhooks.delivery import Delivery

BOUNDS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Seconds: the upper bounds of the histograms' buckets."""

LabelValues = tuple[str, ...]


@dataclass
class Histogram:
    """Seconds, counted in buckets."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    total: float = 0.0

    def add(self, seconds: float) -> None:
        self.counts[bisect_left(BOUNDS, seconds)] += 1
        self.total += seconds

    def take_in(self, other: Histogram) -> None:
        self.counts = [own + more for own, more in zip(self.counts, other.counts, strict=True)]
        self.total += other.total

    def buckets(self) -> list[tuple[str, float]]:
        """Each bucket's upper bound and how many are at or below it."""
        names = [*map(str, BOUNDS), "+Inf"]
        return [(name, float(sum(self.counts[: place + 1]))) for place, name in enumerate(names)]


@dataclass
class Counts:
    """What one process, or several, did."""

    requests: Counter[LabelValues] = field(default_factory=Counter)
    attempts: Counter[LabelValues] = field(default_factory=Counter)
    lag: dict[LabelValues, Histogram] = field(default_factory=lambda: defaultdict(Histogram))
    took: dict[LabelValues, Histogram] = field(default_factory=lambda: defaultdict(Histogram))
    late: dict[LabelValues, Histogram] = field(default_factory=lambda: defaultdict(Histogram))
    expired: Counter[LabelValues] = field(default_factory=Counter)

    def take_in(self, other: Counts) -> None:
        """Add what another process did."""
        self.requests.update(other.requests)
        self.attempts.update(other.attempts)
        self.expired.update(other.expired)
        for own, more in ((self.lag, other.lag), (self.took, other.took), (self.late, other.late)):
            for labels, histogram in more.items():
                own[labels].take_in(histogram)


class Tally:
    """Counts what the engine tells; `others` asks the other workers of this server what they counted."""

    def __init__(self, engine: Engine, others: Callable[[], Iterable[Mapping[str, Any]]] = tuple) -> None:
        self._lock = ShortLock()
        self._counts = Counts()
        self._others = others
        engine.listeners.append(self._hear)

    def late(self, seconds: float) -> None:
        """Count by how many real seconds a due step was played late."""
        with self._lock:
            self._counts.late[()].add(max(0.0, seconds))

    def expired(self) -> None:
        """Count a sandbox that was removed because nobody used it."""
        with self._lock:
            self._counts.expired[()] += 1

    def told(self) -> Mapping[str, Any]:
        """What this process did, for the others."""
        with self._lock:
            return {name: dict(deepcopy(held)) for name, held in vars(self._counts).items()}

    def _whole(self) -> Counts:
        whole = Counts()
        for told in (self.told(), *self._others()):
            whole.take_in(Counts(**told))
        return whole

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

    def _delivery(self, sandbox_id: str, delivery: Delivery) -> None:
        post = delivery.attempts[-1]
        outcome = post.reply.error or f"{(post.reply.status or 0) // 100}xx"
        self._counts.attempts[delivery.vendor, str(outcome)] += 1
        self._counts.lag[(delivery.vendor,)].add(max(0.0, post.at - delivery.created_at))

    def _request(self, sandbox_id: str, entry: Mapping[str, Any]) -> None:
        endpoint = entry["endpoint"] or "none"
        self._counts.requests[entry["vendor"], endpoint, str(entry["status"])] += 1
        self._counts.took[entry["vendor"], endpoint].add(entry["seconds"])

    def families(self, store: Store) -> Iterator[Any]:
        """All measures as they stand."""
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

        kept = _kept(store)
        yield _counted(
            GaugeMetricFamily("localfax_faxes", "Faxes by state.", labels=["vendor", "direction", "state"]),
            kept.faxes,
        )
        yield _counted(
            CounterMetricFamily(
                "localfax_journal_dropped", "Entries that journals let go.", labels=["journal"]
            ),
            kept.dropped,
        )
        yield CounterMetricFamily(
            "localfax_documents_dropped", "Documents let go to make room.", value=kept.documents
        )
        yield GaugeMetricFamily("localfax_sandboxes", "Sandboxes.", value=kept.sandboxes)
        done = self._whole()
        yield CounterMetricFamily(
            "localfax_sandboxes_expired", "Sandboxes removed as unused.", value=done.expired[()]
        )
        yield _counted(
            CounterMetricFamily(
                "localfax_requests",
                "Vendor calls by endpoint and status.",
                labels=["vendor", "endpoint", "status"],
            ),
            done.requests,
        )
        yield _measured(
            "localfax_request_seconds", "Real seconds of vendor calls.", ["vendor", "endpoint"], done.took
        )
        yield _counted(
            CounterMetricFamily(
                "localfax_webhook_attempts", "Webhook tries by outcome.", labels=["vendor", "outcome"]
            ),
            done.attempts,
        )
        yield _measured(
            "localfax_webhook_lag_seconds", "Virtual seconds from event to try.", ["vendor"], done.lag
        )
        late = done.late or {(): Histogram()}
        yield _measured("localfax_lateness_seconds", "Real seconds by which due steps were late.", [], late)


class _Collector:
    def __init__(self, tally: Tally, store: Store) -> None:
        self.tally, self.store = tally, store

    def collect(self) -> Iterator[Any]:
        return self.tally.families(self.store)


_COUNTS: dict[str, Any] = {
    "delivery": Tally._delivery,
    "request": Tally._request,
}


def _counted(family: Any, counts: Mapping[LabelValues, int]) -> Any:
    for labels, count in sorted(counts.items()):
        family.add_metric(list(labels), count)
    return family


def _measured(name: str, text: str, labels: list[str], histograms: Mapping[LabelValues, Histogram]) -> Any:
    from prometheus_client.core import HistogramMetricFamily

    family = HistogramMetricFamily(name, text, labels=labels)
    for values, histogram in sorted(histograms.items(), key=lambda row: row[0]):
        family.add_metric(list(values), histogram.buckets(), histogram.total)
    return family


@dataclass
class Kept:
    """What the store holds of all sandboxes."""

    faxes: Counter[LabelValues] = field(default_factory=Counter)
    dropped: Counter[LabelValues] = field(default_factory=Counter)
    """By journal."""
    documents: int = 0
    sandboxes: int = 0


def _kept(store: Store) -> Kept:
    """Ask the store, which other processes use too: each counts only what it did itself."""
    kept, after = Kept(), None
    while page := store.sandboxes(after):
        after = page[-1].id
        for own in (store.of(sandbox.id) for sandbox in page):
            with suppress(NotFound):  # removed meanwhile
                numbers = own.numbers()
                kept.faxes.update(read_counts(numbers))
                kept.documents += numbers.get(DROPPED, 0)
                for name in own.journals():
                    kept.dropped[(name,)] += own.journal(name, limit=0).dropped
                kept.sandboxes += 1
    return kept
