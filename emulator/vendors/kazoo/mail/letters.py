"""A mail that asks for a fax: what is in it, the job that it makes, and its entry in the SMTP log."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator, Mapping
from email.message import EmailMessage
from typing import Any

from flask import Response

from emulator import documents
from emulator.core.engine.engine import Engine, LivingWorld
from emulator.core.faxes.numbers import normalise
from emulator.core.faxes.plan import Refused
from emulator.core.item import Record
from emulator.core.json_text import mend
from emulator.vendors.forms import base_name
from emulator.vendors.kazoo import tables
from emulator.vendors.kazoo.account.faxboxes import defaults_of, domain_of, mail_name
from emulator.vendors.kazoo.account.tokens import credentials_of, owner_of
from emulator.vendors.kazoo.errors import KazooError, success
from emulator.vendors.kazoo.faxes import keep_file, send
from emulator.vendors.kazoo.lists.records import answer_records, find_record, whole_of
from emulator.vendors.kazoo.mail.pattern import is_found
from emulator.vendors.kazoo.parameters import can_dial, check_fax
from emulator.vendors.kazoo.visit import File, visit
from emulator.vendors.kazoo.webhooks import mail_payload, notices_of
from emulator.vendors.kazoo.words import gregorian, is_modern, lists_of, stored_id

LOG = "kazoo/smtplog"
OF_ANY_KIND = "application/octet-stream"


CONVERTED = (
    "application/pdf", "image/", "application/vnd.openxmlformats-officedocument",
    "application/vnd.oasis.opendocument", "application/msword", "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
)  # fmt: skip
"""How the types of attachments begin that are faxed (observed: the server's defaults)."""
ANONYMOUS = "0000000000"
"""The sender's number of a mail whose faxbox and account have none (assumed)."""
MOST_PATTERNS = 50


class Rejected(Exception):
    """A mail that makes no fax; its text stands in the SMTP log, and `reply` is what its sender is told."""

    def __init__(self, text: str, reply: str | None = None) -> None:
        super().__init__(text)
        self.reply = reply or text


def world_of(engine: Engine, address: str) -> LivingWorld | None:
    """Find the sandbox that takes mail for an address's domain."""
    sandbox_id = engine.store.bound(f"kazoo/mail/{domain_of(address)}")
    return None if sandbox_id is None else engine.world(sandbox_id)


def check_address(world: LivingWorld, sender: str, to: str) -> str | None:
    """Log a recipient that cannot be faxed and give the error's text; None when the mail may come."""
    sender, to = mend(sender), mend(to)
    faxbox = _faxbox_of(world, to)
    if faxbox is not None and can_dial(_number(to)):
        return None
    _log(world, _entry(world, sender, to, faxbox) | {"errors": [tables.INVALID_ADDRESS]})
    return tables.INVALID_ADDRESS


def receive_mail(world: LivingWorld, sender: str, to: str, content: bytes) -> str | None:
    """Make a job of a mail and log it; give what its sender is told when there is none to make."""
    sender, to = mend(sender), mend(to)  # what is no UTF-8 in an address came as halves of pairs
    faxbox, reply = _faxbox_of(world, to), None
    entry = _entry(world, sender, to, faxbox)
    try:
        entry |= _queue(world, sender, to, content, faxbox)
    except (Rejected, KazooError, Refused) as rejected:
        entry["errors"] = [str(rejected)]
        reply = getattr(rejected, "reply", str(rejected))
    _log(world, entry)
    return reply


def _faxbox_of(world: LivingWorld, to: str) -> Record | None:
    return world.store.find(Record, mail_name(to))


def _number(to: str) -> str:
    return to.rpartition("@")[0]


def _queue(world: LivingWorld, sender: str, to: str, content: bytes, faxbox: Record | None) -> dict[str, Any]:
    if faxbox is None or not can_dial(_number(to)):
        raise Rejected(tables.INVALID_ADDRESS)
    _check_sender(world, faxbox, sender)
    message = _decoded(content)
    files = list(_files(message))
    if not files:
        raise Rejected(tables.NO_DOCUMENTS)
    numbers = world.settings("kazoo").numbers or (ANONYMOUS,)
    wanted = {"from_number": numbers[0], **defaults_of(faxbox), "to_number": _number(to)}
    if subject := str(message.get("Subject", "")):
        wanted["subject"] = mend(subject)
    doc = check_fax(wanted, has_file=True)
    fax = send(world, doc, keep_file(world, files[-1]), user=owner_of(world.sandbox), attached=True)
    about = {"content_type": documents.sniff(files[-1].content), "filename": files[-1].name}
    return about | {"faxdoc_id": fax.vendor_id, "faxdoc_db": "faxes"}


def _decoded(content: bytes) -> EmailMessage:
    """Read a mail; one without headers, or with parts that have no end, cannot be decoded."""
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    if not message.keys() or any(part.defects for part in message.walk()):
        raise Rejected(tables.NOT_DECODED)
    return message


def _files(message: EmailMessage) -> Iterator[File]:
    """Find the files of a mail that can be faxed, by their type, or by their content where that is none."""
    for part in message.walk():
        if part.is_multipart():
            continue
        payload = part.get_payload(decode=True)
        content = payload if isinstance(payload, bytes) else b""
        kind = part.get_content_type()
        if (documents.sniff(content) if kind == OF_ANY_KIND else kind).startswith(CONVERTED):
            name = part.get_filename()
            yield File(content, kind, name and base_name(mend(name)))


def _check_sender(world: LivingWorld, faxbox: Record, sender: str) -> None:
    """Raise Rejected for a sender who is not on the faxbox's list (observed).

    An entry is the sender's address in lower case, or a regular expression that is found anywhere in it. An
    empty list lets nobody in, unless the switch `smtp_open` says otherwise.
    """
    listed, sender = faxbox.data.get("smtp_permission_list") or (), sender.lower()
    if not listed:
        if world.settings("kazoo").profile.get("smtp_open") is True:
            return
        raise Rejected(tables.NOBODY_PERMITTED, tables.NOT_ALLOWED)
    if not any(str(each) == sender or is_found(str(each), sender) for each in listed[:MOST_PATTERNS]):
        text = tables.NOT_PERMITTED.format(sender=sender, faxbox=faxbox.id)
        raise Rejected(text, tables.NOT_ALLOWED)


# the log
def _entry(world: LivingWorld, sender: str, to: str, faxbox: Record | None) -> dict[str, Any]:
    sandbox = world.sandbox
    return {
        "to": to,
        "from": sender,
        "original_number": _number(to),
        "translated_number": normalise(_number(to)),
        "faxbox_domain": domain_of(to),
        "faxbox_id": faxbox and faxbox.id,
        "faxbox_owner_id": owner_of(sandbox) if faxbox else None,
        "faxbox_owner_email": None,
        "account_id": credentials_of(sandbox)["account"],
        "content_type": None,
        "filename": None,
        "errors": [],
        "faxdoc_id": None,
        "faxdoc_db": None,
    }


def _log(world: LivingWorld, entry: Mapping[str, Any]) -> None:
    """Write an entry and, on a 4.3 server, the webhooks that tell of a mail that made no fax."""
    at, number, settings = world.now, world.next(LOG), world.settings("kazoo")
    data = {**entry, "created": gregorian(at)}
    record = Record(
        id=stored_id(at, world.ids.hex("kazoo/smtp", number)),
        sequence=number,
        group=LOG,
        data=data,
        groups=lists_of("smtplog", entry["faxbox_id"], entry["faxbox_owner_id"])[1:],
    )
    told = entry["errors"] and is_modern(settings.profile)
    notices = notices_of(world, settings, tables.SMTP_ERROR, mail_payload(data, at)) if told else ()
    world.commit((record, *world.deliveries("kazoo", notices, None, at)))


def list_log() -> Response:
    """List the mails that asked for a fax, good and bad."""

    def row(entry: Record) -> dict[str, Any]:
        data = {key: entry.data[key] for key in ("from", "to", "created")}
        return data | {"id": entry.id, "error": next(iter(entry.data["errors"]), None)}

    return answer_records(LOG + visit().scope, row, ranged=True)


def read_log(attempt: str) -> Response:
    """Show one entry of the SMTP log."""
    entry = find_record(LOG, attempt)
    return success(whole_of(entry), of=entry)
