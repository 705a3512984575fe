"""The whole program as one WSGI application: vendors by prefix, host or port, the control plane, the page."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from flask import Flask

from emulator.config import Config
from emulator.control import create_app as control_app
from emulator.control.acts import log_beginning
from emulator.control.answers import Program
from emulator.control.hooks import read_webhooks
from emulator.control.lost import Lost
from emulator.control.profiles import read_flags
from emulator.control.route import find_slow
from emulator.control.routes import ROUTES as CONTROL_ROUTES
from emulator.core.dialect.vendor import Vendor
from emulator.core.engine.courier import Outside
from emulator.core.engine.engine import Engine
from emulator.core.engine.expiry import Expiry
from emulator.core.engine.leases import LEASE
from emulator.core.engine.player import Player
from emulator.core.engine.sandboxes import DEFAULT, Sandboxes
from emulator.core.errors import Invalid, NotFound
from emulator.core.storage.store import Store
from emulator.documents import on_behalf_of
from emulator.heart.pump import Pump
from emulator.hosts import VENDOR_KEY, Hosts
from emulator.outbound.http_client import HttpClient
from emulator.outbound.policy import OutboundPolicy
from emulator.overlays.overlay import Overlay
from emulator.overlays.taught import teach_vendor
from emulator.rehearsal import Nowhere, Rehearsal
from emulator.scenarios import Files
from emulator.server.answer import SLOW, error_body, explain
from emulator.server.environ import PROXIED_KEY, REFUSAL_KEY
from emulator.server.guard import Guard, host_name
from emulator.stores.memory import MemoryStore
from emulator.vendors import all_vendors, listen_beside
from emulator.vendors.dialect import new_app
from emulator.watch.feed import Feed
from emulator.watch.tally import Tally

Others = Callable[[], Iterable[Mapping[str, Any]]]
StartResponse = Callable[..., Any]
WSGI = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]
REDIS = ("redis://", "rediss://", "unix://")
"""How the URL of a Redis server or cluster begins."""
CONTROL = "_localfax"
"""First part of the control plane's paths; what is neither its nor a vendor's is the page's."""
EXPORTS = ("faxes.json", "ladders.txt", "recording.yaml")
"""Files as which the page gives a sandbox."""
PAGE = "/"
"""Name of the page's app, which no path begins with."""
READER_KEY = "localfax.reader"
"""WSGI environ key of the origin whose pages may read the answer."""


_MAKING = threading.RLock()
"""Held while an app is made, by whichever server of the process: werkzeug parses Python to make a rule, and
two threads that parse at a time can make CPython 3.11 raise SystemError."""


class Apps(dict[str, Flask]):
    """Flask apps by name, each made when it is first asked: to make all is a fifth of the start.

    One that `raises` lets through what would be answered with 500.
    """

    def __init__(self, makers: Mapping[str, Callable[[], Flask]], *, raises: bool) -> None:
        super().__init__()
        self._makers = makers
        self._raises = raises

    def __missing__(self, name: str) -> Flask:
        with _MAKING:
            if name not in self:
                app = self._makers[name]()
                app.config["PROPAGATE_EXCEPTIONS"] = self._raises or None
                self[name] = app
            return self[name]


