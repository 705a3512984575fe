"""Faxboxes: names, caller ids and mail domains under which an account faxes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, request

from emulator.core.item import Record
from emulator.core.sandboxes.ids import Ids
from emulator.vendors.dialect import call
from emulator.vendors.kazoo.envelope import invalid, success, unknown
from emulator.vendors.kazoo.records import found, listed, shown
from emulator.vendors.kazoo.schemas import FaxboxSchema, data_of_call, load
from emulator.vendors.kazoo.times import gregorian
from emulator.vendors.kazoo.visit import visit

GROUP = "kazoo/faxboxes"
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


def check_scope() -> None:
    """Refuse a path whose faxbox is not there, or whose user cannot be one."""
    where = visit()
    if where.faxbox is not None:
        found(GROUP, where.faxbox)
    if where.user is not None and not (len(where.user) == 32 and where.user.isalnum()):
        raise unknown(where.user)


def fill(faxbox: Record) -> dict[str, Any]:
    """Give what a fax of this faxbox has unless it says otherwise."""
    data = faxbox.data
    filled = {field: data[own] for field, own in INHERITED.items() if own in data}
    filled.setdefault("retries", FAXBOX_RETRIES)
    outbound = data.get("notifications", {}).get("outbound")
    return filled | {"faxbox_id": faxbox.id} | ({"notifications": outbound} if outbound else {})


def defaults_of(faxbox: str | None) -> dict[str, Any]:
    """Give what a fax created under a faxbox has unless it says otherwise; nothing without one."""
    return {} if faxbox is None else fill(found(GROUP, faxbox))


def domain(address: str) -> str:
    """Give the mail domain of an address, which may be a domain alone."""
    return address.rpartition("@")[2].strip().lower()


def list_all() -> Response:
    """List the faxboxes."""
    return listed(GROUP)


def create() -> Response:
    """Add a faxbox; its mail domain is made here."""
    own = call()
    data = load(FaxboxSchema, data_of_call())
    number = own.next("faxbox")
    # Of the account's id, not of the seed: two sandboxes of one seed must not share a domain.
    address = f"{Ids(visit().account).hex('kazoo/mail', number, 8)}.{MAIL_DOMAIN}"
    data |= {"smtp_email_address": address, "created": gregorian(own.now)}
    record = Record(id=own.ids.hex("kazoo/faxbox", number), sequence=number, group=GROUP)
    record = _kept(record, data)
    location = f"/v2/accounts/{visit().account}/faxboxes/{record.id}"
    return success(shown(record), 201, of=record, location=location)


def read(faxbox_id: str) -> Response:
    """Show a faxbox."""
    record = found(GROUP, faxbox_id)
    return success(shown(record), of=record)


def update(faxbox_id: str) -> Response:
    """Replace a faxbox, or with PATCH change what is given."""
    old = found(GROUP, faxbox_id)
    kept = {key: old.data[key] for key in ("smtp_email_address", "created")}
    base = shown(old) if request.method == "PATCH" else {}
    data = load(FaxboxSchema, base | data_of_call()) | kept
    data.pop("id", None)
    record = _kept(old.evolve(version=old.version + 1), data)
    return success(shown(record), of=record)


def delete(faxbox_id: str) -> Response:
    """Remove a faxbox; its faxes stay."""
    record = found(GROUP, faxbox_id)
    call().world.store.commit(deletes=(record,))
    return success(shown(record), of=record.evolve(version=record.version + 1))


def _kept(record: Record, data: Mapping[str, Any]) -> Record:
    """Keep a faxbox under its mail domains, which from now on find the sandbox."""
    own = call()
    addresses = (data.get("smtp_email_address"), data.get("custom_smtp_email_address"))
    domains = [domain(each) for each in addresses if each]
    for name in domains:
        _check_unique(record, name)
    record = record.evolve(
        data=data,
        names=tuple(mail_name(each) for each in domains),
        credentials=tuple(f"kazoo/mail/{each}" for each in domains),
    )
    own.world.commit(record)
    for key in record.credentials:
        own.world.bind(key)
    return record


def mail_name(address: str) -> str:
    """Give the name under which a faxbox is found by an address of its domain."""
    return f"kazoo-mail/{domain(address)}"


def _check_unique(record: Record, wanted: str) -> None:
    """Refuse a mail domain that another faxbox has; other sandboxes are other worlds."""
    own = call()
    other = own.world.store.find(Record, mail_name(wanted))
    if other is not None and other.id != record.id:
        rule = {"message": "email address must be unique", "cause": wanted}
        raise invalid({"custom_smtp_email_address": {"unique": rule}})
