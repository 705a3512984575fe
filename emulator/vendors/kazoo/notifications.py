"""Emails and text messages to people when a fax has ended; here they are written down, not sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from emulator.core.dialect.vendor import Moment
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import Direction
from emulator.core.faxes.outcomes import Outcome
from emulator.vendors.kazoo.events import event_of
from emulator.vendors.kazoo.results import tried

JOURNAL = "notifications"
MEDIA = ("email", "sms")

SUBJECTS = {
    (Direction.outbound, True): "Fax to {to} was sent",
    (Direction.outbound, False): "Fax to {to} failed: {text}",
    (Direction.inbound, True): "New fax from {sender}",
    (Direction.inbound, False): "Fax from {sender} failed: {text}",
}
"""Our own words: nothing public shows the vendor's templates (assumed)."""


def after_change(moment: Moment) -> None:
    """Write the notifications down of a fax that has just ended."""
    for entry in entries(moment.fax) if moment.ended else ():
        moment.world.store.log(JOURNAL, entry)


def entries(fax: Fax) -> Iterator[dict[str, Any]]:
    """Give one entry for each medium of a fax's notifications that has somebody to tell."""
    wanted = fax.details.get("notifications") or {}
    for medium in MEDIA:
        if people := _people(wanted.get(medium)):
            yield {
                "at": fax.finished_at,
                "vendor": "kazoo",
                "fax": fax.id,
                "kind": medium,
                "to": people,
                "event": event_of(fax),
                "subject": _subject(fax),
            }


def _people(wanted: Any) -> list[str]:
    people = wanted.get("send_to") if isinstance(wanted, Mapping) else None
    return [people] if isinstance(people, str) else list(people or ())


def _subject(fax: Fax) -> str:
    row = tried(fax)
    subject = SUBJECTS[fax.direction, fax.outcome is Outcome.delivered]
    return subject.format(to=fax.to, sender=fax.sender, text=row.text if row else "")
