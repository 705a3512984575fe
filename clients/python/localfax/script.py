"""What shall become of a fax, said call by call: `when(to=…).busy().then.delivered(pages=2)`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypedDict, Union

from localfax.sandbox import Sandbox
from localfax.words import nearest

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack

Seconds = Union[float, str]
"""Seconds, or text like 90s, 5m."""


class Before(TypedDict, total=False):
    """What may be said of an end before any call: the vendor's own code."""

    code: str


class Unanswered(Before, total=False):
    """What may be said of a call that nobody answers; `after={"polls": 2}` waits for so many status reads."""

    ring: Seconds
    after: Mapping[str, int]
    pace: float


class Answered(Unanswered, total=False):
    """What may be said of a call that a fax machine answers."""

    setup: Seconds
    speed: int
    csid: str
    ecm: bool


class Sent(Answered, total=False):
    """What may be said of a call on which pages are sent; `pages` are those before its end."""

    pages: int
    per_page: Seconds


class Misanswered(TypedDict, total=False):
    """What a request may get in place of its answer."""

    refusal: str
    status: int
    code: str
    body: Any
    delay: Seconds
    retry_after: Seconds
    truncate: int
    malformed: bool


class Submit(Misanswered, total=False):
    """What the submit call itself may get."""

    drop: str
    accept: bool


class Poll(Misanswered, total=False):
    """What reads of the status may get: so many of them, or those after the end that lag behind."""

    drop: bool
    times: int
    behind: int


class Fault(TypedDict, total=False):
    """What may happen to the webhooks."""

    drop: bool
    duplicate: int
    delay: Seconds
    reorder: bool
    before_response: bool | list[str]
    status_order: list[str]
    wrong_auth: bool | str
    truncate: int
    at_once: bool
    hold: bool
    lose: int
    lose_answer: int
    drip: Seconds


class Script:
    """A scenario in the making; it holds from its first word on, each further word amends it."""

    def __init__(self, sandbox: Sandbox, name: str, match: dict[str, Any]) -> None:
        self._sandbox = sandbox
        self._scenario: dict[str, Any] = {"name": name, "match": match}

    def __repr__(self) -> str:
        return f"<scenario {vars(self).get('_scenario')}>"

    if not TYPE_CHECKING:  # a type checker knows the words there are

        def __getattr__(self, name):
            words = [word for word, each in vars(Script).items() if callable(each) and word[0] != "_"]
            words = [*words, "then"]
            raise AttributeError(f"{self!r} has no word {name!r}{nearest(name, words)}")

    @property
    def name(self) -> str:
        """What the faxes that it decides say of it."""
        return str(self._scenario["name"])

    @property
    def says_nothing(self) -> bool:
        """Whether it has no word beside what it matches."""
        return self._scenario.keys() == {"name", "match"}

    @property
    def then(self) -> Self:
        """Go on with the next call."""
        return self

    def delivered(self, **options: Unpack[Sent]) -> Self:
        """Let the next call succeed, with all pages or with so many."""
        return self.call("delivered", **options)

    def busy(self, **options: Unpack[Unanswered]) -> Self:
        """Let the next call find the line busy."""
        return self.call("busy", **options)

    def no_answer(self, **options: Unpack[Unanswered]) -> Self:
        """Let nobody answer the next call."""
        return self.call("no_answer", **options)

    def not_fax(self, **options: Unpack[Unanswered]) -> Self:
        """Let a person or a voice box answer the next call."""
        return self.call("not_fax", **options)

    def bad_number(self, **options: Unpack[Unanswered]) -> Self:
        """Let the number be in nobody's service."""
        return self.call("bad_number", **options)

    def circuits_busy(self, **options: Unpack[Unanswered]) -> Self:
        """Let the network have no circuit free."""
        return self.call("circuits_busy", **options)

    def hangup(self, **options: Unpack[Sent]) -> Self:
        """Let the receiver hang up, after so many pages."""
        return self.call("hangup", **options)

    def line_error(self, **options: Unpack[Sent]) -> Self:
        """Let the line break, after so many pages."""
        return self.call("line_error", **options)

    def stuck(self, **options: Unpack[Answered]) -> Self:
        """Let the next call never end."""
        return self.call("stuck", **options)

    def conversion_failed(self, **options: Unpack[Before]) -> Self:
        """Let the document not be converted."""
        return self.call("conversion_failed", **options)

    def no_credit(self, **options: Unpack[Before]) -> Self:
        """Let there be no credit for the fax."""
        return self.call("no_credit", **options)

    def fetch_failed(self, **options: Unpack[Before]) -> Self:
        """Let the document not be fetched."""
        return self.call("fetch_failed", **options)

    def call(self, outcome: str, **options: Any) -> Self:
        """Let the next call end so, the outcome given as a word."""
        return self._next({outcome: options} if options else outcome)

    def code(self, code: str) -> Self:
        """Let the next call end with a vendor's own code, whose outcome it then has."""
        return self._next({"code": code})

    def submit(self, **http: Unpack[Submit]) -> Self:
        """Let the submit call get this: status, refusal, body, delay, drop, retry_after, truncate, …"""
        return self._with(http=dict(http))

    def poll(self, **http: Unpack[Poll]) -> Self:
        """Let reads of the status get this: status, refusal, delay, drop, times, behind, …"""
        return self._with(poll=dict(http))

    def document(self, fault: str) -> Self:
        """Let the document of a received fax be `gone` when it is fetched, or `empty`."""
        return self._with(document=fault)

    def webhook(self, **fault: Unpack[Fault]) -> Self:
        """Let this happen to the webhooks: drop, duplicate, delay, reorder, hold, lose, wrong_auth, …"""
        return self._with(webhook=dict(fault))

    def times(self, count: int) -> Self:
        """Let it hold for so many faxes only."""
        return self._with(times=count)

    def chance(self, probability: float) -> Self:
        """Let it hold for some of the faxes, the same ones for the same seed."""
        return self._with(probability=probability)

    def _next(self, call: Any) -> Self:
        return self._with(attempts=[*self._scenario.get("attempts", ()), call])

    def _with(self, **parts: Any) -> Self:
        scenario = self._scenario | parts
        self._sandbox.add_scenarios(scenario)
        self._scenario = scenario
        return self
