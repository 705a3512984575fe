"""The receiver of a playback: it answers each webhook as the recorded one was answered, and has documents."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from emulator.comparison.history import Chronicle, group_tries
from emulator.comparison.mapping import Mapper
from emulator.comparison.reading import plain
from emulator.core.dialect.recorded import Sense
from emulator.core.paths import leaves
from emulator.traffic.body import Mark, read_body
from emulator.traffic.exchange import Exchange
from localfax.received import Received
from localfax.receiver import Receiver
from localfax.submission import Document

_MOST_PAGES = 200


@lru_cache(maxsize=64)
def _drawn(pages: int) -> bytes:
    return Document.of_pages(pages).content


def document_of(mark: Mark) -> bytes:
    """Draw a document of so many pages; one that had none was none."""
    return _drawn(min(mark.pages, _MOST_PAGES)) if mark.pages else b"%PDF-1.4 broken"


class Echo(Receiver):
    """Answers a try of a webhook with the status that the same try of the recorded one got."""

    def __init__(self, history: Chronicle) -> None:
        super().__init__()
        self.history = history
        self.mapper: Mapper | None = None
        self._tries = Counter[bytes]()
        webhooks = [each for each in history.recording.exchanges if each.webhook]
        self._groups = group_tries(webhooks)
        self._used: dict[bytes, list[Exchange]] = {}
        for path in _documents(history):
            self.answer(200, _drawn(1), headers={"Content-Type": "application/pdf"}, times=None, path=path)

    def status_of(self, received: Received) -> int:
        """Say the status that the recorded webhook of the same fax got at the same try."""
        key = received.body + received.query.encode()
        if key not in self._used:
            self._used[key] = self._recorded(received)
        place, group = self._tries[key], self._used[key]
        self._tries[key] += 1
        if not group:
            return 200
        return group[min(place, len(group) - 1)].status or 503

    def _recorded(self, received: Received) -> list[Exchange]:
        """Find the recorded webhook of the same fax that none of ours has stood for yet."""
        body = read_body(received.body, received.header("Content-Type") or "")
        told = [leaf.value for leaf in leaves(plain(body))] + [value for _, value in received.parameters()]
        ours = {self.history.bare(value) for value in told if value is not None}
        taken = [id(group) for group in self._used.values()]
        free = [group for group in self._groups if id(group) not in taken]
        found = next((group for group in free if self._mine(group[0]) & ours), None)
        return found or next((group for group in free if self._is_new(group[0], ours)), [])

    def _is_new(self, each: Exchange, ours: set[str]) -> bool:
        """Tell whether it is of a fax to us that has no counterpart yet, and goes to the same number."""
        ids = self.mapper.ids if self.mapper else {}
        if self.history.endpoint_of(each) != "inbound" or any(
            one in ids for one in self.history.asked_for(each)
        ):
            return False
        told = leaves(plain(each.asked.body))
        numbers = [
            leaf.value
            for leaf in told
            if self.history.recorded.sense("inbound", leaf.above, leaf.key) is Sense.to
        ]
        return not numbers or bool(_last(numbers) & _last(ours))

    def _mine(self, each: Exchange) -> set[str]:
        ids = self.mapper.ids if self.mapper else {}
        return {ids[one] for one in self.history.asked_for(each) if one in ids}


def _last(values: Iterable[Any]) -> set[str]:
    """The last digits of numbers, which are the same however these are written."""
    return {re.sub(r"\D", "", str(each))[-10:] for each in values if len(re.sub(r"\D", "", str(each))) >= 7}


def _documents(history: Chronicle) -> set[str]:
    """The paths of the documents that the recorded requests name."""
    from urllib.parse import urlsplit

    found: set[str] = set()
    for each in history.recording.exchanges:
        told: list[Any] = [] if each.webhook else [*leaves(plain(each.asked.body)), *leaves(dict(each.query))]
        found |= {
            urlsplit(str(leaf.value)).path or "/"
            for leaf in told
            if history.recorded.sense(None, leaf.above, leaf.key, asked=True) is Sense.url and leaf.value
        }
    return found
