"""What the reader of the list asked for, as the control plane takes it, and how far into it the page is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

PAGE_ROWS = 50
"""Rows on a page of a list."""
_MOST_TEXT = 200
"""Characters that are looked for."""

_FILTERS = ("vendor", "direction", "to", "from", "state", "text")
_NUMBERS = ("to", "from")
_COUNTED = ("vendor", "direction")
"""Filters by which the counts of states are narrowed too."""
_NUMBER = re.compile(r"[0-9]{1,15}", re.ASCII)


@dataclass(frozen=True)
class FaxQuery:
    """The filters that were given, and an earlier page's cursor.

    `begin` faxes that fit came on pages before; `looked` were looked at for a search that goes on.
    """

    filters: Mapping[str, str]
    after: str | None = None
    begin: int = 0
    looked: int = 0

    @classmethod
    def read(cls, query: Mapping[str, str]) -> FaxQuery:
        """Read the query of a URL."""
        given = {name: query.get(name, "").strip()[:_MOST_TEXT] for name in _FILTERS}
        filters = {name: value for name, value in given.items() if value}
        return cls(filters, query.get("after"), _number(query, "begin"), _number(query, "looked"))

    @property
    def searches(self) -> bool:
        """Whether faxes are looked through, as no count tells how many fit."""
        return any(name in self.filters for name in ("text", *_NUMBERS))

    def change(self, **changes: str | int | None) -> dict[str, str | int]:
        """Write the query of a link to the same list with changes, from its first page."""
        return {name: value for name, value in {**self.filters, **changes}.items() if value}

    def here(self) -> dict[str, str | int]:
        """Write the query of a link that keeps the page of the list."""
        return self.change(after=self.after, begin=self.begin, looked=self.looked)

    def page(self, after: str | None = None, limit: int = PAGE_ROWS) -> dict[str, str | int | None]:
        """Write the query of a page; a part of a number finds every number that holds it."""
        wanted = {name: _part(value) if name in _NUMBERS else value for name, value in self.filters.items()}
        return {**wanted, "after": after or self.after, "limit": limit}

    def counts(self) -> dict[str, str]:
        """Write the query of the counts, whichever state was asked for."""
        return {name: value for name, value in self.filters.items() if name in _COUNTED}


def _number(query: Mapping[str, str], name: str) -> int:
    given = query.get(name, "")
    return int(given) if _NUMBER.fullmatch(given) else 0


def _part(number: str) -> str:
    return number if set(number) & set("*?[") else f"*{''.join(filter(_is_dialled, number))}*"


def _is_dialled(character: str) -> bool:
    return character.isalnum() or character == "+"
