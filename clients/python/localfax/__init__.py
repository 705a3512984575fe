"""What tests and programs use of Localfax: its client, a fax cloud for each test, a receiver of webhooks.

from localfax import Localfax

with Localfax("http://127.0.0.1:8329") as server:
    sandbox = server.create(clock={"mode": "manual"})
    sandbox.send("ifax", "+15005550004", pages=2)
    sandbox.settle()
    assert sandbox.faxes()[0].state == "delivered"

Each name is imported when it is first asked for, as pytest imports this package in every run.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from localfax.connection import Refusal as Refusal
    from localfax.connection import Unreachable as Unreachable
    from localfax.faxcloud import FaxCloud as FaxCloud
    from localfax.faxcloud import VendorAccount as VendorAccount
    from localfax.received import Part as Part
    from localfax.received import Received as Received
    from localfax.receiver import Behaviour as Behaviour
    from localfax.receiver import Receiver as Receiver
    from localfax.sandbox import Sandbox as Sandbox
    from localfax.script import Script as Script
    from localfax.server import DEFAULT_URL as DEFAULT_URL
    from localfax.server import Localfax as Localfax
    from localfax.submission import Document as Document
    from localfax.submission import Submitted as Submitted
    from localfax.things import Attempt as Attempt
    from localfax.things import Entry as Entry
    from localfax.things import Fax as Fax
    from localfax.things import Post as Post
    from localfax.things import Request as Request
    from localfax.things import Webhook as Webhook

_NAMES = {
    "connection": ("Refusal", "Unreachable"),
    "faxcloud": ("FaxCloud", "VendorAccount"),
    "received": ("Part", "Received"),
    "receiver": ("Behaviour", "Receiver"),
    "sandbox": ("Sandbox",),
    "script": ("Script",),
    "server": ("DEFAULT_URL", "Localfax"),
    "submission": ("Document", "Submitted"),
    "things": ("Attempt", "Entry", "Fax", "Post", "Request", "Webhook"),
}
"""Which module has which of the names that users import from here."""
_HOMES = {name: f"{__name__}.{module}" for module, names in _NAMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
