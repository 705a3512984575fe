"""Image files as documents: their frames counted, and drawn on sheets of paper."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from emulator.documents.media_types import BMP, GIF, JPEG, PNG, TIFF, sniff
from emulator.documents.paper import Paper
from emulator.documents.problem import MAX_PAGES, MAX_PIXELS, Problem, Unreadable
from emulator.documents.sheet import Sheet, fax_sheet, grey_sheet, write_pdf
from emulator.documents.tiff import Strip, encode_strip, strip_of

if TYPE_CHECKING:
    from PIL.Image import Image

_FORMATS = {TIFF: "TIFF", PNG: "PNG", JPEG: "JPEG", GIF: "GIF", BMP: "BMP"}
"""Pillow's name of each image format that can be faxed."""

_FRAMED = frozenset({TIFF, GIF})  # what else a telephone's JPEG carries is a thumbnail, not a page
_MOST = (2550, 3300)  # pixels kept of a grey picture: letter at 300 dpi, more than a fax can show
_FAX_DPI = (204.0, 196.0)
_WHITE = 160  # grey from which a dot stays white; dithering instead makes a scan seven times as long to send
_SEEN_THROUGH = frozenset({"LA", "La", "PA", "RGBA", "RGBa"})  # modes of pictures, or of their palettes
_LEVELS = [255 if level >= _WHITE else 0 for level in range(256)]


def count(content: bytes) -> int:
    """Count the frames without decoding them. Raises `Unreadable`."""
    with _opened(content) as image:
        return sum(1 for _ in _frames(image, sniff(content)))


def to_pdf(content: bytes, paper: Paper) -> Iterator[bytes]:
    """Draw each frame on a sheet of `paper`: upright, as large as fits, in its true shape."""
    with _opened(content) as image:
        yield from write_pdf(_placed(frame, content, paper) for frame in _frames(image, sniff(content)))


def fax_to_pdf(content: bytes) -> Iterator[bytes]:
    """Wrap the frames of a fax TIFF, each a page as large as the frame says; Group 4 bits stay."""
    with _opened(content) as image:
        yield from write_pdf(_whole(frame, content) for frame in _frames(image, TIFF))


def bilevel(image: Image) -> Image:
    """Make a picture black and white, with the fax's threshold."""
    grey = image if image.mode == "L" else image.convert("L")
    return grey.point(_LEVELS, "1")


def _frames(image: Image, media_type: str) -> Iterator[Image]:
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


def _placed(frame: Image, content: bytes, paper: Paper) -> Sheet:
    picture, shape = _flat(frame), _pixel_shape(frame)
    upright = picture.width * shape <= picture.height
    if not upright:
        picture, shape = _turned(picture), 1 / shape
    box = _fit(picture.width * shape, picture.height, paper)
    if picture.mode == "1":
        return fax_sheet((upright and _strip_of(frame, content)) or encode_strip(picture), paper.points, box)
    if picture.width > _MOST[0] or picture.height > _MOST[1]:
        picture.thumbnail(_MOST)
    return grey_sheet(picture, paper.points, box)


def _whole(frame: Image, content: bytes) -> Sheet:
    across, down = _dpi(frame) or _FAX_DPI
    size = (72 * frame.width / across, 72 * frame.height / down)
    strip = _strip_of(frame, content) or encode_strip(bilevel(_flat(frame)))
    return fax_sheet(strip, size, (0.0, 0.0, *size))


def _flat(frame: Image) -> Image:
    """Decode the frame: bilevel stays so, all else becomes grey on white, turned as its camera held it."""
    from PIL import Image as Images
    from PIL import ImageOps

    frame.load()
    if frame.mode == "1":
        return frame.copy()
    if _transparent(frame):
        layers = frame.convert("LA")
        grey = Images.new("L", layers.size, 255)
        grey.paste(layers.getchannel("L"), mask=layers.getchannel("A"))
        grey.info = frame.info.copy()
    else:
        grey = frame.convert("L")
    ImageOps.exif_transpose(grey, in_place=True)
    return grey


def _transparent(frame: Image) -> bool:
    """Tell what Pillow tells itself since 10.1."""
    palette = frame.palette.mode if frame.mode == "P" and frame.palette else ""
    return (frame.mode if frame.mode != "P" else palette) in _SEEN_THROUGH or "transparency" in frame.info


def _strip_of(frame: Image, content: bytes) -> Strip | None:
    from PIL.TiffImagePlugin import TiffImageFile

    return strip_of(frame, content) if isinstance(frame, TiffImageFile) else None


def _turned(picture: Image) -> Image:
    from PIL.Image import Transpose

    return picture.transpose(Transpose.ROTATE_270)


def _dpi(frame: Image) -> tuple[float, float] | None:
    """Dots per inch as the file states them, when they can be true."""
    try:
        across, down = (float(value) for value in frame.info["dpi"])
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    return (across, down) if 10 <= across <= 5000 and 10 <= down <= 5000 else None


def _pixel_shape(frame: Image) -> float:
    """Width of a pixel measured in its height; a fax's pixels are not square."""
    across, down = _dpi(frame) or (1.0, 1.0)
    return down / across


def _fit(width: float, height: float, paper: Paper) -> tuple[float, float, float, float]:
    """Place a picture at the middle of the sheet's top, as large as the sheet lets it."""
    across, up = paper.points
    scale = min(across / width, up / height)
    return ((across - width * scale) / 2, up - height * scale, width * scale, height * scale)


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
    except Unreadable:
        raise
    except Exception as error:
        # Pillow leaks many kinds of error on a broken file: OSError, SyntaxError, struct.error, ...
        raise Unreadable(Problem.broken) from error
