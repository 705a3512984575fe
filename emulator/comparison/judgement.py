"""A whole comparison: what differs in one recording, how many of its exchanges are equal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from emulator.comparison.difference import Differ, Difference, Kind
from emulator.comparison.findings import Differing, Finding, gather
from emulator.comparison.history import Chronicle, group_tries
from emulator.comparison.playback import PLAIN, Playback, Playthrough, Retold, Setting
from emulator.comparison.posted import Posted
from emulator.comparison.reading import plain
from emulator.comparison.timing import Pacing, compare_timing, tolerance
from emulator.core.paths import leaves
from emulator.overlays.grammar import load_overlay
from emulator.overlays.overlay import Occasion, occasion_of
from emulator.traffic.exchange import Exchange
from emulator.traffic.files import Recording
from emulator.vendors import all_vendors
from localfax import Localfax


@dataclass(frozen=True)
class Judgement:
    """What became of one recording: the findings, and of how many exchanges all is equal."""

    recording: Recording
    findings: tuple[Finding, ...]
    equal: int
    raw: tuple[Differing, ...]
    history: Chronicle
    played: Playthrough
    natural: Playthrough
    heard: tuple[tuple[Posted, str], ...] = ()
    """Our webhooks that have a recorded counterpart, and where that stands."""

    @property
    def exchanges(self) -> int:
        return len(self.recording.exchanges)


def judge(
    server: Localfax, recording: Recording, setting: Setting = PLAIN, *, natural: Playthrough | None = None
) -> Judgement:
    """Play a recording and say what differs; `natural` is an earlier run that tells how long faxes take."""
    vendor = all_vendors()[recording.vendor]
    overlay = None if setting.overlay is None else load_overlay(setting.overlay)
    history = Chronicle(recording, vendor, overlay)
    natural = natural or Playback(server, history, setting, {}).play()
    timing = compare_timing(history, natural.courses)
    paced = replace(setting, overlay=timing.overlay(setting.overlay, recording.vendor))
    played = Playback(server, history, paced, timing.courses(natural.courses)).play()
    heard: list[tuple[Posted, str]] = []
    raw = tuple(_all(history, timing, played, heard))
    unequal, asked = {each.place for each in raw}, {each.theirs.place for each in played.answers}
    equal = sum(
        each.place not in unequal and (each.webhook or each.place in asked) for each in recording.exchanges
    )
    return Judgement(
        recording, tuple(gather(vendor, raw)), equal, raw, history, played, natural, tuple(heard)
    )


def _all(
    history: Chronicle, timing: Pacing, played: Playthrough, heard: list[tuple[Posted, str]]
) -> Iterator[Differing]:
    for each in played.answers:
        yield from (one for one in _answer(history, played, each) if not timing.explains(one.difference))
    yield from _webhooks(history, played, heard)
    yield from timing.found


def _answer(history: Chronicle, played: Playthrough, each: Retold) -> Iterator[Differing]:
    where = each.endpoint or f"{each.theirs.method} {each.theirs.path}"
    data = plain(each.ours.body)
    occasion = occasion_of(history.recorded, each.endpoint, each.status, data)

    def met(difference: Difference) -> Differing:
        return Differing(history.vendor.name, where, False, occasion, each.theirs.place, difference)

    if each.theirs.status is None:
        return  # nobody knows what would have been answered
    differ = Differ(history, played.mapper, each.endpoint)
    if each.theirs.status != each.status:
        yield met(Difference(Kind.status, (), each.status, each.theirs.status))
    yield from map(met, differ.headers(each.theirs.answered, each.ours))
    theirs = plain(each.theirs.answered.body)
    if theirs is None and data is None:
        return
    yield from map(met, differ.compare(theirs, data))


# webhooks
def _webhooks(
    history: Chronicle, played: Playthrough, heard: list[tuple[Posted, str]]
) -> Iterator[Differing]:
    groups = group_tries([each for each in history.recording.exchanges if each.webhook])
    free = list(played.posted)
    for group in groups:
        mine = _counterpart(history, played, group[0], free)
        if mine is None:
            nothing = Difference(Kind.webhook, (), "none", "a webhook is posted")
            yield Differing(history.vendor.name, _event(group[0]), True, Occasion(), group[0].place, nothing)
            continue
        free.remove(mine)
        heard.append((mine, group[0].place))
        yield from _posted(history, played, group, mine)
    if groups:
        yield from _unheard(history, played, free)


def _event(each: Exchange) -> str:
    return each.asked.header("x-webhook-event") or "webhook"


def _counterpart(
    history: Chronicle, played: Playthrough, theirs: Exchange, free: list[Posted]
) -> Posted | None:
    """Find our webhook about the same fax; of several the one whose words are most alike."""
    ids = {played.mapper.ids.get(one, "") for one in history.asked_for(theirs)}
    said = {str(leaf.value) for leaf in leaves(plain(theirs.asked.body))}
    event = theirs.asked.header("x-webhook-event")
    candidates = []
    for each in free:
        told = [leaf.value for leaf in leaves(plain(each.said.body))]
        if ids & {history.bare(value) for value in told if value is not None}:
            same = event is not None and event == each.said.header("x-webhook-event")
            candidates.append((same, len(said & set(map(str, told))), -free.index(each)))
    return free[-max(candidates)[2]] if candidates else None


def _posted(
    history: Chronicle, played: Playthrough, group: list[Exchange], mine: Posted
) -> Iterator[Differing]:
    theirs, data = group[0], plain(mine.said.body)
    occasion = occasion_of(history.recorded, None, None, data)

    def met(difference: Difference) -> Differing:
        return Differing(history.vendor.name, mine.event, True, occasion, theirs.place, difference)

    differ = Differ(history, played.mapper, history.endpoint_of(theirs))
    if theirs.asked.body.kind != mine.said.body.kind:
        yield met(Difference(Kind.body, (), mine.said.body.kind, theirs.asked.body.kind))
    if theirs.method != mine.method:
        yield met(Difference(Kind.value, ("method",), mine.method, theirs.method))
    yield from map(met, differ.headers(theirs.asked, mine.said))
    yield from map(met, differ.compare(plain(theirs.asked.body), data))
    yield from map(met, _retries(history, group, mine))


def _retries(history: Chronicle, group: list[Exchange], mine: Posted) -> Iterator[Difference]:
    """Compare when a webhook was tried again, as far as the recording goes."""
    theirs = [round(after.at - before.at, 1) for before, after in pairwise(group)]
    first, last = mine.tries[0] if mine.tries else 0.0, history.ended - group[0].at
    ours = [
        round(after - before, 1)
        for before, after in pairwise(mine.tries)
        if after - first <= last + tolerance(after - before)
    ]
    alike = len(theirs) == len(ours) and all(
        abs(other - own) <= tolerance(own) for other, own in zip(theirs, ours, strict=False)
    )
    if not alike:
        # After a failure for which there was time to be tried again nothing can follow.
        waited = history.ended - group[-1].at
        usual = max((after - before for before, after in pairwise(mine.tries)), default=0.0)
        gone = (group[-1].status or 500) >= 300 and waited > 1.2 * usual
        yield Difference(Kind.retry, (), (tuple(ours), True), (tuple(theirs), gone))


def _unheard(history: Chronicle, played: Playthrough, free: list[Posted]) -> Iterator[Differing]:
    """Webhooks of ours that the recording had the time for and does not have."""
    known = {mine: theirs for theirs, mine in played.mapper.ids.items()}
    heard = {one for each in history.recording.exchanges if each.webhook for one in history.asked_for(each)}
    for each in free:
        told = [history.bare(leaf.value) for leaf in leaves(plain(each.said.body)) if leaf.value is not None]
        about = [known[one] for one in told if one in known]
        ended = [history.end_of(history.lives[one]) for one in about if one in history.lives]
        if each.tries and any(ended) and each.tries[0] <= history.ended and not heard.isdisjoint(about):
            more = Difference(Kind.webhook, (), "a webhook is posted", "none")
            place = history.recording.exchanges[-1].place
            yield Differing(history.vendor.name, each.event, True, Occasion(), place, more)
