"""Lists: newest first, page by page, within a window of time, narrowed by filters."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import dropwhile
from typing import Any, Generic, TypeVar

from flask import Response, request

from emulator.core.item import Item
from emulator.core.json_text import read_json
from emulator.vendors.dialect import call
from emulator.vendors.kazoo.envelope import KazooError, invalid, success
from emulator.vendors.kazoo.fields import broken, dotted
from emulator.vendors.kazoo.filters import wanted_by
from emulator.vendors.kazoo.times import gregorian
from emulator.vendors.kazoo.visit import modern, visit

PAGE_SIZE = 50
WIDEST = 2_682_000
"""Seconds of the widest window, 31 days and an hour (observed)."""
LIST_CAP = 10_000
"""Rows of a list without pages, unless the profile's `list_cap` says otherwise (assumed)."""
CHUNK = 500
ASTRAY = 20
"""Rows that may stand out of their order by a second, as calls that are answered at one time do."""
_LIST, _BIGNUM, _BINARY, _NIL, _VERSION = b"l", b"n", b"m", b"j", b"\x83"

ItemT = TypeVar("ItemT", bound=Item)


@dataclass(frozen=True)
class Listing(Generic[ItemT]):
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
    sequence: int | None = None


def answer(listing: Listing[ItemT]) -> Response:
    """Answer with the page that the call asks for."""
    size = page_size()
    descending = not (_said("ascending") == "true" or _said("descending") == "false")
    low, high = window() if listing.ranged else (None, None)
    start = read_key(request.args.getlist("start_key") or request.args.getlist("start_key[]"))
    rows = _rows(listing, descending, start, low, high)
    if _said("paginate") == "false":
        return _whole(listing, rows)
    page: list[ItemT] = []
    following: ItemT | None = None
    for item in rows:
        if len(page) == size:
            following = item
            break
        page.append(item)
    more: dict[str, Any] = {"page_size": len(page), "start_key": _shown_start(listing, page)}
    if following is not None:
        alone = _leads_to(listing, following, descending)
        more["next_start_key"] = write_key(listing, following, alone=alone)
    return success([listing.row(item) for item in page], more=more)


def _whole(listing: Listing[ItemT], rows: Iterator[ItemT]) -> Response:
    told = call().profile("list_cap")
    cap = told if isinstance(told, int) else LIST_CAP
    data: list[dict[str, Any]] = []
    for item in rows:
        if len(data) >= cap:
            raise KazooError("range not satisfiable")
        data.append(listing.row(item))
    return success(data)


def _said(name: str) -> str:
    return request.args.get(name, "").lower()


def page_size() -> int:
    """Read the page size; raise KazooError as the server does."""
    text = request.args.get("page_size")
    if text is None:
        return PAGE_SIZE
    try:
        size = int(text) if len(text) < 20 else int("x")
    except ValueError:
        raise KazooError("faulty_request", data={"message": "invalid page size"}) from None
    if size < 1:
        raise KazooError("faulty_request", data={"message": "page size must be at least 1"})
    return size


def window() -> tuple[int, int]:
    """Read created_from and created_to; the last 31 days when nothing is said."""
    high = _instant("created_to", gregorian(call().now))
    low = _instant("created_from", high - WIDEST)
    if high < low:
        raise _out_of_range(f"created_to {high} is prior to created_from {low}", low)
    if high - low > WIDEST:
        raise _out_of_range(f"created_to {high} is more than {WIDEST} seconds from created_from {low}", low)
    return low, high


def _instant(name: str, default: int) -> int:
    text = request.args.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        rule = broken("type", "Value did not match type(s): integer", target="integer", value=text)
        raise invalid(dotted({name: rule.messages}))
    return int(text)


def _out_of_range(message: str, low: int) -> KazooError:
    return invalid({"created_from": {"date_range": {"message": message, "cause": low}}})


