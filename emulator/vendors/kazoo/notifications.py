"""Emails and text messages to people when a fax has ended; here they are written down, not sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from emulator.core.engine.engine import Engine
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import FINAL, Direction
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


def listener(engine: Engine) -> Callable[[str, str, Any], None]:
    """Give what writes the notifications down of each fax that has just ended."""

    def hear(sandbox_id: str, kind: str, thing: Any) -> None:
        if kind == "fax" and thing[1].vendor == "kazoo" and _has_ended(*thing):
            for entry in entries(thing[1]):
                engine.store.log(sandbox_id, JOURNAL, entry)

    return hear


def _has_ended(before: Fax | None, after: Fax) -> bool:
    return after.state in FINAL and (before is None or before.state not in FINAL)


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
