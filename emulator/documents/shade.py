"""Shades: whatever a picture is made of becomes grey on white, and grey becomes black and white dots.

What is nearly white or black stays so, and edges keep their line: text and rules are as sharp as without
dots. Only where grey lies over an area is it set as rows of dots, black in as many rows of sixteen as the
grey is dark. Rows, unlike dots that are spread, cost a fax next to nothing: a sheet of middle grey is as
long to send as a letter.

A line or a letter of grey is drawn black, however light, when it stands by itself on paper that is white as
only a program's is. The soft letters of a scan are grey all over, too, but neither evenly so nor far from
their white paper: they are edges.
"""

from __future__ import annotations

import sys
from functools import lru_cache
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from PIL.Image import Image

_WHITE = 160  # grey from which a dot of an edge stays white
_DARKEST, _LIGHTEST = 40, 200  # between them grey is grey, and not ink or the paper of a scan
_FAINTEST = 225  # grey up to which a line that stands by itself is drawn
_CLEANEST = 250  # grey from which paper is that of a program, and not of a scan
_CELL = 4  # pixels across and down that must all be grey to count as an area
_REACH = 4  # cells about each of an area that are of it too: also what a letter encloses
_EVEN = 12  # levels by which the pixels of a cell that is evenly grey may differ from their mean
_NEAR, _LITTLE = 2, 24  # cells about one, and the mean level of their white from which paper shows there
_ROWS = (0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15)  # rows of sixteen, in the order they blacken
_SEEN_THROUGH = frozenset({"LA", "La", "PA", "RGBA", "RGBa"})  # modes of pictures, or of their palettes
_DEEP = frozenset({"I;16", "I;16L", "I;16B", "I;16N", "I", "F"})  # more than 256 shades

_LIGHT = [255 if _WHITE <= level <= _FAINTEST else 0 for level in range(256)]
_CLEAN = [255 if level >= _CLEANEST else 0 for level in range(256)]
_MUCH = [255 if level > 60 else 0 for level in range(256)]
_EDGES = [255 if level >= _WHITE else 0 for level in range(256)]
_MIDDLE = [255 if _DARKEST < level < _LIGHTEST else 0 for level in range(256)]
_PAPER = [255 if level > _LIGHTEST else 0 for level in range(256)]
_ALIKE = [255 if level < _EVEN else 0 for level in range(256)]
_HALF = [255 if level < 128 else 0 for level in range(256)]
_AWAY = [255 if level < _LITTLE else 0 for level in range(256)]
_ALL = [0] * 255 + [255]
_ANY = [0] + [255] * 255


def grey(picture: Image, *, bits: int = 16, white_is_zero: bool = False) -> Image:
    """Make a decoded picture grey (mode `L`) on white; one of many shades has so many `bits` a pixel."""
    from PIL import ImageChops

    if picture.mode in _DEEP:
        made = _opaque(_scaled(picture, bits), picture)
    elif _is_seen_through(picture):
        made = _on_white(picture)
    elif picture.mode == "LAB":
        made = picture.getchannel(0)
    else:
        made = picture.convert("L")
    return ImageChops.invert(made) if white_is_zero else made


def bilevel(picture: Image) -> Image:
    """Make a grey picture black and white (mode `1`)."""
    from PIL import Image as Images

    made = picture if picture.mode == "L" else picture.convert("L")
    edges, area = _edges(made), _grey_area(made)
    if area is None:
        return edges.point(_ANY, "1")
    return Images.composite(_set_in_rows(made), edges, area).point(_ANY, "1")


def _edges(picture: Image) -> Image:
    """Draw what is dark, and light grey lines and letters that stand by themselves on clean paper."""
    from PIL import ImageChops
    from PIL.ImageFilter import BoxBlur

    edges = picture.point(_EDGES)
    light = picture.point(_LIGHT)
    dark = ImageChops.invert(edges).reduce(_CELL).filter(BoxBlur(1)).point(_ANY)
    cells = light.reduce(_CELL)
    alone = ImageChops.subtract(cells.point(_ANY), dark)
    if alone.getbbox() is None:
        return edges
    alone = ImageChops.subtract(alone, _broad(cells.point(_ALL)))
    clean = picture.point(_CLEAN).reduce(_CELL).filter(BoxBlur(_NEAR)).point(_MUCH)
    faint = _spread(ImageChops.darker(alone, clean), picture.size)
    return ImageChops.subtract(edges, ImageChops.darker(light, faint))


