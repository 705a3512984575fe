"""The account: its keys, switches and objects, its sub-account, its users, the numbers that it may fax to.

Every sandbox has a master account with an admin and a base user, and a customer account with one user; their
ids are the same in every sandbox, so that a snapshot of one can be loaded into another. The API adds users.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from emulator.core.faxes import numbers
from emulator.core.faxes.numbers import normalise
from emulator.core.instants import iso
from emulator.core.item import Record
from emulator.core.sandbox import Ids, Settings
from emulator.core.world import World
from emulator.vendors.dialect import RequestContext, context
from emulator.vendors.mfax.choices import DEFAULTS
from emulator.vendors.mfax.errors import MfaxError, not_allowed, not_found
from emulator.vendors.mfax.tables import INTERNATIONAL, REFUSALS
from emulator.vendors.notes import present

_IDS = Ids("mfax")
MASTER, CUSTOMER = _IDS.uuid("account", 1), _IDS.uuid("account", 2)
_ACCOUNT_NUMBERS = {
    uuid: str(1_200_000_000 + int(_IDS.hex("account-number", number, 8), 16) % 10_000_000)
    for number, uuid in ((1, MASTER), (2, CUSTOMER))
}


def _user(number: int, account: str, first: str, role: str) -> dict[str, Any]:
    return {
        "uuid": _IDS.uuid("user", number),
        "email": f"{first}.tester@example.com".lower(),
        "firstName": first,
        "lastName": "Tester",
        "userRole": role,
        "accountId": account,
    }


_ADMIN, _BASE = _user(1, MASTER, "Test", "admin"), _user(2, MASTER, "Base", "base")
STAFF = {user["uuid"]: user for user in (_ADMIN, _BASE, _user(3, CUSTOMER, "Customer", "base"))}
"""The users that a sandbox is made with: the first two hold its keys."""
_HOLDERS = {"apiKey": _ADMIN, "baseApiKey": _BASE}

_NUMBER = re.compile(r"\s*\+?[0-9\s().-]{7,40}")


# keys
def mint(ids: Ids) -> dict[str, str]:
    """Make the keys of a new sandbox: an admin's and a base user's."""
    return name_keys(f"mfax-{ids.hex('mfax/key', 1)}", f"mfax-{ids.hex('mfax/key', 2)}")


def name_keys(admin: str, base: str) -> dict[str, str]:
    """Name the keys, and the header that a client with the admin's sends."""
    return {"apiKey": admin, "Authorization": f"Basic {admin}", "baseApiKey": base}


def keys(credentials: Mapping[str, str]) -> tuple[str, ...]:
    """The keys that find a sandbox."""
    return tuple(credentials[name] for name in _HOLDERS)


def sign_in(here: RequestContext) -> None:
    """Note whose key the call carries."""
    held = here.sandbox.credentials["mfax"]
    held_by = (user for name, user in _HOLDERS.items() if held[name] == here.key)
    present.get().read = next(held_by, _ADMIN)  # a key of nobody's is as good as the account's first


def caller() -> dict[str, Any]:
    """The user whose key the call carries."""
    user: dict[str, Any] = present.get().read
    return user


def is_admin() -> bool:
    """Tell whether the call's key has the admin level."""
    return bool(caller()["userRole"] == "admin")


def switch(settings: Settings, name: str) -> Any:
    """A profile switch of the account or its default."""
    return settings.profile.get(name, DEFAULTS[name])


# objects of its own
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


# accounts and users
def show_account(world: World, uuid: str) -> dict[str, Any]:
    """Show an account as fax and number objects have it."""
    name, customer = world.sandbox.name, uuid == CUSTOMER
    return {
        "uuid": uuid,
        "accountNumber": _ACCOUNT_NUMBERS[CUSTOMER if customer else MASTER],
        "accountName": f"{name} customer" if customer else name,
        "accountType": "customer" if customer else "master",
    }


def choose_account(uuid: str | None) -> str:
    """Take the account that a call names, the master one when it names none; raise not found."""
    if uuid not in (None, MASTER, CUSTOMER):
        raise not_found("Account")
    return uuid or MASTER


def list_users(world: World) -> list[dict[str, Any]]:
    """List the users of all accounts."""
    return [*STAFF.values(), *(dict(record.data) for record in USERS.page(world))]


def find_user(world: World, uuid: str) -> dict[str, Any] | None:
    """Find a user, one that came with the account or one that the API added."""
    if (known := STAFF.get(uuid.lower())) is not None:
        return known
    record = USERS.find(world, uuid)
    return None if record is None else dict(record.data)


def find_users(world: World, uuids: Iterable[str]) -> list[dict[str, Any]]:
    """Find users; those who were removed meanwhile are left out."""
    return [user for user in (find_user(world, uuid) for uuid in uuids) if user is not None]


def get_user(world: World, uuid: str) -> dict[str, Any]:
    """Find a user or raise not found."""
    if (user := find_user(world, uuid)) is None:
        raise not_found("User")
    return user


# numbers
def destination(written: str) -> str:
    """Read a number as a client writes it, in E.164; raise what forbids faxing to it."""
    number, settings = normalise(written), context().settings
    if not _NUMBER.fullmatch(written) or not numbers.is_number(number):
        raise MfaxError(*REFUSALS["invalid_number"])
    if settings.restricts(number):
        raise MfaxError(*REFUSALS["restricted"])
    if not number.startswith("+1") and not switch(settings, "international"):
        raise not_allowed(INTERNATIONAL)
    return number


def country_of(number: str) -> str:
    """Tell the alpha-2 country of a number in E.164, US when it says nothing."""
    return numbers.country_of(number) or "US"


def national(number: str) -> str:
    """Spell a number in E.164: the ten digits of a North American one, the digits of any other."""
    return number.removeprefix("+1") if number.startswith("+1") else number.removeprefix("+")
