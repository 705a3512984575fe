"""Every route: the reference's twenty operations, then what clients call beside them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from marshmallow import Schema

from emulator.core.dialect.vendor import Endpoint
from emulator.core.dialect.words import ASSUMED, DOCUMENTED, OBSERVED, Evidence
from emulator.documents.media_types import PDF
from emulator.vendors.mfax import cover, faxes, history, messages
from emulator.vendors.mfax import parameters as takes
from emulator.vendors.mfax.objects import numbers, people
from emulator.vendors.mfax.objects import provisioning as market
from emulator.vendors.mfax.objects import subscriptions as webhooks
from emulator.vendors.mfax.objects.labels import CONTACT_VIEWS, CUSTOM_FIELD_VIEWS, TAG_VIEWS


def _row(
    evidence: Evidence,
    source: str,
    place: str,
    name: str,
    route: str,
    view: Callable[..., Any],
    schema: type[Schema] | None = None,
    *,
    answers: Sequence[int] = (),
    refuses: Sequence[int] = (401, 403),
    **more: Any,
) -> Endpoint:
    """Describe an operation: 400 goes with parameters, 404 with an id in the path, `answers` are said beside.

    Parameters of a GET are in its query, of all else in `place`.
    """
    method, _, path = route.partition(" ")
    usual = {status for status, has in ((400, schema), (404, "<" in path)) if has}
    success = tuple(status for status in answers if status < 300) or (200,)
    wrong = sorted({*refuses, *usual, *answers} - {*success})
    place = "query" if method == "GET" and schema else place
    return Endpoint(name, (method,), path, view, schema, place, (*success, *wrong), evidence, source, **more)


_REFERENCE = (DOCUMENTED, "reference")
_known = partial(_row, *_REFERENCE, "form")
_seen = partial(_row, OBSERVED, "public client code", "any")
"""What the reference does not have but clients call."""
_told = partial(_row, DOCUMENTED, "the vendor's tables of what its actions take", "any")
_guessed = partial(_row, ASSUMED, "the same shape as the operations that were observed", "any")

OK = ("text/plain",)
"""Answered by what removes something: the text OK (documented)."""

ENDPOINTS = (
    _known("send", "POST /v1/faxes", faxes.send, takes.Send),
    _known("send-multiple", "POST /v1/faxes/multiple", faxes.send_multiple, takes.SendMultiple),
    _seen("fax-send", "POST /v1/fax/send", faxes.send_fax, takes.SendFax),
    _known("resend", "POST /v1/fax/resend", faxes.resend, takes.Resend, answers=(404,)),
    _known("preview", "POST /v1/fax/preview", faxes.preview, takes.Preview, serves=(PDF,)),
    _known("blast", "POST /v1/fax/blast", faxes.blast, takes.Blast),
    _known("cancel", "POST /v1/fax/<messageId>/cancel", messages.cancel_fax, answers=(400,)),
    _row(*_REFERENCE, "any", "update", "PATCH /v1/fax/<messageId>", messages.update_fax, takes.Update),
    _known(
        "download", "GET /v1/fax/<messageId>/download", messages.download, takes.Download, serves=(PDF,)
    ),
    _known("history", "GET /v1/fax/history", history.read_history, takes.ReadHistory, answers=(404, 429)),
    _known("info", "GET /v1/fax/<messageId>/info", messages.info),
    _known("delete", "DELETE /v1/fax/<messageId>", messages.delete_fax, serves=OK),
    _known("cover-pages", "GET /coverpages", cover.list_cover_pages),
    _known("numbers", "GET /v1/numbers", numbers.show_numbers, takes.NumberList, answers=(404,)),
    _known("number-user-add", "POST /v1/numbers/<numberId>/user/<userId>", numbers.add_user),
    _known(
        "number-user-remove", "DELETE /v1/numbers/<numberId>/user/<userId>", numbers.remove_user, serves=OK
    ),
    _known("provision", "POST /v1/numbers/provision", market.provision, takes.Provision, answers=(404,)),
    _known("number-search", "GET /v1/numbers/provision/search", market.find_numbers, takes.NumberSearch),
    _known("number-update", "PATCH /v1/numbers/<numberId>", numbers.configure_number, takes.NumberSettings),
    _known(
        "number-release", "DELETE /v1/numbers/<numberId>/release", numbers.release_number, answers=(204, 400)
    ),
    _known("number-validate", "GET /v1/numbers/validate", numbers.validate_number, takes.NumberCheck),
    _seen("number-read", "GET /v1/numbers/<numberId>", numbers.read_own_number),
    _row(
        DOCUMENTED, "help pages", "any", "ping", "GET /ping", people.ping, refuses=(), open=True, serves=OK
    ),
    _seen("me", "GET /v1/me", people.show_caller, refuses=(401,)),
    _seen("tags", "GET /v1/tags", TAG_VIEWS.list, takes.ListPage, summary="List the tags."),
    _seen("tag-create", "POST /v1/tag", TAG_VIEWS.create, takes.NewTag, summary="Add a tag."),
    _seen("tags-create", "POST /v1/tags", TAG_VIEWS.create, takes.NewTag, summary="Add a tag."),
    _guessed("tag-update", "PATCH /v1/tag/<tagId>", TAG_VIEWS.update, takes.NewTag, summary="Change a tag."),
    _seen(
        "tag-delete", "DELETE /v1/tag/<tagId>", TAG_VIEWS.delete, serves=OK,
        summary="Remove a tag from the account and from every answer.",
    ),
    _seen("fax-tag", "POST /v1/fax/<messageId>/tag", messages.tag_fax, takes.FaxTag),
    _told(
        "contacts", "GET /v1/contacts", CONTACT_VIEWS.list, takes.ContactList,
        summary="List the contacts, by name unless another order is wanted.",
    ),
    _told(
        "contact-create", "POST /v1/contacts", CONTACT_VIEWS.create, takes.NewContact,
        summary="Add a contact.",
    ),
    _guessed("contact-read", "GET /v1/contacts/<contactId>", CONTACT_VIEWS.read, summary="Show a contact."),
    _told(
        "contact-update", "PATCH /v1/contacts/<contactId>", CONTACT_VIEWS.update, takes.NewContact,
        summary="Change a contact.",
    ),
    _guessed(
        "contact-delete", "DELETE /v1/contacts/<contactId>", CONTACT_VIEWS.delete, serves=OK,
        summary="Remove a contact.",
    ),
    _told(
        "custom-fields", "GET /v1/custom-fields", CUSTOM_FIELD_VIEWS.list, takes.CustomFieldList,
        summary="List the custom fields.",
    ),
    _told(
        "custom-field-create", "POST /v1/custom-fields", CUSTOM_FIELD_VIEWS.create, takes.NewCustomField,
        summary="Add a custom field; what faxes carry in `cf` is not bound to these (assumed).",
    ),
    _told(
        "custom-field-update", "PATCH /v1/custom-fields/<customFieldId>", CUSTOM_FIELD_VIEWS.update,
        takes.CustomField, summary="Change a custom field.",
    ),
    _guessed(
        "custom-field-delete", "DELETE /v1/custom-fields/<customFieldId>", CUSTOM_FIELD_VIEWS.delete,
        serves=OK, summary="Remove a custom field.",
    ),
    _told("webhook-create", "POST /webhooks", webhooks.create_webhook, takes.NewWebhook, answers=(404,)),
    _seen("webhook-list", "GET /webhooks", webhooks.show_webhooks, takes.WebhookList),
    _guessed("webhook-read", "GET /webhooks/<webhookId>", webhooks.show_webhook),
    _seen("webhook-update", "PATCH /webhooks/<webhookId>", webhooks.update_webhook, takes.NewWebhook),
    _seen("webhook-delete", "DELETE /webhooks/<webhookId>", webhooks.delete_webhook, serves=OK),
    _guessed("users", "GET /v1/users", people.show_users, takes.ListPage),
    _seen("user-create", "POST /v1/users", people.create_user, takes.NewUser, answers=(404,)),
    _guessed("user-delete", "DELETE /v1/users/<userId>", people.delete_user, answers=(400,), serves=OK),
    _guessed("accounts", "GET /v1/accounts", people.show_accounts, takes.ListPage),
)  # fmt: skip
