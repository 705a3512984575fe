"""A request as a receiver got it, read in the ways in which webhooks are written."""

from __future__ import annotations

import email
import email.policy
import json
from base64 import b64decode
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl


@dataclass(frozen=True)
class Part:
    """One part of a multipart body."""

    name: str
    filename: str | None
    media_type: str | None
    content: bytes


@dataclass(frozen=True)
class Received:
    """A request as it arrived. `path` is without the query; `headers` keep order, spelling and repetition."""

    method: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def target(self) -> str:
        """Path and query as they were asked for."""
        return f"{self.path}?{self.query}" if self.query else self.path

    def header(self, name: str) -> str | None:
        """Find the first header of that name, in any case."""
        return next((value for each, value in self.headers if each.lower() == name.lower()), None)

    def json(self) -> Any:
        """Read the body as JSON."""
        return json.loads(self.body)

    def form(self) -> list[tuple[str, str]]:
        """Read the urlencoded body as pairs."""
        return parse_qsl(self.body.decode(), keep_blank_values=True)

    def parameters(self) -> list[tuple[str, str]]:
        """Read the query as pairs."""
        return parse_qsl(self.query, keep_blank_values=True)

    def parts(self) -> list[Part]:
        """Read the parts of a multipart body."""
        head = f"Content-Type: {self.header('Content-Type')}\r\n\r\n".encode()
        message = email.message_from_bytes(head + self.body, policy=email.policy.HTTP)
        assert message.is_multipart(), f"not multipart: {self.header('Content-Type')}"
        return [
            Part(
                str(each.get_param("name", header="content-disposition")),
                each.get_filename(),
                each["Content-Type"] and each.get_content_type(),
                bytes(each.get_payload(decode=True) or b""),
            )
            for each in message.iter_parts()
        ]

    @property
    def auth(self) -> str | None:
        """`user:password` of HTTP Basic; None without it."""
        scheme, _, credentials = (self.header("Authorization") or "").partition(" ")
        return b64decode(credentials).decode() if scheme == "Basic" else None
