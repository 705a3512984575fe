"""Whether an application held: its word beside the truth, faxes and effects counted, nothing running."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from emulator.explore.application import Ended
from emulator.explore.story import Story
from emulator.explore.words import Pick, find, say
from localfax.truth import NONE, PENDING

MOST_TRIES = 12
"""Requests for one order beyond which an application is said to ask for ever."""

FALSE: Mapping[str, frozenset[str]] = {
    "delivered": frozenset({"failed", "cancelled"}),
    "failed": frozenset({"delivered"}),
    "cancelled": frozenset({"delivered"}),
    PENDING: frozenset({"delivered", "failed", "cancelled"}),
    NONE: frozenset({"delivered"}),
}
RIGHT: Mapping[str, frozenset[str]] = {
    "delivered": frozenset({"delivered"}),
    "arrived": frozenset({"arrived"}),
    "failed": frozenset({"failed"}),
    "cancelled": frozenset({"cancelled", "failed"}),
    NONE: frozenset({"failed", "cancelled"}),
}
"""By the truth, the words that say it; of a fax that never ends any word does that is not false."""


@dataclass(frozen=True)
class Flaw:
    """What did not hold: the kind, and a sentence."""

    kind: str
    text: str


def judge(story: Story, picks: Mapping[str, list[Pick]]) -> list[Flaw]:
    """List what did not hold in a run."""
    return [Flaw(kind, text) for kind, check in CHECKS.items() for text in check(story, picks)]


def holds(story: Story, picks: Mapping[str, list[Pick]]) -> bool:
    """Tell whether the application has come to rest at what is right."""
    return not any([*_word(story, picks), *_effects(story, picks), *_count(story, picks)])


def _word(story: Story, picks: Any) -> Iterator[str]:
    truth, said = story.truth.state, story.said
    if said is None:
        return
    shown = say(said.text, picks)
    told = " and ".join(shown) or _quote(said.text, picks)
    if len(shown) > 1:
        yield f"its answer shows {told}: name a path with --word, like delivered=.status:sent"
    elif FALSE.get(truth, frozenset()) & set(shown):
        yield f"it says {told}, but the truth is: {story.truth}"
    elif truth in RIGHT and not RIGHT[truth] & set(shown) and not _excused(story):
        yield f"it says {told}, and never learns the truth: {story.truth}"


def _quote(text: str, picks: Mapping[str, list[Pick]]) -> str:
    """Quote what the application says, at the first path that the user has named."""
    path = next((each.path for ways in picks.values() for each in ways if each.path), "")
    said = next(iter(find(text, path)), "") if path else text
    return repr(said[:80]) if said else "nothing" if not text else f"nothing at {path}, but {text[:80]!r}"


def _excused(story: Story) -> bool:
    """Whether the application may still be without a word: the order was refused to its user, or still is."""
    refused = bool(story.sent) and not any(each.well for each in story.sent)
    return story.truth.state == NONE and (refused or story.combination.lasts)


def _doubles(story: Story, picks: Any) -> Iterator[str]:
    if story.combination.inbound:
        return
    if doubles := story.truth.doubles:
        yield f"{story.truth.count} faxes for one order: {doubles} too many"


def _count(story: Story, picks: Any) -> Iterator[str]:
    if story.counted is not None and (number := _number(story.counted)) != story.truth.count:
        yield f"it counts {_told(story.counted, number)}, but the vendor made {story.truth.count}"


def _effects(story: Story, picks: Any) -> Iterator[str]:
    if story.effects is None:
        return
    number, due = _number(story.effects), story.truth.state in ("delivered", "arrived")
    if number is None:
        yield f"how often its effect happened is no number: {story.effects.text[:40]!r}"
    elif number != 1 and (due or number > 1):
        yield f"its effect happened {number} times, not once"


def _number(ended: Ended) -> int | None:
    text = ended.text.strip().strip('"')
    return int(text) if text.isdecimal() and len(text) < 10 else None


def _told(ended: Ended, number: int | None) -> str:
    return repr(ended.text[:40]) if number is None else str(number)


def _answers(story: Story, picks: Any) -> Iterator[str]:
    ours = ("lost", "answer_lost")
    posts = [(each, post) for each in story.webhooks for post in each.attempts]
    for each, post in posts:
        spoilt = any(word in (each.fault or "").split(", ") for word in ours)
        if post.error in _UNANSWERED and not spoilt:
            yield f"its endpoint gave no answer to {each.event}: {post.error}"
            return
    usual = () if story.combination.parts else story.webhooks
    for each in usual:
        if (tries := len(each.attempts)) > MOST_TRIES:
            said = each.attempts[-1].status
            yield f"its endpoint answers {said} to {each.event}, and the vendor tries again, {tries} times"
            return


_UNANSWERED = ("timeout", "unreachable", "bad_reply")


def _trust(story: Story, picks: Any) -> Iterator[str]:
    for each in story.webhooks:
        badly = {"wrong_auth", "no_auth"} & set((each.fault or "").split(", "))
        if badly and any(post.status is not None and post.status < 300 for post in each.attempts):
            how = "a wrong password" if "wrong_auth" in badly else "no password"
            yield f"its endpoint took a webhook with {how}"
            return


def _running(story: Story, picks: Any) -> Iterator[str]:
    tries = len(story.tries)
    unended = [each for each in story.sent if each.code is None]
    if unended:
        yield f"its send did not end within {unended[0].seconds:.0f} s, and asked the vendor {tries} times"
    elif story.restless:
        yield f"it asks for ever: {tries} requests for one order, and more came"


def _nothing(story: Story, picks: Any) -> Iterator[str]:
    if not story.combination.inbound and not story.tries:
        yield "the application asked the vendor for no fax"


CHECKS: Mapping[str, Callable[[Story, Any], Iterator[str]]] = {
    "nothing": _nothing,
    "second fax": _doubles,
    "running": _running,
    "word": _word,
    "effect": _effects,
    "count": _count,
    "trust": _trust,
    "answer": _answers,
}
"""Every check by the kind of what it finds; the dearest mistakes first."""
