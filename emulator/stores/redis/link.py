"""The way to a Redis server or cluster: commands and scripts, with its troubles as the domain's errors."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.cluster import RedisCluster
from redis.exceptions import NoScriptError, ResponseError
from redis.retry import Retry

from emulator.core.errors import Conflict, LimitReached, LocalfaxError, NotFound, Unavailable
from emulator.stores.redis.road import Cluster, Command, Road, Single

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

SHARED = "sandbox"
"""The script that those over one sandbox begin with."""
GLOBAL = ("register", "strike", "unbind")
"""Scripts over keys that belong to no sandbox."""

Key = bytes | str


class Link:
    """Runs commands and the scripts of this folder; any thread may call. `url` may name a node of a cluster.

    A command is never sent twice: one whose answer is lost may have been done.
    """

    def __init__(self, url: str) -> None:
        self._road, self._client = _guarded(lambda: _open(url))
        self._texts = {name: _text(name) for name in _names()}
        self._digests = {name: hashlib.sha1(text).hexdigest() for name, text in self._texts.items()}
        self._by_digest = {digest: self._texts[name] for name, digest in self._digests.items()}

    def run(self, *command: Any) -> Any:
        """Run a command of one slot; raise Unavailable when the server cannot."""
        return answered(self.send(command)[0])

    def script(self, name: str, keys: Sequence[Key], *arguments: Any) -> Any:
        """Run a script by its file's name; raise NotFound, Conflict or LimitReached as it says."""
        return self.run(*self.call(name, keys, *arguments))

    def call(self, name: str, keys: Sequence[Key], *arguments: Any) -> Command:
        """Give the command that runs a script."""
        return ("EVALSHA", self._digests[name], len(keys), *keys, *arguments)

    def send(self, *commands: Command) -> list[Any]:
        """Run commands in their order, each in its slot; of one that fails the error stands for its answer.

        Raises Unavailable when the server is silent: nobody knows then what of it was done.
        """
        answers = _guarded(lambda: self._road(commands))
        for place, answer in enumerate(answers):
            if isinstance(answer, NoScriptError):
                answers[place] = self._taught(commands[place])
        return [_refusal(each) if isinstance(each, ResponseError) else each for each in answers]

    def _taught(self, command: Command) -> Any:
        """Run a script with its text: a server that was started anew knows it from now on."""
        _, digest, *rest = command
        return _guarded(lambda: self._road([("EVAL", self._by_digest[digest], *rest)]))[0]

    def subscription(self) -> Any:
        """Open a subscription of redis-py's, not yet connected."""
        return self._client.pubsub(ignore_subscribe_messages=False)

    def close(self) -> None:
        """Let go of the connections."""
        self._road.close()
        self._client.close()


def answered(answer: Any) -> Any:
    """Give an answer, or raise the error that stands for it."""
    if isinstance(answer, LocalfaxError):
        raise answer
    return answer


def _open(url: str) -> tuple[Road, Any]:
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
        return Single(single.connection_pool), single
    single.close()
    cluster = RedisCluster.from_url(url, **options)
    return Cluster(cluster), cluster


def _guarded(do: Callable[[], Any]) -> Any:
    try:
        return do()
    except ResponseError as refusal:
        raise _refusal(refusal) from refusal
    except redis.RedisError as trouble:
        raise Unavailable(f"the store cannot answer: {trouble}") from trouble


def _refusal(refusal: ResponseError) -> LocalfaxError:
    """Give a refusal as an error of the domain; raise it when it is a mistake of ours."""
    if isinstance(refusal, redis.exceptions.OutOfMemoryError):
        return Unavailable("the store is full: redis-server has reached its maxmemory")
    word, _, rest = str(refusal).partition(" ")
    if word in REFUSALS:
        return REFUSALS[word](rest)
    if type(refusal) is ResponseError and word not in TROUBLES:
        raise refusal
    return Unavailable(f"the store cannot answer: {refusal}")


def _names() -> list[str]:
    return [path.stem for path in Path(__file__).parent.glob("*.lua") if path.stem != SHARED]


def _text(name: str) -> bytes:
    folder = Path(__file__).parent
    own = (folder / f"{name}.lua").read_bytes()
    return own if name in GLOBAL else (folder / f"{SHARED}.lua").read_bytes() + own
