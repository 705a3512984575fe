"""What can go wrong with one fax, as a table: a row each, in terms of what scenarios can say.

The rows are the same for all vendors; `needs` names what a vendor, or the application's settings, must have
for a row to make sense, and a vendor says in its `notions` what it has. Of each size the first rows are the
ones that a user meets most often: a combination that is found first is the smallest there is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from emulator.core.faxes.outcomes import Outcome
from emulator.core.faxes.plan import (
    DELIVERED,
    CallPlan,
    DocumentFault,
    HttpFault,
    Plan,
    PollFault,
    WebhookFault,
)


class When(StrEnum):
    """Where it goes wrong."""

    submit = "submit"
    line = "line"
    webhook = "webhook"
    poll = "poll"
    inbound = "inbound"
    order = "order"
    """Nothing goes wrong, but in another order."""


class Need(StrEnum):
    """What a row needs: webhooks sent again after silence, several of one fax, a password, order ids."""

    retries = "retries"
    stages = "stages"
    auth = "auth"
    order = "order"


SLOW = 1.0
"""Real seconds that a slow answer takes."""
AGAIN = 1.0
"""Real seconds that a rate limit tells to wait; the shortest that its header can say."""
DRIP = 0.2
"""Real seconds between the halves of a webhook that comes slowly."""
LATER, HALFWAY = 86_400.0, "12h"

STALE = ("rendering", "credit_check", "waiting_line", "queued", "dialing", "transmitting", "reporting",
         "delivered", "failed", "cancelled", "received")  # fmt: skip
"""All stages in their order, but the first one behind the last."""

Act = Mapping[str, Any]
"""One thing that is done between the submit and the end, as a step of a replay."""

NO_PAIRS = frozenset[When]()
AFTER_SUBMIT = frozenset({When.line, When.webhook, When.poll})
WITH_SUBMIT = frozenset({When.submit, When.line})


@dataclass(frozen=True, kw_only=True)
class Adversity:
    """One thing that goes wrong.

    `size` is how unusual it is. Its `plan` is that of the order's faxes, but its `http` is for the first
    request alone unless it `lasts`; `acts` are done once the order was submitted. `pairs` are the places
    whose rows it goes together with: two rows pair when each names the other's place. `repeats` has the order
    given twice.
    """

    name: str
    when: When
    size: int
    text: str
    plan: Plan = DELIVERED
    lasts: bool = False
    acts: tuple[Act, ...] = ()
    needs: frozenset[Need] = frozenset()
    pairs: frozenset[When] = NO_PAIRS
    repeats: bool = False
    sender: str | None = None
    """Who faxes us."""
    like: tuple[str, ...] = ()
    """Rows of which it is another form: what does not bear those does not bear it."""

    @property
    def id(self) -> str:
        return f"{self.when}:{self.name}"


def _submit(name: str, size: int, text: str, http: HttpFault | None, **more: Any) -> Adversity:
    return Adversity(name=name, when=When.submit, size=size, text=text, plan=Plan(http=http), **more)


def _line(name: str, size: int, text: str, *calls: CallPlan, **more: Any) -> Adversity:
    pairs = {"pairs": frozenset({When.submit, When.webhook, When.poll})} | more
    return Adversity(name=name, when=When.line, size=size, text=text, plan=Plan(attempts=calls), **pairs)


def _webhook(name: str, size: int, text: str, **fault: Any) -> Adversity:
    own: dict[str, Any] = {"pairs": WITH_SUBMIT}
    own |= {key: fault.pop(key) for key in ("acts", "needs", "pairs", "like") if key in fault}
    return Adversity(
        name=name, when=When.webhook, size=size, text=text, plan=Plan(webhook=WebhookFault(**fault)), **own
    )


def _poll(name: str, size: int, text: str, poll: PollFault, *acts: Act) -> Adversity:
    pairs = frozenset({When.submit, When.line, When.webhook})
    return Adversity(
        name=name, when=When.poll, size=size, text=text, plan=Plan(poll=poll), acts=acts, pairs=pairs
    )


def _inbound(name: str, size: int, text: str, plan: Plan = DELIVERED, **more: Any) -> Adversity:
    return Adversity(name=name, when=When.inbound, size=size, text=text, plan=plan, **more)


_ERROR = HttpFault(refusal="server_error", status=500)
_LIMITED = HttpFault(refusal="rate_limited", retry_after=AGAIN)
_LOOK: Act = {"look": 1}
_TWICE, _UNKNOWN = "webhook:twice", "submit:cut-after"

ADVERSITIES: tuple[Adversity, ...] = (
    # the request that sends it
    _submit("cut-after", 1, "the fax is taken, then the connection is cut", HttpFault(drop="after"),
            pairs=AFTER_SUBMIT),
    _submit("500-before", 1, "the first request gets a 500, no fax is made", _ERROR, pairs=AFTER_SUBMIT),
    _submit("500-after", 1, "the fax is taken, and a 500 answered",
            HttpFault(refusal="server_error", status=500, accept=True), like=(_UNKNOWN,),
            pairs=AFTER_SUBMIT),
    _submit("cut-before", 1, "the connection of the first request is cut, no fax is made",
            HttpFault(drop="before")),
    _submit("limited", 1, "the first request is rate limited, with Retry-After", _LIMITED),
    _submit("slow", 1, f"the answer takes {SLOW:g} s", HttpFault(delay=SLOW)),
    _submit("truncated", 1, "the fax is taken, the answer breaks off", HttpFault(truncate=8),
            like=(_UNKNOWN,), pairs=frozenset({When.line, When.webhook})),
    _submit("twice", 1, "the order is given twice, as by somebody's retry", None, repeats=True,
            needs=frozenset({Need.order})),
    _submit("limited-always", 2, "every request is rate limited, with Retry-After", _LIMITED, lasts=True),
    # the call
    _line("failed", 1, "nobody answers", CallPlan(Outcome.no_answer)),
    _line("busy", 1, "busy, then delivered", CallPlan(Outcome.busy), CallPlan()),
    _line("partial", 1, "the line breaks after a page", CallPlan(Outcome.line_error, pages=1)),
    _line("stuck", 1, "the fax never ends", CallPlan(Outcome.stuck), pairs=frozenset({When.submit})),
    _line("cancelled", 1, "somebody cancels it in the portal while it rings", CallPlan(ring=60),
          acts=({"advance": "10s"}, {"cancel": 1}), pairs=frozenset({When.submit})),
    # what tells of it
    _webhook("twice", 1, "the webhook comes twice", duplicate=1),
    _webhook("lost", 1, "the webhook never comes", drop=True, pairs=WITH_SUBMIT | {When.poll}),
    _webhook("early", 1, "the webhook comes before the submit is answered", before_response=True),
    _webhook("late", 1, "the webhook comes ten minutes late", delay=600.0, pairs=WITH_SUBMIT | {When.poll}),
    _webhook("truncated", 1, "the webhook's body breaks off", truncate=20),
    _webhook("drip", 1, f"the webhook's second half comes {DRIP} s late", drip=DRIP, pairs=NO_PAIRS),
    _webhook("lost-at-first", 1, "the first try does not arrive, the vendor tries again", lose=1,
             needs=frozenset({Need.retries})),
    _webhook("unheard", 1, "the first try arrives, its answer does not, the vendor tries again",
             lose_answer=1, needs=frozenset({Need.retries}), like=(_TWICE,)),
    _webhook("stale", 1, "the first webhook comes after the last", status_order=STALE,
             needs=frozenset({Need.stages})),
    _webhook("shuffled", 1, "the last webhook comes first", reorder=True, needs=frozenset({Need.stages}),
             like=("webhook:stale",)),
    _webhook("wrong-auth", 1, "a webhook with a wrong password", wrong_auth=True,
             needs=frozenset({Need.auth}), pairs=frozenset({When.line})),
    _webhook("no-auth", 1, "a webhook without its password", no_auth=True, needs=frozenset({Need.auth}),
             pairs=NO_PAIRS, like=("webhook:wrong-auth",)),
    _webhook("after-poll", 2, "the webhook comes after the status was read as final", delay=LATER,
             acts=({"advance": HALFWAY}, _LOOK), like=(_TWICE,)),
    _webhook("at-once", 2, "the webhook comes twice at the same moment", duplicate=1, at_once=True,
             like=(_TWICE,)),
    # asking for it
    _poll("500", 1, "a read of the status gets a 500", PollFault(_ERROR, times=1), {"advance": "1s"}, _LOOK),
    _poll("limited", 1, "a read of the status is rate limited", PollFault(_LIMITED, times=1),
          {"advance": "1s"}, _LOOK),
    _poll("behind", 2, "a read of the status still tells the word before the last", PollFault(behind=1),
          {"advance": "idle"}, _LOOK),
    # faxes to us
    _inbound("arrives", 1, "somebody faxes us"),
    _inbound("twice", 1, "the webhook of a received fax comes twice",
             Plan(webhook=WebhookFault(duplicate=1))),
    _inbound("unknown-number", 1, "a fax from a number that nobody knows", sender="+19005550199"),
    _inbound("empty", 1, "the received document has no byte",
             Plan(document=DocumentFault.empty)),
    _inbound("gone", 1, "the received document is gone when it is fetched",
             Plan(document=DocumentFault.gone)),
    _inbound("unheard", 2, "the first try of its webhook arrives, the answer does not",
             Plan(webhook=WebhookFault(lose_answer=1)), like=("inbound:twice",),
             needs=frozenset({Need.retries})),
)  # fmt: skip
