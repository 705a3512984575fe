"""A world for tests of the core: a vendor of our own making, time that stands, and a network."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from emulator.core.dialect.moment import Moment
from emulator.core.dialect.vendor import Vendor, View
from emulator.core.engine.courier import Played
from emulator.core.engine.engine import Engine, LivingWorld
from emulator.core.engine.player import Player, Target
from emulator.core.engine.sandboxes import Sandboxes
from emulator.core.faxes.fax import Fax, Submission
from emulator.core.faxes.machine import Event, State
from emulator.core.faxes.outcomes import Outcome
from emulator.core.faxes.plan import CallPlan, Plan
from emulator.core.message import Encoding, Fetch, Fetched, FetchFailed, Message, Reply, Trouble
from emulator.core.sandbox import Mode, Sandbox, Settings
from emulator.core.scripting.scenario import Candidate, Scenario
from emulator.core.storage.store import Store
from emulator.core.webhooks.delivery import Notice, RetryRule
from emulator.stores.memory import MemoryStore

START = 1_700_000_000.0
HOOK = "http://receiver.test/hook"
PAGE = 50_000
"""Micros for a page."""


THRICE = RetryRule(2, (60.0, 600.0))


def notices(moment: Moment) -> Sequence[Notice]:
    """Tell of every end; with the profile switch `all`, of every new state."""
    url = moment.settings.outbound.url
    if url is None or not (moment.ended or moment.settings.profile.get("all")):
        return ()
    same = moment.before is not None and moment.before.state is moment.fax.state
    fields = (("fax", moment.fax.id), ("state", moment.fax.state.value))
    message = Message(url, encoding=Encoding.json, fields=fields)
    return () if same else (Notice(moment.fax.state.value, message, THRICE),)


def charge(moment: Moment) -> int:
    """Ask the page rate for the pages of a delivered fax."""
    delivered = moment.ended and moment.fax.state is State.delivered
    return moment.settings.rates.page * moment.fax.pages_sent if delivered else 0


def estimate(moment: Moment) -> int:
    """Want the price of all pages."""
    return moment.settings.rates.page * moment.fax.pages


def acme(**changes: Any) -> Vendor:
    """Make a vendor with redials five minutes apart, a page price, and webhooks that are tried thrice."""
    own: dict[str, Any] = {
        "name": "acme",
        "title": "Acme Fax",
        "port": 1,
        "hosts": ("acme.test",),
        "credentials": {"key": "acme-key"},
        "mint": lambda ids: {"key": ids.hex("acme", 1)},
        "keys": lambda credentials: (credentials["key"],),
        "view": lambda moment: View(moment.fax.vendor_id, moment.fax.state.value),
        "settings": {"max_attempts": 3},
        "balance": 1_000_000,
        "redials": frozenset(
            {Outcome.busy, Outcome.no_answer, Outcome.fetch_failed, Outcome.conversion_failed}
        ),
        "redial_wait": 300.0,
        "on_no_credit": Event.unfunded,
        "notices": notices,
        "charge": charge,
        "estimate": estimate,
    }
    return Vendor(**{**own, **changes})


class RealTime:
    """Real seconds that pass only when a test says so."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> float:
        return self.at

    def pass_(self, seconds: float) -> None:
        self.at += seconds


class Network:
    """What is outside of the program: it keeps every webhook and answers as told, by default 200."""

    def __init__(self) -> None:
        self.posts: list[Message] = []
        self.fetches: list[str] = []
        self.statuses: list[int | Trouble] = []
        self.documents: dict[str, bytes] = {}
        self.when_called: Callable[[Message | Fetch], object] = lambda what: None

    def send(
        self, message: Message, load: Callable[[str], bytes], *, timeout: float, truncate: int | None = None
    ) -> Reply:
        self.posts.append(message)
        self.when_called(message)
        status = self.statuses.pop(0) if self.statuses else 200
        return Reply(None, error=status) if isinstance(status, Trouble) else Reply(status)

    def fetch(self, request: Fetch) -> Fetched:
        self.fetches.append(request.url)
        self.when_called(request)
        if request.url not in self.documents:
            raise FetchFailed(Trouble.bad_status, 404)
        return Fetched(200, "application/pdf", self.documents[request.url])

    def said(self) -> list[tuple[str, str]]:
        """Give fax and state of each webhook."""
        return [(dict(post.fields)["fax"], dict(post.fields)["state"]) for post in self.posts]


