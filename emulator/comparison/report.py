"""A comparison for people (text, one HTML page) and for machines (JSON, JUnit XML)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from emulator.comparison.findings import Finding
from emulator.comparison.fitting import Fitted
from emulator.comparison.judgement import Judgement
from emulator.comparison.playback import Retold
from emulator.comparison.reading import plain
from emulator.comparison.teaching import untaught
from emulator.reports import Exchange, Grid, ReportPart, Section, write_page
from emulator.reports.texts import message

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MOST_SHOWN = 3
"""Exchanges that a section of the page shows."""


@dataclass(frozen=True)
class Compared:
    """What one vendor's recording came to, and which switches explain it best."""

    judgement: Judgement
    fitted: Fitted | None

    @property
    def vendor(self) -> str:
        return self.judgement.recording.vendor

    @property
    def differs(self) -> bool:
        return bool(self.judgement.findings)

    def groups(self) -> Iterator[tuple[str, list[Finding]]]:
        """The findings by endpoint and event, those that break most first."""
        first: dict[str, list[Finding]] = {}
        for each in self.judgement.findings:
            first.setdefault(each.title, []).append(each)
        yield from first.items()


def write_text(found: Sequence[Compared]) -> str:
    """Write the report as text."""
    return "\n\n".join(map(_text, found)) + "\n"


def _text(each: Compared) -> str:
    judgement = each.judgement
    lines = [f"{each.vendor}: {_counted(each)}"]
    if judgement.recording.others:
        lines.append(f"  {judgement.recording.others} exchanges of the files are with no vendor.")
    for title, findings in each.groups():
        lines += ["", f"  {title}"]
        lines += [f"    {_line(finding)}" for finding in findings]
    if each.fitted is not None and (each.differs or each.fitted.switches):
        lines += ["", f"  Fits best: {each.fitted}."]
        lines += [f"  Set it: localfax serve {' '.join(each.fitted.lines)}"] if each.fitted.lines else []
    if left := untaught(judgement):
        lines += ["", f"  No overlay can teach {len(left)} of these."]
    return "\n".join(lines)


def _counted(each: Compared) -> str:
    judgement = each.judgement
    return f"{judgement.equal} of {judgement.exchanges} exchanges equal, {len(judgement.findings)} findings"


def _line(finding: Finding) -> str:
    times = f" ({len(finding.places)} times)" if len(finding.places) > 1 else ""
    return f"{finding.severity:<8} {finding}{times}. {finding.basis[0].upper()}{finding.basis[1:]}"


def describe(found: Sequence[Compared]) -> list[dict[str, Any]]:
    """Describe the report as plain data."""
    return [
        {
            "vendor": each.vendor,
            "files": list(each.judgement.recording.files),
            "day": each.judgement.recording.day,
            "digest": each.judgement.recording.digest,
            "exchanges": each.judgement.exchanges,
            "equal": each.judgement.equal,
            "others": each.judgement.recording.others,
            "findings": [finding.told for finding in each.judgement.findings],
            "fit": None if each.fitted is None else _fit(each.fitted),
        }
        for each in found
    ]


def _fit(fitted: Fitted) -> dict[str, Any]:
    named = {"name": fitted.name, "switches": dict(fitted.switches), "equal": fitted.equal}
    return {**named, "exchanges": fitted.exchanges, "tried": dict(fitted.tried), "lines": fitted.lines}


def write_junit(found: Sequence[Compared]) -> str:
    """Write JUnit XML: a suite for each vendor, a case for each of its endpoints and webhooks."""
    cases = [(each, list(_cases(each))) for each in found]
    root = Element(
        "testsuites", {"name": "localfax compare", **_counts([one for _, some in cases for one in some])}
    )
    for each, some in cases:
        suite = SubElement(root, "testsuite", {"name": each.vendor, **_counts(some)})
        for title, findings in some:
            case = SubElement(suite, "testcase", classname=each.vendor, name=title, time="0")
            if findings:
                failure = SubElement(case, "failure", message=_xml(str(findings[0])))
                failure.text = _xml("\n".join(map(_line, findings)))
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _cases(each: Compared) -> Iterator[tuple[str, list[Finding]]]:
    differing = dict(each.groups())
    asked = (answered.endpoint or answered.theirs.path for answered in each.judgement.played.answers)
    heard = (f"webhook {posted.event}" for posted, _ in each.judgement.heard)
    for title in dict.fromkeys([*asked, *heard, *differing]):
        yield title, differing.get(title, [])


def _counts(cases: Sequence[tuple[str, list[Finding]]]) -> dict[str, str]:
    failures = sum(bool(findings) for _, findings in cases)
    return {"tests": str(len(cases)), "failures": str(failures), "errors": "0", "time": "0"}


def _xml(text: str) -> str:
    return _NOT_XML.sub("?", text)


def write_html(found: Sequence[Compared]) -> str:
    """Write one page that needs nothing else: endpoint by endpoint what differs, with an exchange each."""
    facts = {each.vendor: _facts(each) for each in found}
    sections = [_section(each, title, findings) for each in found for title, findings in _cases(each)]
    said = "; ".join(f"{each.vendor}: {_counted(each)}" for each in found)
    return write_page("Localfax compare", facts, sections, f"{said}.")


def _facts(each: Compared) -> str:
    recording = each.judgement.recording
    of = f"{', '.join(recording.files)}, recorded on {recording.day}, digest {recording.digest}"
    if each.fitted is None:
        return of
    return f"{of}. Fits best: {each.fitted}. {' '.join(each.fitted.lines)}".strip()


def _section(each: Compared, title: str, findings: list[Finding]) -> Section:
    rows = [
        (one.severity, str(one), str(len(one.places)), f"{one.evidence}: {one.source}") for one in findings
    ]
    grid = Grid(("Severity", "What", "Times", "The emulator went by"), rows)
    places = {place for one in findings for place in one.places[:1]}
    shown = [_shown(one) for one in each.judgement.played.answers if one.theirs.place in places][:_MOST_SHOWN]
    parts: list[ReportPart] = [grid] if findings else []
    parts += [part for pair in shown for part in pair]
    word = f"{len(findings)} findings" if findings else "equal"
    return Section(title, not findings, each.vendor, parts, word)


def _shown(each: Retold) -> tuple[Exchange, ...]:
    theirs, asked = each.theirs, f"{each.theirs.method} {each.theirs.path}"
    wanted = message(asked, dict(theirs.asked.headers), _laid_out(plain(theirs.asked.body)))
    told = message(
        f"HTTP {theirs.status}", dict(theirs.answered.headers), _laid_out(plain(theirs.answered.body))
    )
    ours = message(f"HTTP {each.status}", dict(each.ours.headers), _laid_out(plain(each.ours.body)))
    return (
        Exchange(f"{theirs.place}: as recorded", wanted, told),
        Exchange(f"{theirs.place}: the emulator", wanted, ours),
    )


def _laid_out(data: Any) -> str:
    return "" if data is None else data if isinstance(data, str) else json.dumps(data, default=repr)