def _rows(
    listing: Listing[ItemT], descending: bool, start: Key | None, low: int | None, high: int | None
) -> Iterator[ItemT]:
    wanted = wanted_by(request.args, listing.document, listing.modified)
    begin, end = (high, low) if descending else (low, high)
    said = None if start is None or start.sequence is not None else start.created
    edges = [edge for edge in (begin, said) if edge is not None]

    def before(item: ItemT, edge: int | None) -> bool:
        return edge is not None and _precedes(listing.created(item), edge, descending)

    stored = _stored(listing, descending, start, lambda item: any(before(item, edge) for edge in edges))
    for item in dropwhile(lambda item: before(item, said), stored):
        if end is not None and _precedes(end, listing.created(item), descending):
            return
        if not before(item, begin) and wanted(item):
            yield item


def _precedes(at: int, edge: int, descending: bool) -> bool:
    """Tell whether the rows of one instant come before those of another."""
    return at > edge if descending else at < edge


def _stored(
    listing: Listing[ItemT], descending: bool, start: Key | None, before: Callable[[ItemT], bool]
) -> Iterator[ItemT]:
    """Give what is stored, in order; of what comes `before` only a few."""
    own = call()
    page = partial(own.world.list, listing.kind, listing.name, descending=descending)
    after = None
    if start is not None and start.sequence is not None:
        after = start.sequence + (1 if descending else -1)
    items = page(after=after, limit=CHUNK)
    if after is None and len(items) == CHUNK and before(items[-1]):
        count = own.world.store.count(listing.name)
        place = bisect_left(
            range(count), True, key=lambda place: not any(map(before, page(offset=place, limit=1)))
        )
        items = page(offset=max(0, place - ASTRAY), limit=CHUNK)
    while items:
        yield from items
        items = page(after=items[-1].sequence, limit=CHUNK) if len(items) == CHUNK else []


def _shown_start(listing: Listing[ItemT], page: list[ItemT]) -> Any:
    said = request.args.getlist("start_key") or request.args.getlist("start_key[]")
    if said:
        return said[0] if modern() else _array(said)
    if modern():
        return write_key(listing, page[0]) if page else _opaque(gregorian(call().now), "0")
    return [visit().account]


def _leads_to(listing: Listing[ItemT], item: ItemT, descending: bool) -> bool:
    """Tell whether an item's instant is enough to find it: all rows before it come before that instant."""
    own, at = call(), listing.created(item)
    rows = partial(own.world.list, listing.kind, listing.name)
    nearest = rows(after=item.sequence, limit=ASTRAY, descending=not descending)
    return all(_precedes(listing.created(each), at, descending) for each in nearest)


def write_key(listing: Listing[ItemT], item: ItemT, *, alone: bool = True) -> Any:
    """Give the key of a row: an array as the vendor's document shows it, one opaque word with 4.3.

    The array ends with the instant (assumed); its place follows where that `alone` leads to another row.
    """
    at = listing.created(item)
    if modern():
        return _opaque(at, str(item.sequence))
    return [visit().account, at, *(() if alone else (item.sequence,))]


def read_key(said: list[str]) -> Key | None:
    """Read a start key: an array as JSON, an array as repeated parameters, or the opaque word."""
    if not said:
        return None
    try:
        parts = _array(said)
        numbers = [
            int(each) for each in (parts[1:] if len(parts) > 1 or parts[0] == visit().account else parts)
        ]
        if any(not 0 <= number < 2**62 for number in numbers):
            raise ValueError(said)
    except (ValueError, TypeError, IndexError, OverflowError):
        rule = broken("wrong_format", "Field is not in the correct format", value=said[0], format="start_key")
        raise invalid(dotted({"start_key": rule.messages})) from None
    return Key(*numbers[:2]) if numbers else None


def _array(said: list[str]) -> list[Any]:
    if len(said) > 1:
        return list(said)
    text = said[0]
    if text.startswith("["):
        parts = read_json(text)
        return parts if isinstance(parts, list) else [parts]
    if text == visit().account:
        return [text]
    return [visit().account, *_read_opaque(text)]


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
    created = int.from_bytes(term[9 : 9 + size], "little")
    return created, int(term[9 + size + 5 : -1])
