"""A fax cloud for one test: five vendors, a clock that stands until it is advanced, and what happened."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from localfax.explored import Tested
from localfax.found import Found
from localfax.hints import list_unheard
from localfax.ladder import ladders
from localfax.receiver import Receiver
from localfax.sandbox import ReceiveOptions, Sandbox, SendOptions, to_snake_case
from localfax.script import Script
from localfax.server import Localfax
from localfax.submission import THEIR_NUMBER, Submitted
from localfax.things import Entry, Fax, Request, Webhook
from localfax.words import check_app, check_marker, check_match, check_words, missing

if TYPE_CHECKING:
    from typing_extensions import Unpack

REPORT_VARIABLE = "LOCALFAX_REPORT"
"""Set by `localfax exec --report`: sandboxes of failed tests stay, to be told of."""
_WAY = "faxcloud.{vendor}.webhooks_to(URL), or post into your application with faxcloud.deliver_to(app)"
ORDEAL = "faxcloud_ordeal"
"""The parameter of explored tests."""
FAILED: pytest.StashKey[bool] = pytest.StashKey()
"""Where a test keeps whether it failed."""


class VendorAccount:
    """A vendor's account: `base_url`, and each credential by its name in lower case (`access_token`)."""

    def __init__(self, sandbox: Sandbox, vendor: str) -> None:
        self._sandbox = sandbox
        self.vendor = vendor
        self.base_url = sandbox.base_url(vendor)
        self.credentials = sandbox.credentials(vendor)

    def __getattr__(self, name: str) -> str:
        own: dict[str, str] = self.__dict__.get("credentials", {})
        words = {to_snake_case(each): value for each, value in own.items()}
        if name in words:
            return words[name]
        raise missing(f"{self.vendor} has no credential", name, words, f"it has {', '.join(words)}")

    def __repr__(self) -> str:
        return f"<{self.vendor} at {self.base_url}>"

    @property
    def settings(self) -> dict[str, Any]:
        """What the vendor's portal would show."""
        return self._sandbox.settings(self.vendor)

    def set(self, **changes: Any) -> dict[str, Any]:
        """Change what the vendor's portal would set: balance, numbers, max_attempts, webhooks, profile, …"""
        return self._sandbox.settings(self.vendor, **changes)

    def webhooks_to(self, url: str | None, *, inbound: str | None = None, auth: str | None = None) -> None:
        """Let the vendor post to a URL; `inbound` is that of received faxes when it is another."""
        self.set(
            webhooks={
                "outbound": {"url": url, "auth": auth},
                "inbound": {"url": inbound or url, "auth": auth},
            }
        )


