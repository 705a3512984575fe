"""An application's webhook endpoint, tried with everything that vendors' webhooks do wrong."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from emulator.grading.forwarder import Forwarder, Taken
from emulator.grading.verdicts import BROKEN, Grade, Usual, Weigh, refuse, take_alike, take_calmly
from localfax import Localfax, Sandbox, Webhook

_NUMBER = "+12125550123"
_LATE = "10m"
_CROWD = 10
"""Faxes whose webhooks come one right after another."""

_PAUSE = 1.0
"""Real seconds between the two halves of a webhook that comes slowly."""


@dataclass(frozen=True)
class Case:
    """One way in which webhooks misbehave: the scenario's fault, and what a good application does."""

    name: str
    text: str
    check: Weigh
    fault: dict[str, Any] | None = None
    faxes: int = 1
    again: bool = False
    """Have what was taken sent once more."""
    lost: int = 0
    """Answers in whose place the vendor gets a 500."""
    pause: float = 0.0
    """Real seconds in the middle of each body."""
    needs_auth: bool = False


CASES = (
    Case("plain", "one webhook, as it should be", take_calmly),
    Case("duplicate", "the same webhook twice at once", take_alike, {"duplicate": 1}),
    Case("redelivered", "the same webhook again later, by somebody's hand", take_alike, again=True),
    Case("retried", "the vendor's retry after a 500, though the webhook was taken", take_alike, lost=1),
    Case("slow", f"a webhook whose second half comes {_PAUSE:g} s late", take_calmly, pause=_PAUSE),
    Case("late", "a webhook ten minutes late", take_calmly, {"delay": _LATE}),
    Case(
        "early",
        "a webhook before the submit call is answered: its id is still unknown",
        take_calmly,
        {"before_response": True},
    ),
    Case("reordered", "webhooks of two faxes out of order", take_calmly, {"reorder": True}, faxes=2),
    Case("crowd", f"{_CROWD} webhooks one right after another", take_calmly, faxes=_CROWD),
    Case("truncated", "a webhook whose body breaks off", refuse, {"truncate": 20}),
    Case(
        "wrong-password",
        "a webhook with a wrong password",
        refuse,
        {"wrong_auth": "wrong"},
        needs_auth=True,
    ),
    Case(
        "no-password",
        "a webhook without its password",
        refuse,
        {"wrong_auth": "missing"},
        needs_auth=True,
    ),
)


def grade_endpoint(
    server: Localfax, vendor: str, url: str, auth: str | None = None, *, within: float
) -> list[Grade]:
    """Try every case on an endpoint, each in a sandbox of its own; those of passwords only with `auth`.

    A good answer comes `within` so many real seconds; vendors wait for five to sixty. Where nobody answers
    the first, no other is tried.
    """
    wanted = [case for case in CASES if auth or not case.needs_auth]
    first, *others = wanted
    taken = {first.name: _try(server, first, vendor, url, auth)}
    if any(each.status is not None for each in taken[first.name]) or not taken[first.name]:
        taken |= {case.name: _try(server, case, vendor, url, auth) for case in others}
    usual = Usual.of(taken[first.name], taken.get(BROKEN, ()), within)
    return [_grade(case, taken[case.name], usual) for case in wanted if case.name in taken]


def _grade(case: Case, requests: Sequence[Taken], usual: Usual) -> Grade:
    verdict, why = case.check(requests, usual)
    statuses = tuple(str(each.status or each.error) for each in requests)
    slowest = max((each.seconds for each in requests), default=0.0)
    return Grade(case.name, case.text, verdict, why, statuses, slowest)


def _try(server: Localfax, case: Case, vendor: str, url: str, auth: str | None) -> Sequence[Taken]:
    with ExitStack() as stack:
        forwarder = None
        if case.lost or case.pause:
            forwarder = stack.enter_context(Forwarder(url, lost=case.lost, pause=case.pause))
        hook = {"url": url if forwarder is None else forwarder.url, "auth": auth}
        sandbox = server.create(
            name=f"grade-{case.name}",
            seed=case.name,
            clock={"mode": "manual"},
            webhooks={vendor: {"outbound": hook}},
        )
        stack.callback(sandbox.delete)
        webhooks = _webhooks(sandbox, case, vendor)
        return _sent(webhooks) if forwarder is None else forwarder.taken


def _sent(webhooks: Sequence[Webhook]) -> list[Taken]:
    return [
        Taken(f"{each.event} {sorted(map(str, each.fields.items()))}", post.status, post.error, post.seconds)
        for each in webhooks
        for post in each.attempts
    ]


def _webhooks(sandbox: Sandbox, case: Case, vendor: str) -> list[Webhook]:
    if case.fault:
        sandbox.add_scenarios({"name": case.name, "webhook": case.fault})
    for _ in range(case.faxes):
        sandbox.send(vendor, _NUMBER)
    sandbox.settle()
    # A vendor that does not retry by itself leaves that to who looks after its webhooks.
    once = case.lost and all(len(each.attempts) == 1 for each in sandbox.webhooks())
    if case.again or once:
        sandbox.advance("5m")
        for webhook in sandbox.webhooks():
            sandbox.redeliver(webhook.id)
    return sandbox.webhooks()[::-1]
