"""Image files as documents: each frame drawn on a sheet of paper."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from emulator.documents import frames
from emulator.documents.frames import Frame
from emulator.documents.paper import LINE_WIDTHS, Paper, Resolution
from emulator.documents.shade import bilevel
from emulator.documents.sheet import Sheet, fax_sheet, grey_sheet, write_pdf
from emulator.documents.tiff import encode_strip

if TYPE_CHECKING:
    from PIL.Image import Image

_MOST = (2550, 3300)  # pixels kept of a grey picture: letter at 300 dpi, more than a fax can show
_FAX_DPI = tuple(map(float, Resolution.fine.dpi))


def to_pdf(content: bytes, paper: Paper) -> Iterator[bytes]:
    """Draw each frame on a sheet of `paper`: upright, as large as fits, in its true shape."""
    yield from write_pdf(_placed(frame, paper) for frame in frames.read(content))


def fax_to_pdf(content: bytes) -> Iterator[bytes]:
    """Wrap the frames of a fax TIFF, each a page as large as the frame says.

    Its bits are decoded and coded anew: coded bits of another program may lack rows, or mean them otherwise.
    """
    yield from write_pdf(_whole(frame) for frame in frames.read(content))


def _placed(frame: Frame, paper: Paper) -> Sheet:
    picture, shape = frame.picture, _pixel_shape(frame)
    if picture.width * shape > picture.height and not _is_fax(picture):
        picture, shape = _turned(picture), 1 / shape
    box = _fit(picture.width * shape, picture.height, paper)
    if picture.mode == "1":
        return fax_sheet(encode_strip(picture), paper.points, box)
    if picture.width > _MOST[0] or picture.height > _MOST[1]:
        picture.thumbnail(_MOST)
    return grey_sheet(picture, paper.points, box)


def _whole(frame: Frame) -> Sheet:
    across, down = frame.dpi or _FAX_DPI
    size = (72 * frame.picture.width / across, 72 * frame.picture.height / down)
    picture = frame.picture if frame.picture.mode == "1" else bilevel(frame.picture)
    return fax_sheet(encode_strip(picture), size, (0.0, 0.0, *size))


def _is_fax(picture: Image) -> bool:
    """Tell whether a picture has the lines of a fax, which are never turned, however few they are."""
    return picture.mode == "1" and picture.width in LINE_WIDTHS


def _turned(picture: Image) -> Image:
    from PIL.Image import Transpose

    return picture.transpose(Transpose.ROTATE_270)


def _pixel_shape(frame: Frame) -> float:
    """Width of a pixel measured in its height; a fax's pixels are not square."""
    across, down = frame.dpi or (1.0, 1.0)
    return down / across


def _fit(width: float, height: float, paper: Paper) -> tuple[float, float, float, float]:
    """Place a picture at the middle of the sheet's top, as large as the sheet lets it."""
    across, up = paper.points
    scale = min(across / width, up / height)
    return ((across - width * scale) / 2, up - height * scale, width * scale, height * scale)
