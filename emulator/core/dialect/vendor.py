"""What a vendor is to the engine: data and a few functions. No vendor's name is known here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from emulator.core.dialect.moment import Moment, Scene
from emulator.core.dialect.recorded import Recorded
from emulator.core.dialect.words import DOCUMENTED, Evidence, Word
from emulator.core.faxes.fax import Arrival, Fax
from emulator.core.faxes.machine import SECONDS, Event, State
from emulator.core.faxes.outcomes import Outcome
from emulator.core.faxes.plan import HttpFault
from emulator.core.message import Fetched
from emulator.core.sandbox import Clock, Ids
from emulator.core.webhooks.delivery import Delivery, Notice, RetryRule
from emulator.documents import Inspection

if TYPE_CHECKING:
    from localfax.asking import Client


Check = Callable[[], Any]
"""Answers a request that must not go on, else gives None."""


@dataclass(frozen=True)
class Voice:
    """Each makes an answer: `http_error` of what HTTP itself refuses (404, 405, 413, …), `refused` of a
    scenario's refusal of the request that sends a fax, `unavailable` when the store cannot answer, `errors`
    of the exceptions that the vendor's views and checks raise.
    """

    http_error: Callable[[Any], Any]
    refused: Callable[[HttpFault], Any]
    unavailable: Callable[[], Any]
    errors: Mapping[type[Exception], Callable[[Any], Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Endpoint:
    """What is served where, what it takes, and how well it is known.

    `schema` is the marshmallow schema that the view loads, `place` where its fields come from (json, form,
    query, body: either, any: either or query). `media` are further types of its body, `whole` the parameters
    of its path that are whole numbers, `serves` the types of a file or text that it answers well with, where
    that is no JSON. `open` says that it needs no credentials. `statuses` are the HTTP
    statuses that it may answer unscripted. `source` says where the evidence stands, in a few words. Its
    `summary` is what the view's docstring says first, unless given.
    """

    name: str
    methods: tuple[str, ...]
    path: str
    view: Callable[..., Any]
    schema: type[Any] | None = None
    place: str = "json"
    statuses: tuple[int, ...] = (200,)
    evidence: Evidence = DOCUMENTED
    source: str = ""
    summary: str = ""
    media: tuple[str, ...] = ()
    whole: frozenset[str] = frozenset()
    open: bool = False
    serves: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.summary:
            object.__setattr__(self, "summary", (self.view.__doc__ or "").partition("\n")[0])


@dataclass(frozen=True)
class View:
    """A fax in the vendor's own words: its id, the word of its state, its code and that code's text."""

    id: str
    state: str
    code: str | None = None
    text: str | None = None


ABSENT = "not found"
"""The state of a fax that the vendor's API does not show: it was deleted, or has not arrived."""


def no_notices(moment: Moment) -> Sequence[Notice]:
    """Send no webhook."""
    return ()


def no_charge(moment: Moment) -> int:
    """Charge nothing."""
    return 0


def no_limits(moment: Moment) -> Mapping[str, int]:
    """Bound calls by the account's lines alone."""
    lines = moment.settings.lines
    return {} if lines is None else {f"lines/{moment.vendor.name}": lines}


def wait_briefly(moment: Moment) -> float:
    """Wait for a line as long as every fax does."""
    return SECONDS[State.waiting_line]


def hold_for_ever(moment: Moment) -> float | None:
    """Hold a fax without credit until money comes."""
    return None


def begin_alike(clock: Clock) -> Mapping[str, Any]:
    """Begin with the vendor's settings alone, whatever the clock."""
    return {}


def portal_numbers(scene: Scene) -> Sequence[str] | None:
    """The numbers that the portal lists; None where it never listed one."""
    settings = scene.settings
    return settings.numbers if settings.numbers or settings.numberless else None


def absent_when_deleted(fax: Fax) -> View | None:
    """Show every fax but those that were deleted."""
    return View(fax.vendor_id, ABSENT) if fax.hidden else None


def open_answer(endpoint: str) -> None:
    """Leave open what an endpoint answers."""


def keep_first(moment: Moment, got: Sequence[Fetched]) -> Inspection:
    """Send the first fetched document as it is."""
    return moment.world.keep(got[0].content)


def keep_fax(moment: Moment) -> Fax:
    """Leave the fax as it is."""
    return moment.fax


def keep_arrival(scene: Scene, arrival: Arrival) -> Arrival:
    """Let an inbound call ring without ids of the vendor's own."""
    return arrival


