"""How the page says things: states by tone, instants, data as text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from markupsafe import Markup, escape

from emulator.core.json_text import read_json
from emulator.reports.texts import data, form, headers

_TONES = {
    "delivered": "good",
    "arrived": "good",
    "failed": "bad",
    "cancelled": "idle",
    "scheduled": "wait",
    "waiting_line": "wait",
    "waiting_redial": "wait",
    "retry_eligible": "wait",
    "credit_hold": "wait",
    "pending": "wait",
    "dropped": "idle",
}
"""States of faxes and of webhooks to the colour that they are told in; all others are under way."""


def tone(state: str) -> str:
    return _TONES.get(state, "busy")


def plain(word: str | None) -> str:
    """Write a state or an outcome as words."""
    return "" if word is None else str(word).replace("_", " ")


def clock_time(instant: str | None) -> str:
    """Write the time of day of an ISO 8601 instant, to the second."""
    return "" if instant is None else instant[11:19]


def day_and_time(instant: str | None) -> str:
    return "" if instant is None else f"{instant[:10]} {instant[11:19]}"


def moment(instant: str, now: str) -> str:
    """Write the time of day; of another day than that of `now`, the day and the minute."""
    return clock_time(instant) if instant[:10] == now[:10] else f"{day(instant)} {clock_time(instant)[:5]}"


def day(instant: str) -> str:
    """Write the day of an instant: `28 Nov`."""
    return f"{int(instant[8:10])} {_MONTHS[int(instant[5:7]) - 1]}"


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def ago(instant: str | None, now: str) -> str:
    """Write how long before `now` an instant was, or how long after: `10 m ago`, `in 35 m`."""
    if instant is None:
        return ""
    seconds = (datetime.fromisoformat(now) - datetime.fromisoformat(instant)).total_seconds()
    for size, unit in _UNITS:
        if abs(seconds) >= size:
            amount = f"{abs(seconds) / size:.0f} {unit}"
            return f"{amount} ago" if seconds > 0 else f"in {amount}"
    return "now"


_UNITS = ((86_400, "d"), (3600, "h"), (60, "m"), (1, "s"))


def span(seconds: float) -> str:
    """Write a duration in its largest unit alone: `5 m`."""
    size, unit = next(((size, unit) for size, unit in _UNITS if seconds >= size), _UNITS[-1])
    return f"{seconds / size:.0f} {unit}"


def duration(seconds: float | None) -> str:
    """Write seconds as people say them: `71 s` is `1 min 11 s`."""
    if seconds is None:
        return ""
    if seconds < 60:
        return f"{seconds:.3g} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def took(seconds: float) -> str:
    """Write how long an answer took: `1.8 ms`, `945 ms`."""
    milliseconds = seconds * 1000
    return f"{milliseconds:.1f} ms" if milliseconds < 100 else f"{milliseconds:.0f} ms"


def speed(factor: float | str) -> str:
    return factor if isinstance(factor, str) else f"{factor:.6g}"


def thousands(count: int) -> str:
    return f"{count:,}"


def offset(seconds: float) -> str:
    return f"+{seconds:.1f} s"


def yaml(value: Mapping[str, Any]) -> str:
    """Write a scenario as it stands in a file."""
    from yaml import safe_dump

    parts = {name: part for name, part in value.items() if name != "origin"}
    return str(safe_dump(parts, sort_keys=False, allow_unicode=True, default_flow_style=None)).rstrip()


def event(entry: Mapping[str, Any]) -> str:
    """Write what a timeline's entry tells in a word or a few."""
    return f"page {entry['page']} of {entry['of']}" if entry["what"] == "page" else plain(entry["what"])


def details(entry: Mapping[str, Any]) -> str:
    """Write what a timeline's entry says beside that."""
    told = ((name, value) for name, value in entry.items() if name not in _SAID and value is not None)
    return ", ".join(f"{plain(name)} {_detail(name, value)}" for name, value in told)


_SAID = ("at", "kind", "fax", "what", "page", "of")
"""What a timeline's entry says elsewhere."""
_OURS = ("outcome", "state")
"""Details whose words are our own; others are texts and numbers as they came."""


def _detail(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return plain(value) if name in _OURS else str(value)


_WORDS = ("message", "errorMessage", "error_message", "resultInfo", "Response", "msg", "detail", "status")
"""Fields in which vendors say what became of a request, the most telling first."""


def said(answer: str) -> str:
    """Find the vendor's own word in an answer: its code if it has one, and its message."""
    try:
        told = read_json(answer)
    except ValueError:
        return ""
    told = told[0] if isinstance(told, list) and told else told
    for place in (told.get("error"), told, told.get("data")) if isinstance(told, dict) else ():
        if isinstance(place, dict):
            words = (place.get(name) for name in _WORDS)
            word = next((each for each in words if isinstance(each, (str, int)) and str(each)), "")
            if word != "":
                code = place.get("code")
                return f"{code} {word}" if isinstance(code, (str, int)) else str(word)
    return ""


_ENCODED = re.compile(r"([A-Za-z0-9+/]{40})[A-Za-z0-9+/=]{160,}")


def brief(text: str) -> str:
    """Shorten documents in base 64, which nobody reads: their pages are shown."""
    return _ENCODED.sub(lambda found: f"{found[1]}… {len(found[0]) - 40:,} characters more", text)


def ticked(text: str) -> Markup:
    """Write what stands between backticks as code."""
    pieces = str(text).split("`")
    if len(pieces) % 2 == 0:
        return escape(text)
    code = Markup("<code>{}</code>")
    return Markup("").join(code.format(each) if place % 2 else each for place, each in enumerate(pieces))


FILTERS: dict[str, Callable[..., Any]] = {
    each.__name__: each
    for each in (
        *(tone, plain, day, clock_time, day_and_time, moment, duration, speed, thousands, offset),
        *(data, form, headers, yaml, event, details, ago, took, brief, said, ticked),
    )
}
"""By their names, as the templates call them."""
