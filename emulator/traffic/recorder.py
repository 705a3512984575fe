"""A recording while it is made: a HAR file that is whole after every entry."""

from __future__ import annotations

import json
import threading
from pathlib import Path

from emulator import __version__
from emulator.traffic.exchange import Exchange
from emulator.traffic.har import head, write_entry
from emulator.traffic.redaction import Redactor

_END = b"\n]}}\n"


class HarFile:
    """A new HAR file; raises FileExistsError rather than mix two recordings, whose pseudonyms differ.

    Everything is redacted before it is written, and nothing else is kept.
    """

    def __init__(self, path: Path, redactor: Redactor | None = None) -> None:
        self.path = path
        self.entries = 0
        self._redactor = redactor or Redactor()
        self._lock = threading.Lock()
        begun = json.dumps({"log": head(__version__)}, separators=(",", ":"))
        self._file = path.open("xb")
        self._file.write(begun.removesuffix("]}}").encode() + _END)
        self._file.flush()

    def add(self, exchange: Exchange) -> None:
        """Redact an exchange and write it."""
        with self._lock:
            entry = json.dumps(write_entry(self._redactor.exchange(exchange)), separators=(",", ":"))
            self._file.seek(-len(_END), 2)
            self._file.write((b",\n" if self.entries else b"\n") + entry.encode() + _END)
            self._file.flush()
            self.entries += 1

    def close(self) -> None:
        """Close the file."""
        self._file.close()