@dataclass(frozen=True)
class Vendor:
    """One vendor's dialect as data.

    `keys` gives the credentials that find a sandbox; `mint` makes those of a new one. `redials` are the
    outcomes after which a fax is tried again, `redial_wait` seconds after the call's end, up to the fax's
    `max_attempts` calls; the last `retry_eligible` of these seconds are spent in the state of that name.
    `on_no_credit` is the event at the credit check (unfunded: hold, for the seconds that `hold` gives;
    refuse: fail). `waiting` gives the
    seconds that a fax waits before its first call even where a line is free; `beginning` gives what a new
    sandbox with that clock has of settings beside `settings`.
    `notices` gives the webhooks of a change, `charge` its price in micros (when `prepaid`, a submit that
    would take the balance below zero raises LimitReached), `estimate` the credit a fax must find, `limits`
    the counters that bound running calls. `old_rule` gives the retry rule that snapshots of format 1 name.
    `amend` may change a fax after each move (ids, folders);
    `assemble` makes of the documents that were fetched for a fax, each with its type and the name in its URL,
    the one that is sent, and keeps it; `arrive` gives a call that comes in its ids before it rings.
    `after_change` hears of each change of a fax once it
    is written, `after_delivery` of each try of a webhook. `endpoints` are its routes; `checks` run in their
    order before each, `voice` says what is refused, no body may have more than `body_limit` bytes.
    `numbers` are those on which the account is faxed, None when it never had any: it is faxed on every one.
    `codes` are the codes that a scenario may name. `tables` is the whole vocabulary by table (states, codes,
    errors, webhooks, …), from which the coverage follows; a profile may hold what its table `switches` names.
    `view` is what its API says of a fax at that moment, `absence` what it says of one that it does not show
    (ABSENT, with the code and text of its error where it has one), None for all others.
    `magic` says how the vendor answers a magic number that is not as for all.
    """

    name: str
    title: str
    port: int
    hosts: tuple[str, ...]
    credentials: Mapping[str, str]
    mint: Callable[[Ids], dict[str, str]]
    keys: Callable[[Mapping[str, str]], Sequence[str]]
    view: Callable[[Moment], View]
    absence: Callable[[Fax], View | None] = absent_when_deleted
    settings: Mapping[str, Any] = field(default_factory=dict)
    balance: int = 0
    redials: frozenset[Outcome] = frozenset()
    redial_wait: float = 0.0
    retry_eligible: float = 0.0
    on_no_credit: Event = Event.refuse
    hold: Callable[[Moment], float | None] = hold_for_ever
    waiting: Callable[[Moment], float] = wait_briefly
    beginning: Callable[[Clock], Mapping[str, Any]] = begin_alike
    notices: Callable[[Moment], Sequence[Notice]] = no_notices
    charge: Callable[[Moment], int] = no_charge
    prepaid: bool = False
    estimate: Callable[[Moment], int] = no_charge
    limits: Callable[[Moment], Mapping[str, int]] = no_limits
    amend: Callable[[Moment], Fax] = keep_fax
    assemble: Callable[[Moment, Sequence[Fetched]], Inspection] = keep_first
    old_rule: Callable[[str], RetryRule | None] = {"outbound": RetryRule()}.get
    after_change: Callable[[Moment], None] | None = None
    after_delivery: Callable[[Scene, Delivery], None] | None = None
    notions: frozenset[str] = frozenset()
    """What its webhooks have: `retries` after silence, several `stages` of one fax."""
    codes: Mapping[str, Word] = field(default_factory=dict)
    arrive: Callable[[Scene, Arrival], Arrival] = keep_arrival
    numbers: Callable[[Scene], Sequence[str] | None] = portal_numbers
    endpoints: Sequence[Endpoint] = ()
    checks: Sequence[Check] = ()
    voice: Voice | None = None
    body_limit: int = 128 * 2**20
    tables: Mapping[str, Sequence[Word]] = field(default_factory=dict)
    magic: Mapping[str, str] = field(default_factory=dict)
    browsers: bool = False
    """Whether its own server lets pages of any origin call it, as a preflight asks."""
    older_paths: Mapping[str, str] = field(default_factory=dict)
    """How paths may begin too, and what that stands for: `/v1/` for `/v2/`."""
    profiles: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Sets of switches that have a name; without any a vendor answers as its document says."""
    answers: Callable[[str], Mapping[str, Any] | None] = open_answer
    """What an endpoint answers well, by its name, as JSON Schema; None for what is no JSON or not known."""
    refusal: Mapping[str, Any] | None = None
    """What it answers otherwise, but with the statuses in `silent`, which have no body."""
    silent: frozenset[int] = frozenset()
    security: Sequence[Mapping[str, Mapping[str, str]]] = ()
    """How a client says who it is, as OpenAPI tells it: ways of which one suffices, each of named schemes."""
    sample: str = ""
    """One curl line that sends a fax; {base} and the credentials' names in braces are filled in."""
    client: Client | None = None
    """How the command line, the test tools and the replay send a fax and read its status."""
    recorded: Recorded | None = None
    """How traffic with the real vendor is read."""
    teach: Callable[[Any, str | None, str], Any] | None = None
    """Changes an answer of an endpoint as a sandbox's overlay says; that is JSON text."""
    taught: Vendor | None = None
    """The vendor as a sandbox that has an overlay sees it."""

    def told(self, moment: Moment) -> View:
        """Say what its API says of a fax, or that it shows none."""
        return self.absence(moment.fax) or self.view(moment)

    @property
    def waiting_redial(self) -> float:
        """The seconds between a call's end and the moment when the fax may be tried again."""
        return self.redial_wait - self.retry_eligible
