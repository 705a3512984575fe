"""What happened in one run: what the vendor did, what the application said; and the story as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from emulator.core.scripting.combinations import Combination
from emulator.explore.application import Ended
from emulator.scenarios.adverse import PREFIX
from localfax import Fax, Request, Webhook
from localfax.ladder import heading, rungs
from localfax.truth import Truth

_SHOWN = 120
"""Characters of an answer that are shown in a line."""
_LINES = 40
"""Lines of a fax that are shown."""


@dataclass
class Story:
    """One run of one combination; `said` is the application's last word, as it wrote it."""

    combination: Combination
    to: str
    order: str
    sent: list[Ended] = field(default_factory=list)
    faxes: list[Fax] = field(default_factory=list)
    webhooks: list[Webhook] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    looks: list[Ended] = field(default_factory=list)
    said: Ended | None = None
    counted: Ended | None = None
    effects: Ended | None = None
    restless: int = 0
    """Requests that still came when the application should have been at rest."""
    notes: list[str] = field(default_factory=list)

    @property
    def truth(self) -> Truth:
        return Truth.of(self.faxes)

    @property
    def makers(self) -> dict[int, str]:
        """By its id, each request that made a fax: the first that was about it."""
        first: dict[str, int] = {}
        for each in self.requests:
            if each.fax and each.fax in {fax.id for fax in self.faxes}:
                first.setdefault(each.fax, each.id)
        return {request: fax for fax, request in first.items()}

    @property
    def tries(self) -> list[Request]:
        """The requests that made a fax, or were not let."""
        makers = self.makers
        sends = {each.endpoint for each in self.requests if each.id in makers}
        return [
            each
            for each in self.requests
            if each.id in makers or (is_refused(each) and (not sends or each.endpoint in sends))
        ]

    @property
    def reads(self) -> list[Request]:
        """The requests that asked how a fax stands."""
        tries = {each.id for each in self.tries}
        return [each for each in self.requests if each.id not in tries and (each.fax or is_refused(each))]

    def tell(self) -> str:
        """Write it as text, in the order in which things were asked and answered."""
        lines = [f"order {self.order} to {self.to}: {self.combination.name} ({self.combination.text})"]
        lines += [f"  the application's send: {_ended(each)}" for each in self.sent]
        lines += [f"  vendor  {_request(each, self.makers)}" for each in self.requests]
        for fax in self.truth.faxes:
            lines += ["", heading(fax), *_few(rungs(fax)), *_few(self._answers(fax.id))]
        lines += ["", *(f"  asked to look: {_ended(each)}" for each in self.looks), *self.notes]
        for name in ("said", "counted", "effects"):
            if (ended := getattr(self, name)) is not None:
                lines.append(f"  {_ASKED[name]}: {_ended(ended)}")
        return "\n".join([*lines, f"  the truth: {self.truth}"])

    def _answers(self, fax: str) -> list[str]:
        posts = [(each, post) for each in self.webhooks if each.fax == fax for post in each.attempts]
        lines = [
            f"      to {each.event}{f' [{each.fault}]' if each.fault else ''} the application answers "
            f"{post.status or post.error} {_short(post.body)}".rstrip()
            for each, post in posts
        ]
        alike = [(line, len(list(same))) for line, same in groupby(lines)]
        return [line if times == 1 else f"{line} ({times} times)" for line, times in alike]


_ASKED = {"said": "the application's word", "counted": "faxes that it counts", "effects": "effects"}


def is_refused(request: Request) -> bool:
    """Tell whether an adversity had a request refused."""
    return not request.fax and str(request.data["matched"]["scenario"] or "").startswith(PREFIX)


def _few(lines: Sequence[str]) -> list[str]:
    """Leave out the middle of what is long, as of a webhook that is tried for days."""
    if len(lines) <= _LINES:
        return list(lines)
    half = _LINES // 2
    return [*lines[:half], f"  … {len(lines) - 2 * half} more …", *lines[-half:]]


def _request(request: Request, makers: Mapping[int, str]) -> str:
    fault = request.data["matched"]["fault"]
    befell = f"  [{', '.join(f'{name}: {value}' for name, value in fault.items())}]" if fault else ""
    made = f"  made {makers[request.id]}" if request.id in makers else ""
    return f"{request.method} {request.path} -> {request.status}{made}{befell}"


def _ended(ended: Ended) -> str:
    how = "had to be ended" if ended.code is None else f"exit {ended.code}"
    return f"{how}, {_short(ended.text)}" if ended.text else how


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 3]}..."
