"""What goes out of the program over HTTP and what comes back: a webhook's message, a document's fetch.

Plain values that JSON can carry. Vendors build them, the engine stores them, the HTTP client plays them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias
from urllib.parse import unquote, urlsplit

JSON: TypeAlias = Any
"""None, a boolean, a number, text, or lists and objects of these. Any: a recursive alias stops codecs."""

Pairs: TypeAlias = tuple[tuple[str, str], ...]


class Encoding(StrEnum):
    """How the fields of a message are put on the wire."""

    form = "form"
    json = "json"
    multipart = "multipart"
    query = "query"


class Trouble(StrEnum):
    """Why a request brought no usable answer."""

    refused = "refused"
    """The outbound policy forbids the address."""
    unresolved = "unresolved"
    unreachable = "unreachable"
    """No connection, or one that was cut before any answer."""
    timeout = "timeout"
    tls = "tls"
    too_many_redirects = "too_many_redirects"
    bad_url = "bad_url"
    bad_message = "bad_message"
    """The request cannot be written as HTTP, or its document is gone."""
    bad_reply = "bad_reply"
    """What came back is not HTTP, is cut short, or does not decode."""
    bad_status = "bad_status"
    """Fetches only: the answer is whole but not a 2xx."""
    too_large = "too_large"
    """Fetches only: more content than was asked for."""
    interrupted = "interrupted"
    """The process that sent it died: nobody knows what became of it, so it is sent again, perhaps twice."""


@dataclass(frozen=True)
class FilePart:
    """A file of a multipart message; its content is loaded by digest when the message is sent."""

    name: str
    filename: str
    media_type: str
    digest: str


@dataclass(frozen=True)
class Message:
    """A webhook's request. `fields` keep their order; `auth` is `user:password` for HTTP Basic.

    Only `multipart` carries `files`. `headers` replace what the encoding and `auth` would set.
    """

    url: str
    method: str = "POST"
    encoding: Encoding = Encoding.form
    fields: tuple[tuple[str, JSON], ...] = ()
    files: tuple[FilePart, ...] = ()
    headers: Pairs = ()
    auth: str | None = None


@dataclass(frozen=True)
class Reply:
    """What a message brought: a status or an error, never both. `elapsed` is in real seconds.

    `body` is the beginning of the text, 4096 bytes at most. With an error, `headers` and `body` hold whatever
    had arrived before it.
    """

    status: int | None
    headers: Pairs = ()
    body: str = ""
    error: Trouble | None = None
    elapsed: float = 0.0


@dataclass(frozen=True)
class Fetch:
    """A document to fetch. User and password in the URL become HTTP Basic; `deadline` is in real seconds."""

    url: str
    method: str = "GET"
    headers: Pairs = ()
    body: str | None = None
    redirects: int = 5
    max_bytes: int = 50 * 1024 * 1024
    deadline: float = 30.0

    @property
    def name(self) -> str:
        """The file name in which the URL's path ends; empty where it ends in none."""
        return unquote(urlsplit(self.url).path).rpartition("/")[2]


@dataclass(frozen=True)
class Fetched:
    """A fetched document: a 2xx status, the bare media type (empty when unsaid), the decoded content.

    `name` is the file name in which its URL ends, where that was looked at.
    """

    status: int
    media_type: str
    content: bytes
    name: str = ""


class FetchFailed(Exception):
    """A fetch gave no document. `status` is that of the answer, if there was one."""

    def __init__(self, reason: Trouble, status: int | None = None) -> None:
        super().__init__(reason.value if status is None else f"{reason.value}, HTTP {status}")
        self.reason = reason
        self.status = status
