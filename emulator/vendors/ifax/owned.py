"""The fax numbers of an account: those that the portal lists, and those bought through the API."""

from __future__ import annotations

from dataclasses import dataclass, replace

from emulator.core.errors import Conflict
from emulator.core.faxes.numbers import normalise
from emulator.core.item import Record
from emulator.vendors.dialect import Call
from emulator.vendors.ifax.answers import Failure

GROUP = "ifax/numbers"


@dataclass(frozen=True)
class Owned:
    """A number with the two ids that other operations ask for."""

    number: str
    number_id: str
    order_id: str
    record: Record | None = None


def owned(here: Call) -> list[Owned]:
    """List the account's numbers: the portal's in their order, then the bought ones."""
    listed = [_identified(here, normalise(number)) for number in here.settings.numbers]
    bought = here.world.list(Record, GROUP, limit=10_000, descending=False)
    return listed + [_identified(here, record.id.rpartition("/")[2], record) for record in bought]


def owned_numbers(here: Call) -> set[str]:
    """Give the account's numbers in E.164."""
    return {each.number for each in owned(here)}


def find_owned(here: Call, number_id: str, order_id: str) -> Owned:
    """Give an owned number by both its ids; raise Failure 12135 when there is none."""
    found = next(
        (each for each in owned(here) if (each.number_id, each.order_id) == (number_id, order_id)), None
    )
    if found is None:
        raise Failure(12135)
    return found


def add(here: Call, number: str) -> Owned:
    """Buy a number; raise Failure 12129 when the account has it."""
    record = Record(
        id=f"{GROUP}/{number}", group=GROUP, sequence=here.next("number"), data={"boughtAt": here.now}
    )
    try:
        if number in owned_numbers(here):
            raise Failure(12129)
        here.world.commit(record)
    except Conflict:
        raise Failure(12129) from None
    return _identified(here, number, record)


def remove(here: Call, number: Owned) -> None:
    """Let a number go; raise Failure 12114 when somebody else did meanwhile."""
    try:
        if number.record is not None:
            return here.world.commit(deletes=(number.record,))
        settings = here.world.settings(here.vendor.name)
        kept = tuple(each for each in settings.numbers if normalise(each) != number.number)
        if kept == settings.numbers:
            raise Failure(12114)
        return here.world.commit(replace(settings, numbers=kept, version=settings.version + 1))
    except Conflict:
        raise Failure(12114) from None


def _identified(here: Call, number: str, record: Record | None = None) -> Owned:
    drawn = here.ids.draw(f"number/{number}", record.sequence if record else 0)
    return Owned(number, str(drawn.randrange(10**8, 10**9)), str(drawn.randrange(10**18, 10**19)), record)
