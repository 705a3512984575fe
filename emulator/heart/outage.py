"""An outage of the store, told once: when it begins and when it is over."""

from __future__ import annotations

import logging
import threading

from emulator.core.errors import Unavailable

log = logging.getLogger(__name__)


class Outage:
    """Whether the store is silent, as those who need it find."""

    def __init__(self) -> None:
        self._lasts = False
        self._lock = threading.Lock()

    def note(self, silent: Unavailable) -> None:
        """Hear that the store did not answer."""
        with self._lock:
            begins, self._lasts = not self._lasts, True
        if begins:
            log.warning("what is due waits: %s", silent)

    def end(self) -> None:
        """Hear that it has answered."""
        if self._lasts:
            with self._lock:
                ends, self._lasts = self._lasts, False
            if ends:
                log.warning("what was due goes on: the store answers again")
