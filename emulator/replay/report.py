"""What replays came to, for machines (JUnit XML) and for people (one HTML page)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import groupby
from xml.etree.ElementTree import Element, SubElement, tostring

from emulator.replay.play import Result
from emulator.reports import Beside, Pre, Section, write_page
from localfax.ladder import ladders

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_junit(results: Sequence[Result]) -> str:
    """Write JUnit XML: a suite for each file, a case for each scenario; faxes stand in its output."""
    root = Element("testsuites", {"name": "localfax replay", **_counts(results)})
    for file, cases in _by_file(results):
        suite = SubElement(root, "testsuite", {"name": file, **_counts(cases)})
        for result in cases:
            _case(suite, result)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _by_file(results: Sequence[Result]) -> list[tuple[str, list[Result]]]:
    return [(file, list(group)) for file, group in groupby(results, key=lambda result: result.file)]


def _counts(results: Sequence[Result]) -> dict[str, str]:
    failures = sum(not each.passed for each in results)
    seconds = sum(each.seconds for each in results)
    return {"tests": str(len(results)), "failures": str(failures), "errors": "0", "time": f"{seconds:.3f}"}


def _case(suite: Element, result: Result) -> None:
    name, seconds = f"{result.name} [{result.vendor}]", f"{result.seconds:.3f}"
    case = SubElement(suite, "testcase", classname=result.file, name=name, time=seconds)
    if result.problems:
        failure = SubElement(case, "failure", message=_xml(result.problems[0]))
        failure.text = _xml("\n".join(result.problems))
    SubElement(case, "system-out").text = _xml(ladders(result.faxes))


def _xml(text: str) -> str:
    return _NOT_XML.sub("?", text)


def write_html(results: Sequence[Result], facts: Mapping[str, str]) -> str:
    """Write one page that needs nothing else: each scenario with all that its sandbox held."""
    failed = sum(not each.passed for each in results)
    said = f"{len(results)} scenarios, {len(results) - failed} as expected, {failed} not."
    seeds = {"Seed": ", ".join(sorted({each.seed for each in results}))}
    return write_page("Localfax replay", {**facts, **seeds}, [*map(_section, results)], said)


def _section(result: Result) -> Section:
    told = {str(each) for each in result.compared}
    other = [each for each in result.problems if each not in told]
    wrong = [Pre("\n".join(other), "What did not hold")] if other else []
    compared = [Beside([each.row for each in result.compared], "Expected")] if result.compared else []
    note = f"{result.vendor}, {result.seconds:.2f} s, {result.file}"
    word = "as expected" if result.passed else "not as expected"
    parts = (*wrong, *compared, *(result.parts or [Pre(ladders(result.faxes))]))
    return Section(result.name, result.passed, note, parts, word, result.purpose)
