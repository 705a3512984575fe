"""The countries of ISO 3166, and how tables beside the code are read; `scripts/make-places` makes them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple


class CountryRow(NamedTuple):
    """A country: its two and three letters, its number in digits, its name, a more common name or none."""

    alpha2: str
    alpha3: str
    numeric: str
    name: str
    common_name: str


def table(path: Path) -> list[list[str]]:
    """Read rows of text parted by tabs."""
    return [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]


@cache
def all_countries() -> tuple[CountryRow, ...]:
    """Every country, by its two letters."""
    return tuple(CountryRow(*row) for row in table(Path(__file__).with_name("countries.tsv")))
