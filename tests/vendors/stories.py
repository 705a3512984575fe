"""Stories of fixtures: calls with their whole answers and what happens between them, played over HTTP.

A story has a `name` and `steps`; each step is a verb with what it needs:

- `call`: method and path; `query`, `form`, `json`, `headers`, `files` (names of sample documents) go along;
  `answers` is the whole body, `status` is 200 when not given. A body that is no JSON has a `media` type, and
  is the sample document that `holds` names, if one is named.
- `settings`, `receive`: what the control plane is told; `advance`: `idle`, or seconds.
- `serve`: the sample document that is to be had at `$hook`.
- `until`: a neutral state of the newest fax; `cancel`: that fax is cancelled.
- `shown`: that fax in the vendor's words, as the control plane tells it.
- `posted`: the whole form of the webhook that has come, `parts` of it as multipart.

`$name` in a text is a value; one that is not known yet is taken from the answer, and the same ever after.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import zip_longest
from string import Template
from typing import Any

import requests

from tests.conftest import Control, exchange
from tests.receiver import Receiver

SEED = "answers"
NOW = "2100-03-09T12:00:00Z"
"""Seed and present of every story's sandbox, so that ids and instants are the same in each run."""

CARRIERS = {"query": "params", "form": "data", "json": "json", "headers": "headers"}
"""What goes along with a call, by the name that requests has for it."""


def calls(stories: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Give every call of the stories."""
    return (step for story in stories for step in story["steps"] if "call" in step)


class World:
    """A sandbox in which a story is played; `known` holds the values of its names."""

    def __init__(
        self, control: Control, vendor: str, receiver: Receiver, document: Callable[[str], bytes]
    ) -> None:
        self.control = control
        self.vendor = vendor
        self.receiver = receiver
        self.document = document
        self.known: dict[str, Any] = {
            "base": control.base_url(vendor),
            "hook": receiver.url,
            **control.credentials(vendor),
        }

    def play(self, steps: list[dict[str, Any]]) -> None:
        for step in steps:
            verb = next(iter(step))
            getattr(self, f"_{verb}")(step)

    def ask(self, step: Mapping[str, Any]) -> requests.Response:
        """Make the call of a step."""
        method, path = self.told(step["call"]).split(" ", 1)
        options = {word: self.told(step[name]) for name, word in CARRIERS.items() if name in step}
        if "files" in step:
            files = {name: (file, self.document(file)) for name, file in step["files"].items()}
            options["files"] = files
        url = path if path.startswith("http") else self.known["base"] + path
        return exchange(method, url, **options)

    def _call(self, step: Mapping[str, Any]) -> None:
        answer = self.ask(step)
        assert answer.status_code == step.get("status", 200), answer.text
        if "media" in step:
            wanted = self.document(step["holds"]) if "holds" in step else answer.content
            assert (answer.headers["Content-Type"], answer.content) == (step["media"], wanted)
            assert wanted
            return
        self.same(answer.json(), step["answers"])

    def _settings(self, step: Mapping[str, Any]) -> None:
        self.control.vendor(self.vendor, **self.told(step["settings"]))

    def _receive(self, step: Mapping[str, Any]) -> None:
        self.control.receive(self.vendor, **self.told(step["receive"]))

    def _serve(self, step: Mapping[str, Any]) -> None:
        self.receiver.answer(200, self.document(step["serve"]))

    def _advance(self, step: Mapping[str, Any]) -> None:
        self.control.advance(**({"until": "idle"} if step["advance"] == "idle" else {"by": step["advance"]}))

    def _until(self, step: Mapping[str, Any]) -> None:
        self.control.advance(until={"fax": self.control.faxes()[0]["id"], "state": step["until"]})

    def _cancel(self, step: Mapping[str, Any]) -> None:
        path = f"/sandboxes/{self.control.id}/faxes/{self.control.faxes()[0]['id']}/cancel"
        self.control.call("POST", path, 200)

    def _shown(self, step: Mapping[str, Any]) -> None:
        self.same(self.control.faxes()[0]["vendor_view"], step["shown"])

    def _posted(self, step: Mapping[str, Any]) -> None:
        [posted] = self.receiver.requests
        assert posted.method == "POST"
        assert posted.header("Content-Type") == "application/x-www-form-urlencoded"
        self.same(posted.form(), [[name, value] for name, value in step["posted"].items()])

    def _parts(self, step: Mapping[str, Any]) -> None:
        [posted] = self.receiver.requests
        assert posted.method == "POST"
        parts = {part.name: part for part in posted.parts()}
        wanted = step["parts"]
        shown = {name: part.filename or part.content.decode() for name, part in parts.items()}
        self.same(shown, wanted)
        files = [(part.media_type, part.content) for part in parts.values() if part.filename]
        assert files == [("application/pdf", self.document(step["pdf"]))]

    def told(self, told: Any) -> Any:
        """Give what is told with its names filled in."""
        if isinstance(told, dict):
            return {name: self.told(value) for name, value in told.items()}
        if isinstance(told, list):
            return [self.told(value) for value in told]
        if not isinstance(told, str):
            return told
        return self.known[told[1:]] if told[1:] in self.known else Template(told).substitute(self.known)

    def same(self, found: Any, wanted: Any) -> None:
        """Compare wholly: keys in their order, and the types of numbers too."""
        filled = self._filled(wanted, found)
        assert json.dumps(found, indent=1) == json.dumps(filled, indent=1)

    def _filled(self, wanted: Any, found: Any) -> Any:
        if isinstance(wanted, dict):
            beside = found if isinstance(found, dict) else {}
            return {name: self._filled(value, beside.get(name)) for name, value in wanted.items()}
        if isinstance(wanted, list):
            beside = found[: len(wanted)] if isinstance(found, list) else []
            return [self._filled(value, other) for value, other in zip_longest(wanted, beside)]
        if isinstance(wanted, str) and "$" in wanted:
            self._learn(wanted, found)
            return self.told(wanted)
        return wanted

    def _learn(self, wanted: str, found: Any) -> None:
        names = re.findall(r"\$(\w+)", wanted)
        if wanted == f"${names[0]}":
            self.known.setdefault(names[0], found)
            return
        pieces = re.split(r"\$(\w+)", wanted)
        literal, unknown = pieces[::2], [name for name in names if name not in self.known]
        pattern = re.escape(literal[0])
        for name, after in zip(names, literal[1:], strict=True):
            value = f"(?P<{name}>[^/?&]+)" if name in unknown else re.escape(str(self.known[name]))
            pattern += value + re.escape(after)
        if matched := re.fullmatch(pattern, str(found)):
            self.known |= matched.groupdict()
