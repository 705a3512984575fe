"""TIFF files as libtiff itself sees them, where Pillow refuses: depths, planes and colours beyond its list.

Runs in the child process only. Pillow brings libtiff along, which is found where it lies on Linux; elsewhere
what Pillow refuses stays unsupported.
"""

from __future__ import annotations

import ctypes
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import byref, c_char_p, c_float, c_int, c_ssize_t, c_uint16, c_uint32, c_void_p
from ctypes.util import find_library
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from emulator.documents import samples
from emulator.documents.problem import MAX_PAGES, MAX_PIXELS, Problem, Unreadable

if TYPE_CHECKING:
    from PIL.Image import Image

_WIDTH, _HEIGHT, _ACROSS, _DOWN, _UNIT = 256, 257, 282, 283, 296
_ORIENTATION = 274
_CENTIMETRES = 3
_TOP_LEFT = 1
_TURNS = {
    2: "FLIP_LEFT_RIGHT",
    3: "ROTATE_180",
    4: "FLIP_TOP_BOTTOM",
    5: "TRANSPOSE",
    6: "ROTATE_270",
    7: "TRANSVERSE",
    8: "ROTATE_90",
}
"""How a picture is set upright, by the orientation of its rows and columns (documented: TIFF 6.0)."""


def count(content: bytes) -> int:
    """Count the frames. Raises `Unreadable`."""
    with _opened(content) as (library, file):
        total = int(library.TIFFNumberOfDirectories(file))
        if total > MAX_PAGES:
            raise Unreadable(Problem.too_large)
        for number in range(total):
            library.TIFFSetDirectory(file, number)
            _size(library, file)
    return total


def read(content: bytes) -> Iterator[Image]:
    """Decode each frame (mode `RGBA` or `L`), upright; its `info` may have `dpi`. Raises `Unreadable`."""
    with _opened(content) as (library, file):
        for number in range(min(int(library.TIFFNumberOfDirectories(file)), MAX_PAGES)):
            if not library.TIFFSetDirectory(file, number):
                raise Unreadable(Problem.broken)
            yield _frame(library, file)


def _frame(library: Any, file: Any) -> Image:
    size, orientation = _size(library, file), _orientation(library, file)
    picture = None if samples.are_misread(library, file) else _coloured(library, file, size, orientation)
    if picture is None:
        picture = samples.read(library, file, size)
    picture = _turned(picture, orientation)
    picture.info.update(_resolution(library, file))
    return picture


def _coloured(library: Any, file: Any, size: tuple[int, int], orientation: int) -> Image | None:
    """Let libtiff make the picture, in the file's own order; None when it cannot, or meets an error."""
    from PIL import Image as Images

    width, height = size
    pixels = bytearray(4 * width * height)
    place = (ctypes.c_char * len(pixels)).from_buffer(pixels)
    if not library.TIFFReadRGBAImageOriented(file, width, height, place, orientation, 1):
        return None
    return Images.frombuffer("RGBA", size, pixels, "raw", "RGBA", 0, 1)


def _orientation(library: Any, file: Any) -> int:
    value = c_uint16(_TOP_LEFT)
    library.TIFFGetFieldDefaulted(file, _ORIENTATION, byref(value))
    return value.value if value.value in _TURNS else _TOP_LEFT


def _turned(picture: Image, orientation: int) -> Image:
    """Set a picture upright whose rows and columns run as TIFF's number for it says."""
    from PIL.Image import Transpose

    turn = _TURNS.get(orientation)
    return picture if turn is None else picture.transpose(Transpose[turn])


def _size(library: Any, file: Any) -> tuple[int, int]:
    width, height = c_uint32(), c_uint32()
    library.TIFFGetField(file, _WIDTH, byref(width))
    library.TIFFGetField(file, _HEIGHT, byref(height))
    if not width.value or not height.value:
        raise Unreadable(Problem.broken)
    if width.value * height.value > MAX_PIXELS:
        raise Unreadable(Problem.too_large)
    return width.value, height.value


def _resolution(library: Any, file: Any) -> dict[str, tuple[float, float]]:
    across, down, unit = c_float(), c_float(), c_uint16(2)
    if not (
        library.TIFFGetField(file, _ACROSS, byref(across)) and library.TIFFGetField(file, _DOWN, byref(down))
    ):
        return {}
    library.TIFFGetField(file, _UNIT, byref(unit))
    scale = 2.54 if unit.value == _CENTIMETRES else 1.0
    return {"dpi": (across.value * scale, down.value * scale)}


@contextmanager
def _opened(content: bytes) -> Iterator[tuple[Any, Any]]:
    library = _library()
    if library is None:
        raise Unreadable(Problem.unsupported)
    with tempfile.TemporaryFile() as copy:
        copy.write(content)
        copy.seek(0)
        file = library.TIFFFdOpen(os.dup(copy.fileno()), b"document", b"r")
        if not file:
            raise Unreadable(Problem.broken)
        file = c_void_p(file)
        try:
            yield library, file
        finally:
            library.TIFFClose(file)


@cache
def _library() -> Any:
    import PIL

    if sys.platform != "linux":
        return None
    bundled = (Path(PIL.__file__).parents[1] / "pillow.libs").glob("libtiff-*.so*")
    name = next(map(str, bundled), None) or find_library("tiff")
    try:
        return None if name is None else _declared(ctypes.CDLL(name))
    except (OSError, AttributeError):
        return None


def _declared(library: Any) -> Any:
    library.TIFFFdOpen.restype = c_void_p
    library.TIFFFdOpen.argtypes = [c_int, c_char_p, c_char_p]
    library.TIFFNumberOfDirectories.argtypes = [c_void_p]
    library.TIFFSetDirectory.argtypes = [c_void_p, c_uint32]
    library.TIFFReadRGBAImageOriented.argtypes = [c_void_p, c_uint32, c_uint32, c_void_p, c_int, c_int]
    library.TIFFIsTiled.argtypes = [c_void_p]
    for sized in (library.TIFFTileSize, library.TIFFStripSize):
        sized.argtypes, sized.restype = [c_void_p], c_ssize_t
    for taken in (library.TIFFReadEncodedTile, library.TIFFReadEncodedStrip):
        taken.argtypes, taken.restype = [c_void_p, c_uint32, c_void_p, c_ssize_t], c_ssize_t
    library.TIFFClose.argtypes = [c_void_p]
    for silenced in (library.TIFFSetErrorHandler, library.TIFFSetWarningHandler):
        silenced.argtypes = [c_void_p]
        silenced(None)
    return library
