"""An overlay as values: for each endpoint or event what is answered otherwise, and on which occasion."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from emulator.core.dialect.recorded import Recorded, Sense
from emulator.core.paths import KeyPath, leaves
from emulator.core.sandbox import OVERLAY


@dataclass(frozen=True)
class Occasion:
    """When an answer is given: the HTTP status of ours, and the first word of a state or code in it."""

    status: int | None = None
    says: str | None = None

    def __str__(self) -> str:
        said = [f"HTTP {self.status}"] if self.status is not None else []
        return ", ".join([*said, *([self.says] if self.says else [])])


@dataclass(frozen=True)
class Occasions:
    """Which occasions are meant: all of a status, or those that say a word (None: that say none)."""

    status: int | None = None
    says: str | None = None
    any_word: bool = True

    def fits(self, occasion: Occasion) -> bool:
        """Tell whether an occasion is one of them."""
        return self.status in (None, occasion.status) and (self.any_word or self.says == occasion.says)


@dataclass(frozen=True)
class Edits:
    """What is changed in the data of an answer or a webhook; paths are those of ours."""

    rename: Mapping[KeyPath, str] = field(default_factory=dict)
    remove: tuple[KeyPath, ...] = ()
    add: Mapping[KeyPath, Any] = field(default_factory=dict)
    type: Mapping[KeyPath, str] = field(default_factory=dict)
    say: Mapping[KeyPath, Mapping[str, Any]] = field(default_factory=dict)
    reverse: tuple[KeyPath, ...] = ()

    @property
    def changes_data(self) -> bool:
        return any((self.rename, self.remove, self.add, self.type, self.say, self.reverse))


@dataclass(frozen=True)
class AnswerRow:
    """What one endpoint answers otherwise; a header that is None goes."""

    endpoint: str
    when: Occasions = Occasions()
    status: int | None = None
    headers: Mapping[str, str | None] = field(default_factory=dict)
    edits: Edits = Edits()


@dataclass(frozen=True)
class Tries:
    """When a webhook is tried again: the first waits in seconds; `last` says that none follow."""

    after: tuple[float, ...] = ()
    last: bool = False


@dataclass(frozen=True)
class WebhookRow:
    """How one event's webhook differs; one that is `never` is not posted."""

    event: str
    when: Occasions = Occasions()
    headers: Mapping[str, str | None] = field(default_factory=dict)
    edits: Edits = Edits()
    retries: Tries | None = None
    never: bool = False


@dataclass(frozen=True)
class Overlay:
    """What one vendor's account was seen to do otherwise.

    `pace` stretches the calls by their outcome; by `longer` seconds the states of a word last longer.

    `data` is what was written, `day` and `digest` those of the recording.
    """

    vendor: str
    data: Mapping[str, Any]
    day: str = ""
    digest: str = ""
    profile: Mapping[str, Any] = field(default_factory=dict)
    answers: Mapping[str, tuple[AnswerRow, ...]] = field(default_factory=dict)
    webhooks: Mapping[str, tuple[WebhookRow, ...]] = field(default_factory=dict)
    pace: Mapping[str, float] = field(default_factory=dict)
    longer: Mapping[str, float] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """All of it as JSON text, as a sandbox keeps it."""
        return json.dumps(self.data, separators=(",", ":"), sort_keys=True)

    @property
    def source(self) -> str:
        """The evidence of its rows."""
        return f"your recording of {self.day or 'an unknown day'}, digest {self.digest or 'unknown'}"

    @property
    def switches(self) -> dict[str, Any]:
        """What a sandbox's profile holds so that it answers like this account."""
        return {**self.profile, OVERLAY: self.text}


def occasion_of(recorded: Recorded | None, endpoint: str | None, status: int | None, data: Any) -> Occasion:
    """Say on which occasion an answer of ours was given."""
    known = recorded or Recorded("")
    for leaf in leaves(data):
        sense = known.sense(endpoint, leaf.above, leaf.key)
        if leaf.value is not None and sense in (Sense.state, Sense.code):
            return Occasion(status, str(leaf.value))
    return Occasion(status)


@lru_cache(maxsize=64)
def compiled(text: str) -> Overlay:
    """Read an overlay that a sandbox keeps; it was checked when it came."""
    from emulator.overlays.grammar import load_overlay

    return load_overlay(json.loads(text))
