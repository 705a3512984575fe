"""What a scenario expects of its faxes, compared with how they stand."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from emulator.replay.steps import Made
from localfax import Fax, Sandbox, Webhook
from localfax.things import JSON


@dataclass(frozen=True)
class Comparison:
    """One thing that was expected beside what was; the expectations stand as the faxes were made."""

    place: int
    subject: str
    name: str
    expected: Any
    actual: Any

    @property
    def holds(self) -> bool:
        return bool(self.expected == self.actual)

    @property
    def row(self) -> tuple[str, str, str]:
        """What is compared, what was expected, what was."""
        return f"{self.place}. {self.subject}: {self.name}", _plain(self.expected), _plain(self.actual)

    def __str__(self) -> str:
        if self.name == _COUNT:
            return f"{self.expected - self.actual} faxes more were expected than were made"
        return f"{self.place}. {self.subject}: {self.name} is {self.actual!r}, not {self.expected!r}"


_COUNT = "faxes made"


def compare(
    sandbox: Sandbox, expected: Sequence[Mapping[str, Any]], made: Sequence[Made]
) -> list[Comparison]:
    """Compare all that a scenario expects with how its faxes stand."""
    found = []
    for place, (wanted, one) in enumerate(zip(expected, made, strict=False), start=1):
        told = _describe(sandbox, one)
        subject = one.fax or "the submit"
        found += [Comparison(place, subject, name, value, told.get(name)) for name, value in wanted.items()]
    if len(expected) > len(made):
        found.append(Comparison(len(expected), "all", _COUNT, len(expected), len(made)))
    return found


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _describe(sandbox: Sandbox, made: Made) -> JSON:
    if made.fax is None:
        return {"accepted": False, "submit": made.submit}
    fax = sandbox.fax(made.fax)
    webhooks = sandbox.webhooks(fax=made.fax)
    return {
        "accepted": True,
        "submit": made.submit,
        **describe_fax(fax),
        "webhooks": sum(map(_arrived, webhooks)),
        "faults": sorted({each.fault for each in webhooks if each.fault}),
    }


def describe_fax(fax: Fax) -> JSON:
    """Say how a fax stands, in the words of `expect`."""
    return {
        "state": fax.state,
        "outcome": fax.outcome,
        "attempts": len(fax.attempts),
        "pages": fax.pages,
        "sent": fax.pages_sent,
        "code": fax.vendor_code,
    }


def _arrived(webhook: Webhook) -> int:
    """Count the posts that came to a receiver, whatever it said."""
    return sum(post.status is not None or post.error == "timeout" for post in webhook.attempts)
