"""Kazoo's routes: plain ones, those under a faxbox or a user, and those of the token's own account."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from flask import Response
from marshmallow import Schema

from emulator.core.dialect.vendor import Endpoint
from emulator.core.dialect.words import OBSERVED
from emulator.documents.media_types import PDF, TIFF
from emulator.vendors.kazoo import attachments, faxes, parameters
from emulator.vendors.kazoo.account import directory, faxboxes, logins, subscriptions
from emulator.vendors.kazoo.checks import LOGINS, OPEN
from emulator.vendors.kazoo.codes import REFERENCE, SOURCE
from emulator.vendors.kazoo.lists import records
from emulator.vendors.kazoo.mail import letters

USUAL = (400, 401, 403, 404, 405, 406, 409, 413, 423, 429, 500, 503)
"""What any request may be answered."""
CHANGES = (*USUAL, 415)
PLAIN, PAGED, MADE, NEW_FAX, FILE = (200,), (200, 416), (201,), (201, 402), (200, 206, 416)
"""What is answered beside that."""

ACCOUNT = "/v2/accounts/<account>"
FAXES, FAXBOXES, WEBHOOKS = f"{ACCOUNT}/faxes", f"{ACCOUNT}/faxboxes", f"{ACCOUNT}/webhooks"
OUTBOX, INBOX = f"{FAXES}/outbox/<fax>", f"{FAXES}/inbox/<fax>"
FAXBOX, WEBHOOK = f"{FAXBOXES}/<faxbox_id>", f"{WEBHOOKS}/<webhook>"
OWNERS = {"faxbox": f"{FAXBOXES}/<faxbox>/faxes", "user": f"{ACCOUNT}/users/<user>/faxes"}
"""Further places of the faxes' routes (observed)."""


FILES = (
    "multipart/form-data", "multipart/mixed", "multipart/related", "application/pdf", "image/tiff",
)  # fmt: skip
"""What a create takes beside JSON: the parts of a form, or a file alone."""

SUMMARIES = {
    "outgoing-list": "List the jobs in the queue.",
    "outgoing-read": "Show a job in the queue.",
    "outbox-list": "List what was sent or given up.",
    "outbox-read": "Show a fax that was sent or given up.",
    "outbox-resubmit": "Send a fax of the outbox again.",
    "outbox-attachment": "Give the document of a fax that was sent.",
    "outbox-delete": "Delete a fax that was sent.",
    "outbox-attachment-delete": "Delete the document of a fax that was sent.",
    "inbox-list": "List what was received.",
    "inbox-read": "Show a fax that was received.",
    "inbox-attachment": "Give the document of a fax that was received.",
    "inbox-delete": "Delete a fax that was received.",
    "inbox-attachment-delete": "Delete the document of a fax that was received.",
    "incoming-read": "Show a fax while its call lasts.",
    "incoming-list": "List what is being received and, as the public code does, what was.",
    "inbox-forward": "Send a fax of the inbox on.",
    "faxbox-list": "List the faxboxes.",
    "faxbox-read": "Show a faxbox.",
    "faxbox-delete": "Remove a faxbox; its faxes stay.",
    "webhook-list": "List the account's webhooks.",
    "webhook-all-attempts": "List what was sent, newest first.",
    "webhook-read": "Show a webhook.",
    "webhook-delete": "Remove a webhook.",
    "webhook-attempts": "List what was sent for one webhook, newest first.",
}
"""Of the endpoints whose view serves several."""


def _route(
    name: str,
    method: str,
    path: str,
    view: Callable[..., Response],
    statuses: tuple[int, ...] = PLAIN,
    schema: type[Schema] | None = None,
) -> Endpoint:
    body = schema and parameters.wrap(schema, action=schema is parameters.ActionSchema)
    usual = CHANGES if method in ("PUT", "POST", "PATCH") else USUAL
    summary = SUMMARIES.get(name, "")
    return Endpoint(
        name, (method,), path, view, body, statuses=(*statuses, *usual), summary=summary,
        media=FILES if schema is parameters.FaxSchema else (), open=name in LOGINS | OPEN,
        serves=(PDF, TIFF) if statuses == FILE else (),
    )  # fmt: skip


