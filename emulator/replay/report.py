"""What replays came to, for machines (JUnit XML) and for people (one HTML page)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby
from xml.etree.ElementTree import Element, SubElement, tostring

from emulator.client.ladder import ladders
from emulator.replay.play import Result

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(results: Sequence[Result]) -> str:
    """Write JUnit XML: a suite for each file, a case for each scenario; faxes stand in its output."""
    root = Element("testsuites", {"name": "localfax replay", **_counts(results)})
    for file, group in groupby(results, key=lambda result: result.file):
        cases = list(group)
        suite = SubElement(root, "testsuite", {"name": file, **_counts(cases)})
        for result in cases:
            _case(suite, result)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


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


PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
  :root {{ color-scheme: light dark; --good: #18794e; --bad: #b42318; }}
  body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 75rem; margin: 2rem auto; padding: 0 1rem; }}
  h1 {{ font-size: 1.5rem; }}
  details {{ border-left: .25rem solid var(--good); margin: .5rem 0; padding: .25rem 1rem; }}
  details.failed {{ border-color: var(--bad); }}
  summary {{ cursor: pointer; }}
  summary small {{ opacity: .7; }}
  pre {{ overflow-x: auto; font: .8125rem/1.5 ui-monospace, monospace; }}
  li {{ color: var(--bad); }}
</style>
<h1>{title}</h1>
<p>{summary}</p>
{body}
</html>
"""


def html(results: Sequence[Result]) -> str:
    """Write one page that needs nothing else, with the ladder of every fax; what failed is open."""
    failed = sum(not each.passed for each in results)
    summary = f"{len(results)} scenarios, {len(results) - failed} as expected, {failed} not."
    return PAGE.format(title="Localfax replay", summary=summary, body="\n".join(_sections(results)))


def _sections(results: Iterable[Result]) -> Iterable[str]:
    for file, group in groupby(results, key=lambda result: result.file):
        yield f"<h2>{escape(file)}</h2>"
        for result in group:
            problems = "".join(f"<li>{escape(each)}</li>" for each in result.problems)
            listed = f"<ul>{problems}</ul>" if problems else ""
            state = "" if result.passed else ' class="failed" open'
            word = "as expected" if result.passed else "not as expected"
            ladder = escape(ladders(result.faxes)) or "No fax was made."
            yield (
                f"<details{state}><summary>{escape(result.name)} <small>{escape(result.vendor)}, {word}"
                f"</small></summary><p>{escape(result.purpose)}</p>{listed}<pre>{ladder}</pre></details>"
            )
