"""Management of webhooks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response

from emulator.core.world import World
from emulator.vendors.dialect import context
from emulator.vendors.mfax import parameters
from emulator.vendors.mfax.account import WEBHOOKS, choose_account, show_times
from emulator.vendors.mfax.errors import answer_ok, answer_with, invalid
from emulator.vendors.mfax.objects.numbers import get_number
from emulator.vendors.mfax.parameters import load
from emulator.vendors.mfax.tables import MOST_WEBHOOKS

WEBHOOK_KEYS = (
    "uuid", "name", "url", "accountId", "attachmentEnabled", "authType", "enabled", "createdAt", "updatedAt"
)  # fmt: skip
"""The keys of a webhook in their order on the wire (observed)."""


def show_webhooks() -> Response:
    """List the webhooks, of one account or number when it is named."""
    wanted = load(parameters.WebhookList)
    every = [record.data for record in WEBHOOKS.page(context().world)]
    rows = [data for data in every if all(data[name] == value for name, value in wanted.items())]
    return answer_with({"count": len(rows), "rows": [_show(data) for data in rows]})


def show_webhook(webhookId: str) -> Response:  # noqa: N803
    """Show a webhook."""
    return answer_with(_show(WEBHOOKS.get(context().world, webhookId).data))


def create_webhook() -> Response:
    """Add a webhook of the account or of one number."""
    world, wanted = context().world, load(parameters.NewWebhook)
    if WEBHOOKS.count(world) >= MOST_WEBHOOKS:
        raise invalid(f"An account has at most {MOST_WEBHOOKS} webhooks.")
    wanted["accountId"] = choose_account(wanted["accountId"])
    _check(world, wanted)
    return answer_with(_show(WEBHOOKS.add(world, wanted)))


def update_webhook(webhookId: str) -> Response:  # noqa: N803
    """Change a webhook."""
    world, wanted = context().world, load(parameters.NewWebhook)
    _check(world, wanted)
    return answer_with(_show(WEBHOOKS.update(world, webhookId, wanted)))


def delete_webhook(webhookId: str) -> Response:  # noqa: N803
    """Remove a webhook; what it was to post already is still posted."""
    WEBHOOKS.remove(context().world, webhookId)
    return answer_ok()


def _check(world: World, wanted: Mapping[str, Any]) -> None:
    choose_account(wanted.get("accountId"))
    if wanted.get("numberId") is not None:
        get_number(world, wanted["numberId"])


def _show(data: Mapping[str, Any]) -> dict[str, Any]:
    shown = show_times({**data, "authType": "basic" if data["auth"] else None})
    return {name: shown[name] for name in WEBHOOK_KEYS}
