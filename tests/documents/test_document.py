from __future__ import annotations

import hashlib
import io
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from types import SimpleNamespace

import pypdf
import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter

from emulator.documents import Inspection, Paper, Problem, inspect, prove, to_pdf

Sample = Callable[[str], bytes]
Letters = Callable[..., bytes]


@pytest.mark.parametrize(
    ("name", "media_type", "pages", "problem"),
    [
        ("one-page.pdf", "application/pdf", 1, None),
        ("three-pages.pdf", "application/pdf", 3, None),
        ("landscape-mixed.pdf", "application/pdf", 3, None),
        ("owner-password.pdf", "application/pdf", 2, None),
        ("encrypted.pdf", "application/pdf", 0, Problem.encrypted),
        ("truncated.pdf", "application/pdf", 0, Problem.broken),
        ("zero-pages.pdf", "application/pdf", 0, Problem.no_pages),
        ("not-a-pdf.pdf", "text/html", 0, Problem.unsupported),
        ("scan.tiff", "image/tiff", 2, None),
        ("photo.png", "image/png", 1, None),
        ("photo.jpg", "image/jpeg", 1, None),
        ("letter.txt", "text/plain", 2, None),
    ],
)
def test_a_sample_is_known(
    sample: Sample, name: str, media_type: str, pages: int, problem: Problem | None
) -> None:
    content = sample(name)
    digest = hashlib.sha256(content).hexdigest()
    assert inspect(content) == Inspection(digest, media_type, len(content), pages, problem)


def _damage(content: bytes) -> dict[str, bytes]:
    table = content.rindex(b"startxref")
    return {
        "half of it": content[: len(content) // 2],
        "last 200 bytes cut": content[:-200],
        "no end mark": content[: content.rindex(b"%%EOF")],
        "wrong startxref": content[:table] + b"startxref\n99999\n%%EOF\n",
        "junk before": b"\n" * 500 + content,
        "junk behind": content + b"junk" * 1000,
    }


SINCE_6 = (10, None) if hasattr(pypdf, "Configuration") else (0, Problem.broken)
"""What only a pypdf of today mends."""


@pytest.mark.parametrize(
    ("damage", "pages", "problem"),
    [
        ("half of it", 0, Problem.broken),
        ("last 200 bytes cut", *SINCE_6),
        ("no end mark", 10, None),
        ("wrong startxref", 10, None),
        ("junk before", 10, None),
        ("junk behind", 10, None),
    ],
)
def test_damage_that_readers_mend_is_no_problem_and_other_damage_is(
    letters: Letters, damage: str, pages: int, problem: Problem | None
) -> None:
    document = inspect(_damage(letters(10))[damage])
    assert (document.media_type, document.pages, document.problem) == ("application/pdf", pages, problem)


@pytest.mark.parametrize("algorithm", ["RC4-40", "RC4-128", "AES-128", "AES-256"])
@pytest.mark.parametrize(("user", "pages", "problem"), [("", 2, None), ("secret", 0, Problem.encrypted)])
def test_only_the_password_of_a_reader_locks_a_document(
    letters: Letters, algorithm: str, user: str, pages: int, problem: Problem | None
) -> None:
    writer, out = PdfWriter(clone_from=io.BytesIO(letters(2))), io.BytesIO()
    writer.encrypt(user, "owner", algorithm=algorithm)
    writer.write(out)
    document = inspect(out.getvalue())
    assert (document.pages, document.problem) == (pages, problem)


def test_a_process_that_is_strict_with_warnings_reads_a_pdf(letters: Letters) -> None:
    read = "import sys; from emulator.documents import inspect; print(inspect(sys.stdin.buffer.read()).pages)"
    strict = [sys.executable, "-W", "error", "-c", read]
    assert subprocess.run(strict, input=letters(2), capture_output=True).stdout == b"2\n"


def test_nothing_at_all_is_empty() -> None:
    digest = hashlib.sha256(b"").hexdigest()
    assert inspect(b"") == Inspection(digest, "application/octet-stream", 0, 0, Problem.empty)


@pytest.mark.parametrize(
    "content", [b"\x00\x01\x02", b"%!PS", b"PK\x03\x04", b"<p>no doctype</p>", b"<!doctype html>", b"<svg/>"]
)
def test_what_cannot_be_converted_is_unsupported(content: bytes) -> None:
    assert inspect(content).problem == Problem.unsupported


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"PK\x03\x04 word/document.xml", "docx"),
        (b"{\\rtf1}", "rtf"),
        (b"PK\x03\x04 xl/workbook.xml", "xlsx"),
    ],
)
def test_an_office_file_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, content: bytes, kind: str
) -> None:
    monkeypatch.setenv("PATH", "")
    assert inspect(content).problem == f"no converter for {kind} here: install LibreOffice"


def test_a_page_tree_that_bites_its_tail_is_broken(raw: SimpleNamespace) -> None:
    loop = raw.build(
        {
            1: b"<</Type/Catalog/Pages 2 0 R>>",
            2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            3: b"<</Type/Pages/Kids[2 0 R]/Count 1>>",
        }
    )
    assert inspect(loop).problem == Problem.broken