class FaxCloud(Tested):
    """A sandbox as a test uses it; `faxcloud.ifax` and so on are the vendors' accounts."""

    def __init__(self, server: Localfax, sandbox: Sandbox, stack: ExitStack) -> None:
        super().__init__(sandbox)
        self.server = server
        self._stack = stack
        self._accounts = {name: VendorAccount(sandbox, name) for name in sandbox.vendors}
        self.scripts: list[Script] = []
        self._receiver: Receiver | None = None

    def __getattr__(self, name: str) -> VendorAccount:
        accounts: dict[str, VendorAccount] = self.__dict__.get("_accounts", {})
        if name in accounts:
            return accounts[name]
        own = [each for each in dir(type(self)) if not each.startswith("_")]
        there = f"its vendors are {', '.join(accounts)}; else it has {', '.join(own)}"
        raise missing("a fax cloud has no", name, [*accounts, *own], there)

    def __repr__(self) -> str:
        return f"<fax cloud {self.sandbox.id} at {self.server.url}>"

    @property
    def url(self) -> str:
        return self.server.url

    @property
    def environ(self) -> dict[str, str]:
        """URLs and keys as environment variables, for an application in a process of its own."""
        return self.sandbox.environ

    # what shall happen
    def when(
        self,
        to: str | None = None,
        *,
        sender: str | None = None,
        vendor: str | None = None,
        direction: str | None = None,
        pages: int | None = None,
        nth: int | None = None,
        headers: Mapping[str, str] = {},
        **misspelt: NoReturn,
    ) -> Script:
        """Begin to say what becomes of faxes that match; `nth` is which of them, texts may hold * and ?."""
        __tracebackhide__ = True
        check_match(misspelt)
        check_words("faxes", {"vendor": vendor, "direction": direction}, self.sandbox.vendors)
        match = {
            "to": to,
            "from": sender,
            "vendor": vendor,
            "direction": direction,
            "pages": pages,
            "nth": nth,
        }
        match |= {f"header.{name}": value for name, value in headers.items()}
        wanted = {name: value for name, value in match.items() if value is not None}
        script = Script(self.sandbox, f"when-{len(self.scripts) + 1}", wanted)
        self.scripts.append(script)
        return script

    def scenario(self, name: str | Path) -> None:
        """Take a scenario file as standing rules, or one of the catalogue, by its name, for every fax."""
        path = Path(name)
        if path.is_file():
            self.sandbox.add_scenarios(path.read_text(encoding="utf-8"))
        else:
            self.sandbox.add_scenarios({"use": str(name)})

    def send(self, vendor: str, to: str, **options: Unpack[SendOptions]) -> Submitted:
        """Send a fax through the vendor's own API: a document, or one of so many pages."""
        return self.sandbox.send(vendor, to, **options)

    def receive(
        self,
        vendor: str,
        to: str | None = None,
        sender: str = THEIR_NUMBER,
        **options: Unpack[ReceiveOptions],
    ) -> Fax:
        """Let somebody fax us, at the account's first number if none is named.

        `scenario` is an outcome, a scenario's name, or one written out; `force` lets a number ring that the
        account does not have.
        """
        if self.ordeal is not None and sender == THEIR_NUMBER:
            sender = self.ordeal.sender or sender
        return self.sandbox.receive(vendor, to, sender, **options)

    def deliver_to(self, app: Any, path: str = "/", *, vendor: str | None = None) -> None:
        """Have all vendors, or one, post into a WSGI or ASGI application, at a path of it.

        Where the server runs in this process the application is called in it, without a port; for one that
        runs elsewhere it is served on a free port. Retries, and the test's clock, hold as for any receiver.
        """
        check_app(app)
        url = self._stack.enter_context(self.server.serve(app))
        for name in [vendor] if vendor else self.sandbox.vendors:
            getattr(self, name).webhooks_to(f"{url}/{path.lstrip('/')}")

    def intercept(self) -> None:
        """Have what this process asks of the vendors' real hosts answered here, to the end of the test."""
        from localfax.interception.process import intercepting

        self._stack.enter_context(intercepting(self.server))

    @property
    def webhook_receiver(self) -> Receiver:
        """A receiver that records and can misbehave; all vendors post to it once it was asked for.

        A vendor's posts come to /VENDOR/outbound and /VENDOR/inbound.
        """
        if self._receiver is None:
            self._receiver = self._stack.enter_context(Receiver(host=self.server.own_address))
            for vendor, account in self._accounts.items():
                place = f"{self._receiver.url}/{vendor}"
                account.webhooks_to(f"{place}/outbound", inbound=f"{place}/inbound")
        return self._receiver

    # time
    @property
    def now(self) -> str:
        """The sandbox's present instant, in ISO 8601."""
        return str(self.sandbox.clock()["now"])

    def advance(self, by: str | float) -> Found[Entry]:
        """Let so much time pass (`"5m"`) and return what happened, webhooks and their answers included."""
        return Found(self.sandbox.advance(by), "happenings", self.sandbox.vendors)

    def settle(self) -> Found[Entry]:
        """Play everything until nothing is left to happen, retries included; return what happened.

        In an explored test what befalls it is played on the way, once.
        """
        self.undergo()
        return Found(self.sandbox.settle(), "happenings", self.sandbox.vendors)

    # what has happened
    @property
    def faxes(self) -> Found[Fax]:
        """All faxes, oldest first."""
        return Found(reversed(self.sandbox.faxes()), "faxes", self.sandbox.vendors, self._list_unplayed)

    @property
    def webhooks(self) -> Found[Webhook]:
        """All deliveries, oldest first."""
        found = reversed(self.sandbox.webhooks())
        return Found(found, "webhooks", self.sandbox.vendors, self._list_unheard, self._list_ids)

    @property
    def requests(self) -> Found[Request]:
        """All requests to the vendors' APIs, oldest first."""
        found = reversed(self.sandbox.requests())
        return Found(found, "vendor calls", self.sandbox.vendors, faxes=self._list_ids)

    @property
    def timeline(self) -> str:
        """The ladder of every fax, as text."""
        return ladders(self.sandbox.faxes())

    # what must have happened
    def assert_fax(self, **expected: Any) -> Fax:
        """Return the only fax that is as expected; fail with the nearest miss."""
        __tracebackhide__ = True
        return self.faxes.only(**expected)

    def assert_no_fax(self, **expected: Any) -> None:
        """Fail when a fax is as described."""
        __tracebackhide__ = True
        self.faxes.none(**expected)

    def assert_webhook(self, **expected: Any) -> Webhook:
        """Return the only delivery that is as expected; `fields={...}` may name some of them."""
        __tracebackhide__ = True
        return self.webhooks.only(**expected)

    def _list_unheard(self) -> list[str]:
        return [*list_unheard(self.sandbox, self.faxes, _WAY), *self._list_unplayed()]

    def _list_ids(self) -> list[str]:
        return [fax.id for fax in self.faxes]

    def _list_unplayed(self) -> list[str]:
        waits = any(fax.finished_at is None for fax in self.faxes)
        stands = waits and self.sandbox.clock()["mode"] == "manual"
        return ["the test's clock stands still: .settle() or .advance() plays on"] if stands else []

    def assert_request(self, **expected: Any) -> Request:
        """Return the only request that is as expected; fail with the nearest miss."""
        __tracebackhide__ = True
        return self.requests.only(**expected)