class App:
    """A running Localfax: call it as WSGI, close it when done.

    `real` gives real seconds since 1970; `lease` is for how many of them a webhook or fetch that was begun is
    left to whoever began it. `others` asks the other workers of this server what they have counted. One
    that `rehearses` reaches nobody outside, and raises what others would answer as an error of their own.
    """

    def __init__(
        self,
        config: Config | None = None,
        *,
        real: Callable[[], float] = time.time,
        lease: float = LEASE,
        others: Others = tuple,
        rehearses: bool = False,
    ) -> None:
        self.config = config or Config()
        overlays = _overlays(self.config)
        self.vendors = {
            name: teach_vendor(vendor, overlays.get(name)) for name, vendor in all_vendors().items()
        }
        self.store = open_store(self.config)
        self.files = Files(map(Path, self.config.scenarios), self.vendors)
        outside: Outside = Nowhere() if rehearses else _outside(self.config)
        self.engine = Engine(
            self.store, self.vendors, real=real, files=(self.files.find,), fetch=outside.fetch
        )
        self.engine.any_credentials = self.config.any_credentials
        self.feed = Feed(self.engine)
        self.tally = Tally(self.engine, others)
        self.player = Player(self.engine, outside, lease, late=self.tally.late)
        self.sandboxes = Sandboxes(
            self.engine,
            lambda digits: secrets.token_hex(digits)[:digits],
            speed=self.config.speed,
            profiles=_flags("profile", read_flags, self.vendors, self.config.profile),
            hooks=_flags("webhook", read_webhooks, self.vendors, self.config.webhook),
            taught={name: each.switches for name, each in overlays.items()},
        )
        self.pump = Pump(self.player)
        if self.config.expire is not None:
            self.expiry = Expiry(self.sandboxes, self.config.expire, self.tally.expired)
            self.engine.note_use = self.expiry.note
            self.pump.repeat(self.expiry.every, self.expiry.sweep)
        self.engine.renew = self._renew
        self._open_default()
        self.rehearsal = Rehearsal(self._beside)
        self._hosts = Hosts(self.config, self.vendors)
        program = Program(
            self.player,
            self.sandboxes,
            self.files,
            self.feed,
            self.tally,
            self.rehearsal,
            self._hosts.tell,
        )
        makers: dict[str, Callable[[], Flask]] = {
            name: partial(new_app, vendor, self.player) for name, vendor in self.vendors.items()
        }
        makers[CONTROL] = partial(control_app, program)
        makers[PAGE] = self._new_page
        self._apps = Apps(makers, raises=rehearses)
        self._is_slow = find_slow(CONTROL_ROUTES)
        self._lost: WSGI = Lost(self.engine)
        own_names = (*self.config.allow_host, self.config.host)
        self._guard = Guard(own_names, self._hosts.vendors, self.config.allow_origin)
        self._proxy = self._hosts.new_proxy(self._guard)
        self.passage_for = self._proxy.passage_for
        mail = self.config.smtp_port
        addresses = {} if mail is None else {"smtp": (self.config.host, mail)}
        self.listeners = listen_beside(self.engine, addresses)
        self.pump.start()

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        if PROXIED_KEY in environ and self._proxy.is_for_another(environ):
            return self._proxy.pass_on(environ, start_response)
        vendor = environ.get(VENDOR_KEY) or self._hosts.vendors.get(host_name(environ.get("HTTP_HOST", "")))
        prefixed, rest = vendor is None, ""
        if vendor is None:
            vendor, _, rest = environ.get("PATH_INFO", "")[1:].partition("/")
        browsers = vendor in self.vendors and self.vendors[vendor].browsers
        if (reason := self._guard.refusal(environ, browsers=browsers)) is not None:
            return _plain_error(start_response, "403 Forbidden", error_body("refused", reason))
        if browsers and "HTTP_ORIGIN" in environ:
            environ[READER_KEY] = environ["HTTP_ORIGIN"]
        if prefixed:
            if vendor not in self.vendors:
                if REFUSAL_KEY in environ:
                    return _plain_error(start_response, *explain(*environ[REFUSAL_KEY]))
                return self._own(vendor, environ)(environ, start_response)
            environ["SCRIPT_NAME"] = f"{environ.get('SCRIPT_NAME', '')}/{vendor}"
            environ["PATH_INFO"] = f"/{rest}"
        request = f"{vendor} {environ['REQUEST_METHOD']} {environ['PATH_INFO']}"
        with self.store.reading(request=request), on_behalf_of(vendor):
            return self._apps[vendor](environ, start_response)

    def _own(self, first: str, environ: Mapping[str, Any]) -> WSGI:
        """Choose who answers what is no vendor's, by the first part of its path; people see a page."""
        if first == CONTROL:
            return self._apps[CONTROL]
        is_page = first in self._pages or "text/html" in environ.get("HTTP_ACCEPT", "")
        return self._apps[PAGE] if is_page else self._lost

    def _new_page(self) -> Flask:
        from emulator.web import create_app as page_app

        exports = {name: partial(self._export, name) for name in EXPORTS}
        return page_app(self._apps[CONTROL], self.vendors, exports)

    def _export(self, name: str, origin: str, sandbox: str) -> str:
        from emulator.replay.export import WRITERS, open_sandbox

        with open_sandbox(self._apps[CONTROL], origin, sandbox) as opened:
            return WRITERS[name](opened)

    @cached_property
    def _pages(self) -> frozenset[str]:
        """The first parts of the page's paths."""
        return frozenset(rule.rule.split("/")[1] for rule in self._apps[PAGE].url_map.iter_rules())

    def lane(self, environ: Mapping[str, Any]) -> str | None:
        """Name the threads that a request is for: its own when it may wait for long; the server asks."""
        if environ["REQUEST_METHOD"] == "CONNECT":
            return None if self._proxy.serves(environ) else SLOW
        if PROXIED_KEY in environ and self._proxy.is_for_another(environ):
            return SLOW
        path = environ["PATH_INFO"]
        if not path.startswith(f"/{CONTROL}/"):
            return SLOW if path.endswith(EXPORTS) or path.startswith("/form/") else None
        slow = self._is_slow(environ["REQUEST_METHOD"], path, environ["QUERY_STRING"])
        return SLOW if slow else None

    def _renew(self) -> bool:
        """Make the default sandbox anew when its store was emptied; tell whether it was."""
        try:
            return not self.store.of(DEFAULT).sandbox
        except NotFound:
            self._open_default()
            return True

    def _open_default(self) -> None:
        """Make the default sandbox unless the store has it, and log how it stands, for its recordings."""
        if self.sandboxes.open(DEFAULT, self.config.seed):
            log_beginning(self.engine.world(DEFAULT))

    def _beside(self) -> App:
        """Make a program of the same vendors that has nothing and reaches nobody."""
        bare = replace(self.config, store="memory", smtp_port=None, speed=0.0, scenarios=(), expire=None)
        return App(bare, rehearses=True)

    def told(self) -> Mapping[str, Any]:
        """What this process has counted, for the other workers."""
        return self.tally.told()

    def close(self) -> None:
        """Stop listening and the heartbeat, and let go of the store."""
        for listener in self.listeners:
            listener.close()
        self.rehearsal.close()
        self.feed.close()
        self.pump.close()
        self.store.close()


