"""What the reader of the list asked for, as the control plane takes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

PAGE_ROWS = 50
"""Faxes on a page of the list."""
_MOST_TEXT = 200
"""Characters that are looked for."""

_FILTERS = ("vendor", "direction", "to", "from", "state", "text")
_NUMBERS = ("to", "from")
_COUNTED = ("vendor", "direction")
"""Filters by which the counts of states are narrowed too."""


@dataclass(frozen=True)
class FaxQuery:
    """The filters that were given, and an earlier page's cursor."""

    filters: Mapping[str, str]
    after: str | None = None

    @classmethod
    def read(cls, query: Mapping[str, str]) -> FaxQuery:
        """Read the query of a URL."""
        given = {name: query.get(name, "").strip()[:_MOST_TEXT] for name in _FILTERS}
        return cls({name: value for name, value in given.items() if value}, query.get("after"))

    def change(self, **changes: str | None) -> dict[str, str]:
        """Write the query of a link to the same list with changes, from its first page."""
        return {name: value for name, value in {**self.filters, **changes}.items() if value}

    def page(self) -> dict[str, str | int | None]:
        """Write the query of the page asked for; a part of a number finds every number that holds it."""
        wanted = {name: _part(value) if name in _NUMBERS else value for name, value in self.filters.items()}
        return {**wanted, "after": self.after, "limit": PAGE_ROWS}

    def counts(self) -> dict[str, str]:
        """Write the query of the counts, whichever state was asked for."""
        return {name: value for name, value in self.filters.items() if name in _COUNTED}


def _part(number: str) -> str:
    return number if set(number) & set("*?[") else f"*{''.join(filter(_is_dialled, number))}*"


def _is_dialled(character: str) -> bool:
    return character.isalnum() or character == "+"
