"""What a run left at a server, as files: ladders, recordings, requests, and one HTML page with all of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from emulator.replay.recording import write_recording
from emulator.replay.report import STYLE
from localfax import Fax, Localfax, Request, Sandbox
from localfax.ladder import ladders

MOST_SANDBOXES = 100
"""Sandboxes that are told of: a test suite may leave one a test."""


@dataclass(frozen=True)
class LeftBehind:
    """One sandbox in which something happened."""

    id: str
    name: str
    faxes: Sequence[Fax]
    requests: Sequence[Request]
    recording: str

    @property
    def refused(self) -> list[Request]:
        return [each for each in self.requests if each.status >= 400 or each.endpoint is None]


def write_evidence(server: Localfax, folder: Path, title: str, most: int = MOST_SANDBOXES) -> None:
    """Write `ladders.txt`, `requests.json`, `SANDBOX.yaml` for each sandbox, and `index.html` into a folder.

    No more sandboxes than `most` are told of, and the page says so when there are. Raises OSError for the
    folder, Refusal or Unreachable for the server.
    """
    every = (_look(sandbox) for sandbox in server.sandboxes())
    found = list(islice((each for each in every if each.faxes or each.requests), most + 1))
    cut, found = len(found) > most, found[:most]
    folder.mkdir(parents=True, exist_ok=True)
    texts = {
        "ladders.txt": "\n\n".join(f"sandbox {each.id}\n\n{ladders(each.faxes)}" for each in found) + "\n",
        "requests.json": json.dumps(
            {each.id: [row.data for row in each.requests] for each in found}, indent=1
        ),
        "index.html": _page(title, found, cut),
        **{f"{each.id}.yaml": each.recording for each in found},
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")


def _look(sandbox: Sandbox) -> LeftBehind:
    faxes, requests = sandbox.faxes(), sandbox.requests()
    recording = write_recording(sandbox, sandbox.id) if faxes or requests else ""
    return LeftBehind(sandbox.id, str(sandbox.data["name"]), faxes, requests, recording)


_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Localfax: {{ title }}</title>
<style>{{ style|safe }}</style>
<h1>{{ title }}</h1>
{%- if cut %}
<p>Only {{ found|length }} of the sandboxes in which something happened are told of here.</p>
{%- endif %}
{%- for each in found %}
<h2>Sandbox {{ each.id }}{% if each.name != each.id %}, {{ each.name }}{% endif %}</h2>
<pre>{{ ladders(each.faxes) or "No fax was made." }}</pre>
{%- if each.refused %}
<p>Requests that were refused:</p>
<ul>{% for request in each.refused %}<li>{{ request }}</li>{% endfor %}</ul>
{%- endif %}
<details><summary>{{ each.requests|length }} requests, the newest first</summary>
<pre>{% for request in each.requests %}{{ request.at }}  {{ request }}
{% endfor %}</pre></details>
<details><summary>Recording: <code>localfax replay {{ each.id }}.yaml</code></summary>
<pre>{{ each.recording }}</pre></details>
{%- else %}
<p>No fax was made, and no vendor was called.</p>
{%- endfor %}
</html>
"""


def _page(title: str, found: Sequence[LeftBehind], cut: bool) -> str:
    from jinja2 import Environment

    page = Environment(autoescape=True, keep_trailing_newline=True).from_string(_PAGE)
    return page.render(title=title, found=found, cut=cut, style=STYLE, ladders=ladders)
