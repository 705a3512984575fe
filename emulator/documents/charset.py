"""Plain text in bytes: UTF-8, UTF-16 behind its mark, and else Windows-1252, which most old files are in.

A file does not say which it is. ISO 8859-1 is a part of Windows-1252; what is written in yet another charset
(GBK, Windows-1251) is printed as if it were, so that its reader sees at once what went wrong (assumed).
"""

from __future__ import annotations

import re

WINDOW = 65_536
"""Bytes by which text is told from what is none."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_OLD = "cp1252"

UTF16_MARKS = tuple(_MARKS)
"""What begins a text in UTF-16."""


def is_text(content: bytes) -> bool:
    """Tell text: its beginning has letters of one of these charsets, and nothing that no text has."""
    window = content[:WINDOW]
    try:
        text = _whole(window, _charset_of(window), len(content) > len(window))
    except UnicodeDecodeError:
        return False
    return bool(text.removeprefix("\ufeff")) and _CONTROL.search(text) is None


def decode(content: bytes) -> str:
    """Read text, without the mark of its charset; what its charset has not becomes U+FFFD."""
    charset = _charset_of(content[:WINDOW])
    if charset == "utf-8" and content[:WINDOW].isascii() and not _is_utf8(content):
        charset = _OLD
    return content.decode(charset, errors="replace").removeprefix("\ufeff")


def _charset_of(window: bytes) -> str:
    marked = _MARKS.get(window[:2])
    return marked or ("utf-8" if _is_utf8(window) else _OLD)


def _is_utf8(content: bytes) -> bool:
    try:
        _whole(content, "utf-8", len(content) == WINDOW)
    except UnicodeDecodeError:
        return False
    return True


def _whole(window: bytes, charset: str, is_cut: bool) -> str:
    """Decode strictly; only a character that the window's edge cut in two is forgiven."""
    try:
        return window.decode(charset)
    except UnicodeDecodeError as error:
        if is_cut and error.start > len(window) - 4:
            return window[: error.start].decode(charset)
        raise
