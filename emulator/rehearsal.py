"""A snapshot is rehearsed before it is loaded: in a program beside, everything of it is shown and played.

What a vendor keeps for itself (the data of its records, the details of its faxes) has no schema of its own,
and a journal's entry neither. So it is tried: all that reads is asked about all of it, and what is due goes
on for some steps. Whatever fails by a mistake of ours would do so later too, in the sandbox; then the
snapshot is refused.
"""

from __future__ import annotations

import io
import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import islice, product
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote_to_bytes, urlencode

from emulator.control.route import ROOT
from emulator.control.routes import ROUTES
from emulator.core.dialect.vendor import Vendor
from emulator.core.engine.courier import at_once
from emulator.core.engine.snapshot import Snapshot, load
from emulator.core.errors import Invalid, LocalfaxError
from emulator.core.faxes.fax import Fax
from emulator.core.item import Record
from emulator.core.message import Fetch, Fetched, FetchFailed, Message, Reply, Trouble
from emulator.core.sandbox import Sandbox
from emulator.core.webhooks.delivery import Delivery
from localfax.asking import Account, Ask

if TYPE_CHECKING:
    from emulator.app import App

SECONDS = 5.0
"""Real seconds after which enough has been tried."""
STEPS = 500
"""Steps that are played."""
EACH = 4
"""Things of one sort that are asked for one by one."""
WAYS = 6
"""How often one endpoint is asked at most."""
LEFT_OUT = ("document", "events", "openapi", "snapshot", "advance", "metrics")
"""Words in paths of the control plane that are not asked: what is drawn or streamed, or says nothing."""


class Nowhere:
    """The way out of a rehearsal: nobody is there."""

    def send(self, message: Message, load: Callable[[str], bytes], **options: Any) -> Reply:
        return Reply(None, error=Trouble.unreachable)

    def send_together(self, times: int, message: Message, load: Any, **options: Any) -> list[Reply]:
        return [Reply(None, error=Trouble.unreachable)] * times

    def fetch(self, request: Fetch) -> Fetched:
        raise FetchFailed(Trouble.unreachable)


class Rehearsal:
    """Tries snapshots, one at a time, in a program that `make` makes when it is first needed."""

    def __init__(self, make: Callable[[], App]) -> None:
        self._make = make
        self._app: App | None = None
        self._lock = threading.Lock()

    def __call__(self, sandbox: Sandbox, snapshot: Snapshot) -> None:
        """Raise Invalid when a snapshot would not do in a sandbox."""
        with self._lock:
            app = self._app = self._app or self._make()
            with suppress(LocalfaxError):
                app.store.remove(sandbox.id)
            app.store.create(sandbox, ())
            for vendor in app.vendors.values():
                for key in vendor.keys(sandbox.credentials.get(vendor.name, {})):
                    app.store.bind(f"{vendor.name}/{key}", sandbox.id)
            try:
                # Without documents: what would be drawn is as if it had been let go.
                bare = Snapshot(snapshot.items, snapshot.counters, {}, snapshot.journals, snapshot.dropped)
                load(app.engine.world(sandbox.id), bare)
                _show(app, sandbox, snapshot)
                _play(app, sandbox.id)
            finally:
                with suppress(LocalfaxError):
                    app.store.remove(sandbox.id)

    def close(self) -> None:
        """Let go of the program beside."""
        if self._app is not None:
            self._app.close()


def _show(app: App, sandbox: Sandbox, snapshot: Snapshot) -> None:
    until = time.monotonic() + SECONDS
    for what, environ in _questions(app, sandbox, snapshot):
        if time.monotonic() > until:
            return
        try:
            for _ in app(environ, lambda *answer: None):
                pass
        except Exception as wrong:
            raise Invalid(f"{what} cannot be shown: {type(wrong).__name__}: {wrong}", "items") from wrong


def _play(app: App, sandbox_id: str) -> None:
    world, until = app.engine.world(sandbox_id), time.monotonic() + SECONDS
    for _ in range(STEPS):
        due = world.store.due()
        if due is None or time.monotonic() > until:
            return
        try:
            app.player.play(world, due, jump=True, run=at_once)
        except LocalfaxError as wrong:
            raise Invalid(f"{due.kind} {due.id} cannot go on: {wrong}", "items") from wrong
        except Exception as wrong:
            said = f"{due.kind} {due.id} cannot go on: {type(wrong).__name__}: {wrong}"
            raise Invalid(said, "items") from wrong


