"""The way to a Redis server or cluster: commands and scripts, with its troubles as the domain's errors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.cluster import RedisCluster
from redis.retry import Retry

from emulator.core.errors import Conflict, LimitReached, LocalfaxError, NotFound, Unavailable

CONNECT = 2.0
"""Seconds to wait for a connection."""
ANSWER = 3.0
"""Seconds to wait for an answer; a call that waits longer for its store says so."""
CONNECTIONS = 1000
"""More than a worker has threads: none waits for a connection."""

REFUSALS: dict[str, Callable[[str], LocalfaxError]] = {
    "MISSING": NotFound,
    "CONFLICT": Conflict,
    "LIMIT": LimitReached,
}
"""What our scripts say in the first word of an error."""
TROUBLES = ("MISCONF", "NOREPLICAS", "CLUSTERDOWN", "MASTERDOWN")
"""What a server says that is there but cannot do it, where redis-py has no exception of its own for it."""

Key = bytes | str


class Link:
    """Runs commands and the scripts of this folder; any thread may call. `url` may name a node of a cluster.

    A command is never sent twice: one whose answer is lost may have been done.
    """

    def __init__(self, url: str) -> None:
        self._client = _guarded(lambda: _connect(url))
        self._scripts = {name: self._client.register_script(_text(name)) for name in _names()}

    def run(self, *command: Any) -> Any:
        """Run a command of one slot; raise Unavailable when the server cannot."""
        return _guarded(lambda: self._client.execute_command(*command))

    def script(self, name: str, keys: Sequence[Key], *arguments: Any) -> Any:
        """Run a script by its file's name; raise NotFound, Conflict or LimitReached as it says."""
        return _guarded(lambda: self._scripts[name](keys, arguments))

    def each(self, command: str, keys: Sequence[Key]) -> list[Any]:
        """Run a command for each of several keys, wherever they lie."""

        def run() -> list[Any]:
            with self._client.pipeline(transaction=False) as pipe:
                for key in keys:
                    pipe.execute_command(command, key)
                return list(pipe.execute())

        return _guarded(run) if keys else []

    def subscription(self) -> Any:
        """Open a subscription of redis-py's, not yet connected."""
        return self._client.pubsub(ignore_subscribe_messages=False)

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()


def _connect(url: str) -> Any:
    options: dict[str, Any] = {
        "protocol": 2,
        "socket_timeout": ANSWER,
        "socket_connect_timeout": CONNECT,
        "socket_keepalive": True,
        "max_connections": CONNECTIONS,
        "retry": Retry(NoBackoff(), 0),
    }
    if url.startswith("unix://"):
        del options["socket_connect_timeout"], options["socket_keepalive"]
    single = redis.Redis.from_url(url, **options)
    if not single.info("cluster")["cluster_enabled"]:
        return single
    single.close()
    return RedisCluster.from_url(url, **options)


def _guarded(do: Callable[[], Any]) -> Any:
    try:
        return do()
    except redis.exceptions.OutOfMemoryError as full:
        raise Unavailable("the store is full: redis-server has reached its maxmemory") from full
    except redis.exceptions.ResponseError as refusal:
        word, _, rest = str(refusal).partition(" ")
        if word in REFUSALS:
            raise REFUSALS[word](rest) from None
        if type(refusal) is redis.exceptions.ResponseError and word not in TROUBLES:
            raise  # a mistake of ours
        raise Unavailable(f"the store cannot answer: {refusal}") from refusal
    except redis.RedisError as trouble:
        raise Unavailable(f"the store cannot answer: {trouble}") from trouble


def _names() -> list[str]:
    return [path.stem for path in Path(__file__).parent.glob("*.lua") if path.stem != SHARED]


def _text(name: str) -> str:
    folder = Path(__file__).parent
    own = (folder / f"{name}.lua").read_text(encoding="utf-8")
    return own if name in GLOBAL else (folder / f"{SHARED}.lua").read_text(encoding="utf-8") + own


SHARED = "sandbox"
"""The script that those over one sandbox begin with."""
GLOBAL = ("register", "strike", "unbind")