def _leave(sandbox: Sandbox, node: Any) -> None:
    """Remove the sandbox, but that of a failed test where a report is to be written of it."""
    if not (node.stash.get(FAILED, False) and os.environ.get(REPORT_VARIABLE)):
        sandbox.delete()


@contextmanager
def open_cloud(server: Localfax, node: Any) -> Iterator[FaxCloud]:
    """Make a fax cloud for a test, as its markers say, and remove it afterwards."""
    scenarios: list[str] = []
    options: dict[str, Any] = {"seed": node.nodeid[-200:]}
    for marker in reversed(list(node.iter_markers("faxcloud"))):
        scenarios += map(str, marker.args)
        check_marker(marker.kwargs)
        options |= marker.kwargs
    clock: Mapping[str, Any] = {"mode": "manual"} | ({"now": options["now"]} if options.get("now") else {})
    sandbox = server.create(name=node.name[:200], seed=options["seed"], clock=clock)
    with ExitStack() as stack:
        stack.callback(_leave, sandbox, node)
        cloud = FaxCloud(server, sandbox, stack)
        for name in reversed(scenarios):  # the last rule is asked first
            cloud.scenario(_find_scenario(name, node))
        if options.get("intercept"):
            cloud.intercept()
        if (ordeal := getattr(node, "callspec", None) and node.callspec.params.get(ORDEAL)) is not None:
            cloud.meet(ordeal)
        yield cloud


def _find_scenario(name: str, node: Any) -> str | Path:
    places = (node.path.parent / name, node.config.rootpath / name)
    return next((place for place in places if place.is_file()), name)