@dataclass(repr=False)
class World:
    """An engine with its player, one vendor and one sandbox, whose clock is manual."""

    vendor: Vendor = field(default_factory=acme)
    store: Store = field(default_factory=MemoryStore)
    script: Callable[[Candidate], Scenario | None] = lambda fax: None

    def __post_init__(self) -> None:
        self.real = RealTime()
        self.network = Network()
        source = lambda world, fax: self.script(fax)  # noqa: E731
        self.engine = Engine(
            self.store,
            {self.vendor.name: self.vendor},
            real=self.real,
            files=[source],
            fetch=self.network.fetch,
        )
        self.late: list[float] = []
        self.player = Player(self.engine, self.network, late=self.late.append)
        digits = itertools.count(1)
        self.sandboxes = Sandboxes(self.engine, lambda length: f"{next(digits):0{length}x}")
        self.sandbox = self.make()

    @property
    def own(self) -> LivingWorld:
        """The sandbox, as code sees it."""
        return self.engine.world(self.sandbox.id)

    def make(self, **options: Any) -> Sandbox:
        """Make a sandbox; without `mode` its clock is manual."""
        return self.sandboxes.create(**{"mode": Mode.manual, "seed": "world", **options})

    def send(self, to: str = "+12125550123", *, pages: int = 1, **more: Any) -> Fax:
        """Submit a fax."""
        return self.own.submit(Submission("acme", to, pages=pages, **more))

    def plan(self, *calls: Outcome | CallPlan, **more: Any) -> None:
        """Script every fax from now on: the outcome of each of its calls."""
        attempts = tuple(CallPlan(call) if isinstance(call, Outcome) else call for call in calls)
        scenario = Scenario("scripted", Plan(attempts=attempts or (CallPlan(),), **more))
        self.script = lambda fax: scenario

    def set(self, **settings: Any) -> Settings:
        """Change the vendor's settings."""
        return self.sandboxes.set_vendor(self.sandbox.id, "acme", **settings)

    def advance(self, **target: Any) -> list[Played]:
        """Advance the sandbox; without a target until idle."""
        return self.player.advance(self.sandbox.id, Target(**target))

    def fax(self, fax: Fax | str = "fax-1") -> Fax:
        return self.own.fax(fax if isinstance(fax, str) else fax.id)

    def cancel(self, fax: Fax) -> Fax:
        return self.own.cancel(fax.id)

    def now(self) -> float:
        """Give the seconds that the sandbox's clock is past the start."""
        return round(self.own.now - START, 3)

    def number(self, name: str) -> int:
        return self.own.store.number(name)

    def history(self, fax: Fax | str = "fax-1") -> list[tuple[float, str]]:
        """Give the fax's timeline as seconds from the start and words."""
        return [(round(entry.at - START, 3), entry.what) for entry in self.fax(fax).timeline]

    def attempts(self, fax: Fax | str = "fax-1") -> list[tuple[str, float, int]]:
        """Give outcome, seconds from the start, and pages sent of each call of the fax."""
        calls = self.fax(fax).attempts
        return [(call.outcome.value, call.started_at - START, call.pages_sent) for call in calls]

    def states(self, fax: Fax | str = "fax-1") -> list[str]:
        """Give the states that the fax has been in."""
        return [entry.what for entry in self.fax(fax).timeline if entry.kind == "state"]


def shown(played: list[Played]) -> list[tuple[float, str | None, str]]:
    """Give a timeline as seconds from the start, fax and word."""
    return [(round(each.entry.at - START, 3), each.fax, each.entry.what) for each in played]
