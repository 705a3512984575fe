"""What other processes tell, heard over one subscription: where something is due, and whatever they say."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any

import redis

from emulator.core.errors import Unavailable
from emulator.stores.redis.link import CONNECT, Link
from emulator.stores.redis.wire import CHANNEL, WORDS, dump, load, untext

REST = 0.25
"""Seconds before a lost connection is tried again."""
BATCH = 1000
"""Messages read before the listeners hear of them; several of one sandbox count once."""

Word = Mapping[str, Any]


class News:
    """Calls listeners with ids of sandboxes; with all of them after a lost connection is there again."""

    def __init__(self, link: Link, everyone: Callable[[], Iterable[str]]) -> None:
        self._link = link
        self._everyone = everyone
        self._listeners: list[Callable[[str], None]] = []
        self._hearers: list[Callable[[Word], None]] = []
        self._name = secrets.token_hex(8)
        self._closed = threading.Event()
        self._heard = threading.Event()
        self._subscription: Any = None
        self._thread = threading.Thread(target=self._run, name="localfax-news", daemon=True)

    def listen(self, listener: Callable[[str], None]) -> None:
        """Call `listener` from now on with ids of sandboxes."""
        self._listeners.append(listener)
        self._start()

    def hear(self, hearer: Callable[[Word], None]) -> None:
        """Call `hearer` from now on with what other processes say."""
        self._hearers.append(hearer)
        self._start()

    def tell(self, sandbox_id: str) -> None:
        """Tell this process alone."""
        for listener in self._listeners:
            with suppress(Unavailable):
                listener(sandbox_id)

    def say(self, word: Word) -> None:
        """Say something to the other processes."""
        self._link.run("PUBLISH", WORDS, dump({"by": self._name, "word": word}))

    def close(self) -> None:
        """End the subscription and its thread."""
        self._closed.set()
        while self._thread.is_alive():
            subscription = self._subscription
            if subscription is not None and subscription.connection is not None:
                subscription.connection.disconnect()
            self._thread.join(REST)

    def _start(self) -> None:
        if not self._thread.is_alive():
            self._thread.start()
            self._heard.wait(CONNECT)

    def _run(self) -> None:
        while not self._closed.is_set():
            # ValueError: what redis-py makes of a connection that `close` takes away under a read.
            with suppress(redis.RedisError, Unavailable, OSError, ValueError):
                self._follow()
            if not self._closed.is_set():
                self._closed.wait(REST)

    def _follow(self) -> None:
        self._subscription = subscription = self._link.subscription()
        try:
            subscription.subscribe(CHANNEL, WORDS)
            for _ in (CHANNEL, WORDS):
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
        """Wait for a message and read those behind it; give the sandboxes where something is due."""
        told: dict[str, None] = {}
        message = subscription.get_message(timeout=None)
        while message is not None:
            if message["type"] == "message" and message["channel"] == CHANNEL.encode():
                told[untext(message["data"])] = None
            elif message["type"] == "message":
                self._pass_on(load(message["data"]))
            message = subscription.get_message(timeout=0) if len(told) < BATCH else None
        return list(told)

    def _pass_on(self, said: Mapping[str, Any]) -> None:
        if said["by"] != self._name:
            for hearer in self._hearers:
                hearer(said["word"])
