"""Lists: newest first, page by page, within a window of time, narrowed by filters.

The theory. Kazoo's database keeps a list under keys [account, created] and reads from a key onwards, so the
key of a page is the instant (in Gregorian seconds) at which its first row was made, and the answer tells the
first row of the next page: `next_start_key`. An instant finds the first row that is not before it. Several
rows may be of one second, and then it finds too early a row; a key that would do so says the row's place in
the store as well, which no other row has.

The store keeps rows in the order of their places. That is the order of their instants but for calls that are
answered at one time, which stand out of it by a second and by a few rows (ASTRAY). So a page deep in the
past needs no look at what comes before: bisection over the list finds the instant, and reading begins a few
rows early.

An example: places 1 to 5, made at 100, 100, 101, 102, 103, newest first, three a page. The first page is 5, 4
and 3; the next row is 2, all rows before it are younger than 100, so its key is [account, 100]. With four a
page the next row is 1, and 100 alone would lead to row 2: the key is [account, 100, 1].

A 4.3 server writes the same pair [created, place] as one opaque word.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import dropwhile, islice
from typing import Any, Generic, TypeVar

from flask import Response, request

from emulator.core.item import Item
from emulator.core.json_text import read_json
from emulator.vendors.dialect import context
from emulator.vendors.kazoo.errors import KazooError, invalid, success
from emulator.vendors.kazoo.fields import rule_error, type_error
from emulator.vendors.kazoo.lists.filters import read_filters, read_instant
from emulator.vendors.kazoo.parameters import breaks
from emulator.vendors.kazoo.visit import modern, visit
from emulator.vendors.kazoo.words import gregorian

PAGE_SIZE = 50
LARGEST_PAGE = 2**62
WIDEST = 2_682_000
"""Seconds of the widest window, 31 days and an hour (observed)."""
LIST_CAP = 10_000
"""Rows of a list without pages, unless the profile's `list_cap` says otherwise (assumed)."""
CHUNK = 500
_PART = re.compile(r"start_key\[\d{1,3}\]", re.ASCII)
ASTRAY = 20
_LIST, _BIGNUM, _BINARY, _NIL, _VERSION = b"l", b"n", b"m", b"j", b"\x83"

ItemT = TypeVar("ItemT", bound=Item)


@dataclass(frozen=True)
class PagedList(Generic[ItemT]):
    """A list of the store and how its items are shown; `created` and `modified` are in Gregorian seconds."""

    kind: type[ItemT]
    name: str
    row: Callable[[ItemT], dict[str, Any]]
    document: Callable[[ItemT], dict[str, Any]]
    created: Callable[[ItemT], int]
    modified: Callable[[ItemT], int]
    ranged: bool = True


@dataclass(frozen=True)
class Key:
    """Where a page begins: the instant of its first row and, to tell rows of one second apart, its place."""

    created: int
    place: int | None = None


def answer_page(listing: PagedList[ItemT]) -> Response:
    """Answer with the page that the request asks for."""
    size = page_size()
    descending = not (_said("ascending") == "true" or _said("descending") == "false")
    low, high = window() if listing.ranged else (None, None)
    said = said_key()
    rows = _rows(listing, descending, read_key(said), low, high)
    if _said("paginate") == "false":
        told = context().profile("list_cap")
        page, following = _first(rows, told if isinstance(told, int) else LIST_CAP)
        if following:
            raise KazooError("range not satisfiable")
        return success([listing.row(item) for item in page])
    page, following = _first(rows, size)
    more: dict[str, Any] = {"page_size": len(page), "start_key": _shown_start(said, page, listing)}
    if following:
        more["next_start_key"] = _next_key(listing, following[0], descending)
    return success([listing.row(item) for item in page], more=more)


def said_key() -> list[str]:
    """The start key as it is said: `start_key`, `start_key[]` repeated, PHP's `start_key[0]` (observed)."""
    given = request.args
    named = [name for name in given if name.startswith("start_key[") and name != "start_key[]"]
    if not all(_PART.fullmatch(name) for name in named):
        return named  # what is no place of a list is a cursor that cannot be read
    if named:
        return [given[name] for name in sorted(named, key=lambda name: (len(name), name))]
    return given.getlist("start_key") or given.getlist("start_key[]")


def _first(rows: Iterator[ItemT], count: int) -> tuple[list[ItemT], list[ItemT]]:
    """Take so many rows, and the one that follows if there is one."""
    count = max(0, min(count, LARGEST_PAGE))
    taken = list(islice(rows, count + 1))
    return taken[:count], taken[count:]


def _said(name: str) -> str:
    return request.args.get(name, "").lower()


def page_size() -> int:
    """Read the page size; raise KazooError as the server does."""
    text = request.args.get("page_size", str(PAGE_SIZE))
    try:
        size = int(text) if len(text) < 20 else int("x")
    except ValueError:
        raise KazooError("faulty_request", data={"message": "invalid page size"}) from None
    if size < 1:
        raise KazooError("faulty_request", data={"message": "page size must be at least 1"})
    return size


def window() -> tuple[int | None, int | None]:
    """Read created_from and created_to; all there is when nothing is said (documented: the lists say all).

    With the switch `list_window` no window is wider than 31 days, and the last ones are meant (observed).
    """
    narrow = context().profile("list_window") is True
    high = _instant("created_to", gregorian(context().now) if narrow else None)
    low = _instant("created_from", high - WIDEST if narrow and high is not None else None)
    if low is None or high is None or low <= high <= (low + WIDEST if narrow else high):
        return low, high
    wrong = "prior to" if high < low else f"more than {WIDEST} seconds from"
    message = f"created_to {high} is {wrong} created_from {low}"
    raise invalid({"created_from": {"date_range": {"message": message, "cause": low}}})


