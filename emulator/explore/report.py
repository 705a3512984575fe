"""What an exploration came to: a table and findings for people, JSON and JUnit XML for programs, a page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from emulator.explore.exploration import Tried, Verdict
from emulator.explore.story import Story
from emulator.reports import Grid, Pre, Section, write_page

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
COLUMNS = ("adversity", "alone", "together", "what did not hold")


def table(results: Sequence[Tried]) -> list[tuple[str, str, str, str]]:
    """Make a row for each single adversity: what it came to alone, how its pairs did, what did not hold."""
    rows = []
    for each in results:
        if len(each.combination.parts) != 1:
            continue
        [part] = each.combination.parts
        pairs = [one for one in results if len(one.combination.parts) > 1 and part in one.combination.parts]
        rows.append((each.combination.name, each.verdict.value, _together(pairs), _first(each, pairs)))
    return rows


def _together(pairs: Iterable[Tried]) -> str:
    counts = Counter(each.verdict for each in pairs)
    return ", ".join(f"{counts[verdict]} {verdict}" for verdict in Verdict if counts[verdict])


def _first(own: Tried, pairs: Sequence[Tried]) -> str:
    found = next((each for each in (own, *pairs) if each.problems), None)
    if found is None:
        return ""
    where = "" if found is own else f"{found.combination.name}: "
    return where + found.problems[0].text


def findings(results: Iterable[Tried]) -> list[Tried]:
    """List what did not hold, the smallest first; of what one implies nothing is told."""
    return sorted((each for each in results if each.verdict is Verdict.broke), key=_size)


def _size(result: Tried) -> tuple[int, int]:
    return result.combination.size


def sum_up(results: Sequence[Tried]) -> str:
    """Say in a sentence what became of them."""
    counts = Counter(each.verdict for each in results)
    told = [f"{counts[verdict]} {verdict}" for verdict in Verdict if counts[verdict]]
    return f"{len(results)} combination{'' if len(results) == 1 else 's'}: {', '.join(told)}."


def as_data(results: Sequence[Tried], files: Mapping[str, str]) -> dict[str, Any]:
    """Write them as plain data; `files` are the scenario files by combination."""
    return {
        "held": not findings(results),
        "combinations": [
            {
                "name": each.combination.name,
                "text": each.combination.text,
                "verdict": each.verdict.value,
                "problems": [{"kind": one.kind, "text": one.text} for one in each.problems],
                "implied_by": each.smaller and each.smaller.name,
                "truth": each.story and str(each.story.truth),
                "story": each.story.tell() if each.story and each.problems else None,
                "scenario": files.get(each.combination.name),
            }
            for each in results
        ],
    }


def write_junit(results: Sequence[Tried], vendor: str) -> str:
    """Write JUnit XML: a case for each combination; what is implied or not met counts as skipped."""
    broke = sum(each.verdict is Verdict.broke for each in results)
    skipped = sum(each.verdict not in (Verdict.broke, Verdict.held) for each in results)
    seconds = f"{sum(each.seconds for each in results):.3f}"
    counts = {"tests": str(len(results)), "failures": str(broke), "errors": "0", "time": seconds}
    root = Element("testsuites", {"name": "localfax explore", **counts})
    suite = SubElement(root, "testsuite", {"name": vendor, **counts, "skipped": str(skipped)})
    for each in results:
        _case(suite, each, vendor)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _case(suite: Element, each: Tried, vendor: str) -> None:
    case = SubElement(
        suite, "testcase", classname=vendor, name=each.combination.name, time=f"{each.seconds:.3f}"
    )
    if each.problems:
        failure = SubElement(case, "failure", message=_xml(each.problems[0].text))
        failure.text = _xml("\n".join(one.text for one in each.problems))
    elif each.verdict is not Verdict.held:
        SubElement(case, "skipped", message=_why(each))
    if each.story is not None and each.problems:
        SubElement(case, "system-out").text = _xml(each.story.tell())


def _why(each: Tried) -> str:
    return f"{each.verdict} by {each.smaller.name}" if each.smaller else each.verdict.value


def _xml(text: str) -> str:
    return _NOT_XML.sub("?", text)


def write_html(results: Sequence[Tried], facts: Mapping[str, str], files: Mapping[str, str]) -> str:
    """Write one page: the table, and each finding with its story and the file that plays it again."""
    sections = [_section(each, each.story, files) for each in findings(results) if each.story]
    whole = Section("All adversities", None, parts=[Grid(COLUMNS, table(results))])
    return write_page("Localfax explore", facts, [*sections, whole], sum_up(results))


def _section(each: Tried, story: Story, files: Mapping[str, str]) -> Section:
    parts = [
        Pre("\n".join(one.text for one in each.problems), "What did not hold"),
        Pre(story.tell(), "What happened"),
        Pre(files.get(each.combination.name, ""), "Play it again: localfax replay --wait"),
    ]
    return Section(
        each.combination.name, False, parts=parts, word="did not hold", about=each.combination.text
    )
