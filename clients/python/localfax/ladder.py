"""A fax's life as text: one rung for each state, each phase of its calls and each try of its webhooks.

fax-2  ifax outbound to +15005550004  delivered, 1 of 1 page, 2 calls  (magic-04)
  22:29:58.843         +0s  received
  22:30:01.843         +3s    call 1: dial
  22:30:04.843         +6s    call 1: busy
  22:35:10.843     +5m 12s    call 2: answered, trained at 14400 bit/s with ECM, station id +15005550004
  22:35:33.329     +5m 34s    call 2: page 1 of 1
  22:35:37.829     +5m 39s  delivered
  22:35:37.829     +5m 39s      fax.sent, try 1: 200 <- http://127.0.0.1:9000/hook
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from localfax.hints import explain_trouble
from localfax.things import UNFINISHED, Entry, Fax

UNITS = ((86_400, "d"), (3600, "h"), (60, "m"))


def ladder(fax: Fax) -> str:
    """Render a fax, its head first."""
    return "\n".join([heading(fax), *rungs(fax)])


def ladders(faxes: Iterable[Fax]) -> str:
    """Render faxes in the order in which they were made."""
    return "\n\n".join(ladder(fax) for fax in sorted(faxes, key=lambda each: int(each.id.rpartition("-")[2])))


def heading(fax: Fax) -> str:
    """Say in one line which fax it is and what became of it."""
    other = f"to {fax.to}" if fax.direction == "outbound" else f"from {fax.sender} to {fax.to}"
    how = f" ({fax.outcome})" if fax.state in UNFINISHED else ""
    sent = f"{fax.pages_sent} of {_count(fax.pages, 'page')}"
    scenario = f"  ({fax.scenario})" if fax.scenario else ""
    calls = _count(len(fax.attempts), "call")
    return f"{fax.id}  {fax.vendor} {fax.direction} {other}  {fax.state}{how}, {sent}, {calls}{scenario}"


def rungs(fax: Fax) -> list[str]:
    """Render each line of the timeline: the sandbox's time, that since the fax was made, what happened."""
    begun = _instant(fax.created_at)
    lines = []
    for entry in fax.timeline:
        since = f"+{span((_instant(entry.at) - begun).total_seconds())}"
        lines.append(f"  {entry.at[11:-1]}  {since:>10}  {phrase(entry)}")
    return lines


def phrase(entry: Entry) -> str:
    """Say what one line of a timeline means; calls stand a little to the right, webhooks more."""
    rung = PHRASES.get((entry.kind, entry.what)) or PHRASES.get((entry.kind, ""), _state)
    return rung(entry.what, entry.detail)


def span(seconds: float) -> str:
    """Say a duration: 0.5s, 26s, 5m 4s, 2h 10m."""
    if seconds < 60:
        return f"{round(seconds, 1):g}s"
    whole, parts = round(seconds), []
    for size, unit in UNITS:
        amount, whole = divmod(whole, size)
        parts.append(f"{amount}{unit}" if amount else "")
    parts.append(f"{whole}s" if whole else "")
    return " ".join([part for part in parts if part][:2])


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))  # Python 3.9 and 3.10 know no Z


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


Detail = Mapping[str, Any]


def _state(what: str, detail: Detail) -> str:
    outcome = detail.get("outcome")
    return f"{what} ({outcome})" if outcome and outcome != what else what


def _dial(what: str, detail: Detail) -> str:
    return f"  call {detail.get('attempt', 1)}: dial"


def _answer(what: str, detail: Detail) -> str:
    call = f"  call {detail.get('attempt', 1)}: answered"
    if not detail.get("speed"):
        return call
    ecm = "with" if detail.get("ecm") else "without"
    return f"{call}, trained at {detail['speed']} bit/s {ecm} ECM, station id {detail.get('csid') or 'none'}"


def _page(what: str, detail: Detail) -> str:
    return f"  call {detail.get('attempt', 1)}: page {detail.get('page')} of {detail.get('of')}"


def _end(what: str, detail: Detail) -> str:
    sent = detail.get("pages_sent")
    after = f" after {_count(sent, 'page')}" if sent else ""
    return f"  call {detail.get('attempt', 1)}: {detail.get('outcome', 'ended')}{after}"


def _webhook(what: str, detail: Detail) -> str:
    error, url = detail.get("error"), str(detail.get("url"))
    if not detail.get("attempt", 1):
        return f"    {what}: {detail.get('state')}, never sent <- {url}"
    answer = detail.get("status") or error
    if why := explain_trouble(error, url):
        answer = f"{answer} ({why})"
    return f"    {what}, try {detail.get('attempt', 1)}: {answer} <- {url}"


PHRASES: Mapping[tuple[str, str], Callable[[str, Detail], str]] = {
    ("state", "dialing"): _dial,
    ("state", "transmitting"): _answer,
    ("state", "receiving"): _answer,
    ("state", "reporting"): _end,
    ("call", "page"): _page,
    ("webhook", ""): _webhook,
}
"""How each kind of line is said; what is not here is a state by its name."""
