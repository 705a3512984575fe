"""How a sandbox stands in Redis: its keys, and its items as bytes that sort as they must."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

from emulator.core.item import Item
from emulator.core.storage.codec import decode, encode
from emulator.core.storage.store import Add, ItemT

PREFIX = "localfax:"
CHANNEL = "localfax:due"
WORDS = "localfax:words"
SANDBOXES = "localfax:sandboxes"
"""The ids of all sandboxes, sorted."""
REGISTER = ("localfax:{documents}:order", "localfax:{documents}:sizes")
"""The documents of all sandboxes by age, and their sizes."""

PARTS, FIELDS = b"\xfe", b"\xff"
"""Between joined texts, and within one: UTF-8 never has these bytes."""
DIGITS = 20
LOWEST = 2**62
"""Added to a sequence, so that negative ones sort too."""
RANK = {"fax": b"0", "delivery": b"1"}
"""What is played first when several things are due at one instant; all else comes last."""

REMEMBERED = 4096
"""Items that a process keeps decoded: most reads are of few, like a clock, or of what it has just written."""

_remembered: dict[tuple[str, bytes], Item] = {}


def text(value: str) -> bytes:
    """Give a text's bytes; halves of surrogate pairs, which JSON may carry, are kept."""
    return value.encode("utf-8", "surrogatepass")


def untext(value: bytes) -> str:
    """Give a text of its bytes."""
    return value.decode("utf-8", "surrogatepass")


def sandbox_key(sandbox_id: str) -> bytes:
    """Name the record of a sandbox; its other keys begin with that name, so that all lie in one slot."""
    return text(f"{PREFIX}{{{sandbox_id}}}")


def key(sandbox_id: str, *words: str) -> bytes:
    """Name a key of a sandbox."""
    return text(":".join((f"{PREFIX}{{{sandbox_id}}}", *words)))


def credential_key(credential: str) -> bytes:
    """Name the key that finds a sandbox by a credential."""
    return text(f"{PREFIX}bound:{credential}")


def document(sandbox_id: str, digest: str) -> bytes:
    """Name a document in the register."""
    return text(sandbox_id) + FIELDS + text(digest)


def dump(value: Any) -> bytes:
    """Give JSON as bytes."""
    return json.dumps(value, separators=(",", ":")).encode()


def load(body: bytes) -> Any:
    """Read JSON."""
    return json.loads(body)


def dump_item(item: Item) -> bytes:
    """Give an item as bytes, and remember it."""
    body = dump(encode(item))
    _remember(item, body)
    return body


def kind_of(name: bytes) -> type[Item]:
    """Give the type of items of a kind."""
    return next(each for each in Item.__subclasses__() if each.kind == name.decode())


def load_item(kind: type[ItemT], body: bytes) -> ItemT:
    """Read an item; what was read or written before is the same object, for items never change."""
    known: Any = _remembered.get((kind.kind, body))
    if known is None:
        known = decode(kind, load(body))
        _remember(known, body)
    found: ItemT = known
    return found


def _remember(item: Item, body: bytes) -> None:
    _remembered[item.kind, body] = item
    if len(_remembered) > REMEMBERED:
        with suppress(KeyError, RuntimeError):  # another thread has done it
            del _remembered[next(iter(_remembered))]


def place(name: str, sequence: int | None = None) -> bytes:
    """Give where a list begins in the set of all lists, or a sequence in it."""
    return text(name) + FIELDS + (b"" if sequence is None else _digits(sequence))


def bounds(name: str) -> tuple[bytes, bytes]:
    """Give the bounds of a list in the set of all lists, the second exclusive."""
    return place(name), place(name) + FIELDS


def id_offset(name: str) -> int:
    """Give the length of what stands before an id in a list."""
    return len(place(name, 0)) + len(FIELDS)


def ref(kind: str, name: str) -> bytes:
    """Give a reference as it stands in the hash of all references."""
    return text(kind) + FIELDS + text(name)


def turn(item: Item) -> bytes:
    """Give an item's place among those due at one instant."""
    rank = RANK.get(item.kind, b"2")
    return rank + _digits(item.sequence) + FIELDS + text(item.kind) + FIELDS + text(item.id)


def put_arguments(item: Item, stored: int) -> tuple[Any, ...]:
    """Give what commit.lua takes for an item to be written over the version that is stored, 0 for none."""
    item_id = text(item.id)
    places = PARTS.join(place(name, item.sequence) + FIELDS + item_id for name in item.lists)
    refs = PARTS.join(ref(item.kind, name) for name in item.refs)
    due = b"" if item.due is None else repr(float(item.due)).encode()
    return (item.kind, item_id, stored, item.version, dump_item(item), due, turn(item), places, refs)


def delete_arguments(item: Item) -> tuple[Any, ...]:
    """Give what commit.lua takes for an item to be deleted, or one that must not have changed."""
    return (item.kind, text(item.id), item.version)


def add_arguments(add: Add) -> tuple[Any, ...]:
    """Give what commit.lua takes for a counter's change."""
    least = "" if add.at_least is None else add.at_least
    most = "" if add.at_most is None else add.at_most
    return (text(add.name), add.delta, least, most)


def turn_parts(place: bytes) -> tuple[str, str]:
    """Give the kind and the id of what is due."""
    _, kind, item_id = place.split(FIELDS, 2)
    return untext(kind), untext(item_id)


def _digits(sequence: int) -> bytes:
    return b"%0*d" % (DIGITS, sequence + LOWEST)
