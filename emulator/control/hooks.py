"""Webhooks as the settings of a vendor take them: a URL alone, or what changes of url and auth."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Any
from urllib.parse import urlsplit

from marshmallow import ValidationError, fields, post_load, validate

from emulator.core.errors import Invalid
from emulator.core.sandbox import Hook
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


_BOTH = {side: {**_HOOK, "nullable": True} for side in ("outbound", "inbound")}
_EXAMPLE = "http://127.0.0.1:8000/hook"


class HooksSchema(Strict):
    outbound = HookField(allow_none=True, metadata=_HOOK)
    inbound = HookField(allow_none=True, metadata=_HOOK)

    @post_load
    def _take_away(self, data: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        return {name: NO_HOOK if hook is None else hook for name, hook in data.items()}


class VendorHooksField(fields.Raw):
    """The webhooks of a vendor: by direction, or one URL for both."""

    def __init__(self) -> None:
        told = {"oneOf": [{"type": "string"}, {"type": "object", "properties": _BOTH}]}
        super().__init__(metadata=told)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return HooksSchema().load({"outbound": value, "inbound": value} if isinstance(value, str) else value)


class SandboxHooksField(fields.Raw):
    """Webhooks by vendor, or one URL for all vendors and both directions."""

    def __init__(self) -> None:
        by_vendor = {"type": "object", "additionalProperties": {"type": "object", "properties": _BOTH}}
        told = {"description": "by vendor; or one URL for all", "oneOf": [{"type": "string"}, by_vendor]}
        super().__init__(metadata=told)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(value, str):
            return _check_url(value)
        return fields.Dict(keys=fields.String(), values=fields.Nested(HooksSchema)).deserialize(value)


def read_webhooks(vendors: Collection[str], texts: Iterable[str]) -> dict[str, dict[str, Hook]]:
    """Read `URL` for all vendors and `VENDOR=URL` for one, the later ones over the earlier; raise Invalid."""
    found: dict[str, dict[str, Hook]] = {}
    for text in texts:
        vendor, equals, url = text.partition("=")
        named = bool(equals) and "/" not in vendor
        if named and vendor not in vendors:
            raise Invalid(f"no vendor {vendor}; there are {', '.join(vendors)}", "webhook")
        try:
            hook = Hook(_check_url(url if named else text))
        except ValidationError:
            raise Invalid(f"{text!r} is neither URL nor VENDOR=URL, like {_EXAMPLE}", "webhook") from None
        found |= {name: {"outbound": hook, "inbound": hook} for name in ([vendor] if named else vendors)}
    return found


def _check_url(text: str) -> str:
    url: str = HookSchema().fields["url"].deserialize(text)
    return url
