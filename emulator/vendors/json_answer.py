"""JSON answers as every vendor gives them, made and sent in the fewest steps."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Response
from werkzeug.datastructures import Headers
from werkzeug.utils import cached_property

from emulator.core.json_text import write_json

JSON = "application/json"

Rows = list[tuple[str, str]]
"""Headers, as WSGI has them."""


class VendorAnswer(Response):
    """An answer that goes out as it is when it is plain: 200 with one piece of a known length."""

    @property
    def plain(self) -> bytes | None:
        """The whole of its body, if that is known to be one piece."""
        body = self.response
        if not isinstance(body, list) or len(body) != 1 or not isinstance(body[0], bytes):
            return None
        return body[0]

    @property
    def rows(self) -> Rows:
        """Its headers as they stand."""
        return list(self.headers)

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        body = self.plain
        if body is None or self.status_code != 200 or "Content-Length" not in self.headers:
            return super().__call__(environ, start_response)
        start_response(self.status, self.rows)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


class QuickAnswer(VendorAnswer):
    """Content of a known type. Its headers are made when somebody asks for them, which hardly anybody does.

    Werkzeug makes an answer and its headers in 5 microseconds, and copies them to be sent in 2; a whole
    status takes 60.
    """

    def __init__(self, content: bytes, status: int, kind: str) -> None:
        self.status_code = status
        self.response = self._pieces = [content]
        self.direct_passthrough = False
        self._on_close = []
        self._kind = kind

    @cached_property
    def headers(self) -> Headers:
        return Headers(self._first_rows())

    @property
    def rows(self) -> Rows:
        return list(self.headers) if "headers" in self.__dict__ else self._first_rows()

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        plain = self.response is self._pieces and "headers" not in self.__dict__
        if not plain or self.status_code != 200 or environ["REQUEST_METHOD"] == "HEAD":
            return super().__call__(environ, start_response)
        start_response(self.status, self._first_rows())
        return self._pieces

    def _first_rows(self) -> Rows:
        return [("Content-Type", self._kind), ("Content-Length", str(len(self._pieces[0])))]


def answer_json(body: Any, status: int = 200) -> VendorAnswer:
    """Answer with compact JSON."""
    return QuickAnswer(write_json(body), status, JSON)


def answer_bytes(content: bytes, status: int = 200, kind: str = JSON) -> VendorAnswer:
    """Answer with what is written already."""
    return QuickAnswer(content, status, kind)
