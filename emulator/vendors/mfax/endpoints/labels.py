"""Cover pages, tags, contacts and custom fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, jsonify
from marshmallow import Schema

from emulator.vendors.mfax import coverpages, form, labels, people, schemas
from emulator.vendors.mfax.endpoints.faxes import ok
from emulator.vendors.mfax.errors import invalid
from emulator.vendors.mfax.recipients import destination
from emulator.vendors.mfax.tables import MOST_OBJECTS
from emulator.vendors.mfax.tenant import Shelf, Tenant, here


def list_cover_pages() -> Response:
    """List the cover pages, as a bare array."""
    return jsonify(coverpages.cover_pages(here()))


def list_tags() -> Response:
    """List the tags."""
    return _listed(labels.tags(here()))


def create_tag() -> Response:
    """Add a tag."""
    return _created(labels.tags, schemas.TagSchema, _tag)


def update_tag(tagId: str) -> Response:  # noqa: N803
    """Change a tag."""
    return _changed(labels.tags(here()), tagId, form.load(schemas.TagSchema, partial=True))


def delete_tag(tagId: str) -> Response:  # noqa: N803
    """Remove a tag from the account and from every answer."""
    labels.tags(here()).remove(tagId)
    return ok()


def _tag(wanted: Mapping[str, Any]) -> dict[str, Any]:
    user = people.caller()
    return {**wanted, "type": "custom", "accountId": user["accountId"], "createdBy": user["uuid"]}


def list_contacts() -> Response:
    """List the contacts."""
    return _listed(labels.contacts(here()))


def create_contact() -> Response:
    """Add a contact."""
    return _created(labels.contacts, schemas.ContactSchema, _contact)


def _contact(wanted: Mapping[str, Any]) -> dict[str, Any]:
    destination(here(), wanted["faxNumber"])
    return {**wanted, "accountId": people.caller()["accountId"]}


def read_contact(contactId: str) -> Response:  # noqa: N803
    """Show a contact."""
    return jsonify(labels.shown(labels.contacts(here()).get(contactId).data))


def update_contact(contactId: str) -> Response:  # noqa: N803
    """Change a contact."""
    tenant, wanted = here(), form.load(schemas.ContactSchema, partial=True)
    if "faxNumber" in wanted:
        destination(tenant, wanted["faxNumber"])
    return _changed(labels.contacts(tenant), contactId, wanted)


def delete_contact(contactId: str) -> Response:  # noqa: N803
    """Remove a contact."""
    labels.contacts(here()).remove(contactId)
    return ok()


def list_custom_fields() -> Response:
    """List the custom fields."""
    return _listed(labels.custom_fields(here()))


def create_custom_field() -> Response:
    """Add a custom field; what faxes carry in `cf` is not bound to these (assumed)."""
    return _created(labels.custom_fields, schemas.CustomFieldSchema, _custom_field)


def _custom_field(wanted: Mapping[str, Any]) -> dict[str, Any]:
    return {**wanted, "accountId": people.caller()["accountId"]}


def update_custom_field(customFieldId: str) -> Response:  # noqa: N803
    """Change a custom field."""
    wanted = form.load(schemas.CustomFieldSchema, partial=True)
    return _changed(labels.custom_fields(here()), customFieldId, wanted)


def delete_custom_field(customFieldId: str) -> Response:  # noqa: N803
    """Remove a custom field."""
    labels.custom_fields(here()).remove(customFieldId)
    return ok()


def _listed(shelf: Shelf) -> Response:
    page = form.load_query(schemas.ListSchema)
    rows = shelf.page(page["offset"], page["limit"])
    query = {"limit": page["limit"], "offset": page["offset"]}
    return jsonify({"count": shelf.count(), "rows": [labels.shown(row.data) for row in rows], "query": query})


def _changed(shelf: Shelf, uuid: str, wanted: Mapping[str, Any]) -> Response:
    record = shelf.change(uuid, lambda old: labels.changed(shelf.tenant, old, wanted))
    return jsonify(labels.shown(record.data))


def _created(
    kind: Callable[[Tenant], Shelf],
    schema: type[Schema],
    complete: Callable[[Mapping[str, Any]], dict[str, Any]],
) -> Response:
    tenant, wanted = here(), form.load(schema)
    shelf = kind(tenant)
    if shelf.count() >= MOST_OBJECTS:
        raise invalid(f"{shelf.what}: an account has at most {MOST_OBJECTS}.")
    return jsonify(labels.shown(shelf.add(labels.stamped(tenant, complete(wanted))).data))
