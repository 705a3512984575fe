"""What a scenario expects of its faxes, compared with how they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any

from emulator.replay.steps import Made
from localfax import Fax, Sandbox, Webhook
from localfax.things import JSON


def find_problems(sandbox: Sandbox, expected: Sequence[Mapping[str, Any]], made: Sequence[Made]) -> list[str]:
    """Say what does not hold; the expectations stand in the order in which the faxes were made."""
    wrong = []
    for place, (wanted, one) in enumerate(zip_longest(expected[: len(made)], made), start=1):
        found = _describe(sandbox, one)
        for name, value in (wanted or {}).items():
            if found.get(name) != value:
                fax = one.fax or "the submit"
                wrong.append(f"{place}. {fax}: {name} is {found.get(name)!r}, not {value!r}")
    if missing := expected[len(made) :]:
        wrong.append(f"{len(missing)} faxes more were expected than were made")
    return wrong


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