@pytest.mark.parametrize("kind", [b"/Pagina", b"/Pages", b"/Catalog", b"/page", b"(Page)", b" 7"])
def test_a_page_of_another_name_is_a_page_in_its_place(raw: SimpleNamespace, kind: bytes) -> None:
    box = b"/Parent 2 0 R/MediaBox[0 0 %d 792]"
    both = raw.build(
        {
            1: b"<</Type/Catalog/Pages 2 0 R>>",
            2: b"<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>",
            3: b"<</Type%b%b>>" % (kind, box % 400),
            4: b"<</Type/Page%b>>" % (box % 612),
        }
    )
    document, reader = inspect(both), PdfReader(io.BytesIO(to_pdf(both)))
    assert (document.pages, document.problem) == (2, None)
    assert [int(page.mediabox.width) for page in reader.pages] == [400, 612]
    assert prove(both) == prove(to_pdf(both)) != ()


@pytest.mark.parametrize("kind", [b"/Pagina", b"/Page"])
def test_a_tree_of_odd_names_that_bites_its_tail_or_is_great_is_bounded(
    raw: SimpleNamespace, kind: bytes
) -> None:
    kids = b"3 0 R 2 0 R null 7 " * 50_000
    loop = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Kids[%b]>>" % kids,
        3: b"<</Type%b/Kids[2 0 R 3 0 R]/Parent 2 0 R>>" % kind,
    }
    began = time.process_time()
    assert inspect(raw.build(loop)).problem in (Problem.broken, Problem.no_pages)
    assert time.process_time() - began < 2


def test_a_count_without_pages_is_not_believed(raw: SimpleNamespace) -> None:
    liar = raw.build({1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[]/Count 5000>>"})
    assert inspect(liar).problem == Problem.no_pages


@pytest.mark.parametrize("box", [b"0 0 0 0", b"612 792 0 0", b"0 0 14400 14400000", b"0 0 1e400 -1e400"])
def test_an_odd_page_size_is_still_a_page(raw: SimpleNamespace, box: bytes) -> None:
    document = inspect(raw.page(b"/MediaBox[%b]" % box))
    assert (document.pages, document.problem) == (1, None)


@pytest.mark.parametrize("pages", [200, 300])
def test_many_pages_are_counted(letters: Letters, pages: int) -> None:
    assert inspect(letters(pages)).pages == pages


def test_a_large_document_is_counted(letters: Letters) -> None:
    assert inspect(letters(2) + b"%" * 300_000 + b"\n%%EOF\n").pages == 2
    table = letters(2).rindex(b"startxref")
    assert inspect(letters(2)[:table] + b"%" * 300_000 + b"\n" + letters(2)[table:]).pages == 2


@pytest.mark.parametrize("kind", ["TIFF", "GIF"])
def test_each_frame_of_an_image_is_a_page(kind: str) -> None:
    out, frames = io.BytesIO(), [Image.new("L", (40, 60), shade) for shade in (0, 100, 200)]
    frames[0].save(out, kind, save_all=True, append_images=frames[1:])
    assert inspect(out.getvalue()).pages == 3


@pytest.mark.parametrize(
    "content", [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"GIF89a", b"II*\0\x08\0\0\0"]
)
def test_an_image_that_ends_at_once_is_broken(content: bytes) -> None:
    assert inspect(content).problem == Problem.broken


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        ("one line", 1),
        ("\n" * 500, 1),
        ("line\n" * 57, 1),
        ("line\n" * 58, 2),
        ("a\fb\fc", 3),
        ("a\f", 1),
        ("x" * 84 * 57, 1),
        ("x" * (84 * 57 + 1), 2),
        ("\r\n".join(["line"] * 57), 1),
    ],
)
def test_text_is_counted_as_it_is_laid_out(text: str, pages: int) -> None:
    assert inspect(text.encode()).pages == pages


def test_text_that_is_printed_has_the_pages_that_were_counted(sample: Sample) -> None:
    content = sample("letter.txt") * 20
    assert inspect(to_pdf(content, Paper.letter)).pages == inspect(content).pages


def test_equal_content_is_read_once(letters: Letters) -> None:
    content = letters(3)
    assert inspect(content) is inspect(bytes(bytearray(content)))


def test_threads_agree_on_what_they_read(letters: Letters) -> None:
    contents = [letters(pages) for pages in range(1, 9)]
    found: list[list[int]] = []
    threads = [
        threading.Thread(target=lambda: found.append([inspect(content).pages for content in contents]))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [list(range(1, 9))] * 8


@pytest.mark.parametrize(
    "name", ["three-pages.pdf", "owner-password.pdf", "scan.tiff", "photo.png", "photo.jpg"]
)
def test_no_damage_makes_it_raise(sample: Sample, name: str) -> None:
    whole, chance = sample(name), random.Random(name)
    for _ in range(60):
        content = bytearray(whole)
        for _ in range(chance.randint(1, 30)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        document = inspect(
            bytes(content[: chance.randint(1, len(content))] if chance.random() < 0.3 else content)
        )
        assert (document.pages == 0) == (document.problem is not None)
