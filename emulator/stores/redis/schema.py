"""How a sandbox stands in Redis: its keys, its items as JSON, its lists as bytes that sort as they must.

Keys. All keys of a sandbox begin with `localfax:{its id}`; what stands in braces decides the slot, so one
script may touch them all. The record of the sandbox itself lies under that name alone. Then there are

    :item:fax, :meta:fax   hashes by id, a pair for each kind: bodies (see squeezing.py), and what finds an
                           item again
    :places, :refs, :due   every list, every reference, whatever is due
    :numbers, :blobs       counters, documents
    :journals, :journal:x  the last number of each journal, the entries of journal x; :sizes their bytes
    :cleared               how often all of this was forgotten

Lists. One sorted set, `places`, holds all lists of a sandbox. All its scores are 0, so Redis sorts the
members by their bytes. A member is list, 0xFF, sequence, 0xFF, id; UTF-8 never has the byte 0xFF, so no
name of a list runs into another. The sequence has 2^62 added and is written with 20 digits: then bytes
sort as numbers do, negative ones too. For example faxes 7 and 12 of iFax stand in two lists:

    fax      FF 04611686018427387911 FF fax-7       fax/ifax FF 04611686018427387911 FF fax-7
    fax      FF 04611686018427387916 FF fax-12      fax/ifax FF 04611686018427387916 FF fax-12

The list `fax` is what lies between `fax FF` and `fax FF FF`. A cursor is a sequence, not a member: what
comes after 12 in descending order ends before `fax FF 04611686018427387916`, whether fax 12 is still
there or not. Redis tells the rank of such a bound in logarithmic time, and a page is read by ranks: it
costs the same however long the list is, and however deep the page lies.

Due. `due` is scored by the virtual instant; members that are due at one instant sort as they are played:
rank of the kind, sequence, 0xFF, kind, 0xFF, id.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from emulator.core.item import Add, Item
from emulator.core.storage.codec import pack, unpack
from emulator.core.storage.store import RANK, Due, ItemT
from emulator.stores.redis.squeezing import expand, rests, squeeze

PREFIX = "localfax:"
CHANNEL = "localfax:due"
"""Where ids of sandboxes are published in which something has come nearer."""
WORDS = "localfax:words"
"""Where processes publish what else they have to say."""
SANDBOXES = "localfax:sandboxes"
"""The ids of all sandboxes, sorted."""
USED = "localfax:used"
"""The ids of all sandboxes by the real instant of their last noted use."""
BLOB_INDEX = ("localfax:{documents}:order", "localfax:{documents}:sizes")
"""The documents of all sandboxes by age, and their sizes."""

JOURNAL_SIZES = "localfax:journals"
"""How many bytes the journals of each sandbox have, about."""

PARTS, FIELDS = b"\xfe", b"\xff"
"""Between joined texts, and within one: UTF-8 never has these bytes."""
DIGITS = 20
LOWEST = 2**62
"""Added to a sequence, so that negative ones sort too."""

REMEMBERED = 4096
"""Items that a process keeps decoded: most reads are of few, like a clock, or of what it has just written."""

_remembered: dict[tuple[str, bytes], Item] = {}


def text(value: str) -> bytes:
    """Encode a text; halves of surrogate pairs, which JSON may carry, are kept."""
    return value.encode("utf-8", "surrogatepass")


def untext(value: bytes) -> str:
    """Decode a text."""
    return value.decode("utf-8", "surrogatepass")


# keys
def sandbox_key(sandbox_id: str) -> bytes:
    """Name the record of a sandbox."""
    return text(f"{PREFIX}{{{sandbox_id}}}")


def key_in(sandbox_id: str, words: str) -> bytes:
    """Name another key of a sandbox."""
    return text(f"{PREFIX}{{{sandbox_id}}}:{words}")


def credential_key(credential: str) -> bytes:
    """Name the key that finds a sandbox by a credential."""
    return text(f"{PREFIX}bound:{credential}")


def blob_name(sandbox_id: str, digest: bytes) -> bytes:
    """Name a document among those of all sandboxes."""
    return text(sandbox_id) + FIELDS + digest


# bodies
def dump_item(item: Item) -> bytes:
    """Write an item, and remember it."""
    body = squeeze(pack(item)) if rests(item) else pack(item)
    _remember(item, body)
    return body


def load_item(kind: type[ItemT], body: bytes) -> ItemT:
    """Read an item; what was read or written before is the same object, for items never change."""
    known: Any = _remembered.get((kind.kind, body))
    if known is None:
        known = unpack(kind, expand(body))
        _remember(known, body)
    found: ItemT = known
    return found


def kind_of(name: bytes) -> type[Item]:
    """Find the type of items of a kind."""
    return next(each for each in Item.__subclasses__() if each.kind == name.decode())


def _remember(item: Item, body: bytes) -> None:
    _remembered[item.kind, body] = item
    if len(_remembered) > REMEMBERED:
        with suppress(KeyError, RuntimeError):  # another thread has done it
            del _remembered[next(iter(_remembered))]


# members
def list_member(name: str, sequence: int | None = None) -> bytes:
    """Name where a list begins in `places`, or a sequence in it."""
    return text(name) + FIELDS + (b"" if sequence is None else _digits(sequence))


def list_bounds(name: str) -> tuple[bytes, bytes]:
    """Name the bounds of a list in `places`, the second exclusive."""
    return list_member(name), list_member(name) + FIELDS


def ref_field(kind: str, ref: str) -> bytes:
    """Name a reference in the hash of all references."""
    return text(kind) + FIELDS + text(ref)


def due_member(item: Item) -> bytes:
    """Name an item among those that are due at one instant."""
    rank = b"%d" % RANK.get(item.kind, 2)
    return rank + _digits(item.sequence) + FIELDS + text(item.kind) + FIELDS + text(item.id)


def due_at(at: float, member: bytes) -> Due:
    """Read what is due of an instant and a member of `due`."""
    return Due(at, *due_parts(member))


def due_parts(member: bytes) -> tuple[str, str]:
    """Read the kind and the id of a member of `due`."""
    _, kind, item_id = member.split(FIELDS, 2)
    return untext(kind), untext(item_id)


def _digits(sequence: int) -> bytes:
    return b"%0*d" % (DIGITS, sequence + LOWEST)


# arguments of commit.lua
def put_arguments(item: Item, stored: int) -> tuple[Any, ...]:
    """Spell out an item to be written over the version that is stored, 0 for none."""
    item_id = text(item.id)
    places = PARTS.join(list_member(name, item.sequence) + FIELDS + item_id for name in item.lists)
    refs = PARTS.join(ref_field(item.kind, name) for name in item.refs)
    due = b"" if item.due is None else repr(float(item.due)).encode()
    return (item.kind, item_id, stored, item.version, dump_item(item), due, due_member(item), places, refs)


def seen_arguments(item: Item) -> tuple[Any, ...]:
    """Spell out an item that must be stored as it is, to be deleted or left alone."""
    return (item.kind, text(item.id), item.version)


def same_arguments(item: Item) -> tuple[Any, ...]:
    """Spell out an item of which nothing must have changed."""
    return (item.kind, text(item.id), dump_item(item))


def add_arguments(add: Add) -> tuple[Any, ...]:
    """Spell out a counter's change."""
    least = "" if add.at_least is None else add.at_least
    most = "" if add.at_most is None else add.at_most
    return (text(add.name), add.delta, least, most)
