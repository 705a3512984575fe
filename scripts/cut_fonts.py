"""Cut the letters that a fax may need out of free fonts, without hints: a fax has no use for them."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from fontTools import subset
from fontTools.merge import Merger
from fontTools.ttLib import TTCollection, TTFont

DEJAVU = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
WENQUANYI = Path("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc")
NOTO = Path("/usr/share/fonts/truetype/noto")
SCRIPTS = {
    "Devanagari": 0x0900, "Bengali": 0x0980, "Gurmukhi": 0x0A00, "Gujarati": 0x0A80, "Oriya": 0x0B00,
    "Tamil": 0x0B80, "Telugu": 0x0C00, "Kannada": 0x0C80, "Malayalam": 0x0D00, "Thai": 0x0E00, "Lao": 0x0E80,
}  # fmt: skip
"""Scripts that have a font of Noto's each, and their first letters; there are 128 of each."""

DRAWN_FIRST = 0xE000 - 0x0900
FIRST_SIGNS = (
    0x093F, 0x09BF, 0x09C7, 0x09C8, 0x0A3F, 0x0ABF, 0x0B47, 0x0BC6, 0x0BC7, 0x0BC8, 0x0D46, 0x0D47, 0x0D48,
)  # fmt: skip
"""Signs drawn before their letter: there they have codes of private use (emulator/documents/syllables.py)."""

KEPT = ["cmap", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "name", "OS/2", "post"]

ALPHABETS = (
    (0x0020, 0x024F), (0x02B0, 0x02FF), (0x0300, 0x036F), (0x0370, 0x03FF), (0x0400, 0x052F),
    (0x0530, 0x05FF), (0x0600, 0x06FF), (0x10A0, 0x10FF), (0x1E00, 0x1FFF), (0x2000, 0x215F),
    (0x2190, 0x22FF), (0x2500, 0x27BF), (0xFB00, 0xFDFF), (0xFE70, 0xFEFF),
)  # fmt: skip
"""Latin, Greek, Cyrillic, Armenian, Hebrew, Arabic and Georgian letters, marks and common signs."""

CHARSETS = ("gb2312", "shift_jis", "euc_kr")
"""What Chinese, Japanese and Korean writing commonly uses; and of Big5 the first level."""


def of_charsets() -> Iterable[int]:
    """List the letters from U+3000 on that the charsets know."""
    for code in (*range(0x3000, 0xA000), *range(0xAC00, 0xD7A4), *range(0xFF00, 0xFFF0)):
        if any(knows(charset, code) for charset in CHARSETS) or knows("big5", code, below=b"\xc9"):
            yield code


def knows(charset: str, code: int, below: bytes = b"\xff") -> bool:
    try:
        return chr(code).encode(charset) < below
    except UnicodeEncodeError:
        return False


def cut(font: TTFont, letters: Iterable[int], target: Path) -> None:
    options = subset.Options()
    options.hinting, options.glyph_names, options.layout_features = False, False, []
    options.name_IDs, options.notdef_outline = [0, 1, 2, 3, 4, 5, 6, 13, 14], True
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=letters)
    cutter.subset(font)
    for tag in set(font.keys()) - set(KEPT) - {"GlyphOrder"}:
        del font[tag]
    font["head"].modified = font["head"].created
    font.recalcTimestamp = False
    font.save(target)


def main(folder: Path) -> None:
    alphabets = [code for first, last in ALPHABETS for code in range(first, last + 1)]
    cut(TTFont(DEJAVU), alphabets, folder / "alphabets.ttf")
    cut(TTCollection(WENQUANYI).fonts[0], of_charsets(), folder / "ideographs.ttf")
    with TemporaryDirectory() as room:
        parts = [Path(room) / f"{name}.ttf" for name in SCRIPTS]
        for part, first in zip(parts, SCRIPTS.values(), strict=True):
            letters = range(first, first + 128)
            cut(TTFont(NOTO / f"NotoSans{part.stem}-Regular.ttf"), letters, part)
        merged = Merger().merge(list(map(str, parts)))
        merged["head"].created = TTFont(parts[0])["head"].created
        for table in merged["cmap"].tables:
            drawn = {DRAWN_FIRST + code: table.cmap[code] for code in FIRST_SIGNS if code in table.cmap}
            table.cmap.update(drawn)
        cut(merged, merged.getBestCmap(), folder / "scripts.ttf")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