def _questions(app: App, sandbox: Sandbox, snapshot: Snapshot) -> Iterator[tuple[str, dict[str, Any]]]:
    """What is asked: the control plane, then every endpoint of every vendor, about the first of each sort."""
    known = {
        "sandbox": [sandbox.id],
        "vendor": list(app.vendors),
        "fax": _first(item.id for item in snapshot.items if isinstance(item, Fax)),
        "delivery": _first(item.id for item in snapshot.items if isinstance(item, Delivery)),
    }
    for route in ROUTES:
        if route.method == "GET" and not any(word in route.path for word in LEFT_OUT):
            for path in _filled(route.path, known, []):
                yield f"{route.name}", _environ(Ask("GET", ROOT + path))
    for vendor in app.vendors.values():
        yield from _asked_of(vendor, sandbox, snapshot)


def _asked_of(vendor: Vendor, sandbox: Sandbox, snapshot: Snapshot) -> Iterator[tuple[str, dict[str, Any]]]:
    credentials = sandbox.credentials[vendor.name]
    ids = _ids(vendor.name, snapshot)
    account, ask = Account(f"/{vendor.name}", credentials), Ask("GET", "/")
    for name in ids or ["1"] if vendor.client else ():
        assert vendor.client is not None
        ask = vendor.client.status(account, name)
        yield f"a fax of {vendor.name}", _environ(ask)
    known = {name: [value] for name, value in credentials.items()}
    known |= {name.removesuffix("_id"): values for name, values in known.items()}
    seen = {each.view: each for each in reversed(vendor.endpoints)}  # not what is only another path to it
    for endpoint in seen.values():
        for method in endpoint.methods if vendor.name == "ifax" else {"GET"} & set(endpoint.methods):
            for path in _filled(endpoint.path, known, ids):
                asked = Ask(method, f"/{vendor.name}{path}", ask.headers, ask.query, ask.form, {}, (), None)
                yield f"{endpoint.name} of {vendor.name}", _environ(asked)


def _ids(vendor: str, snapshot: Snapshot) -> list[str]:
    """What the paths of a vendor's endpoints may name: faxes in each state, records of each group."""
    sorts: dict[Any, list[str]] = {}
    for item in snapshot.items:
        if isinstance(item, Fax) and item.vendor == vendor:
            sorts.setdefault((item.direction, item.state), []).append(item.vendor_id)
        elif isinstance(item, Record):
            sorts.setdefault(item.group, []).extend((item.id, *item.names))
    return list(dict.fromkeys(each for ids in sorts.values() for each in ids[:1]))


def _first(ids: Iterable[str]) -> list[str]:
    return list(islice(ids, EACH)) or ["none"]


def _filled(path: str, known: Mapping[str, list[str]], others: list[str]) -> Iterator[str]:
    """Fill in a path, with what is known by the name of each of its parameters, or with any other id."""
    texts, names = _taken_apart(path)
    choices = [known.get(name) or others or ["none"] for name in names]
    for chosen in islice(product(*choices), WAYS):
        words = (quote(each, safe="", errors="replace") for each in (*chosen, ""))
        yield "".join(text + word for text, word in zip(texts, (*words,), strict=True))


def _taken_apart(path: str) -> tuple[list[str], list[str]]:
    texts, names = [""], []
    for piece in path.split("<"):
        name, closed, rest = piece.rpartition(">")
        if closed:
            names.append(name.rpartition(":")[2])
            texts.append(rest)
        else:
            texts[-1] += piece
    return texts, names


def _environ(ask: Ask) -> dict[str, Any]:
    path, _, query = ask.url.partition("?")
    body, kind = b"", ""
    if ask.json is not None and ask.method != "GET":
        body, kind = json.dumps(ask.json).encode(), "application/json"
    elif ask.form:
        body, kind = urlencode(ask.form).encode(), "application/x-www-form-urlencoded"
    headers = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in ask.headers.items()}
    return {
        "REQUEST_METHOD": ask.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": "&".join(filter(None, (query, urlencode(ask.query)))),
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "127.0.0.1",
        "CONTENT_LENGTH": str(len(body)),
        **({"CONTENT_TYPE": kind} if kind else {}),
        **headers,
        "wsgi.input": io.BytesIO(body),
        "wsgi.input_terminated": True,
        "wsgi.url_scheme": "http",
        "wsgi.errors": io.StringIO(),
    }
