"""Compressed bodies, unpacked block by block.

urllib3 before 2.6 unpacks whatever came as far as it grows, so that a small bomb fills the memory.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from itertools import chain

BLOCK = 65536
"""Bytes that a block has at most."""

Blocks = Iterator[bytes]

_MOST_CODINGS = 5
_GZIP = 16 + zlib.MAX_WBITS


def unpack(blocks: Blocks, codings: str) -> Blocks:
    """Unpack a body by its Content-Encoding; a coding that nobody asked for stays as it came.

    Raises ValueError for more codings than anybody uses; the blocks raise zlib.error, also at the end of a
    body that was cut short. One without a byte is empty.
    """
    known = [name for word in codings.lower().split(",") if (name := word.strip()) in CODINGS]
    if len(known) > _MOST_CODINGS:
        raise ValueError("too many content codings")
    for name in reversed(known):
        blocks = CODINGS[name](blocks)
    return blocks


def _gunzipped(blocks: Blocks) -> Blocks:
    """Unpack gzip, which may have several members; what stands behind them does not count."""
    unpack, first, begun = zlib.decompressobj(_GZIP), True, False
    for block in blocks:
        while block:
            begun = True
            if unpack.eof:
                unpack, first = zlib.decompressobj(_GZIP), False
            try:
                yield unpack.decompress(block, BLOCK)
            except zlib.error:
                if first:
                    raise
                return _skip(blocks)
            block = unpack.unconsumed_tail or unpack.unused_data
    yield from _rest(unpack, begun and first)


def _inflated(blocks: Blocks) -> Blocks:
    """Unpack deflate, with the head that zlib gives it or, as some servers send it, without."""
    head = b""
    while len(head) < 2 and (block := next(blocks, b"")):
        head += block
    zlib_has_made_it = head[:1] and head[0] & 15 == 8 and int.from_bytes(head[:2]) % 31 == 0
    unpack = zlib.decompressobj(zlib.MAX_WBITS if zlib_has_made_it else -zlib.MAX_WBITS)
    for block in chain((head,), blocks):
        while block and not unpack.eof:
            yield unpack.decompress(block, BLOCK)
            block = unpack.unconsumed_tail
    yield from _rest(unpack, bool(head))


def _rest(unpack: zlib._Decompress, has_an_end: bool) -> Blocks:
    while not unpack.eof and (block := unpack.decompress(b"", BLOCK)):
        yield block
    if has_an_end and not unpack.eof:
        raise zlib.error("it was cut short")


def _skip(blocks: Blocks) -> None:
    for _ in blocks:
        pass


CODINGS = {"gzip": _gunzipped, "x-gzip": _gunzipped, "deflate": _inflated}
