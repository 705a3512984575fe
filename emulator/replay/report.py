"""What replays came to, for machines (JUnit XML) and for people (one HTML page)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from xml.etree.ElementTree import Element, SubElement, tostring

from emulator.replay.play import Result
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


STYLE = """
  :root { color-scheme: light dark; --good: #18794e; --bad: #b42318; }
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 75rem; margin: 2rem auto; padding: 0 1rem; }
  h1 { font-size: 1.5rem; }
  details { border-left: .25rem solid var(--good); margin: .5rem 0; padding: .25rem 1rem; }
  details.failed { border-color: var(--bad); }
  summary { cursor: pointer; }
  summary small { opacity: .7; }
  pre { overflow-x: auto; font: .8125rem/1.5 ui-monospace, monospace; }
  li { color: var(--bad); }
"""
"""How pages look that need nothing else."""

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Localfax replay</title>
<style>{{ style|safe }}</style>
<h1>Localfax replay</h1>
<p>{{ results|length }} scenarios, {{ results|length - failed }} as expected, {{ failed }} not.</p>
{%- for file, group in files %}
<h2>{{ file }}</h2>
{%- for each in group %}
<details{% if not each.passed %} class="failed" open{% endif %}><summary>{{ each.name }}
<small>{{ each.vendor }}, {{ "" if each.passed else "not " }}as expected</small></summary>
<p>{{ each.purpose }}</p>
{%- if each.problems %}
<ul>{% for problem in each.problems %}<li>{{ problem }}</li>{% endfor %}</ul>
{%- endif %}
<pre>{{ ladders(each.faxes) or "No fax was made." }}</pre></details>
{%- endfor %}
{%- endfor %}
</html>
"""


def write_html(results: Sequence[Result]) -> str:
    """Write one page that needs nothing else, with the ladder of every fax; what failed is open."""
    from jinja2 import Environment

    page = Environment(autoescape=True, keep_trailing_newline=True).from_string(_PAGE)
    failed = sum(not each.passed for each in results)
    return page.render(results=results, failed=failed, files=_by_file(results), ladders=ladders, style=STYLE)
