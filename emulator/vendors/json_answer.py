"""JSON answers as every vendor gives them, made and sent in the fewest steps."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Response

from emulator.core.json_text import write_json

JSON = "application/json"


class VendorAnswer(Response):
    """An answer that goes out as it is when it is plain: 200 with one piece of a known length."""

    @property
    def plain(self) -> bytes | None:
        """The whole of its body, if that is known to be one piece."""
        body = self.response
        if not isinstance(body, list) or len(body) != 1 or not isinstance(body[0], bytes):
            return None
        return body[0]

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        body = self.plain
        if body is None or self.status_code != 200 or "Content-Length" not in self.headers:
            return super().__call__(environ, start_response)
        start_response(self.status, list(self.headers))
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def answer_json(body: Any, status: int = 200) -> VendorAnswer:
    """Answer with compact JSON."""
    return answer_bytes(write_json(body), status)


def answer_bytes(content: bytes, status: int = 200, kind: str = JSON) -> VendorAnswer:
    """Answer with what is written already."""
    answer = VendorAnswer(None, status, [("Content-Type", kind), ("Content-Length", str(len(content)))])
    answer.response = [content]
    return answer
