"""Which of a vendor's profiles and switches explain a recording best."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from emulator.comparison.difference import Kind
from emulator.comparison.judgement import Judgement, judge
from emulator.comparison.playback import Setting
from emulator.core.dialect.vendor import Vendor
from emulator.traffic.files import Recording
from emulator.traffic.look import NO_RECORD
from emulator.vendors import all_vendors
from localfax import Localfax

DEFAULT = "default"


@dataclass(frozen=True)
class Fitted:
    """The switches that explain most, with their name; how many exchanges each set of them explains."""

    vendor: str
    switches: Mapping[str, Any]
    name: str
    equal: int
    exchanges: int
    tried: Mapping[str, int]

    @property
    def lines(self) -> list[str]:
        """What sets it on the command line; nothing for the default."""
        if self.name != DEFAULT and self.name in all_vendors()[self.vendor].profiles:
            return [f"--profile {self.vendor}={self.name}"]
        return [f"--profile {self.vendor}.{name}={_spelled(value)}" for name, value in self.switches.items()]

    def __str__(self) -> str:
        others = [f"{name} {count}" for name, count in self.tried.items() if name != self.name][:4]
        beside = f"; {', '.join(others)}" if others else ""
        return f"{self.name}: {self.equal} of {self.exchanges} exchanges equal{beside}"


def _spelled(value: Any) -> str:
    return {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def fit(server: Localfax, recording: Recording, plain: Judgement) -> tuple[Fitted, Judgement]:
    """Try the profiles that have names, then one switch after the other on the best; `plain` is without any.

    A switch is kept only when more exchanges are equal with it; or as many, and fewer have another status,
    or more ids of the account have a counterpart (what is refused has none), or fewer things differ.
    Gives the best and its judgement.
    """
    vendor = all_vendors()[recording.vendor]
    best, judgement, name = dict[str, Any](), plain, DEFAULT
    tried = {DEFAULT: plain.equal}

    def better(label: str, switches: Mapping[str, Any]) -> Judgement | None:
        found = judge(server, recording, Setting(switches), natural=plain.natural)
        tried[label] = found.equal
        return found if _rank(found) > _rank(judgement) else None

    if not plain.findings:
        return _fitted(plain, best, name, tried), plain
    for label, switches in vendor.profiles.items():
        if switches and (found := better(label, switches)) is not None:
            best, judgement, name = dict(switches), found, label
    for switch, value in _trials(vendor):
        if switch in best or not judgement.findings:
            continue
        label = f"{switch}={_spelled(value)}"
        if (found := better(label, {**best, switch: value})) is not None:
            best, judgement = {**best, switch: value}, found
            name = label if name == DEFAULT else f"{name}, {label}"
            tried[name] = found.equal
    return _fitted(judgement, best, name, tried), judgement


def _rank(judgement: Judgement) -> tuple[int, int, int, int]:
    statuses = sum(each.difference.kind is Kind.status for each in judgement.raw)
    return judgement.equal, -statuses, len(judgement.played.mapper.ids), -len(judgement.findings)


def _fitted(judgement: Judgement, switches: Mapping[str, Any], name: str, tried: Mapping[str, int]) -> Fitted:
    return Fitted(judgement.recording.vendor, switches, name, judgement.equal, judgement.exchanges, tried)


def _trials(vendor: Vendor) -> Iterator[tuple[str, Any]]:
    recorded = vendor.recorded or NO_RECORD
    for switch, values in recorded.trials.items():
        yield from ((switch, value) for value in values)
