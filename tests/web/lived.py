"""A sandbox in which everything has happened that the page shows, and the paths of its views."""

from __future__ import annotations

from typing import Literal

from tests.conftest import Control
from tests.receiver import Receiver
from tests.sending import send
from tests.web.conftest import post_to

PAGES = {
    "list": "",
    "nothing-found": "?text=nothing",
    "failed-fax": "/faxes/fax-1",
    "delivered-fax": "/faxes/fax-2",
    "requests": "/requests",
    "request": "/requests/1",
    "webhooks": "/webhooks",
    "webhook": "/webhooks/delivery-1",
    "act": "/act",
    "connect": "/connect",
    "magic": "/reference",
    "scenarios": "/reference/scenarios",
    "coverage": "/reference/coverage/mfax",
    "api": "/reference/api",
}
SCHEMES: tuple[Literal["light"], Literal["dark"]] = ("light", "dark")


def live(control: Control, hooks: Receiver) -> Control:
    """Have faxes of each kind in a sandbox."""
    post_to(hooks, control)
    control.vendor("ifax", max_attempts=2)
    send(control, "ifax", "+15005550005", count=3)
    send(control, "ifax", "+15005550004", count=3)
    call = {"vendor": "mfax", "to": "+15095550100", "from": "+13105550123", "pages": 2}
    control.call("POST", f"/sandboxes/{control.id}/inbound", 201, json=call)
    control.advance()
    send(control, "openfax", "+15005550004")
    control.advance(by="1m")
    return control
