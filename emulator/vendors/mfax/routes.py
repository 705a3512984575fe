"""Every route: the reference's twenty operations, then what clients call beside them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from marshmallow import Schema

from emulator.core.dialect.endpoint import Endpoint
from emulator.core.dialect.words import ASSUMED, DOCUMENTED, OBSERVED, Evidence
from emulator.vendors.mfax import schemas
from emulator.vendors.mfax.endpoints import faxes, history, labels, numbers, webhooks
from emulator.vendors.mfax.endpoints import people as staff

BAD, UNKNOWN, NAMED = (400, 401, 403), (400, 401, 403, 404), (401, 403, 404)
"""Statuses of what reads parameters; of what reads them and finds by an id; of what finds by an id alone."""


def _row(
    name: str,
    method: str,
    path: str,
    view: Callable[..., Any],
    schema: type[Schema] | None = None,
    place: str = "form",
    *,
    status: int = 200,
    more: tuple[int, ...] = UNKNOWN,
    evidence: Evidence = DOCUMENTED,
    source: str = "reference",
) -> Endpoint:
    statuses = (status, *more)
    return Endpoint(name, (method,), path, view, schema, place, statuses, evidence, source)


def _around(
    name: str, method: str, path: str, view: Callable[..., Any], *schema: Any, **known: Any
) -> Endpoint:
    """Describe an operation that the reference does not have but clients call."""
    return _row(
        name, method, path, view, *schema, **{"evidence": OBSERVED, "source": "public client code", **known}
    )


_GUESS: dict[str, Any] = {
    "evidence": ASSUMED,
    "source": "the same shape as the operations that were observed",
}

ENDPOINTS = (
    _row("send", "POST", "/v1/faxes", faxes.send, schemas.SendSchema, more=BAD),
    _row(
        "send-multiple", "POST", "/v1/faxes/multiple", faxes.send_multiple, schemas.MultipleSchema, more=BAD
    ),
    _row("resend", "POST", "/v1/fax/resend", faxes.resend, schemas.ResendSchema),
    _row("preview", "POST", "/v1/fax/preview", faxes.preview_fax, schemas.PreviewSchema, more=BAD),
    _row("blast", "POST", "/v1/fax/blast", faxes.blast, schemas.BlastSchema, more=BAD),
    _row("cancel", "POST", "/v1/fax/<messageId>/cancel", faxes.cancel),
    _row("update", "PATCH", "/v1/fax/<messageId>", faxes.update, schemas.UpdateSchema, "any"),
    _row("download", "GET", "/v1/fax/<messageId>/download", faxes.download, schemas.DownloadSchema, "query"),
    _row(
        "history",
        "GET",
        "/v1/fax/history",
        history.read_history,
        schemas.HistorySchema,
        "query",
        more=(400, 401, 403, 404, 429),
    ),
    _row("info", "GET", "/v1/fax/<messageId>/info", faxes.info, more=NAMED),
    _row("delete", "DELETE", "/v1/fax/<messageId>", faxes.delete, more=NAMED),
    _row("cover-pages", "GET", "/coverpages", labels.list_cover_pages, more=(401, 403)),
    _row("numbers", "GET", "/v1/numbers", numbers.list_numbers, schemas.NumbersSchema, "query"),
    _row("number-user-add", "POST", "/v1/numbers/<numberId>/user/<userId>", numbers.add_user, more=NAMED),
    _row(
        "number-user-remove",
        "DELETE",
        "/v1/numbers/<numberId>/user/<userId>",
        numbers.remove_user,
        more=NAMED,
    ),
    _row("provision", "POST", "/v1/numbers/provision", numbers.provision, schemas.ProvisionSchema),
    _row(
        "number-search",
        "GET",
        "/v1/numbers/provision/search",
        numbers.search,
        schemas.SearchSchema,
        "query",
        more=BAD,
    ),
    _row("number-update", "PATCH", "/v1/numbers/<numberId>", numbers.configure, schemas.NumberSettingsSchema),
    _row("number-release", "DELETE", "/v1/numbers/<numberId>/release", numbers.release, status=204),
    _row(
        "number-validate",
        "GET",
        "/v1/numbers/validate",
        numbers.validate,
        schemas.ValidateSchema,
        "query",
        more=BAD,
    ),
    _around("number-read", "GET", "/v1/numbers/<numberId>", numbers.read_number, more=NAMED),
    _around("ping", "GET", "/ping", staff.ping, more=(), evidence=DOCUMENTED, source="help pages"),
    _around("me", "GET", "/v1/me", staff.me, more=(401,)),
    _around("tags", "GET", "/v1/tags", labels.list_tags, schemas.ListSchema, "query", more=BAD),
    _around("tag-create", "POST", "/v1/tag", labels.create_tag, schemas.TagSchema, "any", more=BAD),
    _around("tags-create", "POST", "/v1/tags", labels.create_tag, schemas.TagSchema, "any", more=BAD),
    _around("tag-update", "PATCH", "/v1/tag/<tagId>", labels.update_tag, schemas.TagSchema, "any", **_GUESS),
    _around("tag-delete", "DELETE", "/v1/tag/<tagId>", labels.delete_tag, more=NAMED),
    _around("fax-tag", "POST", "/v1/fax/<messageId>/tag", faxes.add_tag, schemas.FaxTagSchema, "any"),
    _around("contacts", "GET", "/v1/contacts", labels.list_contacts, schemas.ListSchema, "query", more=BAD),
    _around(
        "contact-create",
        "POST",
        "/v1/contacts",
        labels.create_contact,
        schemas.ContactSchema,
        "any",
        more=BAD,
        **_GUESS,
    ),
    _around("contact-read", "GET", "/v1/contacts/<contactId>", labels.read_contact, more=NAMED, **_GUESS),
    _around(
        "contact-update",
        "PATCH",
        "/v1/contacts/<contactId>",
        labels.update_contact,
        schemas.ContactSchema,
        "any",
        **_GUESS,
    ),
    _around(
        "contact-delete", "DELETE", "/v1/contacts/<contactId>", labels.delete_contact, more=NAMED, **_GUESS
    ),
    _around(
        "custom-fields",
        "GET",
        "/v1/custom-fields",
        labels.list_custom_fields,
        schemas.ListSchema,
        "query",
        more=BAD,
    ),
    _around(
        "custom-field-create",
        "POST",
        "/v1/custom-fields",
        labels.create_custom_field,
        schemas.CustomFieldSchema,
        "any",
        more=BAD,
        **_GUESS,
    ),
    _around(
        "custom-field-update",
        "PATCH",
        "/v1/custom-fields/<customFieldId>",
        labels.update_custom_field,
        schemas.CustomFieldSchema,
        "any",
        **_GUESS,
    ),
    _around(
        "custom-field-delete",
        "DELETE",
        "/v1/custom-fields/<customFieldId>",
        labels.delete_custom_field,
        more=NAMED,
        **_GUESS,
    ),
    _around("webhook-create", "POST", "/webhooks", webhooks.create_webhook, schemas.WebhookSchema, "any"),
    _around(
        "webhook-list",
        "GET",
        "/webhooks",
        webhooks.list_webhooks,
        schemas.WebhookListSchema,
        "query",
        more=BAD,
    ),
    _around("webhook-read", "GET", "/webhooks/<webhookId>", webhooks.read_webhook, more=NAMED, **_GUESS),
    _around(
        "webhook-update",
        "PATCH",
        "/webhooks/<webhookId>",
        webhooks.update_webhook,
        schemas.WebhookSchema,
        "any",
    ),
    _around("webhook-delete", "DELETE", "/webhooks/<webhookId>", webhooks.delete_webhook, more=NAMED),
    _around("users", "GET", "/v1/users", staff.list_users, schemas.ListSchema, "query", more=BAD, **_GUESS),
    _around("user-create", "POST", "/v1/users", staff.create_user, schemas.UserSchema, "any"),
    _around("user-delete", "DELETE", "/v1/users/<userId>", staff.delete_user, **_GUESS),
    _around(
        "accounts",
        "GET",
        "/v1/accounts",
        staff.list_accounts,
        schemas.ListSchema,
        "query",
        more=BAD,
        **_GUESS,
    ),
)