_DOCUMENTED = (
    _route("create", "PUT", FAXES, faxes.create_fax, NEW_FAX, parameters.FaxSchema),
    _route("create-alias", "PUT", f"{FAXES}/outgoing", faxes.create_fax, NEW_FAX, parameters.FaxSchema),
    _route("outgoing-list", "GET", f"{FAXES}/outgoing", faxes.list_faxes, PAGED),
    _route("outgoing-read", "GET", f"{FAXES}/outgoing/<fax>", faxes.read_fax),
    _route("outbox-list", "GET", f"{FAXES}/outbox", faxes.list_faxes, PAGED),
    _route("outbox-read", "GET", OUTBOX, faxes.read_fax),
    _route("outbox-resubmit", "PUT", OUTBOX, faxes.send_again, NEW_FAX, parameters.ActionSchema),
    _route("outbox-attachment", "GET", f"{OUTBOX}/attachment", attachments.read_attachment, FILE),
    _route("smtplog-list", "GET", f"{FAXES}/smtplog", letters.list_log, PAGED),
    _route("smtplog-read", "GET", f"{FAXES}/smtplog/<attempt>", letters.read_log),
    _route("outbox-delete", "DELETE", OUTBOX, faxes.delete_fax),
    _route("outbox-attachment-delete", "DELETE", f"{OUTBOX}/attachment", attachments.delete_attachment),
    _route("inbox-list", "GET", f"{FAXES}/inbox", faxes.list_faxes, PAGED),
    _route("inbox-read", "GET", INBOX, faxes.read_fax),
    _route("inbox-attachment", "GET", f"{INBOX}/attachment", attachments.read_attachment, FILE),
    _route("inbox-delete", "DELETE", INBOX, faxes.delete_fax),
    _route("inbox-attachment-delete", "DELETE", f"{INBOX}/attachment", attachments.delete_attachment),
    _route("incoming-read", "GET", f"{FAXES}/incoming/<fax>", faxes.read_fax),
)
_OBSERVED = (
    _route("incoming-list", "GET", f"{FAXES}/incoming", faxes.list_faxes, PAGED),
    _route("inbox-forward", "PUT", INBOX, faxes.send_again, NEW_FAX, parameters.ActionSchema),
    _route("user-auth", "PUT", "/v2/user_auth", logins.user_auth, MADE, parameters.LoginSchema),
    _route("api-auth", "PUT", "/v2/api_auth", logins.api_auth, MADE, parameters.KeySchema),
    _route("user-auth-read", "GET", "/v2/user_auth/<token>", logins.read_token),
    _route("token-delete", "DELETE", "/v2/token_auth", logins.delete_token),
    _route("api-key-read", "GET", f"{ACCOUNT}/api_key", logins.read_api_key),
    _route("account-read", "GET", ACCOUNT, directory.read_account),
    _route("user-read", "GET", f"{ACCOUNT}/users/<user_id>", directory.read_user),
    _route("phone-numbers", "GET", f"{ACCOUNT}/phone_numbers", directory.list_phone_numbers),
    _route("fax-schema", "GET", "/v2/schemas/faxes", directory.read_fax_schema),
    _route("faxbox-list", "GET", FAXBOXES, records.list_objects, PAGED),
    _route("faxbox-create", "PUT", FAXBOXES, faxboxes.create_faxbox, MADE, parameters.FaxboxSchema),
    _route("faxbox-read", "GET", FAXBOX, records.read_object),
    _route("faxbox-update", "POST", FAXBOX, faxboxes.update_faxbox, PLAIN, parameters.FaxboxSchema),
    _route("faxbox-change", "PATCH", FAXBOX, faxboxes.update_faxbox, PLAIN, parameters.FaxboxSchema),
    _route("faxbox-delete", "DELETE", FAXBOX, records.delete_object),
    _route("webhook-catalogue", "GET", "/v2/webhooks", subscriptions.read_catalogue),
    _route("webhook-samples", "GET", "/v2/webhooks/samples", subscriptions.list_samples),
    _route("webhook-sample", "GET", "/v2/webhooks/samples/<event>", subscriptions.read_sample),
    _route("webhook-list", "GET", WEBHOOKS, records.list_objects, PAGED),
    _route("webhook-create", "PUT", WEBHOOKS, subscriptions.create_webhook, MADE, parameters.WebhookSchema),
    _route(
        "webhook-enable", "PATCH", WEBHOOKS, subscriptions.enable_webhooks, PLAIN, parameters.EnableSchema
    ),
    _route("webhook-all-attempts", "GET", f"{WEBHOOKS}/attempts", subscriptions.list_attempts),
    _route("webhook-read", "GET", WEBHOOK, records.read_object),
    _route("webhook-update", "POST", WEBHOOK, subscriptions.update_webhook, PLAIN, parameters.WebhookSchema),
    _route("webhook-change", "PATCH", WEBHOOK, subscriptions.update_webhook, PLAIN, parameters.WebhookSchema),
    _route("webhook-delete", "DELETE", WEBHOOK, records.delete_object),
    _route("webhook-attempts", "GET", f"{WEBHOOK}/attempts", subscriptions.list_attempts),
)
"""Here the vendor's document is silent."""

ROUTES: tuple[Endpoint, ...] = (
    *(replace(each, source=REFERENCE) for each in _DOCUMENTED),
    *(replace(each, source=SOURCE, evidence=OBSERVED) for each in _OBSERVED),
)


def _endpoints() -> Iterator[Endpoint]:
    yield from ROUTES
    places = [(FAXES, owner, path) for owner, path in OWNERS.items()]
    for each in ROUTES:
        for start, owner, path in places if each.path.startswith(FAXES) else ():
            yield _moved(each, owner, start, path)
    for each in ROUTES:
        if each.path.startswith(ACCOUNT):
            yield _moved(each, "own", ACCOUNT, "/v2/account")


def _moved(each: Endpoint, owner: str, start: str, path: str) -> Endpoint:
    moved = each.path.replace(start, path)
    return replace(each, name=f"{owner}:{each.name}", path=moved, evidence=OBSERVED, source=SOURCE)


ENDPOINTS: tuple[Endpoint, ...] = tuple(_endpoints())
