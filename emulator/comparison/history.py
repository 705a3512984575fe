"""What a recording tells: which keys are the account's own, and how each fax's life went."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from emulator.comparison.reading import plain
from emulator.core.dialect.recorded import Recorded, Sense
from emulator.core.dialect.vendor import Vendor
from emulator.core.faxes.outcomes import Outcome
from emulator.core.paths import leaves, named, objects
from emulator.overlays.overlay import AnswerRow, Overlay, WebhookRow
from emulator.traffic.endpoints import find_endpoint
from emulator.traffic.exchange import Exchange
from emulator.traffic.files import Recording
from emulator.traffic.look import NO_RECORD, side_of


@dataclass(frozen=True)
class Seen:
    """What one exchange said of a fax; `webhook` says that the vendor told of its own accord."""

    at: float
    state: str | None
    code: str | None
    sent: int | None
    to: str | None
    webhook: bool = False


@dataclass
class Life:
    """A fax of the recording: when it was first seen, by which exchange, and all that was said of it."""

    id: str
    born: int
    at: float
    seen: list[Seen] = field(default_factory=list)

    @property
    def last(self) -> Seen | None:
        """What was said last, with a state if any has one."""
        return next((each for each in reversed(self.seen) if each.state is not None), None)

    @property
    def codes(self) -> list[str]:
        """The codes that were said, in their order."""
        return [each.code for each in self.seen if each.code is not None]


@dataclass(frozen=True)
class Ending:
    """How a fax ended: the outcome, the vendor's code, pages sent; between which instants that was."""

    outcome: Outcome
    code: str | None
    sent: int | None
    after: float
    before: float
    exact: bool
    """Whether a webhook told the instant."""


class Chronicle:
    """The recording as a whole, read once."""

    def __init__(self, recording: Recording, vendor: Vendor, overlay: Overlay | None = None) -> None:
        self.recording, self.vendor = recording, vendor
        self.recorded: Recorded = _with_new_names(vendor.recorded or NO_RECORD, overlay)
        self.begun = recording.exchanges[0].at
        self.ended = recording.exchanges[-1].at
        self.lives: dict[str, Life] = {}
        self.keys = _Keys(self.recorded)
        for number, each in enumerate(recording.exchanges):
            self.keys.note(each, self._parameters(each))
            self._note(number, each)
        self._find_births()

    def _find_births(self) -> None:
        """Let a fax begin with the first answer that has its id, under whatever key."""
        first: dict[str, int] = {}
        for number, each in enumerate(self.recording.exchanges):
            for leaf in () if each.webhook else leaves(plain(each.answered.body)):
                first.setdefault(self.bare(leaf.value), number)
        for life in self.lives.values():
            if first.get(life.id, life.born) < life.born:
                life.born = first[life.id]
                life.at = self.recording.exchanges[life.born].at

    def _parameters(self, each: Exchange) -> dict[str, str]:
        return {} if each.webhook else dict(find_endpoint(self.vendor, each.method, each.path)[1])

    def endpoint_of(self, each: Exchange) -> str | None:
        """The endpoint that was asked; of a webhook the side of which it tells."""
        if each.webhook:
            return side_of(self.vendor, each.asked.body)
        return find_endpoint(self.vendor, each.method, each.path)[0]

    def bare(self, value: Any) -> str:
        """An id without what may stand before it."""
        text = str(value)
        return re.sub(self.recorded.before_id, "", text) if self.recorded.before_id else text

    def asked_for(self, each: Exchange) -> list[str]:
        """The ids that a request names."""
        told = [*leaves(dict(each.query)), *leaves(plain(each.asked.body)), *leaves(self._parameters(each))]
        return [self.bare(leaf.value) for leaf in told if self._names_fax(leaf.key, leaf.value)]

    def _names_fax(self, key: str, value: Any) -> bool:
        return key in self.recorded.faxes and value not in (None, "", 0)

    def _note(self, number: int, each: Exchange) -> None:
        endpoint = self.endpoint_of(each)
        data = plain(each.asked.body if each.webhook else each.answered.body)
        found = list(self._told(data, endpoint))
        if not found or all(not ids for ids, _ in found):
            wanted = [one for one in self.asked_for(each) if one in self.lives]
            found = [(wanted, values) for _, values in found]
        for ids, values in found:
            for one in ids:
                life = self.lives.setdefault(one, Life(one, number, each.at))
                if any(name in values for name in (Sense.state, Sense.code)):
                    life.seen.append(_seen(each, values))

    def _told(self, data: Any, endpoint: str | None) -> Iterator[tuple[list[str], dict[Sense, Any]]]:
        """Say of each object which ids stand in it, and what of a fax's state; nested ones count with it."""
        for path, each in objects(data):
            ids, values = [], dict[Sense, Any]()
            for leaf in leaves(each, path):
                own = len(leaf.path) == len(path) + 1
                key, above = named(leaf.path)
                sense = self.recorded.sense(endpoint, above, key)
                if own and self._names_fax(key, leaf.value):
                    ids.append(self.bare(leaf.value))
                elif sense in _TOLD and leaf.value is not None and (own or sense is not Sense.state):
                    values.setdefault(sense, leaf.value)
            yield ids, values

    def end_of(self, life: Life) -> Ending | None:
        """How a fax of the recording ended; None while it had not, or when nothing tells."""
        ends, before = self.recorded.ends, life.at
        for seen in life.seen:
            outcome = ends.get(str(seen.state)) if seen.state is not None else self._by_code(seen)
            if outcome is not None:
                code = next((each for each in reversed(life.codes) if each in self.vendor.codes), seen.code)
                row = self.vendor.codes.get(code or "")
                finer = (
                    row.outcome
                    if row is not None and row.outcome and not _agree(outcome, row.outcome)
                    else None
                )
                return Ending(finer or outcome, code, seen.sent, before, seen.at, seen.webhook)
            before = seen.at
        return None

    def _by_code(self, seen: Seen) -> Outcome | None:
        """A webhook that tells a code alone tells of an end."""
        row = self.vendor.codes.get(seen.code or "")
        return row.outcome if seen.webhook and row is not None else None


