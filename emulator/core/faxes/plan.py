"""What a scenario decides for one fax: the outcome of each call and the faults at both HTTP edges."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from emulator.core.errors import LocalfaxError
from emulator.core.faxes.outcomes import BEFORE_CALL, Outcome


@dataclass(frozen=True)
class CallPlan:
    """One call. `pages` are sent before its end; `ring`, `setup`, `per_page` are seconds; None: as usual.

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
    """What the request that sends the fax gets.

    `refusal` is a word of REFUSALS that each vendor says in its own dialect; `status`, `code` and
    `body` are literal; with `accept` the fax is made although one of these is answered; `delay` and
    `retry_after` are real seconds; `drop` cuts the connection `before` or `after` the fax is accepted;
    `truncate` sends only so many bytes of the answer's body and then cuts the connection; `malformed` sends a
    whole answer whose body breaks off.
    """

    refusal: str | None = None
    status: int | None = None
    code: str | None = None
    body: Any = None
    delay: float = 0.0
    drop: str | None = None
    retry_after: float | None = None
    truncate: int | None = None
    malformed: bool = False
    accept: bool = False

    @property
    def given(self) -> dict[str, Any]:
        """What a scenario has said of it, by name."""
        return {name: value for name, value in self.__dict__.items() if value != getattr(HttpFault, name)}

    @property
    def refuses(self) -> bool:
        """Tell whether the request is answered without a fax being accepted."""
        return self.drop == "before" or (self.speaks and not self.accept)

    @property
    def speaks(self) -> bool:
        """Tell whether it says what is answered."""
        return any(given is not None for given in (self.refusal, self.status, self.code, self.body))


REFUSALS = ("no_credit", "restricted", "rate_limited", "server_error", "invalid_number", "unauthorized")


class Refused(LocalfaxError):
    """A scenario decides what the request that sends a fax gets; the vendor's own dialect says it."""

    def __init__(self, fault: HttpFault, scenario: str | None = None) -> None:
        super().__init__(fault.refusal or f"HTTP {fault.status}")
        self.fault = fault
        self.scenario = scenario


@dataclass(frozen=True)
class WebhookFault:
    """What happens to the webhooks of one fax; virtual seconds for `delay`, bytes for `truncate`.

    `duplicate` is how many more of each are sent, with `at_once` at the same moment. `hold` keeps them until
    somebody sends them by hand. The first `lose` tries of each do not arrive; of the next `lose_answer` the
    answers do not. `drip` is the real seconds between the two halves of the body. With `before_response` the
    fax is played through, and they are sent, before the request that sent it is answered: all, or those of
    the words `early`, in that order. `reorder` keeps those of the stages back until the fax is
    final and sends them after the last one, newest first; `status_order` does so in the order of its words,
    which are events of the vendor or neutral states. `wrong_auth` shows a wrong password, `no_auth` none.
    """

    drop: bool = False
    duplicate: int = 0
    delay: float = 0.0
    reorder: bool = False
    before_response: bool = False
    status_order: tuple[str, ...] = ()
    wrong_auth: bool = False
    no_auth: bool = False
    truncate: int | None = None
    early: tuple[str, ...] = ()
    at_once: bool = False
    hold: bool = False
    lose: int = 0
    lose_answer: int = 0
    drip: float = 0.0


@dataclass(frozen=True)
class PollFault:
    """What reads of a fax's status get: `http` the first `times` of them, or all when that is None.

    The first `behind` reads after its end show the fax as it was just before.
    """

    http: HttpFault | None = None
    times: int | None = None
    behind: int = 0


class DocumentFault(StrEnum):
    """What is wrong with the document of a received fax: it is gone when fetched, or has no byte."""

    gone = "gone"
    empty = "empty"


@dataclass(frozen=True)
class Plan:
    """The whole script of a fax: one CallPlan per call, the last repeats."""

    attempts: tuple[CallPlan, ...] = (CallPlan(),)
    http: HttpFault | None = None
    webhook: WebhookFault | None = None
    poll: PollFault | None = None
    document: DocumentFault | None = None

    def call(self, number: int) -> CallPlan:
        """The plan of call `number`, counted from 1."""
        return self.attempts[min(number, len(self.attempts)) - 1]

    def keep_known(self, codes: Container[str]) -> Plan:
        """Leave out the codes that a vendor's table does not have; the outcomes then stand alone."""
        if all(call.code is None or call.code in codes for call in self.attempts):
            return self
        kept = (replace(call, code=call.code if call.code in codes else None) for call in self.attempts)
        return replace(self, attempts=tuple(kept))

    def dial(self, number: int) -> CallPlan:
        """The plan of call `number` for the line; where it ended before any call, the call is delivered.

        A fax without credit has made no call: its entry counts for none.
        """
        calls = [each for each in self.attempts if each.outcome is not Outcome.no_credit] or [CallPlan()]
        planned = calls[min(number, len(calls)) - 1]
        return CallPlan() if planned.outcome in BEFORE_CALL else planned


DELIVERED = Plan()
