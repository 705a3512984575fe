"""What processes tell each other over Redis: that something is due earlier, and whatever else they say.

A process sleeps until the first thing is due that it knows of. When another process commits something
that is due still earlier, or sets a clock, commit.lua publishes the sandbox's id on a channel. Every
process listens there, and looks at that sandbox again. What is due later than the first thing is not
published: to wake too early does no harm, for one looks again; to wake too late does. On a second channel
processes say what concerns all of them, with their own name, so that a process can pass over what it said
itself.

Redis keeps no message for a process whose connection is lost. So when it is connected again it looks at
every sandbox. For example, while process B sleeps until instant 60, when something is due in box-1:

    A commits a fax due at 90                   nothing is published
    A commits a fax due at 30                   "box-1" is published: B looks, and sleeps until 30
    B loses its connection, A commits a fax
    due at 10, B is connected again             B looks at every sandbox, and sleeps until 10
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any

import redis
from redis.exceptions import RedisClusterException

from emulator.core.errors import Unavailable
from emulator.core.storage.codec import spell, unspell
from emulator.stores.redis.client import CONNECT, RedisClient
from emulator.stores.redis.schema import CHANNEL, WORDS, untext

REST = 0.25
"""Seconds before a lost connection is tried again."""
BATCH = 1000
"""Messages read before the listeners hear of them; several of one sandbox count once."""

Said = Mapping[str, Any]


class RedisPubSub:
    """Calls listeners with ids of sandboxes; with all of them after a lost connection is there again."""

    def __init__(self, client: RedisClient, everyone: Callable[[], Iterable[str]]) -> None:
        self._client = client
        self._everyone = everyone
        self._due_listeners: list[Callable[[str], None]] = []
        self._word_listeners: list[Callable[[Said], None]] = []
        self._name = secrets.token_hex(8)
        self._closed = threading.Event()
        self._subscribed = threading.Event()
        self._subscription: Any = None
        self._thread = threading.Thread(target=self._run, name="localfax-pubsub", daemon=True)

    def on_due(self, listener: Callable[[str], None]) -> None:
        """Call `listener` from now on with ids of sandboxes."""
        self._due_listeners.append(listener)
        self._start()

    def on_word(self, listener: Callable[[Said], None]) -> None:
        """Call `listener` from now on with what other processes say."""
        self._word_listeners.append(listener)
        self._start()

    def tell(self, sandbox_id: str) -> None:
        """Tell the listeners of this process alone."""
        for listener in self._due_listeners:
            with suppress(Unavailable):
                listener(sandbox_id)

    def say(self, word: Said) -> None:
        """Say something to the other processes."""
        self._client.run("PUBLISH", WORDS, spell({"by": self._name, "word": word}))

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
            self._subscribed.wait(CONNECT)

    def _run(self) -> None:
        while not self._closed.is_set():
            # ValueError: what redis-py makes of a connection that `close` takes away under a read.
            with suppress(redis.RedisError, RedisClusterException, Unavailable, OSError, ValueError):
                self._follow()
            if not self._closed.is_set():
                self._closed.wait(REST)

    def _follow(self) -> None:
        self._subscription = subscription = self._client.subscription()
        try:
            subscription.subscribe(CHANNEL, WORDS)
            for _ in (CHANNEL, WORDS):
                subscription.get_message(timeout=CONNECT)
            if self._subscribed.is_set():  # not for the first time: what was said meanwhile is lost
                for sandbox_id in self._everyone():
                    self.tell(sandbox_id)
            self._subscribed.set()
            while not self._closed.is_set():
                for sandbox_id in self._read_batch(subscription):
                    self.tell(sandbox_id)
        finally:
            subscription.close()

    def _read_batch(self, subscription: Any) -> list[str]:
        """Wait for a message and read those behind it; return the sandboxes where something came nearer."""
        told: dict[str, None] = {}
        message = subscription.get_message(timeout=None)
        while message is not None:
            if message["type"] == "message" and message["channel"] == CHANNEL.encode():
                told[untext(message["data"])] = None
            elif message["type"] == "message":
                self._pass_on(unspell(message["data"]))
            message = subscription.get_message(timeout=0) if len(told) < BATCH else None
        return list(told)

    def _pass_on(self, said: Mapping[str, Any]) -> None:
        if said["by"] != self._name:
            for listener in self._word_listeners:
                listener(said["word"])
