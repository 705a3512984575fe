"""TIFF frames that libtiff unpacks but makes no picture of: odd depths, signs, real numbers, many inks.

A frame comes in chunks, strips or tiles, of which each is cut into its samples; the highest eight bits of
one are what is seen of it. Runs in the child process only.
"""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Iterator, Sequence
from ctypes import POINTER, byref, c_uint16, c_uint32, create_string_buffer, string_at
from dataclasses import dataclass
from itertools import product
from math import ceil, lcm
from typing import TYPE_CHECKING, Any

from emulator.documents.problem import Problem, Unreadable
from emulator.documents.shade import grey

if TYPE_CHECKING:
    from PIL.Image import Image

_MOST = 200_000_000
"""Bytes of one chunk; a page of letter paper at 600 dpi has 34 million pixels."""

_BITS, _PHOTOMETRIC, _SAMPLES, _ROWS, _PLANES = 258, 262, 277, 278, 284
_TILE_WIDTH, _TILE_HEIGHT, _EXTRA, _KIND, _SUBSAMPLING = 322, 323, 338, 339, 530

_WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB, _CMYK, _YCBCR = 0, 1, 2, 5, 6
_COLOURS = {_WHITE_IS_ZERO: 1, _BLACK_IS_ZERO: 1, _RGB: 3, _CMYK: 4, _YCBCR: 3, 8: 3, 9: 3, 10: 3}
"""Samples of a pixel by what they mean; where the first is brightness (6, 8 to 10) it suffices."""

_SIGNED, _REAL = 2, 3
_REALS = {16: "e", 32: "f", 64: "d"}
_PREMULTIPLIED, _TRANSPARENCY = 1, 2


@dataclass(frozen=True)
class Layout:
    """How the samples of a frame lie and what they mean."""

    size: tuple[int, int]
    bits: int
    samples: int
    kind: int
    photometric: int
    in_planes: bool
    see_through: int
    """What the first sample beyond the colours is: 1 or 2, or something else."""

    @property
    def colours(self) -> int:
        return _COLOURS[self.photometric]

    @property
    def mode(self) -> str:
        """Pillow's mode of a picture of one sample."""
        return "F" if self.kind == _REAL else "L"

    @property
    def together(self) -> int:
        """Samples of one pixel that stand beside one another in a chunk."""
        return 1 if self.in_planes else self.samples


def are_misread(library: Any, file: Any) -> bool:
    """Tell whether libtiff's own picture is wrong: it knows no signs, and skews grey with a mask."""
    kind, photometric, samples = (_number(library, file, tag) for tag in (_KIND, _PHOTOMETRIC, _SAMPLES))
    return kind == _SIGNED or (photometric in (_WHITE_IS_ZERO, _BLACK_IS_ZERO) and samples > 1)


def read(library: Any, file: Any, size: tuple[int, int]) -> Image:
    """Decode the current frame of an open file as a grey picture. Raises `Unreadable`."""
    from PIL import Image as Images

    layout = _layout(library, file, size)
    planes = [Images.new(layout.mode, size) for _ in range(layout.samples)]
    for first, place, chunk_size, data in _chunks(library, file, layout):
        for number, picture in enumerate(_cut(data, chunk_size, layout)):
            planes[first + number].paste(picture, place)
    for number in range(len(planes)):  # one by one: real numbers take four times the room
        planes[number] = grey(planes[number])
    return _seen(planes, layout)


def _layout(library: Any, file: Any, size: tuple[int, int]) -> Layout:
    bits, samples, kind, photometric, planes = (
        _number(library, file, tag) for tag in (_BITS, _SAMPLES, _KIND, _PHOTOMETRIC, _PLANES)
    )
    layout = Layout(size, bits, samples, kind, photometric, planes == 2, _see_through(library, file))
    known = photometric in _COLOURS and samples >= layout.colours and 1 <= bits <= 64
    whole = bits in _REALS if kind == _REAL else bits <= 16 or bits % 8 == 0
    if not known or not whole or kind > _REAL or (photometric == _YCBCR and not _is_full(library, file)):
        raise Unreadable(Problem.unsupported)
    return layout


def _number(library: Any, file: Any, tag: int) -> int:
    value = c_uint16()
    library.TIFFGetFieldDefaulted(file, tag, byref(value))
    return value.value


def _see_through(library: Any, file: Any) -> int:
    count, kinds = c_uint16(), POINTER(c_uint16)()
    library.TIFFGetFieldDefaulted(file, _EXTRA, byref(count), byref(kinds))
    return kinds[0] if count.value else 0


def _is_full(library: Any, file: Any) -> bool:
    """Tell whether each pixel has its own colour; else brightness and colours are mixed up in a chunk."""
    across, down = c_uint16(), c_uint16()
    library.TIFFGetFieldDefaulted(file, _SUBSAMPLING, byref(across), byref(down))
    return (across.value, down.value) == (1, 1)


Chunk = tuple[int, tuple[int, int], tuple[int, int], bytes]
"""The number of its first sample, where it lies (left, top), its width and height, and its data."""


