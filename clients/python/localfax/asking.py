"""What the smallest client of a vendor says: one fax sent, its status read. Each vendor describes its own."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from localfax.pdf import write_pdf

SENDER = "+12125550100"
"""The number that sends when no other is named, for vendors that want one."""


@dataclass(frozen=True)
class Document:
    """What is faxed: a name, a media type, the bytes."""

    name: str
    media_type: str
    content: bytes

    @classmethod
    def of(cls, given: Document | bytes | None, pages: int) -> Document:
        """Take a document as it is, bytes as a PDF, nothing as so many pages; raise TypeError otherwise."""
        if isinstance(given, bytes):
            return cls("fax.pdf", "application/pdf", given)
        if given is not None and not isinstance(given, Document):
            raise TypeError(f"a document is the bytes of a PDF, or Document.of_file(Path(…)), not {given!r}")
        return given or cls.of_pages(pages)

    @classmethod
    def of_file(cls, path: Path) -> Document:
        """Read a file; its type follows from its name. Raises OSError."""
        guessed = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        return cls(path.name, guessed, path.read_bytes())

    @classmethod
    def of_pages(cls, count: int) -> Document:
        """Make a PDF of so many pages."""
        pages = [f"Page {number} of {count}" for number in range(1, count + 1)]
        return cls("fax.pdf", "application/pdf", write_pdf(pages))


@dataclass(frozen=True)
class Account:
    """Where a vendor's API is and what lets a client in."""

    base_url: str
    credentials: Mapping[str, str]


@dataclass(frozen=True)
class Order:
    """Everything that a request for a fax says; what a vendor has no field for is left out."""

    account: Account
    to: str
    document: Document
    sender: str | None = None
    max_attempts: int | None = None


@dataclass(frozen=True)
class Ask:
    """An HTTP request as data; of `content`, `form`, `json` and `files` what is given makes the body."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] | None = None
    json: Any = None
    files: tuple[tuple[str, tuple[str | None, bytes | str, str]], ...] = ()
    """Parts: a name each, and filename, content, media type."""
    content: bytes | None = None

    @property
    def arguments(self) -> dict[str, Any]:
        """The request as `requests` takes it."""
        data = self.form if self.content is None else self.content
        body = {"data": data, "json": self.json, "files": self.files or None}
        return {"method": self.method, "url": self.url, "headers": self.headers, "params": self.query, **body}


@dataclass(frozen=True)
class Client:
    """How a fax is sent, and how its status is read by the vendor's id of it.

    `resolution` is the one at which such faxes go; `derived` gives, by name, what requests and answers show
    that follows from the credentials; `usual_for` says for which faxes, outbound or inbound, the tools take
    this vendor when none is named.
    """

    send: Callable[[Order], Ask]
    status: Callable[[Account, str], Ask]
    resolution: str = "standard"
    derived: Callable[[Mapping[str, str]], Mapping[str, str]] = dict
    usual_for: frozenset[str] = frozenset()


def digits(number: str) -> str:
    """A number without its plus."""
    return number.removeprefix("+")
