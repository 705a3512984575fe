"""Webhooks as the settings of a vendor take them: a URL alone, or what changes of url and auth."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from marshmallow import ValidationError, fields, post_load, validate

from emulator.scenarios.strict import Strict

# Of what breaks a URL, urlsplit drops some and bears the rest.
_NO_URL = re.compile(r"[\x00-\x1f\x7f\\]|//[^/?#]*\s")
_NO_AUTH = "A webhook's auth is user:password, for HTTP Basic."


def _web_address(text: str) -> None:
    """Refuse what nothing can be posted to; where it leads is judged when something is."""
    try:
        url = urlsplit(text)
        told = url.scheme in ("http", "https") and bool(url.hostname) and url.port != 0
    except ValueError:
        told = False
    if not told or _NO_URL.search(text):
        raise ValidationError("A webhook's URL is like http://127.0.0.1:8000/hook or https://….")


class HookSchema(Strict):
    url = fields.String(allow_none=True, validate=[_web_address, validate.Length(max=2000)])
    auth = fields.String(
        allow_none=True,
        validate=[validate.Length(max=200), validate.Regexp(r"[^:]*:", error=_NO_AUTH)],
        error_messages={"invalid": _NO_AUTH},
        metadata={"description": "user:password for HTTP Basic"},
    )


NO_HOOK = {"url": None, "auth": None}


class HookField(fields.Raw):
    """A webhook: its URL alone, which takes a password away, or what changes of url and auth."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return HookSchema().load(NO_HOOK | {"url": value} if isinstance(value, str) else value)


_HOOK = {
    "description": "a URL, or an object with url and auth; null takes it away",
    "oneOf": [
        {"type": "string"},
        {
            "type": "object",
            "properties": {
                "url": {"type": "string", "nullable": True},
                "auth": {"type": "string", "nullable": True},
            },
        },
    ],
}


class HooksSchema(Strict):
    outbound = HookField(allow_none=True, metadata=_HOOK)
    inbound = HookField(allow_none=True, metadata=_HOOK)

    @post_load
    def _take_away(self, data: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        return {name: NO_HOOK if hook is None else hook for name, hook in data.items()}
