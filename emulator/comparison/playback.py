"""A recording played against a fresh sandbox: each request at its instant, webhooks answered as they were."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from emulator.comparison.difference import Differ
from emulator.comparison.echo import Echo, document_of
from emulator.comparison.history import Chronicle, group_tries
from emulator.comparison.mapping import Mapper
from emulator.comparison.posted import Posted, list_posted
from emulator.comparison.reading import plain
from emulator.comparison.scripts import Course, refusal_of, write_scripts
from emulator.comparison.stages import list_stages
from emulator.comparison.words import learn_words, list_states
from emulator.core.dialect.recorded import Sense
from emulator.core.instants import iso
from emulator.core.paths import leaves
from emulator.traffic.body import Payload, read_body, write_body
from emulator.traffic.endpoints import find_endpoint
from emulator.traffic.exchange import Exchange, Spoken
from localfax import Localfax, Sandbox
from localfax.submission import MARK_HEADER

_AUTH = "user:secret"
_STEP, _STEPS = 30.0, 60
"""Virtual seconds, and how often, that a fax is waited for which had ended in the recording."""
_MOST_MADE = 50
"""Faxes that one request may make."""
_RINGING = 90.0
"""Virtual seconds before its webhook at which a fax to us rings."""


@dataclass(frozen=True)
class Retold:
    """A recorded request, and what the emulator answered to it."""

    number: int
    theirs: Exchange
    endpoint: str | None
    status: int
    ours: Spoken


@dataclass
class Playthrough:
    """A recording as the emulator went through it; `courses` are of its faxes, by their recorded ids."""

    answers: list[Retold] = field(default_factory=list)
    posted: list[Posted] = field(default_factory=list)
    courses: dict[str, Course] = field(default_factory=dict)
    mapper: Mapper = field(init=False)


@dataclass(frozen=True)
class Setting:
    """In which world a recording is played: the vendor's profile, and what an overlay teaches."""

    profile: Any = None
    overlay: Any = None


PLAIN = Setting()
"""The vendor as its document says."""


