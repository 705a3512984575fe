"""Explored tests: one test for each thing that can go wrong with a fax, smallest first."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from localfax.truth import Truth

if TYPE_CHECKING:
    from localfax.sandbox import Sandbox
    from localfax.server import Localfax

Looking = Callable[[], object]
"""Has the application ask for the status."""

VENDORS = ("openfax", "kazoo", "ifax", "mfax", "faxto")
PLACES = ("submit", "line", "webhook", "poll", "inbound", "order")
PROPERTY = "localfax"
"""Name of the test's property that tells what befell it, in reports of all kinds."""


@dataclass(frozen=True)
class Ordeal:
    """What befalls the faxes of one test: the vendor's rules, and what is done to them on their way."""

    vendor: str
    name: str
    text: str
    size: tuple[int, ...]
    rank: int
    rules: Sequence[Mapping[str, Any]]
    steps: Sequence[Mapping[str, Any]]

    @property
    def id(self) -> str:
        """How the test's parameter is called."""
        return f"{self.vendor}-{self.name}"

    @property
    def sender(self) -> str | None:
        """Who faxes us, where that is what goes wrong."""
        sender = self.steps[0].get("receive", {}).get("from")
        return None if sender is None else str(sender)

    @property
    def acts(self) -> Sequence[Mapping[str, Any]]:
        """What is done between the submit and the end."""
        return self.steps[1:-1]

    def play(self, sandbox: Sandbox, look: Callable[[], object]) -> None:
        """Do what is done while the faxes are on their way; `look` has the application ask for the status."""
        for act in self.acts:
            for word, given in act.items():
                _ACTS[word](sandbox, given, look)


class Tested:
    """What a test's application did with its faxes, and what befalls them where the test is explored."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.ordeal: Ordeal | None = None
        """What befalls the faxes of an explored test."""
        self._left: list[Ordeal] = []
        self._look: Looking = lambda: None

    def meet(self, ordeal: Ordeal) -> None:
        """Let this befall the faxes of the test (explored tests do so by themselves)."""
        self.ordeal, self._left = ordeal, [ordeal]
        self.sandbox.add_scenarios(ordeal.rules)

    def polls(self, look: Looking) -> None:
        """Say how your application asks for the status of its faxes: explored tests have it do so."""
        self._look = look

    def undergo(self) -> None:
        """Play what befalls the faxes on their way, once."""
        while self._left:
            self._left.pop().play(self.sandbox, self._look)

    @property
    def truth(self) -> Truth:
        """What the vendor did with the order of this test: its `state`, and the faxes that it made."""
        faxes, ordeal = self.sandbox.faxes(), self.ordeal
        return Truth.of(fax for fax in faxes if ordeal is None or fax.vendor == ordeal.vendor)


def list_ordeals(marker: Mapping[str, Any], environ: Mapping[str, str] = os.environ) -> list[Ordeal]:
    """List what a test is to go through, by the keywords of its marker, smallest first; raise ValueError."""
    where, vendors = marker.get("explore"), marker.get("vendor", VENDORS)
    if where is not True and where not in PLACES:
        raise ValueError(f"explore is True or one of {', '.join(PLACES)}, not {where!r}")
    pairs, has = str(bool(marker.get("pairs", True))).lower(), "auth" if marker.get("auth") else ""
    asked = {"pairs": pairs, "has": has}
    if where is not True:
        asked["where"] = where
    named = [vendors] if isinstance(vendors, str) else list(vendors)
    if strangers := sorted({*named} - {*VENDORS}):
        raise ValueError(f"no vendor {strangers[0]!r}; there are {', '.join(VENDORS)}")
    with _teller(environ) as tell:
        found = [each for vendor in named for each in _ordeals(vendor, tell({"vendor": vendor, **asked}))]
    kept = [each for each in found if where == "inbound" or not each.name.startswith("inbound:")]
    return sorted(kept, key=lambda each: (each.size, each.rank))


def _ordeals(vendor: str, rows: Iterable[Mapping[str, Any]]) -> Iterator[Ordeal]:
    for rank, row in enumerate(rows):
        yield Ordeal(vendor, row["name"], row["text"], tuple(row["size"]), rank, row["rules"], row["steps"])


@contextmanager
def _teller(environ: Mapping[str, str]) -> Iterator[Callable[[Mapping[str, str]], Any]]:
    """Who tells what can go wrong: the server's own table where it is installed, else a server."""
    if not environ.get("LOCALFAX_URL") and find_spec("emulator"):
        from emulator.scenarios.adverse import tell_adversities
        from emulator.vendors import the_vendor

        yield lambda asked: tell_adversities(the_vendor(asked["vendor"]), asked)
        return
    from localfax.local_server import find_server

    with ExitStack() as stack:
        server: Localfax = stack.enter_context(find_server(environ))
        yield lambda asked: server.connection.ask("GET", "/adversities", query=asked)["adversities"]


def _advance(sandbox: Sandbox, given: str, look: Looking) -> None:
    if given == "idle":
        sandbox.settle()
    else:
        sandbox.advance(given)


def _cancel(sandbox: Sandbox, given: int, look: Looking) -> None:
    for fax in sandbox.faxes():
        if fax.finished_at is None:
            sandbox.cancel(fax.id)


def _look(sandbox: Sandbox, given: int, look: Looking) -> None:
    for _ in range(given):
        look()


def _release(sandbox: Sandbox, given: int, look: Looking) -> None:
    held = sandbox.webhooks()[::-1]
    if given <= len(held):
        sandbox.redeliver(held[given - 1].id)


_ACTS: Mapping[str, Callable[[Any, Any, Looking], None]] = {
    "advance": _advance,
    "cancel": _cancel,
    "look": _look,
    "release": _release,
}


# reports
def tell_failures(reports: Iterable[Any]) -> list[str]:
    """Say of each explored test that failed what the smallest is, and which others failed with it."""
    tests: dict[str, list[tuple[Any, str, str]]] = {}
    for report in reports:
        for name, told in getattr(report, "user_properties", ()):
            if name == PROPERTY:
                place = report.nodeid.partition("[")[0]
                tests.setdefault(place, []).append((told["order"], told["name"], told["text"]))
    return [line for place, failed in tests.items() for line in _tell(place, sorted(failed))]


def _tell(place: str, failed: Sequence[tuple[Any, str, str]]) -> list[str]:
    (_, name, text), *others = failed
    also = [f"  also failed: {', '.join(each[1] for each in others)}"] if others else []
    return [f"{place} does not bear {name}", f"  {text}", *also, f"  again: pytest '{place}[{name}]'"]


def order_of(report: Any) -> Any:
    """What failed reports are sorted by: those of explored tests by size, where they stand."""
    told = dict(getattr(report, "user_properties", ())).get(PROPERTY)
    return [report.nodeid.partition("[")[0], told["order"]] if told else None
