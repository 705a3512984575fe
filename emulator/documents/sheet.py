"""PDF files whose pages are one picture each, written directly so that fax bits stay as they came."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from emulator.documents.tiff import Strip

if TYPE_CHECKING:
    from PIL.Image import Image

_CATALOG, _PAGES, _FIRST = 1, 2, 3


@dataclass(frozen=True)
class Sheet:
    """One page: its size, and the box (left, bottom, width, height) that the picture fills; all in points."""

    size: tuple[float, float]
    box: tuple[float, float, float, float]
    columns: int
    rows: int
    encoding: str
    data: bytes


def fax_sheet(strip: Strip, size: tuple[float, float], box: tuple[float, float, float, float]) -> Sheet:
    """Make a page of Group 4 bits; in PDF a decoded 1 is white, and the black runs of the line give 0."""
    encoding = (
        "/BitsPerComponent 1/Filter/CCITTFaxDecode"
        f"/DecodeParms<</K -1/Columns {strip.width}/Rows {strip.height}>>"
    )
    return Sheet(size, box, strip.width, strip.height, encoding, strip.bits)


def grey_sheet(image: Image, size: tuple[float, float], box: tuple[float, float, float, float]) -> Sheet:
    """Make a page of a grey picture (mode `L`)."""
    data = zlib.compress(image.tobytes(), 6)
    return Sheet(size, box, image.width, image.height, "/BitsPerComponent 8/Filter/FlateDecode", data)


def write_pdf(sheets: Iterable[Sheet]) -> Iterator[bytes]:
    """Write the PDF piece by piece; equal sheets give equal bytes."""
    offsets: dict[int, int] = {}
    position, number = 0, _FIRST

    def piece(data: bytes, number: int | None = None) -> bytes:
        nonlocal position
        if number is not None:
            offsets[number] = position
            data = b"%d 0 obj\n%b\nendobj\n" % (number, data)
        position += len(data)
        return data

    yield piece(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    for sheet in sheets:
        for offset, body in enumerate(_objects(sheet, number)):
            yield piece(body, number + offset)
        number += 3
    kids = " ".join(f"{page} 0 R" for page in range(_FIRST, number, 3))
    yield piece(f"<</Type/Pages/Kids[{kids}]/Count {(number - _FIRST) // 3}>>".encode(), _PAGES)
    yield piece(f"<</Type/Catalog/Pages {_PAGES} 0 R>>".encode(), _CATALOG)
    yield _cross_reference(offsets, position)


def _objects(sheet: Sheet, number: int) -> Iterator[bytes]:
    width, height = sheet.size
    left, bottom, across, up = sheet.box
    drawing = f"q {across:.3f} 0 0 {up:.3f} {left:.3f} {bottom:.3f} cm /Picture Do Q".encode()
    yield (
        f"<</Type/Page/Parent {_PAGES} 0 R/MediaBox[0 0 {width:.3f} {height:.3f}]/Contents {number + 1} 0 R"
        f"/Resources<</XObject<</Picture {number + 2} 0 R>>>>>>"
    ).encode()
    yield _stream("", drawing)
    yield _stream(
        f"/Type/XObject/Subtype/Image/Width {sheet.columns}/Height {sheet.rows}"
        f"/ColorSpace/DeviceGray{sheet.encoding}",
        sheet.data,
    )


def _stream(entries: str, data: bytes) -> bytes:
    return f"<<{entries}/Length {len(data)}>>\nstream\n".encode() + data + b"\nendstream"


def _cross_reference(offsets: dict[int, int], position: int) -> bytes:
    lines = [f"xref\n0 {len(offsets) + 1}\n0000000000 65535 f \n"]
    lines += [f"{offsets[number]:010d} 00000 n \n" for number in sorted(offsets)]
    lines.append(f"trailer\n<</Size {len(offsets) + 1}/Root {_CATALOG} 0 R>>\nstartxref\n{position}\n%%EOF\n")
    return "".join(lines).encode()
