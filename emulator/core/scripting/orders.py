"""Every order in which an application can meet the events of one fax, each told once.

The events are: the `answer` to the submit, each `webhook`, each `poll` (a read of the status), the order
given `again`; and the `end` of the fax, which happens at the vendor and is seen through the others alone.
Some come after others of necessity: a poll after the answer (which brings the id), a webhook of the end after
it.

Two events that stand beside each other are *independent* when nobody can tell which was first: the end is so
of the answer, of an early webhook and of `again`, for none of them says how the fax stands. All else touches
the application's own record and is not. Orders that differ only by swaps of independent neighbours are equal,
and only the first of them by the alphabet of every day (`Events.alphabet`) is told: the lexicographic normal
form of a trace (Anisimov and Knuth). An order is in that form when no event could be moved before a greater
one by swaps of independent neighbours alone; `is_normal` looks back from each event over those it may pass.

An example, with the answer (a), the end (e), one webhook of the end (w) and one poll (p). Of the 24 orders 5
keep what is necessary (a before p, e before w): with the end before the answer
    e a p w    e a w p    e w a p
and with the answer before it
    a e p w    a e w p    a p e w
where `e a p w` equals `a e p w`, and `e a w p` equals `a e w p`: a and e are independent, and a is first by
the alphabet. `e w a p` stays: between e and a stands w, which must come after e and cannot pass a. So 4
orders are told of the 6: the webhook before the answer, the poll before the end, the poll before the webhook
of the end, and how it goes every day. Two polls with no end between them say the same: one is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from emulator.core.faxes.plan import Plan, WebhookFault
from emulator.core.scripting.adversities import HALFWAY, Act, Adversity, Need, When

ANSWER, END, POLL, AGAIN, WEBHOOK = "answer", "end", "poll", "again", "webhook"
POLLS = 2


@dataclass(frozen=True)
class Events:
    """What an application meets of one fax: the vendor's `webhooks` by their words, in the order in which
    they arise, the last `late` of them at its end; whether the order can be given again.
    """

    webhooks: tuple[str, ...]
    late: int = 1
    again: bool = False

    @property
    def alphabet(self) -> tuple[str, ...]:
        """The events in the order of every day."""
        count = len(self.webhooks)
        names = (
            tuple(f"{WEBHOOK}{place}" for place in range(1, count + 1)) if count > 1 else (WEBHOOK,) * count
        )
        early = count - self.late
        again = (AGAIN,) if self.again else ()
        return (ANSWER, *names[:early], END, *names[early:], *(POLL,) * POLLS, *again)

    @property
    def early(self) -> frozenset[str]:
        """The webhooks that arise at once."""
        return frozenset(self.alphabet[1 : 1 + len(self.webhooks) - self.late])

    def must_precede(self, one: str, other: str) -> bool:
        """Tell whether an event comes before another of necessity."""
        if one == ANSWER:
            return other in (POLL, AGAIN)
        return one == END and other.startswith(WEBHOOK) and other not in self.early

    def independent(self, one: str, other: str) -> bool:
        """Tell whether nobody can tell which of two neighbours was first."""
        free = {ANSWER, AGAIN} | self.early
        return (one == END and other in free) or (other == END and one in free)


def list_orders(events: Events, most: int) -> list[tuple[str, ...]]:
    """List the orders that differ, those nearest to every day first, at most so many."""
    alphabet = events.alphabet
    rank = {name: place for place, name in enumerate(alphabet)}
    kept = {_without_echo(each) for each in _linear(events, alphabet) if is_normal(events, each)}
    return sorted(kept, key=lambda each: (_swaps(each, rank), len(each), each))[:most]


def _linear(events: Events, left: Sequence[str], begun: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if not left:
        yield begun
    for each in dict.fromkeys(left):
        rest = list(left)
        rest.remove(each)
        if not any(events.must_precede(other, each) for other in rest):
            yield from _linear(events, rest, (*begun, each))


def is_normal(events: Events, order: Sequence[str]) -> bool:
    """Tell whether an order is the one that is told of all that equal it."""
    rank = {name: place for place, name in enumerate(events.alphabet)}
    for place, event in enumerate(order):
        for before in reversed(order[:place]):
            if not events.independent(before, event):
                break
            if rank[before] > rank[event]:
                return False
    return True


def _without_echo(order: Sequence[str]) -> tuple[str, ...]:
    """Leave out a poll that follows another one directly: it says the same."""
    return tuple(
        each for place, each in enumerate(order) if each != POLL or order[place - 1 : place] != (POLL,)
    )


def _swaps(order: Sequence[str], rank: dict[str, int]) -> int:
    ranks = [rank[each] for each in order]
    return sum(one > other for place, one in enumerate(ranks) for other in ranks[place + 1 :])


def write_order(events: Events, order: Sequence[str], size: int) -> Adversity:
    """Write an order as an adversity: webhooks are held, and sent when their turn comes."""
    before, after = order[: order.index(ANSWER)], order[order.index(ANSWER) + 1 :]
    names = [each for each in events.alphabet if each.startswith(WEBHOOK)]
    early = tuple(events.webhooks[names.index(each)] for each in before if each in names)
    fault = WebhookFault(hold=True, before_response=bool(early), early=early)
    return Adversity(
        name=".".join(order),
        when=When.order,
        size=size,
        text=f"in this order: {', '.join(order)}",
        plan=Plan(webhook=fault),
        acts=tuple(_act(each, names) for each in after),
        needs=frozenset({Need.order} if AGAIN in order else ()),
        like=_forms(before, after),
    )


def _forms(before: Sequence[str], after: Sequence[str]) -> tuple[str, ...]:
    """The adversities of which an order is another form, by the events before and after the answer."""
    webhooks = [each for each in (*before, *after) if each.startswith(WEBHOOK)]
    early = ("webhook:early",) if any(each.startswith(WEBHOOK) for each in before) else ()
    stale = ("webhook:stale", "webhook:shuffled") if webhooks != sorted(webhooks) else ()
    polls = after[: after.index(webhooks[-1])] if webhooks and webhooks[-1] in after else ()
    polled = ("webhook:after-poll", "webhook:twice") if POLL in polls else ()
    return (*early, *stale, *polled, *(("submit:twice",) if AGAIN in after else ()))


def _act(event: str, names: Sequence[str]) -> Act:
    acts: dict[str, Act] = {END: {"advance": HALFWAY}, POLL: {"look": 1}, AGAIN: {"send": {}}}
    return acts.get(event) or {"release": names.index(event) + 1}
