"""A mail that asks for a fax: what is in it, the job that it makes, and its entry in the SMTP log."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

from emulator import documents
from emulator.core.engine.engine import Engine
from emulator.core.engine.living import LivingWorld
from emulator.core.errors import Refused
from emulator.core.faxes.numbers import normalise
from emulator.core.item import Record
from emulator.core.sandboxes.sandbox import Sandbox
from emulator.core.webhooks.delivery import Delivery
from emulator.vendors.kazoo import faxboxes
from emulator.vendors.kazoo.envelope import KazooError
from emulator.vendors.kazoo.events import SMTP_ERROR, smtp_payload
from emulator.vendors.kazoo.folders import lists, stored_id
from emulator.vendors.kazoo.sending import checked, diallable, send, take
from emulator.vendors.kazoo.times import gregorian
from emulator.vendors.kazoo.tokens import credentials_of, owner_of
from emulator.vendors.kazoo.visit import File, is_modern
from emulator.vendors.kazoo.webhooks import notices_of

LOG = "kazoo/smtplog"
FAXED = frozenset({"application/pdf", "image/tiff"})
OF_ANY_KIND = "application/octet-stream"

# Error texts: observed but for the last.
INVALID_ADDRESS = "invalid address"
NO_DOCUMENTS = "no fax documents to save"
NOT_DECODED = "Message decode failed"
NOT_PERMITTED = "sender not permitted"


class Rejected(Exception):
    """A mail that makes no fax; its text stands in the SMTP log."""


@dataclass(frozen=True)
class Letter:
    """A mail to one recipient."""

    sender: str
    to: str
    content: bytes

    @property
    def number(self) -> str:
        return self.to.rpartition("@")[0]

    @property
    def domain(self) -> str:
        return faxboxes.domain(self.to)


def world_of(engine: Engine, address: str) -> LivingWorld | None:
    """Give the sandbox that takes mail for an address's domain."""
    sandbox_id = engine.store.bound(f"kazoo/mail/{faxboxes.domain(address)}")
    return None if sandbox_id is None else engine.world(sandbox_id)


def receive(world: LivingWorld, letter: Letter) -> str | None:
    """Make a job of a mail and log it; give the error's text when there is none to make."""
    faxbox = world.store.find(Record, faxboxes.mail_name(letter.to))
    entry = _entry(world.sandbox, letter, faxbox)
    error = None
    try:
        entry |= _queue(world, letter, faxbox)
    except Rejected as rejected:
        error = str(rejected)
        entry["errors"] = [error]
    _log(world, entry)
    return error


def check_address(world: LivingWorld, sender: str, to: str) -> str | None:
    """Log a recipient that cannot be faxed and give the error's text; None when the mail may come."""
    letter = Letter(sender, to, b"")
    faxbox = world.store.find(Record, faxboxes.mail_name(letter.to))
    if faxbox is not None and diallable(letter.number):
        return None
    _log(world, _entry(world.sandbox, letter, faxbox) | {"errors": [INVALID_ADDRESS]})
    return INVALID_ADDRESS


def _queue(world: LivingWorld, letter: Letter, faxbox: Record | None) -> dict[str, Any]:
    if faxbox is None or not diallable(letter.number):
        raise Rejected(INVALID_ADDRESS)
    if not _permitted(faxbox.data.get("smtp_permission_list", ()), letter.sender):
        raise Rejected(NOT_PERMITTED)
    message = _decoded(letter.content)
    files = list(_files(message))
    if not files:
        raise Rejected(NO_DOCUMENTS)
    file = files[-1]
    wanted = {"from_number": "", **faxboxes.fill(faxbox), "to_number": letter.number}
    subject = str(message.get("Subject", ""))
    try:
        doc = checked(wanted | ({"subject": subject} if subject else {}), has_file=True)
        paper = take(world, file)
        fax = send(world, doc, paper, user=owner_of(world.sandbox), attached=True)
    except (KazooError, Refused) as refused:
        raise Rejected(str(refused)) from None
    about = {"content_type": documents.sniff(file.content), "filename": file.name}
    return about | {"faxdoc_id": fax.vendor_id, "faxdoc_db": "faxes"}


def _decoded(content: bytes) -> EmailMessage:
    """Read a mail; one without headers, or with parts that have no end, cannot be decoded."""
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    if not message.keys() or any(part.defects for part in message.walk()):
        raise Rejected(NOT_DECODED)
    return message


def _files(message: EmailMessage) -> Iterator[File]:
    """Give the PDF and TIFF files of a mail, by their type or, where that says nothing, by their content."""
    for part in message.walk():
        if part.is_multipart():
            continue
        payload = part.get_payload(decode=True)
        content = payload if isinstance(payload, bytes) else b""
        kind = part.get_content_type()
        if kind in FAXED or (kind == OF_ANY_KIND and documents.sniff(content) in FAXED):
            yield File(content, kind, part.get_filename())


def _permitted(patterns: Any, sender: str) -> bool:
    """Tell whether a sender is on a faxbox's list; an empty list permits everybody.

    The server takes regular expressions. Stars stand for them here: an expression may take for ever.
    """
    wanted = [str(each).strip("^$").replace("\\.", ".").replace(".*", "*").lower() for each in patterns]
    return not wanted or any(_fits(sender.lower(), each) for each in wanted)


def _fits(text: str, star_pattern: str) -> bool:
    first, *others = star_pattern.split("*")
    if not others:
        return text == first
    if not text.startswith(first) or not text[len(first) :].endswith(others[-1]):
        return False
    place, end = len(first), len(text) - len(others[-1])
    for piece in others[:-1]:
        found = text.find(piece, place, end)
        if found < 0:
            return False
        place = found + len(piece)
    return True


def _entry(sandbox: Sandbox, letter: Letter, faxbox: Record | None) -> dict[str, Any]:
    return {
        "to": letter.to,
        "from": letter.sender,
        "original_number": letter.number,
        "translated_number": normalise(letter.number),
        "faxbox_domain": letter.domain,
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
    at, number = world.now, world.next(LOG)
    record_id = stored_id(at, world.ids.hex("kazoo/smtp", number))
    data = {**entry, "created": gregorian(at)}
    narrowed = lists("smtplog", entry["faxbox_id"], entry["faxbox_owner_id"])[1:]
    record = Record(id=record_id, sequence=number, group=LOG, data=data, groups=narrowed)
    deliveries = _deliveries(world, data, at) if entry["errors"] else ()
    world.store.commit((record, *deliveries))


def _deliveries(world: LivingWorld, entry: Mapping[str, Any], at: float) -> Sequence[Delivery]:
    """Give the webhooks that tell of a mail that made no fax, an event of 4.3 servers."""
    settings = world.settings("kazoo")
    if not is_modern(settings.profile):
        return ()
    notices = notices_of(world, settings, SMTP_ERROR, smtp_payload(entry, at))
    return world.deliveries("kazoo", notices, None, at)
