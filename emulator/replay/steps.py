"""A scenario's steps, done one by one in a sandbox."""

from __future__ import annotations

import time
from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any
from urllib.parse import quote

from emulator.replay.names import Names, map_texts
from localfax import Fax, Sandbox
from localfax.asking import Ask
from localfax.submission import MARK_HEADER, OUR_NUMBER, THEIR_NUMBER, Document, Submitted

Step = Mapping[str, Any]
ScenarioRow = Mapping[str, Any]

_ALONE: tuple[Step, ...] = ({"send": {}}, {"advance": "idle"})
"""The steps of a scenario that has none."""
_MATCHING = ("name", "match", "times", "probability", "attempts", "http", "webhook", "poll", "document")
"""The parts of a scenario that decide a fax's life."""
_PAUSE = 0.05
"""Real seconds between two looks for a fax that somebody else is to send."""


class NotSent(Exception):
    """The application under test has sent no fax in time."""


@dataclass(frozen=True)
class Made:
    """What one send or receive came to: the HTTP status of the submit, or cut; the fax, if it made one."""

    submit: str
    fax: str | None


@dataclass
class Replay:
    """One scenario in one sandbox. With `wait` (real seconds) the application under test does the sends."""

    sandbox: Sandbox
    scenario: ScenarioRow
    vendor: str
    names: Names
    wait: float | None = None
    tell: Callable[[str], object] = lambda text: None
    """Is told what is waited for."""
    made: list[Made] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    """Requests that were not answered as they should have been."""
    requests: int = 0
    rules: int = 0
    began: str = ""
    """When it began, in the sandbox's time."""

    def play(self) -> None:
        """Do every step; raise Refusal, NotSent, or IndexError for a fax that was never made."""
        self.began = str(self.sandbox.clock()["now"])
        rule = _rule(self.scenario)
        # A rule beside the same one of a file would count its faxes twice.
        if set(rule) - {"name"} and rule not in map(_rule, self.sandbox.scenarios()["files"]):
            self.sandbox.add_scenarios(rule)
        for step in self.scenario.get("steps") or _ALONE:
            [(word, given)] = step.items()
            _STEPS[word](self, given)

    def send(self, given: Step) -> None:
        """Send a fax, or several, or wait for those of the application."""
        for _ in range(given.get("times", 1)):
            self.made.append(self._await() if self.wait is not None else self._sent(given))

    def _sent(self, given: Step) -> Made:
        vendor = given.get("vendor", self.vendor)
        to = given.get("to") or self._number("to", THEIR_NUMBER)
        if "scenario" in given:
            match = {"vendor": vendor, "direction": "outbound", "to": to}
            self._script({"name": f"step-{len(self.made) + 1}", **given["scenario"]}, match)
        if "max_attempts" in given:
            self.sandbox.settings(vendor, max_attempts=given["max_attempts"])
        sent = self.sandbox.send(
            vendor,
            to,
            document=_document(given),
            pages=given.get("pages", self._match("pages", 1)),
            sender=given.get("from"),
            max_attempts=given.get("max_attempts"),
            mark=self._mark(),
        )
        return Made(_status(sent), sent.fax)

    def receive(self, given: Step) -> None:
        """Let somebody fax us."""
        document = _document(given)
        for _ in range(given.get("times", 1)):
            fax = self.sandbox.receive(
                given.get("vendor", self.vendor),
                given.get("to") or self._number("to", OUR_NUMBER),
                given.get("from") or self._number("from", THEIR_NUMBER),
                pages=given.get("pages", self._match("pages", 1)) if document is None else None,
                document=None if document is None else document.content,
                csid=given.get("csid"),
                scenario=given.get("scenario"),
                force=True,  # a number that rang once rings again
            )
            self.made.append(Made("201", fax.id))

    def call(self, given: Step) -> None:
        """Make a request as it was made once, or wait for the faxes that it made."""
        scripts, mark = given.get("scenarios", ()), self._mark()
        match = {"vendor": given["vendor"], "direction": "outbound"}
        if self.wait is None:
            match[f"header.{MARK_HEADER}"] = mark
        for each in scripts:
            script = dict(each)
            self._script(script, match | ({"to": script.pop("to")} if "to" in script else {}))
        if self.wait is not None:
            self.made += [self._await() for each in scripts if "to" in each]
            return
        sent = self.sandbox.perform(given["vendor"], self._ask(given), mark)
        if (wanted := given.get("status")) is not None and sent.status != wanted:
            self.wrong.append(f"{given['method']} {given['path']} is answered {_status(sent)}, not {wanted}")
        self.made += [Made(_status(sent), fax) for fax in reversed(self._unknown())]

    def _ask(self, given: Step) -> Ask:
        show = self.names.show
        query = f"?{show(given['query'])}" if "query" in given else ""
        content = given["body"].encode() if "body" in given else b64decode(given.get("base64", ""))
        return Ask(
            given["method"],
            self.sandbox.base_url(given["vendor"]) + quote(show(given["path"])) + query,
            headers=map_texts(show, given.get("headers", {})),
            content=show(content.decode("latin-1")).encode("latin-1"),
        )

    def poll(self, given: Step) -> None:
        """Read a fax's status through the vendor's API."""
        fax = self._fax(given.get("fax", len(self.made)))
        for _ in range(given.get("times", 1)):
            self.sandbox.read_status(fax, self._mark())

    def advance(self, given: str) -> None:
        """Let time pass, or everything come to its end."""
        if given == "idle":
            self.sandbox.settle()
        else:
            self.sandbox.advance(given)

    def cancel(self, given: int) -> None:
        """Cancel a fax as the portal's user would."""
        self.sandbox.cancel(self._fax(given).id)

    def settings(self, given: Step) -> None:
        """Change what the vendor's portal would set."""
        self.sandbox.settings(given["vendor"], **map_texts(self.names.show, given["change"]))

    def redeliver(self, given: str) -> None:
        """Send a webhook once more."""
        self.sandbox.redeliver(given)

    def rule(self, given: Step) -> None:
        """Add a standing rule for the faxes that come from now on."""
        self.rules += 1
        self.sandbox.add_scenarios({"name": f"rule-{self.rules}", **given})

    def release(self, given: int) -> None:
        """Send a webhook that was held, the first that arose being 1."""
        ids = [each.id for each in reversed(self.sandbox.webhooks()) if each.data["created_at"] >= self.began]
        if given > len(ids):
            raise NotSent(f"there are {len(ids)} webhooks, not {given}")
        self.sandbox.redeliver(ids[given - 1])

    def look(self, given: int) -> None:
        """Read the status of the last fax so often, or wait until the application has."""
        if self.wait is None:
            self.poll({"times": given})
        elif not self._has_looked(given):
            raise NotSent(f"the application did not read the status within {self.wait:g} s")

    def _has_looked(self, times: int) -> bool:
        deadline, before = time.monotonic() + (self.wait or 0.0), self._looks()
        self.tell(f"{self.scenario['name']}: waits for the application to read the status")
        while self._looks() < before + times:
            if time.monotonic() >= deadline:
                return False
            time.sleep(_PAUSE)
        return True

    def _looks(self) -> int:
        """Count the requests that made no fax."""
        return len(self.sandbox.requests(vendor=self.vendor)) - len(self.sandbox.faxes(direction="outbound"))

    def _script(self, script: Step, match: Mapping[str, str]) -> None:
        self.sandbox.add_scenarios({**script, "match": match}, once=True)

    def _await(self) -> Made:
        deadline = time.monotonic() + (self.wait or 0.0)
        self.tell(f"{self.scenario['name']}: waits for a fax of the application, {self.wait:g} s at most")
        while not (fresh := self._unknown()):
            if time.monotonic() >= deadline:
                raise NotSent(f"the application sent no fax within {self.wait:g} s")
            time.sleep(_PAUSE)
        return Made("", fresh[-1])

    def _unknown(self) -> list[str]:
        """List the outbound faxes that no step has made yet, newest first."""
        known = {one.fax for one in self.made}
        found = (fax.id for fax in self.sandbox.faxes(direction="outbound"))
        return list(takewhile(lambda fax_id: fax_id not in known, found))

    def _fax(self, place: int) -> Fax:
        if not 1 <= place <= len(self.made) or (fax := self.made[place - 1].fax) is None:
            raise NotSent(f"step {place} made no fax")
        return self.sandbox.fax(fax)

    def _match(self, name: str, otherwise: Any) -> Any:
        return self.scenario.get("match", {}).get(name, otherwise)

    def _number(self, side: str, otherwise: str) -> str:
        number = str(self._match(side, otherwise))
        return otherwise if set(number) & set("*?[") else number

    def _mark(self) -> str:
        self.requests += 1
        return f"replay-{self.requests}"


def _document(given: Step) -> Document | None:
    if "document" not in given:
        return None
    return Document("fax.pdf", "application/pdf", b64decode(given["document"]))


def _rule(scenario: ScenarioRow) -> dict[str, Any]:
    return {name: scenario[name] for name in _MATCHING if name in scenario}


def _status(sent: Submitted) -> str:
    return "cut" if sent.status is None else str(sent.status)


_STEPS: Mapping[str, Callable[[Replay, Any], None]] = {
    "send": Replay.send,
    "receive": Replay.receive,
    "call": Replay.call,
    "poll": Replay.poll,
    "advance": Replay.advance,
    "cancel": Replay.cancel,
    "settings": Replay.settings,
    "redeliver": Replay.redeliver,
    "rule": Replay.rule,
    "release": Replay.release,
    "look": Replay.look,
}