def _instant(name: str, default: int | None) -> int | None:
    text = request.args.get(name)
    if text is None:
        return default
    if (number := read_instant(text)) is None:
        raise breaks(name, type_error("integer", text))
    return number


# what the store has
def _rows(
    listing: PagedList[ItemT], descending: bool, start: Key | None, low: int | None, high: int | None
) -> Iterator[ItemT]:
    """The rows of the window from the key on that the filters want."""
    wanted = read_filters(request.args, listing.document, listing.modified)
    begin, end = (high, low) if descending else (low, high)
    said = None if start is None or start.place is not None else start.created

    def before(item: ItemT, edge: int | None) -> bool:
        return edge is not None and _precedes(listing.created(item), edge, descending)

    stored = _stored(listing, descending, start, lambda item: before(item, begin) or before(item, said))
    for item in dropwhile(lambda item: before(item, said), stored):
        if end is not None and _precedes(end, listing.created(item), descending):
            return
        if not before(item, begin) and wanted(item):
            yield item


def _precedes(at: int, edge: int, descending: bool) -> bool:
    """Tell whether the rows of one instant come before those of another."""
    return at > edge if descending else at < edge


def _stored(
    listing: PagedList[ItemT], descending: bool, start: Key | None, before: Callable[[ItemT], bool]
) -> Iterator[ItemT]:
    """What is stored, in order; of what comes `before` only a few."""
    world = context().world
    page = partial(world.list, listing.kind, listing.name, descending=descending)
    if start is not None and start.place is not None:
        items = page(after=start.place + (1 if descending else -1), limit=CHUNK)
    else:
        items = page(limit=CHUNK)
        if len(items) == CHUNK and before(items[-1]):
            places = range(world.store.count(listing.name))
            first = bisect_left(places, True, key=lambda at: not any(map(before, page(offset=at, limit=1))))
            items = page(offset=max(0, first - ASTRAY), limit=CHUNK)
    while items:
        yield from items
        items = page(after=items[-1].sequence, limit=CHUNK) if len(items) == CHUNK else []


# keys
def _shown_start(said: list[str], page: list[ItemT], listing: PagedList[ItemT]) -> Any:
    if said:
        return said[0] if modern() else _array(said)
    if not modern():
        return [visit().account]
    if not page:
        return _opaque(gregorian(context().now), "0")
    return _opaque(listing.created(page[0]), str(page[0].sequence))


def _next_key(listing: PagedList[ItemT], item: ItemT, descending: bool) -> Any:
    """Write the key of a row: an array as the vendor's document shows it, one opaque word with 4.3.

    The array ends with the instant (assumed); the row's place follows where that leads to another row.
    """
    at = listing.created(item)
    if modern():
        return _opaque(at, str(item.sequence))
    nearest = context().world.list(
        listing.kind, listing.name, after=item.sequence, limit=ASTRAY, descending=not descending
    )
    alone = all(_precedes(listing.created(each), at, descending) for each in nearest)
    return [visit().account, at, *(() if alone else (item.sequence,))]


def read_key(said: list[str]) -> Key | None:
    """Read a start key: an array as JSON, an array as repeated parameters, or the opaque word."""
    if not said:
        return None
    try:
        parts = _array(said)
        numbers = [_whole(each) for each in (parts[1:] if parts[0] == visit().account else parts)]
        if len(numbers) > 2 or any(not 0 <= number < 2**62 for number in numbers):
            raise ValueError(said)
    except (ValueError, TypeError, IndexError, OverflowError):
        rule = rule_error(
            "wrong_format", "Field is not in the correct format", value=said[0], format="start_key"
        )
        raise breaks("start_key", rule) from None
    return Key(*numbers[:2]) if numbers else None


def _whole(part: Any) -> int:
    if isinstance(part, bool) or not (
        isinstance(part, int) or (isinstance(part, str) and len(part) < 20 and part.isdecimal())
    ):
        raise ValueError(part)
    return int(part)


def _array(said: list[str]) -> list[Any]:
    if len(said) > 1:
        return list(said)
    text = said[0]
    if text.startswith("["):
        parts = read_json(text)
        return parts if isinstance(parts, list) else [parts]
    return [text] if text == visit().account else [visit().account, *_read_opaque(text)]


def _opaque(created: int, place: str) -> str:
    """Write [created, place] as an Erlang term in URL-safe base 64, as 4.2 and later do (observed)."""
    size = (created.bit_length() + 7) // 8
    term = b"".join(
        (
            _VERSION + _LIST + (2).to_bytes(4, "big"),
            _BIGNUM + bytes((size, 0)) + created.to_bytes(size, "little"),
            _BINARY + len(place).to_bytes(4, "big") + place.encode(),
            _NIL,
        )
    )
    return urlsafe_b64encode(term).rstrip(b"=").decode()


def _read_opaque(text: str) -> tuple[int, int]:
    term = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if term[:2] != _VERSION + _LIST or term[6:7] != _BIGNUM:
        raise ValueError(text)
    size = term[7]
    return int.from_bytes(term[9 : 9 + size], "little"), int(term[9 + size + 5 : -1])