def _scaled(picture: Image, bits: int) -> Image:
    from PIL import Image as Images

    deep = picture if picture.mode == "F" else picture.convert("I")
    if bits == 32 and deep.mode == "I":  # signed in Pillow, unsigned in files: the highest byte says it
        highest = deep.tobytes()[3::4] if sys.byteorder == "little" else deep.tobytes()[::4]
        return Images.frombytes("L", deep.size, highest)
    most = 2.0**bits - 1
    if deep.mode == "F":
        peak = cast(float, deep.getextrema()[1])
        most = next((each for each in (1.0, 255.0, 65535.0) if peak <= each), peak)
    return deep.point(lambda level: level * (255 / most)).convert("L")


def _opaque(made: Image, picture: Image) -> Image:
    """Make white what has the one level at which a deep picture is seen through, if there is one."""
    from PIL import ImageChops

    level = picture.info.get("transparency")
    if not isinstance(level, int):
        return made
    deep = picture.convert("I")
    above, below = deep.point(lambda each: each - level), deep.point(lambda each: each * -1 + level)
    differs = ImageChops.lighter(above.convert("L"), below.convert("L")).point(_ANY)
    return ImageChops.lighter(made, ImageChops.invert(differs))


def _is_seen_through(picture: Image) -> bool:
    """Tell what Pillow tells itself since 10.1."""
    palette = picture.palette.mode if picture.mode == "P" and picture.palette else ""
    mode = picture.mode if picture.mode != "P" else palette
    return mode in _SEEN_THROUGH or "transparency" in picture.info


def _on_white(picture: Image) -> Image:
    from PIL import Image as Images

    layers = picture.convert("RGBA").convert("LA")
    made = Images.new("L", layers.size, 255)
    made.paste(layers.getchannel("L"), mask=layers.getchannel("A"))
    return made


def _grey_area(picture: Image) -> Image | None:
    """Find where grey lies over an area, as a mask; None where it does not."""
    cells = picture.point(_MIDDLE).reduce(_CELL).point(_ALL)
    if cells.getbbox() is None:
        return None
    return _spread(_broad(_without_edges(cells, picture)), picture.size)


def _broad(cells: Image) -> Image:
    """Keep what is three cells wide and high, or more, and what is near to that; a line is not."""
    from PIL.ImageFilter import BoxBlur

    return cells.filter(BoxBlur(1)).point(_ALL).filter(BoxBlur(_REACH)).point(_ANY)


def _without_edges(cells: Image, picture: Image) -> Image:
    """Keep the cells that have no white about them, and where half of it is none, those of even grey."""
    from PIL import ImageChops
    from PIL.ImageFilter import BoxBlur

    means = _spread(picture.reduce(_CELL), picture.size)
    even = ImageChops.difference(picture, means).point(_ALIKE).reduce(_CELL).point(_ALL)
    white = picture.point(_PAPER).reduce(_CELL).filter(BoxBlur(_NEAR))
    broad = ImageChops.darker(even, white.point(_HALF))
    return ImageChops.darker(cells, ImageChops.lighter(broad, white.point(_AWAY)))


def _spread(cells: Image, size: tuple[int, int]) -> Image:
    """Make each pixel what its cell is."""
    from PIL.Image import Resampling

    wide, high = cells.width * _CELL, cells.height * _CELL
    return cells.resize((wide, high), Resampling.NEAREST).crop((0, 0, *size))


def _set_in_rows(picture: Image) -> Image:
    from PIL import ImageChops

    return ImageChops.subtract(picture, _rows(*picture.size)).point(_ANY)


@lru_cache(maxsize=4)
def _rows(width: int, height: int) -> Image:
    """Draw the level that a pixel must be above to stay white, row by row."""
    from PIL import Image as Images
    from PIL.Image import Resampling

    levels = bytes(255 - (16 * _ROWS.index(row % 16) + 8) for row in range(height))
    return Images.frombytes("L", (1, height), levels).resize((width, height), Resampling.NEAREST)
