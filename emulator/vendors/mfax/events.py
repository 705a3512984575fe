"""The events of mFax's webhooks, and which of them a webhook fires on."""

from __future__ import annotations

from collections.abc import Mapping

LEGACY_EVENTS: Mapping[str, str] = {
    "fax.inbound": "a fax has arrived",
    "fax.outbound": "a fax was sent or has failed",
    "fax.outbound.extended": "a sent fax has a new status",
    "user.create": "a user was added",
    "user.delete": "a user was removed",
    "number.add": "a number was provisioned",
    "number.release": "a number was released",
    "document.complete": "the document of a fax was rendered",
    "document.failed": "the document of a fax cannot be rendered",
}
NEW_EVENTS: Mapping[str, str] = {
    "fax.v1.inbound.init": "a fax is coming in",
    "fax.v1.inbound.page": "a page of it has arrived",
    "fax.v1.inbound.succeed": "it has arrived",
    "fax.v1.inbound.failed": "it was broken off",
    "fax.v1.inbound.complete": "it has come to its end, whichever",
    "fax.v1.outbound.init": "a fax was accepted",
    "fax.v1.outbound.succeed": "it was sent",
    "fax.v1.outbound.failed": "it has failed",
    "fax.v1.outbound.complete": "it has come to its end, sent or failed",
    "fax.v1.number.add": "a number was provisioned",
    "fax.v1.number.release": "a number was released",
}
"""Names are observed in the vendor's help pages; when the document events come is assumed."""

EVENTS = frozenset((*LEGACY_EVENTS, *NEW_EVENTS))

HOOK_EVENTS: Mapping[str, tuple[str, ...]] = {
    "json": ("fax.v1.outbound.complete", "fax.v1.inbound.complete"),
    "legacy": ("fax.outbound", "fax.inbound"),
}
"""What a webhook that the portal set fires on, by `webhook_format`."""

NUMBER_EVENTS = frozenset(name for name in EVENTS if "inbound" in name)
"""What a webhook of one number may fire on (help pages: fax.inbound only; the new inbound ones assumed)."""
