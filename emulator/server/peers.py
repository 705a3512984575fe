"""The workers of one server: each tells the others what it has counted when one of them is asked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from multiprocessing.connection import Listener

_PATIENCE = 1.0
"""Seconds to wait for a worker that is there but does not answer."""


class Peers:
    """One worker among several, who have a folder of their own for their sockets; it must be private."""

    def __init__(self, folder: Path, number: int) -> None:
        self._folder = folder
        self._own = folder / str(number)

    @contextmanager
    def telling(self, tell: Callable[[], Any]) -> Iterator[None]:
        """Answer the others for the block with what `tell` gives."""
        from multiprocessing.connection import Listener

        self._own.unlink(missing_ok=True)  # of one that died
        over = threading.Event()
        with Listener(str(self._own), "AF_UNIX", backlog=16) as listener:
            thread = threading.Thread(target=_answer, args=(listener, tell, over), daemon=True)
            thread.start()
            try:
                yield
            finally:
                over.set()
                _asked(self._own)
                thread.join()

    def ask(self) -> list[Any]:
        """Collect what the others tell; those that have died or stand still are left out."""
        others = sorted(each for each in self._folder.iterdir() if each != self._own)
        return [answer for each in others for answer in _asked(each)]


def _answer(listener: Listener, tell: Callable[[], Any], over: threading.Event) -> None:
    while not over.is_set():
        with suppress(OSError, EOFError), listener.accept() as asking:
            asking.send(tell())


def _asked(place: Path) -> list[Any]:
    from multiprocessing.connection import Client

    with suppress(OSError, EOFError), Client(str(place), "AF_UNIX") as asking:
        if asking.poll(_PATIENCE):
            return [asking.recv()]
    return []
