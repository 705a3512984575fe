"""Write the tables of the README and of the vendors' pages from the code; with --check see that they are so.

    python scripts/readme_tables.py [--check]

A table stands between the two comments that name it, `<!-- table: vendors -->` and `<!-- end -->`; one of a
single vendor is named with it, `<!-- table: switches ifax -->`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from emulator.control.portal import list_profiles, list_settings
from emulator.core.dialect.words import Word
from emulator.core.scripting.magic import MAGIC
from emulator.vendors import all_vendors

DEFAULT_PORT = 8329
ROOT = Path(__file__).resolve().parent.parent
PAGES = (
    ROOT / "README.md",
    ROOT / "docs" / "failures.md",
    *(ROOT / "docs" / "vendors" / f"{name}.md" for name in all_vendors()),
)
PLACE = re.compile(r"(<!-- table: (\w+)(?: (\w+))? -->\n).*?(<!-- end -->)", re.DOTALL)


def rows(head: str, lines: Iterable[str]) -> str:
    columns = head.count("|") - 1
    return "\n".join([head, "|---" * columns + "|", *lines]) + "\n"


def vendors() -> str:
    return rows(
        "| vendor | base URL | hosts that select it | credentials of the default sandbox |",
        (
            f"| {vendor.title} | `/{vendor.name}` | {', '.join(vendor.hosts)} | "
            + ", ".join(f"{name} `{value}`" for name, value in vendor.credentials.items())
            + " |"
            for vendor in all_vendors().values()
        ),
    )


def magic() -> str:
    cells = [f"{digits} | {text}" for digits, (text, _) in MAGIC.items()]
    half = (len(cells) + 1) // 2
    left, right = cells[:half], [*cells[half:], " | "][:half]
    return rows(
        "| NN | what happens | NN | what happens |",
        (f"| {one} | {other} |" for one, other in zip(left, right, strict=True)),
    )


def nearest() -> str:
    return rows(
        "| vendor | NN | answers |",
        (
            f"| {vendor.title} | {digits} | {said} |"
            for vendor in all_vendors().values()
            for digits, said in sorted(vendor.magic.items())
        ),
    )


def address(vendor: str) -> str:
    known = all_vendors()[vendor]
    port = DEFAULT_PORT + known.port
    return rows(
        "| in production | here | on a port of its own (`localfax serve --vendor-ports`) |",
        (
            f"| `https://{host}` | `http://127.0.0.1:{DEFAULT_PORT}/{vendor}` | `http://127.0.0.1:{port}` |"
            for host in known.hosts
        ),
    )


def profiles(vendor: str) -> str:
    usual = "| `documented` | as the vendor's document says; sets no switch | the default |"
    named = _needed(list_profiles(all_vendors()[vendor]))
    return rows("| profile | what it does | who needs it |", (usual, *named))


def documents(vendor: str) -> str:
    return rows(
        "| type | what becomes of it | known from |",
        (
            f"| `{row.word}` | {row.text} | {row.evidence}: {row.source} |"
            for row in all_vendors()[vendor].tables.get("documents", ())
        ),
    )


def switches(vendor: str) -> str:
    found = all_vendors()[vendor].tables.get("switches", ())
    return rows(
        "| switch | what it takes | what it does | who needs it |",
        (f"| `{row.word}` | {row.takes and row.takes.told} | {row.text} | {row.source} |" for row in found),
    )


def _needed(found: Iterable[Word]) -> Iterable[str]:
    return (f"| `{row.word}` | {row.text} | {row.source} |" for row in found)


def settings(vendor: str) -> str:
    return rows(
        "| setting | what it is |",
        (f"| `{row.word}` | {row.text} |" for row in list_settings(all_vendors()[vendor])),
    )


def choices(vendor: str) -> str:
    return rows(
        "| what was open | what is done | switch | known from |",
        (
            f"| {row.word} | {row.text} | {', '.join(f'`{each}`' for each in row.switches) or 'no switch'} "
            f"| {row.evidence}: {row.source} |"
            for row in all_vendors()[vendor].tables.get("choices", ())
        ),
    )


TABLES: dict[str, Callable[..., str]] = {
    "address": address, "vendors": vendors, "magic": magic, "nearest": nearest, "profiles": profiles,
    "switches": switches, "documents": documents, "settings": settings, "choices": choices,
}  # fmt: skip


def written(text: str) -> str:
    """A page with its tables as the code has them."""
    return PLACE.sub(lambda place: place[1] + TABLES[place[2]](*filter(None, [place[3]])) + place[4], text)


def main() -> None:
    texts = {page: page.read_text(encoding="utf-8") for page in PAGES}
    if "--check" in sys.argv:
        stale = [str(page.relative_to(ROOT)) for page, text in texts.items() if written(text) != text]
        raise SystemExit(f"tables are not those of the code: {', '.join(stale)}; make readme" if stale else 0)
    for page, text in texts.items():
        page.write_text(written(text), encoding="utf-8")


if __name__ == "__main__":
    main()
