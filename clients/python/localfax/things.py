"""What the control plane tells, as typed values; `data` keeps the JSON as it came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

JSON = dict[str, Any]
"""An object of JSON."""

UNFINISHED = ("failed", "waiting_redial", "credit_hold")
"""States that an outcome explains; in others it is that of an earlier call, or says nothing more."""


@dataclass(frozen=True)
class Entry:
    """One line of a timeline: `kind` is state, call or webhook, `what` the word, `detail` the rest."""

    at: str
    kind: str
    what: str
    fax: str | None
    detail: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def __str__(self) -> str:
        return f"{self.at} {self.fax or '-'} {self.kind} {self.what}"


@dataclass(frozen=True)
class Attempt:
    """One call of a fax; `ring` and `duration` (connected) in seconds, `speed` in bits a second.

    `vendor_state` is the vendor's word for the fax after the call; code and text are of its own result.
    """

    number: int
    outcome: str
    pages_sent: int
    speed: int | None
    ecm: bool | None
    csid: str | None
    duration: float
    started_at: str
    ring: float
    code: str | None
    vendor_state: str | None
    vendor_code: str | None
    vendor_text: str | None


@dataclass(frozen=True, repr=False)
class Fax:
    """A fax of either direction: the neutral view, and how its vendor speaks of it."""

    id: str
    vendor: str
    direction: str
    to: str
    sender: str
    state: str
    outcome: str | None
    pages: int
    pages_sent: int
    scenario: str | None
    script: Mapping[str, Any] | None
    """What decides the fax, as a scenario that can be queued again; None when none does."""
    attempts: tuple[Attempt, ...]
    created_at: str
    finished_at: str | None
    cost: float
    vendor_id: str
    vendor_state: str
    vendor_code: str | None
    vendor_text: str | None
    timeline: tuple[Entry, ...]
    data: JSON = field(compare=False)

    def __repr__(self) -> str:
        calls = f", {len(self.attempts)} calls" if len(self.attempts) > 1 else ""
        other = f"to {self.to}" if self.direction == "outbound" else f"from {self.sender}"
        how = f" ({self.outcome})" if self.state in UNFINISHED else ""
        pages = f"{self.pages_sent} of {self.pages} pages"
        return f"<{self.vendor} {self.id} {self.direction} {other}: {self.state}{how}, {pages}{calls}>"


@dataclass(frozen=True)
class Post:
    """One try of a webhook and what came back."""

    number: int
    at: str
    url: str | None
    status: int | None
    error: str | None
    headers: Mapping[str, str]
    body: str
    seconds: float


@dataclass(frozen=True, repr=False)
class Webhook:
    """A delivery with every try; `fields` is what the message says."""

    id: str
    vendor: str
    fax: str | None
    event: str
    state: str
    fault: str | None
    method: str
    url: str
    fields: Mapping[str, Any]
    attempts: tuple[Post, ...]
    data: JSON = field(compare=False)

    def __repr__(self) -> str:
        tries = ", ".join(str(post.status or post.error) for post in self.attempts) or "not sent"
        fault = f" [{self.fault}]" if self.fault else ""
        said = f"{self.event} of {self.fax} -> {self.url}: {self.state}{fault} ({tries})"
        return f"<{self.vendor} {self.id} {said}>"


@dataclass(frozen=True, repr=False)
class Request:
    """A request to a vendor's API as the journal keeps it, with what was nearly right when it was refused."""

    id: int
    at: str
    vendor: str
    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: Any
    endpoint: str | None
    fax: str | None
    status: int
    answer: str
    near_misses: tuple[str, ...]
    data: JSON = field(compare=False)

    def __repr__(self) -> str:
        query = f"?{self.query}" if self.query else ""
        near = f"; {'; '.join(self.near_misses)}" if self.near_misses else ""
        return f"<{self.vendor} {self.method} {self.path}{query} -> {self.status}{near}>"


def entry_of(data: JSON) -> Entry:
    """Read a line of a timeline."""
    detail = {name: value for name, value in data.items() if name not in ("at", "kind", "what", "fax")}
    return Entry(data["at"], data["kind"], data["what"], data["fax"], detail)


def attempt_of(data: JSON) -> Attempt:
    """Read a call of a fax."""
    own = data["vendor_view"] or {}
    told: JSON = {f"vendor_{name}": own.get(name) for name in ("state", "code", "text")}
    return Attempt(**_same_named(Attempt, data), **told)


def fax_of(data: JSON) -> Fax:
    """Read a fax."""
    told = {
        "sender": data["from"],
        "pages": data["pages"]["total"],
        "pages_sent": data["pages"]["sent"],
        "attempts": tuple(map(attempt_of, data["attempts"])),
        "timeline": tuple(map(entry_of, data["timeline"])),
        **{f"vendor_{name}": data["vendor_view"][name] for name in ("id", "state", "code", "text")},
    }
    return Fax(**_same_named(Fax, data) | told, data=data)


def post_of(data: JSON) -> Post:
    """Read one try of a delivery."""
    answer = data["response"] or {"headers": {}, "body": ""}
    return Post(**_same_named(Post, data), headers=answer["headers"], body=answer["body"])


def webhook_of(data: JSON) -> Webhook:
    """Read a delivery."""
    told = {"attempts": tuple(map(post_of, data["attempts"]))}
    return Webhook(**_same_named(Webhook, data) | _same_named(Webhook, data["request"]) | told, data=data)


def request_of(data: JSON) -> Request:
    """Read a request of the journal."""
    told = _same_named(Request, data["matched"]) | {"near_misses": tuple(data["near_misses"])}
    return Request(**_same_named(Request, data) | told, data=data)


def _same_named(kind: type[Any], data: JSON) -> JSON:
    return {each.name: data[each.name] for each in fields(kind) if each.name in data}
