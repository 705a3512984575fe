"""This process led to Localfax, and back: for tests of applications that run in it."""

from __future__ import annotations

import os
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from localfax.interception.environment import intercept
from localfax.interception.preload.python.localfax_redirection import Redirection
from localfax.server import Localfax


@contextmanager
def intercepting(server: Localfax) -> Iterator[None]:
    """Have what this process, and what it starts, asks of the vendors' hosts answered by a server."""
    found = server.interception()
    with TemporaryDirectory(prefix="localfax-") as folder:
        wanted = intercept(Path(folder), server.url, found["hosts"], found["certificate"], egress=True)
        proxy, authority = wanted["LOCALFAX_PRELOAD_PROXY"], wanted["LOCALFAX_PRELOAD_CA"]
        redirection = Redirection([*found["hosts"]], proxy, authority)
        with _surroundings(wanted):
            redirection.install()
            try:
                yield
            finally:
                redirection.remove()


@contextmanager
def _surroundings(wanted: Mapping[str, str]) -> Iterator[None]:
    before, opener = dict(os.environ), vars(urllib.request)["_opener"]
    try:
        for name in before.keys() - wanted.keys():
            del os.environ[name]
        os.environ.update(wanted)
        yield
    finally:
        for name in os.environ.keys() - before.keys():
            del os.environ[name]
        os.environ.update(before)
        urllib.request.install_opener(opener)  # one that `urlopen` made meanwhile would keep the proxy
