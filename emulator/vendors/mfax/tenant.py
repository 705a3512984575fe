"""A sandbox as mFax's account system: ids, time, switches, and shelves of the client's own objects."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from emulator.core.item import Item, Record
from emulator.core.sandboxes.ids import Ids
from emulator.core.sandboxes.sandbox import Sandbox, Settings
from emulator.core.world import World
from emulator.vendors.dialect import call
from emulator.vendors.mfax.errors import not_found
from emulator.vendors.mfax.tables import SWITCHES

NAME = "mfax"
EVERYTHING = 1_000_000
Done = TypeVar("Done")


@dataclass(frozen=True)
class Tenant:
    """One sandbox of the engine."""

    world: World

    @property
    def sandbox(self) -> Sandbox:
        return self.world.sandbox

    @property
    def ids(self) -> Ids:
        return self.world.ids

    @property
    def settings(self) -> Settings:
        return self.world.settings(NAME)

    @property
    def now(self) -> float:
        return self.world.now

    def next(self, kind: str) -> int:
        """Give the next number of a counter."""
        return self.world.next(f"{NAME}/{kind}")

    def uuid(self, kind: str, number: int) -> str:
        """Give the id of an object of the account."""
        return self.sandbox.ids.uuid(f"{NAME}/{kind}", number)

    def switch(self, name: str) -> Any:
        """Give a profile switch or its default."""
        return self.settings.profile.get(name, SWITCHES[name][0])

    def commit(self, *puts: Item, deletes: Sequence[Item] = ()) -> None:
        """Write all or nothing; raise Conflict when another writer came first."""
        self.world.store.commit(puts, deletes=deletes)

    def anew(self, do: Callable[[], Done]) -> Done:
        """Read and commit, from the beginning again when another writer came first."""
        return self.world.retry(do)

    def note(self, name: str) -> Record:
        """Give a note of the account system's own; one that was never written is empty, of version 0."""
        key = f"{NAME}/{name}"
        kept = self.world.store.get(Record, key)
        return kept or Record(id=key, version=0, group=key)


def rewritten(record: Record, data: Mapping[str, Any]) -> Record:
    """Give the record that follows this one, to be committed."""
    return record.evolve(version=record.version + 1, data=data)


def here() -> Tenant:
    """Give the tenant of the call being answered."""
    return Tenant(call().world)


@dataclass(frozen=True)
class Shelf:
    """The account's objects of one kind; `what` is the word for one of them in an error."""

    tenant: Tenant
    group: str
    what: str

    @property
    def list_name(self) -> str:
        return f"{NAME}/{self.group}"

    def make(self, data: Mapping[str, Any]) -> Record:
        """Make a new object with its `uuid`; it is not stored yet."""
        number = self.tenant.next(self.group)
        uuid = self.tenant.uuid(self.group, number)
        return Record(id=uuid, sequence=number, group=self.list_name, data={"uuid": uuid, **data})

    def add(self, data: Mapping[str, Any]) -> Record:
        """Store a new object."""
        record = self.make(data)
        self.tenant.commit(record)
        return record

    def find(self, uuid: str) -> Record | None:
        """Give an object, None when there is none of that id on this shelf."""
        record = self.tenant.world.store.get(Record, uuid.lower())
        return record if record is not None and record.group == self.list_name else None

    def get(self, uuid: str) -> Record:
        """Give an object or raise the vendor's not-found error."""
        if (record := self.find(uuid)) is None:
            raise not_found(self.what)
        return record

    def change(self, uuid: str, make: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> Record:
        """Replace an object's data by what `make` gives, anew when another writer came first."""

        def once() -> Record:
            record = self.get(uuid)
            changed = rewritten(record, make(record.data))
            self.tenant.commit(changed)
            return changed

        return self.tenant.anew(once)

    def remove(self, uuid: str) -> None:
        """Take an object away."""
        self.tenant.anew(lambda: self.tenant.commit(deletes=(self.get(uuid),)))

    def page(self, offset: int = 0, limit: int = EVERYTHING) -> list[Record]:
        """List objects, the oldest first."""
        return self.tenant.world.list(Record, self.list_name, offset=offset, limit=limit, descending=False)

    def count(self) -> int:
        """Count the objects."""
        return self.tenant.world.store.count(self.list_name)
