"""An application's webhook endpoint, tried with everything that vendors' webhooks do wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from emulator.grading.forwarder import Forwarder, Taken
from localfax import Localfax, Sandbox, Webhook

_NUMBER = "+12125550123"
_LATE = "10m"
_CROWD = 10
"""Faxes whose webhooks come one right after another."""

_PAUSE = 1.0
"""Real seconds between the two halves of a webhook that comes slowly."""


Judge = Callable[[Sequence[Taken], float], str | None]
"""Says what is wrong with how the requests were taken, within so many seconds; None when nothing is."""


@dataclass(frozen=True)
class Case:
    """One way in which webhooks misbehave: the scenario's fault, and what a good application does."""

    name: str
    text: str
    check: Judge
    fault: dict[str, Any] | None = None
    faxes: int = 1
    again: bool = False
    """Have what was taken sent once more."""
    lost: int = 0
    """Answers in whose place the vendor gets a 500."""
    pause: float = 0.0
    """Real seconds in the middle of each body."""
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


def expect_taken(requests: Sequence[Taken], within: float) -> str | None:
    """Want every request answered with a 2xx, in good time."""
    if not requests:
        return "this vendor posts nothing here"
    for each in requests:
        if each.status is None:
            return f"no answer: {each.error}"
        if not 200 <= each.status < 300:
            return f"answered {each.status}"
    slow = max(each.seconds for each in requests)
    return f"took {slow:.1f} s to answer" if slow > within else None


def expect_alike(requests: Sequence[Taken], within: float) -> str | None:
    """Want every request of the same message answered alike: the second must change nothing."""
    if (wrong := expect_taken(requests, within)) is not None:
        return wrong
    answers: dict[str, set[int | None]] = {}
    for each in requests:
        answers.setdefault(each.message, set()).add(each.status)
    unlike = [statuses for statuses in answers.values() if len(statuses) > 1]
    return (
        f"the same message was answered {' and '.join(map(str, sorted(unlike[0], key=str)))}"
        if unlike
        else None
    )


def expect_refused(requests: Sequence[Taken], within: float) -> str | None:
    """Want every request refused with a 4xx."""
    statuses = [each.status for each in requests]
    if not statuses:
        return "this vendor posts nothing here"
    wrong = [status for status in statuses if status is None or not 400 <= status < 500]
    return f"answered {wrong[0] or 'nothing'}; a 4xx is right" if wrong else None


CASES = (
    Case("plain", "one webhook, as it should be", expect_taken),
    Case("duplicate", "the same webhook twice at once", expect_alike, {"duplicate": 1}),
    Case("redelivered", "the same webhook again later, by somebody's hand", expect_alike, again=True),
    Case("retried", "the vendor's retry after a 500, though the webhook was taken", expect_alike, lost=1),
    Case("slow", f"a webhook whose second half comes {_PAUSE:g} s late", expect_taken, pause=_PAUSE),
    Case("late", "a webhook ten minutes late", expect_taken, {"delay": _LATE}),
    Case(
        "early",
        "a webhook before the submit call is answered: its id is still unknown",
        expect_taken,
        {"before_response": True},
    ),
    Case("reordered", "webhooks of two faxes out of order", expect_taken, {"reorder": True}, faxes=2),
    Case("crowd", f"{_CROWD} webhooks one right after another", expect_taken, faxes=_CROWD),
    Case("truncated", "a webhook whose body breaks off", expect_refused, {"truncate": 20}),
    Case(
        "wrong-password",
        "a webhook with a wrong password",
        expect_refused,
        {"wrong_auth": "wrong"},
        needs_auth=True,
    ),
    Case(
        "no-password",
        "a webhook without its password",
        expect_refused,
        {"wrong_auth": "missing"},
        needs_auth=True,
    ),
)


def grade_endpoint(
    server: Localfax, vendor: str, url: str, auth: str | None = None, *, within: float
) -> list[Grade]:
    """Try every case on an endpoint, each in a sandbox of its own; those of passwords only with `auth`.

    A good answer comes `within` so many real seconds; vendors wait for five to sixty.
    """
    cases = [case for case in CASES if auth or not case.needs_auth]
    return [_try(server, case, vendor, url, auth, within) for case in cases]


def _try(server: Localfax, case: Case, vendor: str, url: str, auth: str | None, within: float) -> Grade:
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
        requests = _sent(webhooks) if forwarder is None else forwarder.taken
    statuses = tuple(str(each.status or each.error) for each in requests)
    slowest = max((each.seconds for each in requests), default=0.0)
    return Grade(case.name, case.text, case.check(requests, within), statuses, slowest)


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
