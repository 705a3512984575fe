"""What a CONNECT leads to: a host that this server stands in for, or another one."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias


class NoPassage(Exception):
    """A host is not reached by way of this server: the status that says so; why, and what to do, as text."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


@dataclass(frozen=True)
class Served:
    """The requests that follow are answered here, inside of TLS where there is a context.

    `extra` is what each of them has in its environ.
    """

    context: ssl.SSLContext | None
    extra: Mapping[str, Any]

    def close(self) -> None:
        """Do nothing: nothing is held."""


@dataclass(frozen=True)
class Carried:
    """Bytes are carried to and from a connected socket."""

    connected: socket.socket

    def close(self) -> None:
        """Let go of the socket."""
        self.connected.close()


Passage: TypeAlias = Served | Carried
