"""Every route of the control plane, noun by noun."""

from __future__ import annotations

from emulator.control import (
    adversities,
    clock,
    coverage,
    documents,
    events,
    faxes,
    guide,
    inbound,
    notifications,
    openapi,
    requests,
    sandboxes,
    scenarios,
    server,
    snapshots,
    vendors,
    webhooks,
)
from emulator.control.route import Route

NOUNS = (
    server,
    sandboxes,
    snapshots,
    vendors,
    clock,
    faxes,
    documents,
    inbound,
    webhooks,
    notifications,
    requests,
    scenarios,
    adversities,
    events,
    coverage,
    openapi,
    guide,
)

ROUTES: tuple[Route, ...] = tuple(route for noun in NOUNS for route in noun.ROUTES)
