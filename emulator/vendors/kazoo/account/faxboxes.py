"""Faxboxes: names, caller ids and mail domains under which an account faxes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response

from emulator.core.item import Record
from emulator.core.sandbox import Ids
from emulator.vendors.dialect import context
from emulator.vendors.kazoo.errors import invalid, success
from emulator.vendors.kazoo.lists.records import GROUPS, answer_new, data_for, find_record, show_record
from emulator.vendors.kazoo.parameters import FaxboxSchema, data_of_request, load
from emulator.vendors.kazoo.visit import visit
from emulator.vendors.kazoo.words import gregorian

FAXBOXES = GROUPS["faxbox"]
MAIL_DOMAIN = "fax.kazoo.io"
FAXBOX_RETRIES = 3
"""Tries of a fax whose faxbox does not say (observed)."""

INHERITED = {
    "from_name": "caller_name",
    "from_number": "caller_id",
    "fax_identity_name": "fax_header",
    "fax_identity_number": "fax_identity",
    "fax_timezone": "fax_timezone",
    "retries": "retries",
}
"""Fields of a fax that its faxbox fills when the client leaves them out (observed)."""


def defaults_of(faxbox: Record) -> dict[str, Any]:
    """What a fax of this faxbox has unless it says otherwise."""
    data = faxbox.data
    fields = {field: data[own] for field, own in INHERITED.items() if own in data}
    fields.setdefault("retries", FAXBOX_RETRIES)
    outbound = data.get("notifications", {}).get("outbound")
    return fields | {"faxbox_id": faxbox.id} | ({"notifications": outbound} if outbound else {})


def create_faxbox() -> Response:
    """Add a faxbox; its mail domain is made here."""
    own = context()
    data = load(FaxboxSchema, data_of_request())
    number = own.next("faxbox")
    # Of the account's id, not of the seed: two sandboxes of one seed must not share a domain.
    address = f"{Ids(visit().account).hex('kazoo/mail', number, 8)}.{MAIL_DOMAIN}"
    data |= {"smtp_email_address": address, "created": gregorian(own.now)}
    record = Record(id=own.ids.hex("kazoo/faxbox", number), sequence=number, group=FAXBOXES)
    return answer_new(_keep(record, data))


def update_faxbox(faxbox_id: str) -> Response:
    """Replace a faxbox, or with PATCH change what is given."""
    old = find_record(FAXBOXES, faxbox_id)
    kept = {key: old.data[key] for key in ("smtp_email_address", "created")}
    data = load(FaxboxSchema, data_for(old)) | kept
    data.pop("id", None)
    record = _keep(old.evolve(version=old.version + 1), data)
    return success(show_record(record), of=record)


def _keep(record: Record, data: Mapping[str, Any]) -> Record:
    """Keep a faxbox under its mail domains, which from now on find the sandbox."""
    world = context().world
    addresses = (data.get("smtp_email_address"), data.get("custom_smtp_email_address"))
    domains = [domain_of(each) for each in addresses if each]
    for name in domains:
        # Only in this sandbox: others are other worlds.
        other = world.store.find(Record, mail_name(name))
        if other is not None and other.id != record.id:
            rule = {"message": "email address must be unique", "cause": name}
            raise invalid({"custom_smtp_email_address": {"unique": rule}})
    record = record.evolve(
        data=data,
        names=tuple(map(mail_name, domains)),
        credentials=tuple(f"kazoo/mail/{each}" for each in domains),
    )
    world.commit((record,))
    for key in record.credentials:
        world.bind(key)
    return record


def domain_of(address: str) -> str:
    """The mail domain of an address, which may be a domain alone."""
    return address.rpartition("@")[2].strip().lower()


def mail_name(address: str) -> str:
    """The name under which a faxbox is found by an address of its domain."""
    return f"kazoo-mail/{domain_of(address)}"
