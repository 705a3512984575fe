"""Small files that grow: each must end, with an answer that was foreseen, soon and in bounded memory."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from types import SimpleNamespace

import pypdf
import pytest
from PIL import Image

from emulator.documents import (
    Problem,
    Unreadable,
    inspect,
    merge,
    prove,
    render_png,
    render_tiff,
    select_pages,
    text_of,
    to_pdf,
)
from tests.working import worked

LETTER = b"/MediaBox[0 0 612 792]"


@pytest.fixture(autouse=True)
def soon() -> Iterator[None]:
    """Everything here takes less processor time, with its child processes, than a client waits."""
    start = worked()
    yield
    assert worked() - start < 10


def deflated(piece: bytes, times: int, *, layers: int = 1) -> bytes:
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(piece) for _ in range(times)) + packer.flush()
    for _ in range(layers - 1):
        data = zlib.compress(data, 9)
    return data


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, data: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pieces = chunk(b"IHDR", header), chunk(b"IDAT", data), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(pieces)


def tall_tiff(height: int) -> bytes:
    """A small TIFF that claims to be that high."""
    out = io.BytesIO()
    Image.new("1", (1728, 1000), 1).save(out, "TIFF", compression="group4")
    content = bytearray(out.getvalue())
    entry = content.index(struct.pack("<HHLH", 257, 3, 1, 1000))
    struct.pack_into("<HHLL", content, entry, 257, 4, 1, height)
    return bytes(content)


def tiff_of(frames: int, *, last: int = 0) -> bytes:
    """A TIFF of so many tiny frames; `last` is where the last one says that the next begins."""
    out = bytearray(struct.pack("<2sHL", b"II", 42, 8))
    tags = ((256, 8), (257, 8), (258, 1), (259, 1), (262, 0), (273, 0), (277, 1), (278, 8), (279, 8))
    directory = b"".join(struct.pack("<HHLL", tag, 4, 1, value) for tag, value in tags)
    for number in range(frames):
        out += struct.pack("<H", len(tags)) + directory
        out += struct.pack("<L", len(out) + 4 if number + 1 < frames else last)
    return bytes(out)


@pytest.mark.parametrize("box", [b"0 0 14400 14400000", b"0 0 0 0", b"612 792 0 0", b"0 0 1e400 -1e400"])
def test_a_page_of_any_size_is_rendered_on_one_sheet(raw: SimpleNamespace, box: bytes) -> None:
    content = render_tiff(raw.page(b"/MediaBox[%b]/UserUnit 1000000" % box))
    with Image.open(io.BytesIO(content)) as fax:
        assert (fax.size, fax.n_frames) == ((1728, 2156), 1)


@pytest.mark.parametrize("drawing", [b"0 0 m 100 100 l S\n", b"q "])
def test_a_content_stream_that_grows_ends(raw: SimpleNamespace, drawing: bytes) -> None:
    bomb = raw.page(
        LETTER, raw.stream(deflated(drawing * 1000, 240_000 // len(drawing)), b"/Filter/FlateDecode")
    )
    assert inspect(bomb).pages == 1
    with pytest.raises(Unreadable) as caught:
        render_tiff(bomb)
    assert caught.value.problem == Problem.broken
    assert len(text_of(bomb)) == 1
    assert inspect(select_pages(bomb, ["1"])).pages == 1


def test_a_stream_packed_twice_ends(raw: SimpleNamespace) -> None:
    data = deflated(bytes(1_000_000), 400, layers=2)
    bomb = raw.page(LETTER, raw.stream(data, b"/Filter[/FlateDecode/FlateDecode]"))
    assert len(bomb) < 4000
    assert inspect(bomb).pages == 1
    with pytest.raises(Unreadable):
        render_png(bomb)


def test_drawings_that_draw_one_another_end(raw: SimpleNamespace) -> None:
    entries = b"/Type/XObject/Subtype/Form/BBox[0 0 612 792]/Resources<</XObject<</F %d 0 R>>>>"
    forms = {f"o{n}": raw.stream(b"/F Do " * 10, entries % (n + 1)) for n in range(5, 25)}
    page = LETTER + b"/Resources<</XObject<</F 5 0 R>>>>"
    bomb = raw.page(page, raw.stream(b"/F Do " * 10), **forms, o25=raw.stream(b"0 0 m 9 9 l S", entries % 5))
    assert inspect(bomb).pages == 1
    with suppress(Unreadable):
        render_tiff(bomb)
    assert len(text_of(bomb)) == 1


ENDED = (Problem.broken,) if hasattr(pypdf, "Configuration") else (Problem.broken, Problem.too_slow)
"""What becomes of a PDF without an end; a pypdf that can be told no limits goes on until its time is up."""


def test_a_page_tree_with_more_branches_than_atoms_ends(raw: SimpleNamespace) -> None:
    tree = {n: b"<</Type/Pages/Kids[%b]/Count 1>>" % (b"%d 0 R " % (n + 1) * 10) for n in range(2, 30)}
    bomb = raw.build({1: b"<</Type/Catalog/Pages 2 0 R>>", **tree, 30: b"<</Type/Page%b>>" % LETTER})
    assert inspect(bomb).problem in ENDED


@pytest.mark.parametrize("pages", [5001, 99_000])
def test_more_pages_than_a_fax_can_have_are_too_large(raw: SimpleNamespace, pages: int) -> None:
    kids = b"<</Type/Pages/Kids[%b]/Count 1>>" % (b"3 0 R " * pages)
    bomb = raw.build({1: b"<</Type/Catalog/Pages 2 0 R>>", 2: kids, 3: b"<</Type/Page%b>>" % LETTER})
    assert inspect(bomb).problem == Problem.too_large


def test_joined_documents_have_a_limit_too(raw: SimpleNamespace) -> None:
    kids = b"<</Type/Pages/Kids[%b]/Count 1>>" % (b"3 0 R " * 3000)
    half = raw.build({1: b"<</Type/Catalog/Pages 2 0 R>>", 2: kids, 3: b"<</Type/Page%b>>" % LETTER})
    assert inspect(half).pages == 3000
    with pytest.raises(Unreadable) as caught:
        merge([half, half])
    assert caught.value.problem == Problem.too_large


def object_stream(raw: SimpleNamespace) -> bytes:
    """A PDF whose catalogue lies in a stream of 500 MB."""
    head = b"1 0 2 32 <</Type/Catalog/Pages 2 0 R>>    <</Type/Pages/Kids[]/Count 0>>"
    packer = zlib.compressobj(9)
    data = (
        packer.compress(head)
        + b"".join(packer.compress(b" " * 1_000_000) for _ in range(500))
        + packer.flush()
    )
    out = bytearray(b"%PDF-1.7\n3 0 obj\n")
    out += raw.stream(data, b"/Type/ObjStm/N 2/First 9/Filter/FlateDecode") + b"\nendobj\n"
    start = len(out)
    rows = ((0, 0, 0), (2, 3, 0), (2, 3, 1), (1, 9, 0), (1, start, 0))
    table = raw.stream(
        b"".join(struct.pack(">BIH", *row) for row in rows), b"/Type/XRef/Size 5/W[1 4 2]/Root 1 0 R"
    )
    return bytes(out) + b"4 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF" % (table, start)


def test_a_catalogue_in_a_stream_that_grows_ends(raw: SimpleNamespace) -> None:
    assert inspect(object_stream(raw)).problem == Problem.broken


LIARS = {
    "two billion objects": b"xref\n0 2000000000\n0000000000 65535 f \ntrailer\n<</Size 2000000000>>\n",
    "objects that do not end": b"1 0 obj <<" * 25_000,
    "one comment": b"%" * 250_000,
    "one gap": b"1 0 obj" + b" " * 240_000,
    "no table": b"".join(b"%d 0 obj\n<<>>\nendobj\n" % number for number in range(9000)),
    "half a million beginnings": b"1 0 obj <<\n" * 500_000,
    "a ring of tables": b"xref\n0 0\ntrailer\n<</Size 1/Prev 9>>\n" * 2500,
}


@pytest.mark.parametrize("lie", LIARS)
def test_a_table_of_objects_that_lies_is_broken(lie: str) -> None:
    assert inspect(b"%PDF-1.4\n" + LIARS[lie] + b"startxref\n9\n%%EOF\n").problem in ENDED


@pytest.mark.parametrize("nest", [(b"[", b"]"), (b"<</A ", b">>"), (b"(", b")")])
def test_nesting_without_end_ends(raw: SimpleNamespace, nest: tuple[bytes, bytes]) -> None:
    begin, end = nest
    bomb = raw.page(LETTER + b"/X " + begin * 30_000 + b"0" + end * 30_000)
    document = inspect(bomb)
    assert (document.pages, document.problem) in ((1, None), (0, Problem.broken))
    with suppress(Unreadable):
        render_tiff(bomb)


def test_a_picture_in_a_pdf_that_grows_ends(raw: SimpleNamespace) -> None:
    entries = (
        b"/Type/XObject/Subtype/Image/Width 20000/Height 5000/BitsPerComponent 8"
        b"/ColorSpace/DeviceRGB/Filter/FlateDecode"
    )
    picture = raw.stream(deflated(bytes(3_000_000), 100), entries)
    page = LETTER + b"/Resources<</XObject<</I 5 0 R>>>>"
    with suppress(Unreadable):
        render_tiff(raw.page(page, raw.stream(b"q 612 0 0 792 0 0 cm /I Do Q"), o5=picture))


def bitmap(width: int, height: int) -> bytes:
    head = struct.pack("<LllHHLLllLL", 40, width, height, 1, 24, 0, 0, 0, 0, 0, 0)
    return b"BM" + struct.pack("<LHHL", 100, 0, 0, 54) + head


HUGE = {
    "tiff of a million lines": lambda: tall_tiff(1_000_000),
    "tiff of a hundred thousand lines": lambda: tall_tiff(100_000),
    "png of 900 million pixels": lambda: png(30_000, 30_000, b""),
    "png of 49 million pixels": lambda: png(7000, 7000, b""),
    "bmp of a million million pixels": lambda: bitmap(10**6, 10**6),
    "tiff of 6,000 frames": lambda: tiff_of(6000),
    "tiff of 100,000 frames": lambda: tiff_of(100_000),
}


@pytest.mark.parametrize("name", HUGE)
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_an_image_with_too_many_pixels_or_frames_is_too_large(name: str) -> None:
    content = HUGE[name]()
    assert inspect(content).problem == Problem.too_large
    with pytest.raises(Unreadable) as caught:
        to_pdf(content)
    assert caught.value.problem == Problem.too_large


def test_frames_that_follow_in_a_ring_are_counted_once() -> None:
    assert inspect(tiff_of(2, last=8)).pages == 2


def test_the_largest_image_is_converted() -> None:
    assert inspect(to_pdf(png(6000, 6600, deflated(bytes(1 + 18_000), 6600)))).pages == 1


def test_a_picture_that_memory_does_not_hold_is_too_large() -> None:
    data = deflated(b"\xff" * 48_000, 6500)
    shorts = {258: 4, 259: 1, 262: 1, 277: 1}
    depth = len(data) + len(data) % 2 + 8
    values = {256: 6000, 257: 6500, 258: depth, 259: 8, 262: 5, 273: 8, 277: 4, 278: 6500, 279: len(data)}
    rows = b"".join(
        struct.pack("<HHLL", tag, 3 if tag in shorts else 4, shorts.get(tag, 1), value)
        for tag, value in values.items()
    )
    table = struct.pack("<4HH", 16, 16, 16, 16, len(values)) + rows + bytes(4)
    head = b"II*\0" + struct.pack("<L", depth + 8)
    assert prove(head + data.ljust(depth - 8, b"\0") + table) == Problem.too_large


LONG = {
    "word": "a" * 4_000_000,
    "gap": " " * 3_999_999 + "a",
    "tabs": "\t" * 3_999_999 + "a",
    "line": "ab " * 1_300_000,
}


@pytest.mark.parametrize("name", LONG)
def test_text_without_end_is_laid_out(name: str) -> None:
    assert inspect(LONG[name].encode()).problem is None


TOO_LONG = {"bytes": "a" * 4_000_001, "lines": "a\n" * 600_000, "form feeds": "\f" * 6000 + "a"}


@pytest.mark.parametrize("name", TOO_LONG)
def test_text_of_too_many_pages_is_too_large(name: str) -> None:
    assert inspect(TOO_LONG[name].encode()).problem == Problem.too_large


MEASURE = """
import resource, sys
from emulator.documents import nursery, render_tiff
nursery.FORKS = False  # a child of this process's own can be measured
size = len(render_tiff(sys.stdin.buffer.read()))
print(size, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
"""


def test_pages_are_rendered_one_at_a_time(letters: Callable[..., bytes]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", MEASURE], input=letters(120, lines=10), capture_output=True, check=True
    )
    size, megabytes = map(int, done.stdout.split())
    assert size > 120 * 1000
    assert megabytes < 120
