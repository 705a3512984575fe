"""The whole program as one WSGI application: vendors by prefix, host or port, the control plane, the page."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable
from typing import Any

from emulator.config import Config
from emulator.core.engine import Engine
from emulator.core.player import Player
from emulator.core.sandboxes import DEFAULT, Sandboxes
from emulator.core.store import Store
from emulator.guard import Guard, error_body, host_name
from emulator.pump import Pump
from emulator.stores.memory import MemoryStore
from emulator.vendors import all_vendors
from emulator.webhooks.client import Client
from emulator.webhooks.policy import OutboundPolicy

StartResponse = Callable[..., Any]
WSGI = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]
VENDOR_KEY = "localfax.vendor"
"""WSGI environ key by which a listening port of a vendor's own names it."""


class App:
    """A running Localfax: call it as WSGI, close it when done."""

    def __init__(self, config: Config | None = None, *, real: Callable[[], float] = time.time) -> None:
        self.config = config or Config()
        self.vendors = all_vendors()
        self.store = open_store(self.config)
        self.engine = Engine(self.store, self.vendors, real=real)
        self.player = Player(self.engine, _outside(self.config))
        self.sandboxes = Sandboxes(self.engine, lambda digits: secrets.token_hex(digits)[:digits], speed=self.config.speed)
        self.pump = Pump(self.player)
        self.sandboxes.create(DEFAULT, sandbox_id=DEFAULT, seed=self.config.seed)
        from emulator.control import create_app as control_app

        self._apps: dict[str, WSGI] = {
            vendor.name: vendor.create_app(self.engine) for vendor in self.vendors.values()
        }
        self._control: WSGI = control_app(self)
        self._hosts = {host: vendor.name for vendor in self.vendors.values() for host in vendor.hosts}
        self._guard = Guard((*self._hosts, *self.config.allow_host, self.config.host))
        self.pump.start()

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        if (reason := self._guard.refusal(environ)) is not None:
            return _plain_error(start_response, "403 Forbidden", error_body("refused", reason))
        vendor = environ.get(VENDOR_KEY) or self._hosts.get(host_name(environ.get("HTTP_HOST", "")))
        if vendor is None:
            vendor, _, rest = environ.get("PATH_INFO", "")[1:].partition("/")
            if vendor not in self._apps:
                return self._control(environ, start_response)
            environ["SCRIPT_NAME"] = f"{environ.get('SCRIPT_NAME', '')}/{vendor}"
            environ["PATH_INFO"] = f"/{rest}"
        return self._apps[vendor](environ, start_response)

    def for_vendor(self, name: str) -> WSGI:
        """Give the application as a port of one vendor's own serves it."""

        def wrapped(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
            return self(environ | {VENDOR_KEY: name}, start_response)

        return wrapped

    def close(self) -> None:
        """Stop the heartbeat and let go of the store."""
        self.pump.close()
        self.store.close()


def open_store(config: Config) -> Store:
    """Open the store that the configuration names; raise ValueError for an unknown one."""
    if config.store == "memory":
        return MemoryStore(blob_bytes=config.documents_mb * 2**20, journal_entries=config.journal)
    raise ValueError(f"unknown store {config.store!r}: memory is what there is")


def _outside(config: Config) -> Client:
    return Client(OutboundPolicy(allow_hosts=frozenset(config.allow_target), allow_egress=config.allow_egress))


def _plain_error(start_response: StartResponse, status: str, body: bytes) -> Iterable[bytes]:
    start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
