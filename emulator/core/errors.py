"""The few errors that the domain raises; only the HTTP edge turns them into statuses."""

from __future__ import annotations


class LocalfaxError(Exception):
    """Base of every error that the domain raises on purpose."""


class NotFound(LocalfaxError):
    """Nothing of that kind has that id in this sandbox."""


class Conflict(LocalfaxError):
    """The stored version is not the one this change was made from."""


class LimitReached(LocalfaxError):
    """A counter would leave its bounds; `name` says which."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class Overtaken(LocalfaxError):
    """Another writer came before what was held back was written: none of it is."""


class Unwritten(LocalfaxError):
    """What a request was told is done could not be written; its answer has not gone out."""


class IllegalEvent(LocalfaxError):
    """The machine has no such transition; nothing was changed."""


class Invalid(LocalfaxError):
    """A value cannot be taken; `field` names it."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class Unavailable(LocalfaxError):
    """The store cannot answer now; the same request may work later."""
