"""Sending: a new fax, an old one again, an old one to another number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Response

from emulator.core.faxes.fax import Fax
from emulator.core.faxes.submission import Submission
from emulator.core.instants import spell
from emulator.vendors.dialect import Call, call, concerns
from emulator.vendors.ifax.account import allowance, caller_id, check_destination
from emulator.vendors.ifax.answers import Failure, success
from emulator.vendors.ifax.body import body
from emulator.vendors.ifax.codes import TEXTS
from emulator.vendors.ifax.letter import Letter, check_attachments, compose
from emulator.vendors.ifax.profile import is_live
from emulator.vendors.ifax.schemas import ForwardSchema, JobSchema, SendSchema, load
from emulator.vendors.ifax.store import SENT, has_file, outbound
from emulator.vendors.ifax.tables import QUALITIES

COVER = ("subject", "from_name", "to_name", "message")
"""Parameters that stand on the cover page; any of them, or a templateId, asks for one."""

_send, _resend, _forward = SendSchema(), JobSchema(), ForwardSchema()


@dataclass(frozen=True)
class Order:
    """A fax to be sent, whichever operation asked for it."""

    to: str
    sender: str
    letter: Letter
    name: str | None = None
    resolution: str = "standard"
    send_at: float | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


def send() -> Response:
    """Send a fax (`fax-send`)."""
    here, wanted = call(), load(_send, body())
    attachments = wanted.get("attachments") or ()
    sender = caller_id(here, wanted.get("caller"))
    check_destination(here, wanted["to"])
    if not attachments and not is_live():
        raise Failure(-123)
    check_attachments(attachments)
    cover = _cover(here, wanted, sender)
    order = Order(
        wanted["to"],
        sender,
        compose(here.world, attachments, cover),
        attachments[0]["name"] if attachments else None,
        QUALITIES[wanted.get("quality", "Standard").lower()],
        wanted.get("send_at"),
        {"cover": cover} if cover else {},
    )
    return success(TEXTS[-3], {"jobId": _dispatch(here, order)})


def resend() -> Response:
    """Send a fax again as a new one (`fax-resend`): whether the id is new is undocumented, so assumed."""
    here, wanted = call(), load(_resend, body())
    fax = outbound(here, wanted["job"])
    if not fax.final:
        raise Failure(12107)
    if not has_file(here, fax):
        raise Failure(12094)
    return success(TEXTS[-3], {"id": _dispatch(here, _again(fax, fax.to, fax.sender))})


def forward() -> Response:
    """Send the document of a fax to another number (`fax-forward`; meaning assumed)."""
    here, wanted = call(), load(_forward, body())
    fax = outbound(here, wanted["job"])
    check_destination(here, wanted["to"])
    sender = caller_id(here, wanted["caller"])
    if not has_file(here, fax):
        raise Failure(12092)
    return success(TEXTS[-3], {"jobId": _dispatch(here, _again(fax, wanted["to"], sender))})


def _again(fax: Fax, to: str, sender: str) -> Order:
    letter = Letter(fax.document, fax.pages, fax.problem)
    return Order(to, sender, letter, fax.document_name, fax.resolution)


def _cover(here: Call, wanted: Mapping[str, Any], sender: str) -> dict[str, str]:
    texts = {name: wanted[name] for name in COVER if wanted.get(name)}
    if not texts and not wanted.get("template"):
        return {}
    date = spell(here.now, "%m/%d/%Y %H:%M UTC")
    return texts | {"to_number": wanted["to"], "from_number": sender, "date": date}


def _dispatch(here: Call, order: Order) -> int:
    """Hand an order to the engine within what the key allows; give the new job's id."""
    letter = order.letter
    with allowance(here, letter.pages) as test:
        number = here.next("job")
        job = here.ids.serial("job", number, 8)
        fax_id = 10**8 + job
        details = {"faxId": fax_id, **order.details}
        if letter.parts:
            details["parts"] = letter.parts
        if test:
            details["test"] = True
        fax = here.world.submit(
            Submission(
                vendor="ifax",
                vendor_id=str(job),
                names=(str(job), f"OB/{fax_id}"),
                to=order.to,
                sender=order.sender,
                document=letter.document,
                document_name=order.name,
                source=letter.source,
                pages=letter.pages,
                problem=letter.problem,
                resolution=order.resolution,
                send_at=order.send_at,
                details=details,
                folders=SENT,
            ),
        )
    concerns(fax.id)
    return job
