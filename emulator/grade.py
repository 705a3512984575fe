"""An application's webhook endpoint, tried with everything that vendors' webhooks do wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from emulator.client import Localfax, Post, Sandbox, Webhook

NUMBER = "+12125550123"
LATE = "10m"
QUICK = 3.0
"""Real seconds within which a good endpoint answers; vendors wait five to sixty."""
CROWD = 10
"""Faxes whose webhooks come one right after another."""

Check = Callable[[Sequence[Webhook]], str | None]
"""Says what is wrong with how the webhooks were taken, None when nothing is."""


@dataclass(frozen=True)
class Case:
    """One way in which webhooks misbehave: the scenario's fault, and what a good application does."""

    name: str
    text: str
    check: Check
    fault: dict[str, Any] | None = None
    faxes: int = 1
    again: bool = False
    """Send what was taken once more, as a vendor does that got a 500 or lost the answer."""
    needs_auth: bool = False


@dataclass(frozen=True)
class Grade:
    """How an application stood one case: `problem` is None when it did; `seconds` of the slowest answer."""

    name: str
    text: str
    problem: str | None
    statuses: tuple[str, ...]
    seconds: float

    @property
    def survived(self) -> bool:
        return self.problem is None


def posts(webhooks: Sequence[Webhook]) -> list[Post]:
    """Give every try, by instant and then delivery."""
    return [post for webhook in webhooks for post in webhook.attempts]


def taken(webhooks: Sequence[Webhook]) -> str | None:
    """Want every post answered with a 2xx, in good time."""
    made = posts(webhooks)
    if not made:
        return "this vendor posts nothing here"
    for post in made:
        if post.status is None:
            return f"no answer: {post.error}"
        if not 200 <= post.status < 300:
            return f"answered {post.status}"
    slow = max(post.seconds for post in made)
    return f"took {slow:.1f} s to answer" if slow > QUICK else None


def alike(webhooks: Sequence[Webhook]) -> str | None:
    """Want every post of the same message answered alike: the second must change nothing."""
    if (wrong := taken(webhooks)) is not None:
        return wrong
    answers: dict[str, set[int | None]] = {}
    for webhook in webhooks:
        same = f"{webhook.event} {sorted(map(str, webhook.fields.items()))}"
        answers.setdefault(same, set()).update(post.status for post in webhook.attempts)
    unlike = [statuses for statuses in answers.values() if len(statuses) > 1]
    return (
        f"the same message was answered {' and '.join(map(str, sorted(unlike[0], key=str)))}"
        if unlike
        else None
    )


def turned_away(webhooks: Sequence[Webhook]) -> str | None:
    """Want every post refused with a 4xx."""
    statuses = [post.status for post in posts(webhooks)]
    if not statuses:
        return "this vendor posts nothing here"
    wrong = [status for status in statuses if status is None or not 400 <= status < 500]
    return f"answered {wrong[0] or 'nothing'}; a 4xx is right" if wrong else None


CASES = (
    Case("plain", "one webhook, as it should be", taken),
    Case("duplicate", "the same webhook twice at once", alike, {"duplicate": 1}),
    Case("redelivered", "the same webhook again later, as after a 500 or a lost answer", alike, again=True),
    Case("late", "a webhook ten minutes late", taken, {"delay": LATE}),
    Case(
        "early",
        "a webhook before the submit call is answered: its id is still unknown",
        taken,
        {"before_response": True},
    ),
    Case("reordered", "webhooks of two faxes out of order", taken, {"reorder": True}, faxes=2),
    Case("crowd", f"{CROWD} webhooks one right after another", taken, faxes=CROWD),
    Case("truncated", "a webhook whose body breaks off", turned_away, {"truncate": 20}),
    Case(
        "wrong-password",
        "a webhook with a wrong password",
        turned_away,
        {"wrong_auth": "wrong"},
        needs_auth=True,
    ),
    Case(
        "no-password",
        "a webhook without its password",
        turned_away,
        {"wrong_auth": "missing"},
        needs_auth=True,
    ),
)


def grade(server: Localfax, vendor: str, url: str, auth: str | None = None) -> list[Grade]:
    """Try every case on an endpoint, each in a sandbox of its own; those of passwords only with `auth`."""
    return [_tried(server, case, vendor, url, auth) for case in CASES if auth or not case.needs_auth]


def _tried(server: Localfax, case: Case, vendor: str, url: str, auth: str | None) -> Grade:
    hook = {"url": url, "auth": auth}
    sandbox = server.create(
        name=f"grade-{case.name}",
        seed=case.name,
        clock={"mode": "manual"},
        webhooks={vendor: {"outbound": hook}},
    )
    try:
        webhooks = _webhooks(sandbox, case, vendor)
    finally:
        sandbox.delete()
    made = posts(webhooks)
    problem = case.check(webhooks)
    statuses = tuple(str(post.status or post.error) for post in made)
    return Grade(case.name, case.text, problem, statuses, max((post.seconds for post in made), default=0.0))


def _webhooks(sandbox: Sandbox, case: Case, vendor: str) -> list[Webhook]:
    if case.fault:
        sandbox.add_scenarios({"name": case.name, "webhook": case.fault})
    for _ in range(case.faxes):
        sandbox.send(vendor, NUMBER)
    sandbox.settle()
    if case.again:
        sandbox.advance("5m")
        for webhook in sandbox.webhooks():
            sandbox.redeliver(webhook.id)
    return sandbox.webhooks()[::-1]
