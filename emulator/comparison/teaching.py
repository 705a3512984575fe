"""What is left of a comparison, written as an overlay: each difference on the occasions that have it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from emulator.comparison.difference import Difference, Kind
from emulator.comparison.findings import Differing, Finding
from emulator.comparison.judgement import Judgement
from emulator.comparison.reading import plain
from emulator.comparison.timing import is_usual, middle
from emulator.core.paths import ROW, KeyPath, dotted
from emulator.overlays.edits import spell
from emulator.overlays.overlay import Occasion, occasion_of
from emulator.traffic.endpoints import endpoint_named

JSON = dict[str, Any]

_HEAD = "# What an account was seen to answer. Use it: localfax serve --overlay FILE\n"
_UNTAUGHT = frozenset({Kind.identity, Kind.rows, Kind.body})
"""Differences that no overlay can make good."""
_WITHOUT_PATH = frozenset({Kind.status, Kind.retry, Kind.webhook})
"""Differences that are of no place in the data; of all others an empty path is the whole body."""
_AS_SEEN = frozenset({Kind.status, Kind.extra, Kind.webhook})


@dataclass
class _Row:
    """What is said of one endpoint or event on some occasions."""

    parts: JSON = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Ours:
    """An answer or webhook of ours: where, on which occasion, its data, the place of the recorded one."""

    where: str
    webhook: bool
    occasion: Occasion
    data: Any
    place: str
    tries: int = 1


def write_overlay(judgements: Sequence[Judgement], profiles: Sequence[JSON]) -> str:
    """Write an overlay as YAML, a document for each vendor; `profiles` are the switches that fit best."""
    import yaml

    each = [teach(judgement, profile) for judgement, profile in zip(judgements, profiles, strict=True)]
    return _HEAD + yaml.safe_dump_all(each, sort_keys=False, allow_unicode=True, width=110)


def untaught(judgement: Judgement) -> list[Finding]:
    """The findings that no overlay makes good, or not each time: the account is not always so."""
    every = list(_ours(judgement))
    left = [each for each in judgement.raw if not _can_teach(judgement, each)]
    for group in _grouped(each for each in judgement.raw if _can_teach(judgement, each)):
        taught = _occasions(group, every)
        if {} not in taught:
            left += [each for each in group if _when(each.occasion) not in taught]
    keys = {(each.where, each.webhook, each.difference.kind, each.difference.path) for each in left}
    return [
        each
        for each in judgement.findings
        if (each.where, each.webhook, each.difference.kind, each.difference.path) in keys
    ]


def _can_teach(judgement: Judgement, each: Finding | Differing) -> bool:
    """Tell whether an overlay can say it: of an endpoint that there is, of no webhook that there is not."""
    one = each.difference
    if one.kind is Kind.timing:
        return is_usual(judgement.history, judgement.raw, one.path[0])
    if not one.path and one.kind not in _WITHOUT_PATH:
        return False
    if one.kind in _UNTAUGHT or (one.kind is Kind.webhook and one.ours == "none"):
        return False
    return each.webhook or endpoint_named(judgement.history.vendor, each.where) is not None


def teach(judgement: Judgement, profile: JSON) -> JSON:
    """Describe what is left of one recording as an overlay."""
    recording = judgement.recording
    made: JSON = {
        "overlay": 1,
        "vendor": recording.vendor,
        "recorded": {"day": recording.day, "digest": recording.digest, "exchanges": judgement.exchanges},
    }
    if profile:
        made["profile"] = profile
    rows: dict[tuple[str, bool, str], _Row] = {}
    every = list(_ours(judgement))
    taught = [each for each in judgement.raw if _can_teach(judgement, each)]
    for group in _grouped(taught):
        for when in _occasions(group, every):
            _teach(rows, group, when)
    answers = [_written("endpoint", key, row) for key, row in rows.items() if not key[1]]
    webhooks = [_written("event", key, row) for key, row in rows.items() if key[1]]
    timings = list(_timings(judgement))
    found = {"answers": answers, "webhooks": webhooks, "timings": timings}
    return made | {name: part for name, part in found.items() if part}


def _written(name: str, key: tuple[str, bool, str], row: _Row) -> JSON:
    when = json.loads(key[2])
    return {name: key[0], **({"when": when} if when else {}), **row.parts, "seen": row.seen}


def _ours(judgement: Judgement) -> Iterator[_Ours]:
    recorded = judgement.history.recorded
    for each in judgement.played.answers:
        data = plain(each.ours.body)
        if each.endpoint is not None:
            occasion = occasion_of(recorded, each.endpoint, each.status, data)
            yield _Ours(each.endpoint, False, occasion, data, each.theirs.place)
    for posted, place in judgement.heard:
        data = plain(posted.said.body)
        yield _Ours(
            posted.event, True, occasion_of(recorded, None, None, data), data, place, len(posted.tries)
        )


def _grouped(found: Iterable[Differing]) -> list[list[Differing]]:
    groups: dict[str, list[Differing]] = {}
    for each in found:
        one = each.difference
        if one.kind is Kind.timing:
            continue
        theirs = None if one.kind in (Kind.missing, Kind.extra) else one.theirs
        ours = None if one.kind in (Kind.missing, Kind.extra) else one.ours
        groups.setdefault(
            repr((each.where, each.webhook, one.kind, one.path, ours, theirs, one.values)), []
        ).append(each)
    return list(groups.values())


def _occasions(group: Sequence[Differing], every: Sequence[_Ours]) -> list[JSON]:
    """On which occasions a difference is to be taught: on all if it never failed to show, else on its own.

    A status and a further key are taught on those alone on which they were seen: others may be refusals.
    """
    first = group[0]
    places = {each.place for each in group}
    there = [
        each
        for each in every
        if (each.where, each.webhook) == (first.where, first.webhook) and _touches(first.difference, each)
    ]
    without = {each.occasion for each in there if each.place not in places}
    if not without and first.difference.kind not in _AS_SEEN:
        return [{}]
    own = dict.fromkeys(each.occasion for each in group)
    return [_when(each) for each in own if each not in without]


def _when(occasion: Occasion) -> JSON:
    status = {} if occasion.status is None else {"status": occasion.status}
    return {**status, "says": occasion.says}


def _touches(difference: Difference, ours: _Ours) -> bool:
    """Tell whether teaching a difference would change this answer of ours."""
    if difference.kind is Kind.retry:
        return ours.tries > 1
    if difference.kind in (Kind.status, Kind.header, Kind.webhook):
        return True
    if difference.kind is Kind.extra:
        return any(isinstance(each, dict) for each in _at(ours.data, difference.path[:-1]))
    values = list(_at(ours.data, difference.path))
    if difference.kind in (Kind.word, Kind.code, Kind.text, Kind.value):
        return any(spell(each) == spell(difference.ours) for each in values)
    if difference.kind is Kind.order:
        return any(isinstance(each, list) and len(each) > 1 for each in values)
    return bool(values)


def _at(data: Any, path: KeyPath) -> Iterator[Any]:
    if not path:
        yield data
    elif path[0] == ROW and isinstance(data, list):
        for each in data:
            yield from _at(each, path[1:])
    elif isinstance(data, dict) and path[0] in data:
        yield from _at(data[path[0]], path[1:])


def _teach(rows: dict[tuple[str, bool, str], _Row], group: Sequence[Differing], when: JSON) -> None:
    first = group[0]
    row = rows.setdefault((first.where, first.webhook, json.dumps(when)), _Row())
    row.seen = list(dict.fromkeys([*row.seen, *(each.place for each in group)]))[:5]
    _lay(row.parts, first.difference)


def _lay(parts: JSON, one: Difference) -> None:
    """Lay one difference into the parts of a row."""
    where = dotted(one.path) if one.path else ""
    if one.values is not None:
        ours, theirs = one.values
        parts.setdefault("say", {}).setdefault(where, {})[spell(ours)] = theirs
    elif one.kind in _WHOLE:
        name, value = _WHOLE[one.kind]
        parts[name] = value(one)
    elif one.kind in _LISTS:
        parts.setdefault(_LISTS[one.kind], []).append(where)
    elif one.kind in _TABLES:
        parts.setdefault(_TABLES[one.kind], {})[where] = one.theirs
    elif one.kind is Kind.header:
        parts.setdefault("headers", {})[one.path[0].title()] = one.theirs
    else:
        parts.setdefault("say", {}).setdefault(where, {})[spell(one.ours)] = one.theirs


_WHOLE: Mapping[Kind, tuple[str, Callable[[Difference], Any]]] = {
    Kind.status: ("status", lambda one: one.theirs),
    Kind.retry: ("retries", lambda one: {"after": list(one.theirs[0]), "last": one.theirs[1]}),
    Kind.webhook: ("never", lambda one: True),
}
_LISTS = {Kind.missing: "remove", Kind.order: "reverse"}
_TABLES = {Kind.renamed: "rename", Kind.extra: "add", Kind.type: "type"}
"""Which part of a row says a difference: one value, a list of paths, something for each path."""


def _timings(judgement: Judgement) -> Iterator[JSON]:
    """How much longer, or shorter, calls and states last: the middle of what the faxes say."""
    told: dict[tuple[str, str], list[tuple[float, str]]] = {}
    for each in judgement.raw:
        if each.difference.kind is Kind.timing and _can_teach(judgement, each):
            calls = each.state is None
            whose = ("outcome", each.occasion.says or "") if calls else ("state", each.state or "")
            told.setdefault(whose, []).append((each.pace if calls else each.longer, each.place))
    for (name, word), found in told.items():
        usual, seen = middle([said for said, _ in found]), [place for _, place in found][:5]
        yield {name: word, "pace" if name == "outcome" else "longer": round(usual, 4), "seen": seen}
