"""What other processes tell: the sandboxes in which something has become due, heard over one subscription."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

import redis

from emulator.core.errors import Unavailable
from emulator.stores.redis.link import CONNECT, Link
from emulator.stores.redis.wire import CHANNEL, untext

REST = 0.25
"""Seconds before a lost connection is tried again."""
BATCH = 1000
"""Messages read before the listeners hear of them; several of one sandbox count once."""


class News:
    """Calls listeners with ids of sandboxes; with all of them after a lost connection is there again."""

    def __init__(self, link: Link, everyone: Callable[[], Iterable[str]]) -> None:
        self._link = link
        self._everyone = everyone
        self._listeners: list[Callable[[str], None]] = []
        self._closed = threading.Event()
        self._heard = threading.Event()
        self._subscription: Any = None
        self._thread = threading.Thread(target=self._run, name="localfax-news", daemon=True)

    def listen(self, listener: Callable[[str], None]) -> None:
        """Call `listener` from now on."""
        self._listeners.append(listener)
        if not self._thread.is_alive():
            self._thread.start()
            self._heard.wait(CONNECT)

    def tell(self, sandbox_id: str) -> None:
        """Tell this process alone."""
        for listener in self._listeners:
            with suppress(Unavailable):
                listener(sandbox_id)

    def close(self) -> None:
        """End the subscription and its thread."""
        self._closed.set()
        while self._thread.is_alive():
            subscription = self._subscription
            if subscription is not None and subscription.connection is not None:
                subscription.connection.disconnect()
            self._thread.join(REST)

    def _run(self) -> None:
        while not self._closed.is_set():
            # ValueError: what redis-py makes of a connection that `close` takes away under a read.
            with suppress(redis.RedisError, Unavailable, OSError, ValueError):
                self._hear()
            if not self._closed.is_set():
                self._closed.wait(REST)

    def _hear(self) -> None:
        self._subscription = subscription = self._link.subscription()
        try:
            subscription.subscribe(CHANNEL)
            subscription.get_message(timeout=CONNECT)
            if self._heard.is_set():
                for sandbox_id in self._everyone():
                    self.tell(sandbox_id)
            self._heard.set()
            while not self._closed.is_set():
                for sandbox_id in self._batch(subscription):
                    self.tell(sandbox_id)
        finally:
            subscription.close()

    def _batch(self, subscription: Any) -> list[str]:
        told: dict[str, None] = {}
        message = subscription.get_message(timeout=None)
        while message is not None:
            if message["type"] == "message":
                told[untext(message["data"])] = None
            message = subscription.get_message(timeout=0) if len(told) < BATCH else None
        return list(told)
