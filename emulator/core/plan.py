"""What a scenario decides for one fax: the outcome of each call and the faults at both HTTP edges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from emulator.core.outcomes import Outcome


@dataclass(frozen=True)
class CallPlan:
    """One call. `pages` are those sent before the end; `ring`, `setup`, `per_page` are seconds; None is the default.

    `code` is a vendor's own code; `polls` holds the fax before this call until its status was read so often;
    `pace` stretches every duration of the call.
    """

    outcome: Outcome = Outcome.delivered
    pages: int | None = None
    code: str | None = None
    ring: float | None = None
    setup: float | None = None
    per_page: float | None = None
    speed: int | None = None
    csid: str | None = None
    ecm: bool | None = None
    polls: int | None = None
    pace: float = 1.0


@dataclass(frozen=True)
class HttpFault:
    """What the submit call itself gets.

    `refusal` is a word of core.plan.REFUSALS that each vendor says in its own dialect; `status`, `code` and
    `body` are literal; `delay` and `retry_after` are seconds; `drop` cuts the connection `before` or `after`
    the fax is accepted; `truncate` sends only so many bytes of the answer.
    """

    refusal: str | None = None
    status: int | None = None
    code: str | None = None
    body: Any = None
    delay: float = 0.0
    drop: str | None = None
    retry_after: float | None = None
    truncate: int | None = None

    @property
    def refuses(self) -> bool:
        """Tell whether the call is answered without a fax being accepted."""
        return self.drop == "before" or any(
            given is not None for given in (self.refusal, self.status, self.code, self.body)
        )


REFUSALS = ("no_credit", "restricted", "rate_limited", "server_error", "invalid_number", "unauthorized")


@dataclass(frozen=True)
class WebhookFault:
    """What happens to the webhooks of one fax; seconds for `delay`, bytes for `truncate`."""

    drop: bool = False
    duplicate: int = 0
    delay: float = 0.0
    reorder: bool = False
    before_response: bool = False
    status_order: tuple[str, ...] = ()
    wrong_auth: bool = False
    truncate: int | None = None


@dataclass(frozen=True)
class Plan:
    """The whole script of a fax: one CallPlan per call, the last repeats."""

    attempts: tuple[CallPlan, ...] = (CallPlan(),)
    http: HttpFault | None = None
    webhook: WebhookFault | None = None

    def call(self, number: int) -> CallPlan:
        """Give the plan of call `number`, counted from 1."""
        return self.attempts[min(number, len(self.attempts)) - 1]


DELIVERED = Plan()
