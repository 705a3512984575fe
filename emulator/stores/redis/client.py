"""The way to a Redis server or cluster: commands go out in batches, troubles come back as domain errors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qsl, urlencode

import redis
from redis.backoff import NoBackoff
from redis.cluster import RedisCluster
from redis.exceptions import NoScriptError, RedisClusterException, ResponseError
from redis.retry import Retry

from emulator.core.errors import Conflict, LimitReached, LocalfaxError, NotFound, Unavailable
from emulator.stores.redis.commands import Command, spelled_out
from emulator.stores.redis.schema import key_in, sandbox_key
from emulator.stores.redis.transport import ClusterTransport, ServerTransport, Transport
from emulator.stores.redis.wire import Then

CONNECT = 2.0
"""Seconds to wait for a connection."""
ANSWER = 3.0
"""Seconds to wait for an answer; a request that waits longer for its store says so."""
MOST_REPLICAS = 9
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


class RedisClient:
    """Sends commands; any thread may. `url` may name a node of a cluster, and with `?replicas=1` how many
    replicas must have what is answered.

    A command is never sent twice: one whose answer is lost may have been done.
    """

    def __init__(self, url: str) -> None:
        self._transport, self._library = _guard(lambda: _open(url))

    def run(self, *command: Any) -> Any:
        """Run a command of one slot; raise Unavailable when the server cannot, or a script's refusal."""
        return unwrap(self.send(command)[0])

    def send(self, *commands: Command) -> list[Any]:
        """Run commands in their order, each in its slot; of one that fails the error stands for its answer.

        Raises Unavailable when the server is silent: nobody knows then what of it was done.
        """
        return self._understood(commands, self._send(commands))

    def _understood(self, commands: Sequence[Command], answers: list[Any]) -> list[Any]:
        for place, answer in enumerate(answers):
            if isinstance(answer, NoScriptError):  # it was started anew, and knows the script from now on
                answers[place] = self._send([spelled_out(commands[place])])[0]
        return [_refusal(each) if isinstance(each, ResponseError) else each for each in answers]

    def tell(self, *commands: Command, then: Then = list) -> None:
        """Run commands without waiting for them; the answers, as `send` gives them, go to `then`.

        Raises Unavailable when they cannot be sent. What `then` raises of the domain is lost.
        """

        def answered(answers: list[Any]) -> None:
            with suppress(LocalfaxError):
                then(self._understood(commands, answers))

        _guard(lambda: self._transport.tell(commands, answered))

    def read(self, sandbox_id: str, command: str, words: str, *arguments: Any) -> Any:
        """Read a key of a sandbox; only when nothing is found it costs a look whether the sandbox is there.

        A command alone takes half the time of a script that would look first.
        """
        found = self.run(command, key_in(sandbox_id, words), *arguments)
        if not found and not self.run("EXISTS", sandbox_key(sandbox_id)):
            raise NotFound(f"no sandbox {sandbox_id}")
        return found

    def subscription(self) -> Any:
        """Open a subscription of redis-py's, not yet connected."""
        return self._library.pubsub(ignore_subscribe_messages=False)

    def _send(self, commands: Sequence[Command]) -> list[Any]:
        answers: list[Any] = _guard(lambda: self._transport.send(commands))
        return answers

    def close(self) -> None:
        """Let go of the connections."""
        self._transport.close()
        self._library.close()


def unwrap(answer: Any) -> Any:
    """Return an answer, or raise the error that stands for it."""
    if isinstance(answer, LocalfaxError):
        raise answer
    return answer


def _open(url: str) -> tuple[Transport, Any]:
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
    url, replicas = _read_replicas(url)
    single = redis.Redis.from_url(url, **options)
    if not single.info("cluster")["cluster_enabled"]:
        return ServerTransport(single.connection_pool, replicas), single
    single.close()
    if redis.VERSION < (6,):  # its cluster heeds `retry` only on the way to a node
        options["cluster_error_retry_attempts"] = 0
    cluster = RedisCluster.from_url(url, **options)
    return ClusterTransport(cluster, replicas), cluster


def _read_replicas(url: str) -> tuple[str, int]:
    """Take `replicas=1` out of an address: how many replicas must have what is answered."""
    plain, _, query = url.partition("?")
    options = dict(parse_qsl(query, keep_blank_values=True))
    said = options.pop("replicas", "0")
    if not said.isdecimal() or int(said) > MOST_REPLICAS:
        raise ValueError(f"replicas must be a number from 0 to {MOST_REPLICAS}, not {said!r}")
    return f"{plain}?{urlencode(options)}" if options else plain, int(said)


def _guard(do: Callable[[], Any]) -> Any:
    try:
        return do()
    except ResponseError as refusal:
        raise _refusal(refusal) from refusal
    except (redis.RedisError, RedisClusterException) as trouble:
        raise Unavailable(f"the store cannot answer: {trouble}") from trouble


def _refusal(refusal: ResponseError) -> LocalfaxError:
    """Turn a refusal into an error of the domain; raise it when it is a mistake of ours."""
    if isinstance(refusal, redis.exceptions.OutOfMemoryError):
        return Unavailable("the store is full: redis-server has reached its maxmemory")
    word, _, rest = str(refusal).partition(" ")
    if word in REFUSALS:
        return REFUSALS[word](rest)
    if type(refusal) is ResponseError and word not in TROUBLES:
        raise refusal
    return Unavailable(f"the store cannot answer: {refusal}")
