"""Write the README's tables of vendors and magic numbers from the code; with --check see that they are so.

    python scripts/readme_tables.py [--check]

A table stands between the two comments that name it, `<!-- table: vendors -->` and `<!-- end -->`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from emulator.core.scripting.magic import MAGIC
from emulator.vendors import all_vendors

README = Path(__file__).resolve().parent.parent / "README.md"
PLACE = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


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


TABLES: dict[str, Callable[[], str]] = {"vendors": vendors, "magic": magic, "nearest": nearest}


def written(text: str) -> str:
    """The README with its tables as the code has them."""
    return PLACE.sub(lambda place: place[1] + TABLES[place[2]]() + place[3], text)


def main() -> None:
    text = README.read_text(encoding="utf-8")
    if "--check" in sys.argv:
        raise SystemExit(
            written(text) != text and "README.md: its tables are not those of the code; make readme"
        )
    README.write_text(written(text), encoding="utf-8")


if __name__ == "__main__":
    main()
