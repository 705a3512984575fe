"""What a call carries: query, form or JSON object, as texts; and pages of lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from flask import request
from marshmallow import Schema
from marshmallow.exceptions import ValidationError

from emulator.core.json_text import read_json
from emulator.vendors.faxto.errors import FaxtoError

MOST = 1000
"""Rows of one page, and of a list without a limit that tells no page count (assumed)."""
PER_PAGE = 10
"""Rows of a page whose limit is not given (assumed)."""


def parameters() -> dict[str, Any]:
    """Give the fields of a call, the body's over the query's; null counts as not given (assumed).

    Raises FaxtoError for JSON that is no object.
    """
    fields = {name: values[-1] for name, values in (*request.args.lists(), *request.form.lists())}
    body = _json() if request.method == "POST" and request.is_json else {}
    if not isinstance(body, dict):
        raise FaxtoError(400, "The body must be a JSON object")
    return fields | {name: _text(value) for name, value in body.items() if value is not None}


def _json() -> Any:
    content = request.get_data()
    if not content.strip():
        return {}  # clients that send nothing still name its type (observed)
    try:
        return read_json(content)
    except ValueError:
        return None


def _text(value: Any) -> Any:
    numeric = isinstance(value, (int, float)) and not isinstance(value, bool)
    return str(value) if numeric else value


def load(schema: type[Schema], **more: Any) -> dict[str, Any]:
    """Check the fields of a call; raise FaxtoError with the first thing that is wrong."""
    try:
        return cast(dict[str, Any], schema().load(parameters() | more))
    except ValidationError as wrong:
        messages = cast(dict[str, list[str]], wrong.messages)
        raise FaxtoError(400, next(iter(messages.values()))[0]) from None


@dataclass(frozen=True)
class Page:
    """Which rows of a list are asked for; `given` tells whether the client named the limit."""

    number: int
    limit: int
    given: bool

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.limit


def page(per_page: int = PER_PAGE) -> Page:
    """Read limit and page; what is no number from 1 up counts as not given (assumed)."""
    fields = parameters()
    number, limit = _count(fields.get("page")), _count(fields.get("limit"))
    return Page(number or 1, min(limit or per_page, MOST), limit is not None)


def _count(text: Any) -> int | None:
    usable = isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < 10
    return int(text) or None if usable else None


def meta(wanted: Page, total: int, count: int) -> dict[str, Any]:
    """Give the documented `meta`; a link that would lead nowhere is null (assumed)."""
    pages = max(1, -(-total // wanted.limit))
    limit = f"&limit={wanted.limit}" if wanted.given else ""

    def link(number: int) -> str | None:
        return f"{request.base_url}?page={number}{limit}" if 1 <= number <= pages else None

    return {
        "pagination": {
            "total": total,
            "count": count,
            "per_page": wanted.limit,
            "current_page": wanted.number,
            "total_pages": pages,
            "links": {"previous": link(wanted.number - 1), "next": link(wanted.number + 1)},
        }
    }
