"""What a report is made of: sections that held or failed, and the parts in them."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar


@dataclass(frozen=True)
class Pre:
    """A text laid out by its lines, such as a ladder."""

    kind: ClassVar[str] = "pre"
    text: str
    title: str = ""


@dataclass(frozen=True)
class Facts:
    """Names and what they are."""

    kind: ClassVar[str] = "facts"
    pairs: Mapping[str, str]
    title: str = ""


@dataclass(frozen=True)
class Grid:
    """A table."""

    kind: ClassVar[str] = "grid"
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    title: str = ""


@dataclass(frozen=True)
class Beside:
    """What was expected beside what was: rows of what, expected, actual; those that differ come first."""

    kind: ClassVar[str] = "beside"
    rows: Sequence[tuple[str, str, str]]
    title: str = ""


@dataclass(frozen=True)
class Exchange:
    """A request and its answer, folded under a title."""

    kind: ClassVar[str] = "exchange"
    title: str
    asked: str
    answered: str


@dataclass(frozen=True)
class Picture:
    """An image that the page carries within itself."""

    caption: str
    content: bytes = field(repr=False)
    media_type: str = "image/png"

    @property
    def address(self) -> str:
        return f"data:{self.media_type};base64,{base64.b64encode(self.content).decode()}"


@dataclass(frozen=True)
class Pictures:
    """Images side by side."""

    kind: ClassVar[str] = "pictures"
    images: Sequence[Picture]
    title: str = ""


@dataclass(frozen=True)
class Folded:
    """Parts that are shown when their title is opened."""

    kind: ClassVar[str] = "folded"
    title: str
    parts: Sequence[ReportPart]


ReportPart = Pre | Facts | Grid | Beside | Exchange | Pictures | Folded


@dataclass(frozen=True)
class Section:
    """One thing that a report tells of: it held, it failed, or it is only told (None).

    What failed is open from the start, and so is what is only told; `note` stands beside the title, `word` at
    its end, `about` before the parts.
    """

    title: str
    held: bool | None = None
    note: str = ""
    parts: Sequence[ReportPart] = ()
    word: str = ""
    about: str = ""

    @property
    def open(self) -> bool:
        return not self.held

    @property
    def verdict(self) -> str:
        """The word at the end: the section's own, or the usual one."""
        return self.word or {True: "held", False: "failed", None: ""}[self.held]
