"""The call being answered, as Kazoo sees it: its token, account, faxbox or user, and its body."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import g, request

from emulator.core.engine.sandboxes import DEFAULT
from emulator.vendors.dialect import Call, call, served


@dataclass(frozen=True)
class File:
    """An uploaded document; `kind` is the media type and `name` the name that its client gave, if any."""

    content: bytes
    kind: str = ""
    name: str | None = None


@dataclass(frozen=True)
class Body:
    """What came in: the envelope (None when there was no JSON) and the last file."""

    envelope: Any = None
    file: File | None = None


@dataclass
class Visit:
    """What the checks have found out so far."""

    body: Body = field(default_factory=Body)
    token: str = ""
    account: str = ""
    faxbox: str | None = None
    user: str | None = None
    request_id: str = ""

    @property
    def scope(self) -> str:
        """The ending of list names that narrows them to the faxbox or user of the path."""
        if self.faxbox is not None:
            return f"/faxbox/{self.faxbox}"
        return "" if self.user is None else f"/user/{self.user}"

    def from_envelope(self, key: str) -> Any:
        """Give a key that stands beside `data` in the envelope."""
        return self.body.envelope.get(key) if isinstance(self.body.envelope, Mapping) else None


def visit() -> Visit:
    """Give the call's findings; there are some from the first check on."""
    if "kazoo" not in g:
        g.kazoo = Visit()
    found: Visit = g.kazoo
    return found


def here() -> Call:
    """Give the sandbox of the call, the default one while none is known."""
    if "call" in g:
        return call()
    vendor, engine = served()
    return Call(engine.world(DEFAULT), vendor)


def is_modern(profile: Mapping[str, Any]) -> bool:
    """Tell a 4.3 server from one of the 4.0 era, which the vendor's document shows."""
    return str(profile.get("kazoo.profile", profile.get("profile", "4.0"))) == "4.3"


def modern() -> bool:
    """Tell whether the account is on a 4.3 server."""
    return is_modern(here().settings.profile)


def asked_id() -> str:
    """Give the caller's X-Request-ID, empty when there is none that can be echoed."""
    said = request.headers.get("X-Request-ID", "")
    return said if said.isascii() and said.isprintable() and len(said) <= 256 else ""


def request_id() -> str:
    """Give the caller's X-Request-ID, or one of our own."""
    found = visit()
    if not found.request_id:
        found.request_id = asked_id() or here().ids.hex("kazoo/request", here().next("request"))
    return found.request_id
