"""The frames of image files, one at a time, by whichever reader sees them rightly."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from emulator.documents import libtiff
from emulator.documents.limits import is_quick
from emulator.documents.media_types import BMP, GIF, JPEG, PNG, TIFF, sniff
from emulator.documents.problem import MAX_PAGES, MAX_PIXELS, Problem, TooMuchWork, Unreadable
from emulator.documents.shade import grey

if TYPE_CHECKING:
    from PIL.Image import Image

_FORMATS = {TIFF: "TIFF", PNG: "PNG", JPEG: "JPEG", GIF: "GIF", BMP: "BMP"}
"""Pillow's name of each image format that can be faxed."""

_FRAMED = frozenset({TIFF, GIF})  # what else a telephone's JPEG carries is a thumbnail, not a page
_BITS, _PHOTOMETRIC, _FILL_ORDER, _ACROSS, _DOWN = 258, 262, 266, 282, 283
_COMPRESSION, _PLANES, _COLOURS, _KIND = 259, 284, 320, 339
_OLD_JPEG = 6  # grey of which Pillow refuses (observed)
_PADDED = "tiff_raw_16"  # run lengths in words, which Pillow knows by name alone
_UNPACKED, _BRIGHTNESS = 1, 6  # together what Pillow 10.0 takes for four bytes a dot (observed)
_WHITE_IS_ZERO, _WHOLE, _REAL = 0, 1, 3

_PLAIN = {
    *((white, _WHOLE, 1, (bits,)) for white in (0, 1) for bits in (1, 2, 4, 8, 16)),
    *((white, _REAL, 1, (32,)) for white in (0, 1)),
    *((3, _WHOLE, 1, (bits,)) for bits in (1, 2, 4, 8)),
    *((2, _WHOLE, 1, (8,) * samples) for samples in (3, 4)),
    (5, _WHOLE, 1, (8, 8, 8, 8)),
    (6, _WHOLE, 1, (8, 8, 8)),
}
"""What Pillow reads rightly (observed, 10 to 13): meaning, kind and order of samples, and their bits."""


@dataclass(frozen=True)
class Frame:
    """A decoded picture, bilevel (mode `1`) or grey (mode `L`), and its dots per inch where the file says."""

    picture: Image
    dpi: tuple[float, float] | None


def count(content: bytes) -> int:
    """Count the frames without decoding them.

    Raises `Unreadable`, and `TooMuchWork` when it works quickly and a child may see more.
    """
    try:
        with _opened(content) as image:
            return sum(1 for _ in _walk(image, sniff(content)))
    except Unreadable as error:
        if error.problem is not Problem.broken or sniff(content) != TIFF:
            raise
        if is_quick():
            raise TooMuchWork from error
        return libtiff.count(content)


def read(content: bytes) -> Iterator[Frame]:
    """Decode the frames one by one. Raises `Unreadable`."""
    if sniff(content) == TIFF and _is_doubtful(content):
        for picture in libtiff.read(content):
            yield Frame(grey(picture), _sane(picture.info.get("dpi")))
        return
    with _opened(content) as image:
        for frame in _walk(image, sniff(content)):
            yield _decoded(frame)


def _is_doubtful(content: bytes) -> bool:
    """Tell whether Pillow refuses any frame of a TIFF, or might misread it."""
    try:
        with _opened(content) as image:
            return not all(_is_plain(frame) for frame in _walk(image, TIFF))
    except Unreadable as error:
        if error.problem is Problem.too_large:
            raise
        return True


def _is_plain(frame: Image) -> bool:
    tags = frame.tag_v2  # type: ignore[attr-defined]
    bits, kind = tags.get(_BITS, (1,)), tags.get(_KIND, (1,))[0]
    if frame.info.get("compression") == _PADDED or tags.get(_COMPRESSION) == _OLD_JPEG:
        return False
    if tags.get(_PHOTOMETRIC) == _BRIGHTNESS and tags.get(_COMPRESSION, _UNPACKED) == _UNPACKED:
        return False
    if tags.get(_FILL_ORDER, 1) != 1 and frame.mode != "1":
        return False
    deep = not tags.get(_COLOURS) or max(tags[_COLOURS]) > 255
    return deep and (tags.get(_PHOTOMETRIC, 0), kind, tags.get(_PLANES, 1), bits) in _PLAIN


def _decoded(frame: Image) -> Frame:
    from PIL import ImageOps

    frame.load()
    if frame.mode == "1":
        return Frame(frame.copy(), _dpi(frame))
    bits, turned = _depth(frame)
    made = grey(frame, bits=bits, white_is_zero=turned)
    made.info = {key: value for key, value in frame.info.items() if key == "exif"}
    upright = ImageOps.exif_transpose(made) or made
    return Frame(upright, _dpi(frame))


def _depth(frame: Image) -> tuple[int, bool]:
    """The bits of shades that Pillow hands on as they are, and whether white is zero."""
    tags = getattr(frame, "tag_v2", None)
    if tags is None:
        return 16, False  # PNG
    bits = max(tags.get(_BITS, (1,)))
    turned = bits > 8 and tags.get(_PHOTOMETRIC) == _WHITE_IS_ZERO
    return bits, turned


def _dpi(frame: Image) -> tuple[float, float] | None:
    """Dots per inch; two numbers without a unit still say how high a dot is in its width."""
    tags = getattr(frame, "tag_v2", None) or {}
    return _sane(frame.info.get("dpi")) or _sane((tags.get(_ACROSS), tags.get(_DOWN)))


def _sane(dpi: object) -> tuple[float, float] | None:
    try:
        across, down = (float(value) for value in dpi)  # type: ignore[attr-defined]
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    return (across, down) if 10 <= across <= 5000 and 10 <= down <= 5000 else None


def _walk(image: Image, media_type: str) -> Iterator[Image]:
    number = 0
    while True:
        if image.width * image.height > MAX_PIXELS or number >= MAX_PAGES:
            raise Unreadable(Problem.too_large)
        yield image
        number += 1
        if media_type not in _FRAMED:
            return
        try:
            image.seek(number)
        except EOFError:
            return


@contextmanager
def _opened(content: bytes) -> Iterator[Image]:
    """Open an image file; whatever a hostile one does ends as `Unreadable`."""
    from PIL import Image as Images

    media_type = sniff(content)
    if media_type not in _FORMATS:
        raise Unreadable(Problem.unsupported)
    try:
        with Images.open(io.BytesIO(content), formats=[_FORMATS[media_type]]) as image:
            yield image
    except (Images.DecompressionBombError, Images.DecompressionBombWarning) as error:
        raise Unreadable(Problem.too_large) from error
    except (Unreadable, TooMuchWork, MemoryError):
        raise
    except Exception as error:
        # Pillow leaks many kinds of error on a broken file: OSError, SyntaxError, struct.error, ...
        raise Unreadable(Problem.broken) from error