def _with_new_names(recorded: Recorded, overlay: Overlay | None) -> Recorded:
    """Let the keys that an overlay renames mean what they meant."""
    rows: list[AnswerRow | WebhookRow] = []
    if overlay is not None:
        rows += [row for group in overlay.answers.values() for row in group]
        rows += [row for group in overlay.webhooks.values() for row in group]
    answers, faxes = dict(recorded.answers), set(recorded.faxes)
    for row in rows:
        for path, name in row.edits.rename.items():
            key, above = named(path)
            endpoint = row.endpoint if isinstance(row, AnswerRow) else None
            if (sense := recorded.sense(endpoint, above, key)) is not None:
                answers.setdefault(name, sense)
            if key in recorded.faxes:
                faxes.add(name)
    return replace(recorded, answers=answers, faxes=frozenset(faxes))


_TOLD = frozenset({Sense.state, Sense.code, Sense.sent, Sense.to})


def _agree(state: Outcome, code: Outcome) -> bool:
    """Whether a code says no more than the state, or contradicts it."""
    return (
        (state is Outcome.delivered) != (code is Outcome.delivered)
        or state is Outcome.cancelled
        or state is code
    )


def _seen(each: Exchange, values: dict[Sense, Any]) -> Seen:
    def text(sense: Sense) -> str | None:
        return None if values.get(sense) is None else str(values[sense])

    sent = values.get(Sense.sent)
    pages = int(sent) if sent is not None and str(sent).isdigit() else None
    return Seen(each.at, text(Sense.state), text(Sense.code), pages, text(Sense.to), each.webhook)


class _Keys:
    """The credentials under each of their names, as often as they were shown."""

    def __init__(self, recorded: Recorded) -> None:
        self._names = {key.lower(): credential for key, credential in recorded.accounts.items()}
        self._shown: dict[str, Counter[str]] = {}

    def note(self, each: Exchange, parameters: dict[str, str]) -> None:
        if each.webhook:
            return
        for key, value in shown_keys(each, parameters):
            if (credential := self._names.get(key.lower())) and value:
                self._shown.setdefault(credential, Counter())[value] += 1

    @property
    def own(self) -> dict[str, str]:
        """The recorded value of each credential: the one that was shown most often."""
        return {counted.most_common(1)[0][0]: name for name, counted in self._shown.items()}


def shown_keys(each: Exchange, parameters: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Everything in a request that may be a credential, by name."""
    for name, value in each.asked.headers:
        yield name, value.partition(" ")[2] if name.lower() == "authorization" else value
    yield from each.query
    yield from parameters.items()
    for leaf in leaves(plain(each.asked.body)):
        yield leaf.key, str(leaf.value)


def group_tries(webhooks: Sequence[Exchange]) -> list[list[Exchange]]:
    """Group webhooks whose bodies are the same: one is tried again with the very words that it had."""
    groups: dict[str, list[Exchange]] = {}
    for each in webhooks:
        groups.setdefault(f"{each.path}?{each.query}{plain(each.asked.body)!r}", []).append(each)
    return list(groups.values())
