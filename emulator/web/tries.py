"""How webhooks stand, in the reader's words: what a try came to, what a list says."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from emulator.web.phrases import clock_time, moment, plain, took


def trouble(error: str | None, url: str) -> str:
    """Say what an error of a webhook's try means."""
    place = urlsplit(url).netloc if error != "bad_url" else url
    return _TROUBLES.get(error or "", plain(error)).format(place=place)


_TROUBLES = {
    "refused": "not allowed to go to {place}",
    "unresolved": "no address is known for {place}",
    "unreachable": "nobody listens at {place}",
    "timeout": "no answer in time from {place}",
    "tls": "the certificate of {place} is not trusted",
    "too_many_redirects": "{place} leads from one address to the next",
    "bad_url": "{place} is no address of HTTP",
    "bad_message": "its document is gone",
    "bad_reply": "what {place} answered is no HTTP",
    "interrupted": "the server ended while it was sent",
}
"""By the word of the error, in the reader's words."""


def came(attempt: Mapping[str, Any], url: str) -> str:
    """Say what a try of a webhook came to."""
    if attempt["status"]:
        return f"{attempt['status']} after {took(attempt['seconds'])}"
    return trouble(attempt["error"], attempt.get("url") or url)


def hook(posts: Sequence[Mapping[str, Any]], now: str) -> tuple[str, str, str]:
    """Say how the webhooks of a fax stand, in which colour, and what more there is to say.

    The one that is worst off speaks for all.
    """
    worst = min(posts, key=lambda each: _RANKS[hook_tone(each)])
    colour, tries, due = hook_tone(worst), worst["tries"], worst["due_at"]
    count = f"{tries} {'try' if tries == 1 else 'tries'}"
    if colour == "good":
        return f"✓ {worst['status']}", colour, count if tries > 1 else ""
    if colour == "bad":
        what = worst["status"] or plain(worst["error"])
        return f"✕ {count}", colour, f"next {_minute(due, now)}" if due else f"gave up: {what}"
    return ("waiting" if colour == "wait" else plain(worst["state"])), colour, ""


def _minute(instant: str, now: str) -> str:
    return clock_time(instant)[:5] if instant[:10] == now[:10] else moment(instant, now)


def hook_tone(post: Mapping[str, Any]) -> str:
    """Choose the colour of a webhook: one that was tried and is tried again is bad already."""
    tries = post["tries"] if "tries" in post else len(post["attempts"])
    if post["state"] == "pending" and tries:
        return "bad"
    return {"delivered": "good", "failed": "bad", "dropped": "idle"}.get(post["state"], "wait")


_RANKS = {"bad": 0, "wait": 1, "idle": 2, "good": 3}


FILTERS: dict[str, Callable[..., Any]] = {each.__name__: each for each in (trouble, came, hook, hook_tone)}
"""By their names, as the templates call them."""
