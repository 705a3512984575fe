"""Compressed bodies are unpacked whole, however they are packed and cut into blocks."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable

import pytest

from emulator.core.decoding import BLOCK, unpack

TEXT = b"what a webhook answers " * 10_000


def bare(content: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush()


def unpacked(packed: bytes, codings: str, size: int = 1000) -> bytes:
    blocks = (packed[start : start + size] for start in range(0, len(packed), size))
    return b"".join(unpack(blocks, codings))


@pytest.mark.parametrize("size", [1, 7, 100_000])
@pytest.mark.parametrize(
    ("codings", "pack"),
    [
        ("", bytes), ("identity", bytes), ("br", bytes), ("gzip", gzip.compress), ("X-GZip", gzip.compress),
        ("deflate", zlib.compress), ("deflate", bare),
        ("deflate, gzip", lambda text: gzip.compress(bare(text))),
    ],
)  # fmt: skip
def test_a_body_is_unpacked_as_it_was_packed(codings: str, pack: Callable[[bytes], bytes], size: int) -> None:
    assert unpacked(pack(TEXT), codings, size) == TEXT
    assert unpacked(pack(b""), codings, size) == b""


@pytest.mark.parametrize(
    "packed",
    [gzip.compress(TEXT[:9]) + gzip.compress(TEXT[9:]), gzip.compress(TEXT) + b"\0" * 99],
    ids=["members", "rubbish"],
)
def test_what_stands_behind_a_member_of_gzip_counts_if_it_is_one(packed: bytes) -> None:
    assert unpacked(packed, "gzip") == TEXT


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_what_is_not_packed_so_is_an_error(coding: str) -> None:
    with pytest.raises(zlib.error):
        unpacked(b"\x99" * 2000, coding)


@pytest.mark.parametrize(
    ("coding", "packed"),
    [("gzip", gzip.compress(TEXT)), ("deflate", zlib.compress(TEXT)), ("deflate", bare(TEXT))],
    ids=["gzip", "deflate", "bare"],
)
@pytest.mark.parametrize("missing", [1, 9, 300])
def test_a_body_that_was_cut_short_is_an_error(coding: str, packed: bytes, missing: int) -> None:
    with pytest.raises(zlib.error):
        unpacked(packed[:-missing], coding)


def test_blocks_stay_small_however_the_body_grows() -> None:
    assert max(map(len, unpack(iter([gzip.compress(bytes(10_000_000))]), "gzip"))) == BLOCK


def test_more_codings_than_anybody_uses_are_refused() -> None:
    with pytest.raises(ValueError, match="codings"):
        unpack(iter(()), "gzip," * 6)
