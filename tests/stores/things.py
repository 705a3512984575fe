"""What the tests of stores put into them."""

from __future__ import annotations

from queue import Queue
from typing import Any

from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import State
from emulator.core.item import Record
from emulator.core.message import Message
from emulator.core.sandbox import Sandbox
from emulator.core.webhooks.delivery import Delivery

BOX = "box"


def sandbox(name: str = BOX) -> Sandbox:
    return Sandbox(id=name, name=name, seed="s", credentials={"acme": {"key": name}}, created_at=1.0)


def fax(number: int = 1, **more: Any) -> Fax:
    given = {"vendor": "acme", "to": "+1", "state": State.received, "created_at": 1.0, "changed_at": 1.0}
    return Fax(id=f"fax-{number}", sequence=number, **{**given, **more})


def delivery(number: int = 1, **more: Any) -> Delivery:
    given = {"vendor": "acme", "fax": "fax-1", "event": "e", "rule": "outbound", "created_at": 1.0}
    message = Message("http://x/", fields=(("a", [1, {"b": None}]),))
    return Delivery(id=f"delivery-{number}", sequence=number, message=message, **{**given, **more})


def record(number: int = 1, **more: Any) -> Record:
    return Record(id=f"record-{number}", sequence=number, **{"group": "labels", **more})


class Told:
    """What a listener was told; a shared store tells from a thread of its own."""

    def __init__(self) -> None:
        self._told: Queue[str] = Queue()
        self.hear = self._told.put

    def next(self) -> str:
        return self._told.get(timeout=10)


def after(item: Any, **changes: Any) -> Any:
    """The next version of an item."""
    return item.evolve(version=item.version + 1, **changes)
