"""How the page says things: states by tone, instants, data as text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

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
    """Write the time of day, after the day where that is not the day of `now`."""
    day = "" if instant[:10] == now[:10] else f"{instant[5:10]} "
    return day + clock_time(instant)


def duration(seconds: float | None) -> str:
    """Write seconds as people say them: `71 s` is `1 min 11 s`."""
    if seconds is None:
        return ""
    if seconds < 60:
        return f"{seconds:.3g} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


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


FILTERS: dict[str, Callable[..., str]] = {
    each.__name__: each
    for each in (
        *(tone, plain, clock_time, day_and_time, moment, duration, speed, thousands, offset),
        *(data, form, headers, yaml, event, details),
    )
}
"""By their names, as the templates call them."""
