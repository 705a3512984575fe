"""Management of webhooks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, jsonify

from emulator.vendors.mfax import form, inventory, labels, people, schemas
from emulator.vendors.mfax.endpoints.faxes import ok
from emulator.vendors.mfax.errors import invalid
from emulator.vendors.mfax.shapes import WEBHOOK
from emulator.vendors.mfax.tables import MOST_WEBHOOKS
from emulator.vendors.mfax.tenant import Tenant, here
from emulator.vendors.mfax.webhooks import shelf


def list_webhooks() -> Response:
    """List the webhooks, of one account or number when it is named."""
    tenant, wanted = here(), form.load_query(schemas.WebhookListSchema)
    rows = [
        record.data
        for record in shelf(tenant).page()
        if all(record.data[name] == value for name, value in wanted.items())
    ]
    return jsonify({"count": len(rows), "rows": [_shown(data) for data in rows]})


def read_webhook(webhookId: str) -> Response:  # noqa: N803
    """Show a webhook."""
    return jsonify(_shown(shelf(here()).get(webhookId).data))


def create_webhook() -> Response:
    """Add a webhook of the account or of one number."""
    tenant, wanted = here(), form.load(schemas.WebhookSchema)
    if shelf(tenant).count() >= MOST_WEBHOOKS:
        raise invalid(f"An account has at most {MOST_WEBHOOKS} webhooks.")
    wanted["accountId"] = people.own_account(tenant, wanted["accountId"])
    return jsonify(_shown(shelf(tenant).add(labels.stamped(tenant, _checked(tenant, wanted))).data))


def update_webhook(webhookId: str) -> Response:  # noqa: N803
    """Change a webhook."""
    tenant = here()
    wanted = _checked(tenant, form.load(schemas.WebhookSchema, partial=True))
    record = shelf(tenant).change(webhookId, lambda old: labels.changed(tenant, old, wanted))
    return jsonify(_shown(record.data))


def delete_webhook(webhookId: str) -> Response:  # noqa: N803
    """Remove a webhook; what it was to post already is still posted."""
    shelf(here()).remove(webhookId)
    return ok()


def _checked(tenant: Tenant, wanted: dict[str, Any]) -> dict[str, Any]:
    if wanted.get("accountId") is not None:
        people.own_account(tenant, wanted["accountId"])
    if wanted.get("numberId") is not None:
        inventory.known(tenant, wanted["numberId"])
    return wanted


def _shown(data: Mapping[str, Any]) -> dict[str, Any]:
    shown = labels.shown({**data, "authType": "basic" if data["auth"] else None})
    return {name: shown[name] for name in WEBHOOK}