def _chunks(library: Any, file: Any, layout: Layout) -> Iterator[Chunk]:
    tiled = bool(library.TIFFIsTiled(file))
    width, height = layout.size
    across, down = _chunk_size(library, file, layout.size, tiled)
    size = int((library.TIFFTileSize if tiled else library.TIFFStripSize)(file))
    if size <= 0 or not across or not down:
        raise Unreadable(Problem.broken)
    if size > _MOST:
        raise Unreadable(Problem.too_large)
    take = library.TIFFReadEncodedTile if tiled else library.TIFFReadEncodedStrip
    buffer = create_string_buffer(size)
    planes = range(0, layout.samples, layout.together)
    places = product(planes, range(0, height, down), range(0, width, across))
    for number, (first, top, left) in enumerate(places):
        if (got := int(take(file, number, buffer, size))) < 0:
            raise Unreadable(Problem.broken)
        rows = down if tiled else min(down, height - top)
        yield first, (left, top), (across, rows), string_at(buffer, got)


def _chunk_size(library: Any, file: Any, size: tuple[int, int], tiled: bool) -> tuple[int, int]:
    """Width and height of a tile, or of a strip, which is as wide as the frame."""
    across, down = map(c_uint32, size)
    library.TIFFGetFieldDefaulted(file, _TILE_HEIGHT if tiled else _ROWS, byref(down))
    if not tiled:
        return across.value, min(down.value, size[1])
    library.TIFFGetFieldDefaulted(file, _TILE_WIDTH, byref(across))
    return across.value, down.value


def _cut(data: bytes, size: tuple[int, int], layout: Layout) -> Iterator[Image]:
    """Cut a chunk into a picture of each of its samples: of bytes, or of real numbers."""
    from PIL import Image as Images

    count = size[0] * layout.together
    row = (count * layout.bits + 7) // 8
    if len(data) < row * size[1]:
        raise Unreadable(Problem.broken)
    data = data[: row * size[1]]
    values = _reals(data, layout.bits) if layout.kind == _REAL else _levels(data, row, count, layout)
    for sample in range(layout.together):
        yield Images.frombytes(layout.mode, size, bytes(values[sample :: layout.together]))


def _reals(data: bytes, bits: int) -> Any:
    """View real numbers as those of 32 bits; only others are copied, for a chunk may be a whole page."""
    if bits == 32:
        return memoryview(data).cast("f")
    return array("f", (value for (value,) in struct.iter_unpack(_REALS[bits], data)))


def _levels(data: bytes, row: int, count: int, layout: Layout) -> bytes:
    """The highest eight bits of each number, of which there are so many in a row of so many bytes."""
    if layout.bits % 8:
        lines = (data[at : at + row] for at in range(0, len(data), row))
        levels = b"".join(_unpacked(line, layout.bits)[:count] for line in lines)
    else:
        step = layout.bits // 8
        levels = data[step - 1 if sys.byteorder == "little" else 0 :: step]
    return levels.translate(_SHIFTED) if layout.kind == _SIGNED else levels


def _unpacked(row: bytes, bits: int) -> bytes:
    """Take the highest eight bits of each number of a row of numbers of so many bits."""
    period = lcm(bits, 8) // 8
    count = period * 8 // bits
    row = row.ljust(ceil(len(row) / period) * period, b"\0")
    made = bytearray(len(row) // period * count)
    for number in range(count):
        at, shift = divmod(number * bits, 8)
        high = row[at::period].translate(_LEFT[shift])
        if shift + min(bits, 8) > 8:
            low = row[at + 1 :: period].translate(_RIGHT[8 - shift])
            both = int.from_bytes(high, "big") | int.from_bytes(low, "big")
            high = both.to_bytes(len(high), "big")
        made[number::count] = high
    return bytes(made.translate(_spread(bits)) if bits < 8 else made)


_SHIFTED = bytes(level ^ 128 for level in range(256))
_LEFT = [bytes(level << shift & 255 for level in range(256)) for shift in range(8)]
_RIGHT = [bytes(level >> shift for level in range(256)) for shift in range(9)]


def _spread(bits: int) -> bytes:
    """Spread numbers of fewer than eight bits, which stand at the left of a byte, over all shades."""
    return bytes((level >> 8 - bits) * 255 // (2**bits - 1) for level in range(256))


def _seen(planes: Sequence[Image], layout: Layout) -> Image:
    """Put the samples of a frame together, on white."""
    from PIL import Image as Images
    from PIL import ImageChops

    made = planes[0]
    if layout.photometric in (_RGB, _CMYK):
        mode = "RGB" if layout.photometric == _RGB else "CMYK"
        made = Images.merge(mode, planes[: layout.colours]).convert("RGB").convert("L")
    elif layout.photometric == _WHITE_IS_ZERO:
        made = ImageChops.invert(made)
    if len(planes) == layout.colours:
        return made
    mask = planes[layout.colours]
    if layout.see_through == _PREMULTIPLIED:
        return ImageChops.add(made, ImageChops.invert(mask))
    if layout.see_through == _TRANSPARENCY:
        return Images.composite(made, Images.new("L", made.size, 255), mask)
    return made
