"""Fax TIFF files (TIFF-F, RFC 2306): Group 4 strips, and the tags that say what they are."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from emulator.documents.paper import Resolution

if TYPE_CHECKING:
    from PIL.Image import Image

_SHORT, _LONG, _RATIONAL = 3, 4, 5
_HEADER = struct.pack("<2sHL", b"II", 42, 8)
_ENTRIES = 15
_DIRECTORY = 2 + 12 * _ENTRIES + 4
_RATIONALS = 16

_GROUP4 = 4
_COMPRESSION, _PHOTOMETRIC, _FILL_ORDER, _STRIPS, _STRIP_SIZES = 259, 262, 266, 273, 279


@dataclass(frozen=True)
class Strip:
    """One bilevel image as Group 4 bits; white is zero."""

    width: int
    height: int
    bits: bytes


def encode_strip(image: Image) -> Strip:
    """Code a bilevel image (mode `1`, white is 1) as one Group 4 strip."""
    from PIL import ImageChops

    out, whole = io.BytesIO(), (image.width + 7) // 8 * image.height
    # Pillow marks white as 1; turned round before coding, white runs are white runs as on the line.
    ImageChops.invert(image).save(out, "TIFF", compression="group4", strip_size=whole)
    return Strip(image.width, image.height, _only_strip(out.getvalue()))


def write_tiff(strips: Iterable[Strip], total: int, resolution: Resolution) -> Iterator[bytes]:
    """Write a multipage TIFF piece by piece, so that only one page is held at a time.

    Every page carries the tags that profile F requires (documented: RFC 2306, RFC 3949), also 297 PageNumber,
    which Pillow writes wrong (observed).
    """
    yield _HEADER
    offset = len(_HEADER)
    for number, strip in enumerate(strips):
        padding = len(strip.bits) % 2
        data = offset + _DIRECTORY + _RATIONALS
        following = data + len(strip.bits) + padding if number + 1 < total else 0
        yield _directory(strip, resolution, page=(number, total), offset=offset, following=following)
        yield strip.bits + b"\0" * padding
        offset = following


def _directory(
    strip: Strip, resolution: Resolution, *, page: tuple[int, int], offset: int, following: int
) -> bytes:
    rationals = offset + _DIRECTORY
    across, down = resolution.dpi
    entries = (
        _entry(254, _LONG, 2),  # one page of several
        _entry(256, _LONG, strip.width),
        _entry(257, _LONG, strip.height),
        _entry(258, _SHORT, 1),
        _entry(_COMPRESSION, _SHORT, _GROUP4),
        _entry(_PHOTOMETRIC, _SHORT, 0),
        _entry(_FILL_ORDER, _SHORT, 1),
        _entry(_STRIPS, _LONG, rationals + _RATIONALS),
        _entry(277, _SHORT, 1),
        _entry(278, _LONG, strip.height),
        _entry(_STRIP_SIZES, _LONG, len(strip.bits)),
        _entry(282, _RATIONAL, rationals),
        _entry(283, _RATIONAL, rationals + 8),
        _entry(296, _SHORT, 2),  # inches
        struct.pack("<HHLHH", 297, _SHORT, 2, *page),
    )
    body = b"".join(entries)
    return struct.pack("<H", _ENTRIES) + body + struct.pack("<LLLLL", following, across, 1, down, 1)


def _entry(tag: int, kind: int, value: int) -> bytes:
    """Pack one directory entry; little endian keeps a short value at the left, as the standard wants."""
    return struct.pack("<HHLL", tag, kind, 1, value)


def _only_strip(content: bytes) -> bytes:
    from PIL import Image as Images

    with Images.open(io.BytesIO(content)) as image:
        tags = image.tag_v2  # type: ignore[attr-defined]
        (start,), (size,) = tags[_STRIPS], tags[_STRIP_SIZES]
    return content[start : start + size]