class Playback:
    """Plays a recording once; `courses` are what its faxes took in an earlier run."""

    def __init__(
        self, server: Localfax, history: Chronicle, setting: Setting, courses: Mapping[str, Course]
    ) -> None:
        self.server, self.history, self.setting, self.earlier = server, history, setting, courses
        self.vendor = history.vendor.name
        self.played = Playthrough()

    def play(self) -> Playthrough:
        """Play all of it, then let everything come to its end."""
        with Echo(self.history) as echo:
            self.sandbox = self._make(echo)
            mapper = Mapper(self.history, self._credentials(), echo.url)
            self.mapper = self.played.mapper = echo.mapper = mapper
            self.now = self.history.begun
            webhooks = [each for each in self.history.recording.exchanges if each.webhook]
            first = {id(group[0]): group for group in group_tries(webhooks)}
            for number, each in enumerate(self.history.recording.exchanges):
                if each.webhook:
                    self._hear(number, each, id(each) in first)
                else:
                    with suppress(ValueError):  # what cannot be written as HTTP was never sent
                        self._ask(number, each)
            self._come_to_the_end()
            self.played.posted = list_posted(self.sandbox, self.vendor)
            self._measure(learn_words(self.sandbox, self.vendor) if self._goes_on() else {})
            self.sandbox.delete()
        return self.played

    def _make(self, echo: Echo) -> Sandbox:
        hook = {"url": f"{echo.url}/hook", "auth": _AUTH}
        settings: dict[str, Any] = {
            "name": "compare",
            "seed": "compare",
            "clock": {"mode": "manual", "now": iso(self.history.begun)},
            "webhooks": {self.vendor: {"outbound": hook, "inbound": hook}},
        }
        if self.setting.profile is not None:
            settings["profiles"] = {self.vendor: self.setting.profile}
        if self.setting.overlay is not None:
            settings["overlay"] = self.setting.overlay
        # Whose key nobody knows is answered as the default sandbox has it.
        self.server.sandbox().settings(self.vendor, profile={"overlay": self.setting.overlay})
        return self.server.create(**settings)

    def _credentials(self) -> dict[str, str]:
        from localfax.submission import client_of

        own = self.sandbox.credentials(self.vendor)
        return {**own, **client_of(self.vendor).derived(own)}

    def _advance(self, to: float) -> None:
        if to > self.now:
            self.sandbox.advance(to=iso(to))
            self.now = datetime.fromisoformat(self.sandbox.clock()["now"]).timestamp()

    # requests
    def _ask(self, number: int, each: Exchange) -> None:
        self._advance(each.at)
        endpoint, _ = find_endpoint(self.history.vendor, each.method, each.path)
        mark = f"compare-{number}"
        self._script(number, each, mark)
        status, ours = self._perform(each, mark)
        for _ in range(_STEPS):
            if not self._lags(each, ours, endpoint):
                break
            self._advance(self.now + _STEP)
            status, ours = self._perform(each, mark)
        self._pair(each, ours, endpoint)
        self.played.answers.append(Retold(number, each, endpoint, status, ours))

    def _script(self, number: int, each: Exchange, mark: str) -> None:
        match = {"vendor": self.vendor, "direction": "outbound", f"header.{MARK_HEADER}": mark}
        born = [life for life in self.history.lives.values() if life.born == number]
        if len(born) > _MOST_MADE:  # a list of older faxes makes none
            born = []
        for script in write_scripts(self.history, born, self.earlier, match):
            self.sandbox.add_scenarios(script, once=True)
        if not born and (refusal := refusal_of(self.history, self._said(each))) is not None:
            refused = {"name": "refused-as-recorded", "match": match, "http": {"refusal": refusal}}
            self.sandbox.add_scenarios(refused, once=True)

    def _said(self, each: Exchange) -> Iterator[str]:
        """The codes, and the sentences, of a recorded answer."""
        for leaf in leaves(plain(each.answered.body)):
            sense = self.history.recorded.sense(None, leaf.above, leaf.key)
            if sense in (Sense.code, Sense.said) and leaf.value is not None:
                yield str(leaf.value)

    def _perform(self, each: Exchange, mark: str) -> tuple[int, Spoken]:
        content, kind = write_body(self.mapper.body(each), document_of)
        query = urlencode(self.mapper.query(each))
        url = (
            self.sandbox.base_url(self.vendor)
            + quote(self.mapper.path(each))
            + (f"?{query}" if query else "")
        )
        headers = {**self.mapper.headers(each), MARK_HEADER: mark}
        if kind and content:
            headers["Content-Type"] = kind
        answer = self.sandbox.connection.session.request(
            each.method, url, headers=headers, data=content, allow_redirects=False, timeout=60
        )
        body = read_body(answer.content, answer.headers.get("Content-Type", ""))
        return answer.status_code, Spoken(tuple(answer.headers.items()), body)

    def _lags(self, each: Exchange, ours: Spoken, endpoint: str | None) -> bool:
        """Tell whether a fax has ended in the recorded answer and goes on in ours."""
        ends = self.history.recorded.ends
        theirs, mine = self._states(each.answered.body, endpoint), self._states(ours.body, endpoint)
        if not theirs or len(theirs) != len(mine):
            return False
        return all(state in ends for state in theirs) and any(state not in ends for state in mine)

    def _states(self, body: Payload, endpoint: str | None) -> list[str]:
        told = leaves(plain(body))
        recorded = self.history.recorded
        return [
            str(each.value)
            for each in told
            if recorded.sense(endpoint, each.above, each.key) is Sense.state and each.value is not None
        ]

    def _pair(self, each: Exchange, ours: Spoken, endpoint: str | None) -> None:
        """Learn which ids of ours stand for recorded ones, before the next request names one."""
        Differ(self.history, self.mapper, endpoint).compare(plain(each.answered.body), plain(ours.body))

    # webhooks
    def _hear(self, number: int, each: Exchange, first: bool) -> None:
        if first and self._is_inbound(each):
            self._receive(each)
        self._advance(each.at)

    def _is_inbound(self, each: Exchange) -> bool:
        known = any(self.history.lives[one].born != self._number(each) for one in self._ids(each))
        return self.history.endpoint_of(each) == "inbound" and not known

    def _ids(self, each: Exchange) -> list[str]:
        return [one for one in self.history.asked_for(each) if one in self.history.lives]

    def _number(self, each: Exchange) -> int:
        return next(place for place, one in enumerate(self.history.recording.exchanges) if one is each)

    def _receive(self, each: Exchange) -> None:
        told: dict[Sense, Any] = {}
        for leaf in leaves(plain(each.asked.body)):
            sense = self.history.recorded.sense("inbound", leaf.above, leaf.key)
            if sense is not None and leaf.value is not None:
                told.setdefault(sense, leaf.value)
        self._advance(each.at - _RINGING)
        pages = str(told.get(Sense.pages) or told.get(Sense.sent) or 1)
        fax = self.sandbox.receive(
            self.vendor,
            _number_of(told.get(Sense.to)) or "+12125550100",
            _number_of(told.get(Sense.sender)) or "+13105550123",
            pages=int(pages) if pages.isdigit() and 0 < int(pages) <= 200 else 1,
            force=True,
        )
        self.sandbox.advance(until={"fax": fax.id, "state": "arrived"})
        self.now = datetime.fromisoformat(self.sandbox.clock()["now"]).timestamp()
        for posted in list_posted(self.sandbox, self.vendor):
            if posted.fax == fax.id:
                differ = Differ(self.history, self.mapper, self.history.endpoint_of(each))
                differ.compare(plain(each.asked.body), plain(posted.said.body))

    # the end
    def _come_to_the_end(self) -> None:
        """Let everything happen that the recording had time for, then all that is left."""
        self._advance(self.history.ended)
        self.sandbox.settle()

    def _goes_on(self) -> bool:
        """Tell whether some fax was seen in several states before its end."""
        ends = self.history.recorded.ends
        lives = self.history.lives.values()
        return any(len({each.state for each in life.seen} - {None, *ends}) > 1 for life in lives)

    def _measure(self, words: Mapping[str, str]) -> None:
        """Measure how long each fax took, by the recorded id that stands for it."""
        known = {mine: theirs for theirs, mine in self.mapper.ids.items()}
        for fax in self.sandbox.faxes(direction="outbound"):
            theirs = known.get(self.history.bare(fax.data["vendor_view"]["id"]))
            if theirs is None or fax.data["finished_at"] is None:
                continue
            total = _instant(fax.data["finished_at"]) - _instant(fax.data["created_at"])
            calls = sum(
                float(call["ring"] or 0) + float(call["duration"] or 0) for call in fax.data["attempts"]
            )
            stages = list_stages(list_states(fax), words) if words else ()
            self.played.courses[theirs] = Course(round(total, 3), round(calls, 3), stages)


def _instant(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def _number_of(value: Any) -> str | None:
    text = "" if value is None else str(value)
    digits = "".join(filter(str.isdigit, text))
    if len(digits) < 7:
        return None
    return f"+{digits}" if len(digits) > 10 or text.startswith("+") else f"+1{digits}"
