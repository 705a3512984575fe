"""How a vendor's recorded traffic is to be read: what each key holds, and what its words say of a fax."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from emulator.core.faxes.outcomes import Outcome


class Sense(StrEnum):
    """What a key holds: how it is made unrecognisable when it is recorded, and how it is compared."""

    id = "id"
    """Made by the vendor: another one in each world, which stands for the same thing all along."""
    secret = "secret"
    """Lets somebody in."""
    to = "to"
    sender = "sender"
    number = "number"
    """Telephone numbers: the called one, the calling one, another."""
    instant = "instant"
    seconds = "seconds"
    money = "money"
    pages = "pages"
    sent = "sent"
    """Pages that there are, and that have been sent or received."""
    figure = "figure"
    """A number of things, or a figure of the call."""
    state = "state"
    code = "code"
    said = "said"
    """The vendor's words: of a fax's state, of a result or an error, and the sentence that goes with it."""
    word = "word"
    """One of a few words that tell nothing of anybody."""
    personal = "personal"
    """What people write: names, subjects, notes."""
    mail = "mail"
    url = "url"
    hook = "hook"
    """Where documents are fetched, or webhooks posted."""
    file = "file"
    """The name of a file."""
    document = "document"
    whatever = "whatever"
    """Different each time, and nothing follows from it: digests, names of nodes."""


Senses = Mapping[str, Sense]


def senses(**keys: str) -> dict[str, Sense]:
    """Make a table of senses: by sense the keys that hold it, with spaces between them."""
    return {key: Sense(sense) for sense, names in keys.items() for key in names.split()}


@dataclass(frozen=True)
class Recorded:
    """A vendor's traffic. `origin` is where the real one answers.

    `answers` gives the sense of the keys of answers and webhooks, `requests` of those of requests where they
    mean something else there. A key may be qualified by the one above it (`error.name`, `.status` at the top)
    or by the endpoint or event (`postback:To`). `accounts` gives the credential that stands under a key or
    header. `ends` is what final words of a state say of the fax, `refusals` which of our refusals a code is.
    `trials` are switches with the values that are tried to explain a recording. `inbound` are key and value
    by which a webhook tells of a fax that has come in. `headers` are those of answers and webhooks that
    matter. `before_id` is a pattern of what may stand before an id that is the same without it.
    """

    origin: str
    answers: Senses = field(default_factory=dict)
    requests: Senses = field(default_factory=dict)
    accounts: Mapping[str, str] = field(default_factory=dict)
    ends: Mapping[str, Outcome] = field(default_factory=dict)
    refusals: Mapping[str, str] = field(default_factory=dict)
    trials: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    inbound: tuple[str, str] = ("", "")
    headers: frozenset[str] = frozenset()
    faxes: frozenset[str] = frozenset()
    before_id: str = ""

    def sense(self, endpoint: str | None, above: str, key: str, *, asked: bool = False) -> Sense | None:
        """The sense of a key below another one; None where the vendor's tables do not know it."""
        names = (f"{endpoint}:{key}", f"{above}.{key}", key)
        tables = (self.requests, self.answers) if asked else (self.answers,)
        return next((table[name] for table in tables for name in names if name in table), None)