def _flags(name: str, read: Callable[[Any, Any], Any], vendors: Mapping[str, Vendor], texts: Any) -> Any:
    """Read what the configuration says of vendors; raise ValueError for what there is not."""
    try:
        return read(vendors, texts)
    except Invalid as wrong:
        raise ValueError(f"{name}: {wrong}") from None


def _overlays(config: Config) -> Mapping[str, Overlay]:
    """Load what accounts have taught; raise ValueError for what cannot be read."""
    if not config.overlay:
        return {}
    from emulator.overlays.file import load_overlays

    return load_overlays(config.overlay, all_vendors())


def open_store(config: Config) -> Store:
    """Open the store that the configuration names; raise ValueError when unknown, Unavailable when silent."""
    bounds = {
        "blob_bytes": config.documents_mb * 2**20,
        "journal_entries": config.journal,
        "journal_bytes": config.journal_mb * 2**20,
    }
    if config.store == "memory":
        return MemoryStore(**bounds)
    if config.store.startswith(REDIS):
        from emulator.stores.loading import open_redis

        return open_redis(config.store, **bounds)
    raise ValueError(f"unknown store {config.store!r}: there are memory and redis://host:port")


def _outside(config: Config) -> HttpClient:
    return HttpClient(
        OutboundPolicy(allow_hosts=frozenset(config.allow_target), allow_egress=config.allow_egress)
    )


def _plain_error(start_response: StartResponse, status: str, body: bytes) -> Iterable[bytes]:
    start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
