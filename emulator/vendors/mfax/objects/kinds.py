"""What the account has of its own: objects in one list for each kind, and notes about its calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from emulator.core.instants import iso
from emulator.core.item import Record
from emulator.core.world import World
from emulator.vendors.mfax.errors import not_found

_EVERYTHING = 1_000_000
_TIMES = ("createdAt", "updatedAt")


@dataclass(frozen=True)
class ObjectKind:
    """Objects of one kind: `plural` names their list, `what` is the word for one of them in an error."""

    plural: str
    what: str

    @property
    def group(self) -> str:
        return f"mfax/{self.plural}"

    def make(self, world: World, data: Mapping[str, Any]) -> Record:
        """Make an object with its `uuid`; it is not stored yet."""
        number = world.next(self.group)
        uuid = world.ids.uuid(self.group, number)
        return Record(id=uuid, sequence=number, group=self.group, data={"uuid": uuid, **data})

    def add(self, world: World, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """Store a new object with the times of its making."""
        record = self.make(world, {**data, **dict.fromkeys(_TIMES, world.now)})
        world.commit((record,))
        return record.data

    def find(self, world: World, uuid: str) -> Record | None:
        """Find an object of this kind by its id."""
        return world.record(uuid.lower(), self.group)

    def get(self, world: World, uuid: str) -> Record:
        """Find an object or raise the vendor's not-found error."""
        if (record := self.find(world, uuid)) is None:
            raise not_found(self.what)
        return record

    def change(
        self, world: World, uuid: str, make: Callable[[Mapping[str, Any]], Mapping[str, Any]]
    ) -> Mapping[str, Any]:
        """Replace an object's data by what `make` makes of it, anew when another writer came first."""

        def once() -> Mapping[str, Any]:
            record = self.get(world, uuid)
            changed = rewrite(record, make(record.data))
            world.commit((changed,))
            return changed.data

        return world.retry(once)

    def update(self, world: World, uuid: str, wanted: Mapping[str, Any]) -> Mapping[str, Any]:
        """Change what a call wants to be other, and note the time."""
        return self.change(world, uuid, lambda old: {**old, **wanted, "updatedAt": world.now})

    def remove(self, world: World, uuid: str) -> None:
        """Take an object away."""
        world.retry(lambda: world.commit(deletes=(self.get(world, uuid),)))

    def page(self, world: World, offset: int = 0, limit: int = _EVERYTHING) -> list[Record]:
        """List objects, the oldest first."""
        return world.list(Record, self.group, offset=offset, limit=limit, descending=False)

    def count(self, world: World) -> int:
        """Count the objects."""
        return world.store.count(self.group)


NUMBERS = ObjectKind("numbers", "Number")
USERS = ObjectKind("users", "User")
WEBHOOKS = ObjectKind("webhooks", "Webhook")
TAGS = ObjectKind("tags", "Tag")
CONTACTS = ObjectKind("contacts", "Contact")
CUSTOM_FIELDS = ObjectKind("custom-fields", "Custom field")


def note(world: World, name: str) -> Record:
    """Find a note of the account system's own; one that was never written is empty, of version 0."""
    key = f"mfax/{name}"
    return world.record(key) or Record(id=key, version=0, group=key)


def rewrite(record: Record, data: Mapping[str, Any]) -> Record:
    """Make the record that follows this one, to be committed."""
    return record.evolve(version=record.version + 1, data=data)


def show_times(data: Mapping[str, Any]) -> dict[str, Any]:
    """Show an object with its times as text."""
    return {name: iso(value) if name in _TIMES else value for name, value in data.items()}
