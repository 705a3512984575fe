"""One sandbox as code sees it: its time, its ids, its settings, what is kept of it. No vendor is known here.

Everything that reads or writes a sandbox is handed a world, so that no function needs a store and an id
beside each other. What plays faxes is the living world (core.engine.engine), which is this one and the
vendors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, partial
from typing import Any, TypeVar

from emulator import documents
from emulator.core.errors import Conflict, NotFound
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.plan import DocumentFault
from emulator.core.item import Record
from emulator.core.sandbox import BALANCES, Clock, Ids, Sandbox, Settings
from emulator.core.storage.store import Store
from emulator.core.webhooks.delivery import Delivery, Notice
from emulator.core.webhooks.outbox import make_deliveries

Done = TypeVar("Done")

WorldListener = Callable[[str, str, Any], None]
"""Hears, after the fact, of a sandbox's id, a kind of happening and the thing.

`fax` (the pair before and after), `delivery` (settled), `request` (the journal's entry), `clock`, `settings`
(the vendor's name), `sandbox` (reset, loaded, removed), `scenarios` (added, queued, cleared).
"""

TRIES = 500
"""How often a change is made anew when another writer came first; each time one of the others got through."""


class World:
    """The sandbox `sandbox_id` of a store. `real` gives seconds since 1970; `listeners` hear what happens."""

    def __init__(
        self, shared: Store, sandbox_id: str, real: Callable[[], float], listeners: Iterable[WorldListener]
    ) -> None:
        self.id = sandbox_id
        self.shared = shared
        """The store of all sandboxes."""
        self.store = store = shared.of(sandbox_id)
        # What the store does as it is, handed through without a function in between.
        self.list, self.next, self.log, self.commit = store.list, store.next, store.log, store.commit
        self.real = real
        self._listeners = listeners

    # what it is
    @cached_property
    def sandbox(self) -> Sandbox:
        """Its record, which never changes; raises NotFound when there is none at the first look."""
        return self.store.sandbox

    @cached_property
    def ids(self) -> Ids:
        return self.sandbox.ids

    @property
    def clock(self) -> Clock:
        clock = self.store.get(Clock, "clock")
        if clock is None:
            raise NotFound(f"no sandbox {self.id}")
        return clock

    @property
    def now(self) -> float:
        """The virtual instant."""
        return self.clock.now(self.real())

    def settings(self, vendor: str) -> Settings:
        """What the vendor's portal would set."""
        settings = self.store.get(Settings, vendor)
        if settings is None:
            raise NotFound(f"no vendor {vendor} in sandbox {self.id}")
        return settings

    def balance(self, vendor: str) -> int:
        """The vendor's balance in micros."""
        return self.store.number(f"{BALANCES}{vendor}")

    # what is kept
    def fax(self, fax_id: str) -> Fax:
        """Find a fax by its neutral id; raise NotFound."""
        fax = self.store.get(Fax, fax_id)
        if fax is None:
            raise NotFound(f"no fax {fax_id}")
        return fax

    def find(self, vendor: str, name: str) -> Fax | None:
        """Find the fax that a vendor's client knows by this id; None when it is unknown or deleted.

        Its document is not there when a scenario has it gone.
        """
        fax = self.store.find(Fax, f"{vendor}/{name}")
        if fax is None or fax.hidden:
            return None
        return fax if fax.plan.document is not DocumentFault.gone else fax.evolve(document=None)

    def delivery(self, delivery_id: str) -> Delivery:
        """Find a webhook's delivery; raise NotFound."""
        delivery = self.store.get(Delivery, delivery_id)
        if delivery is None:
            raise NotFound(f"no delivery {delivery_id}")
        return delivery

    def record(self, record_id: str, group: str | None = None) -> Record | None:
        """Find an object of a vendor's own, of that group if one is named."""
        record = self.store.get(Record, record_id)
        return record if record is not None and group in (None, record.group) else None

    def blob(self, digest: str | None) -> bytes | None:
        """The content kept under a digest; None when it never was or was let go."""
        return None if digest is None else self.store.blob(digest)

    def keep(self, content: bytes) -> documents.Inspection:
        """Inspect an uploaded document and keep it under its digest."""
        document = documents.inspect(content)
        self.store.put_blob(document.digest, content)
        return document

    def deliveries(
        self, vendor: str, notices: Sequence[Notice], fax: Fax | None, at: float
    ) -> tuple[Delivery, ...]:
        """Make the deliveries of notices, due now or after the notice's own wait."""
        return make_deliveries(self.store, vendor, notices, fax, at)

    # changes
    def retry(self, do: Callable[[], Done], what: str = "the sandbox") -> Done:
        """Read and commit in `do`, from its beginning again whenever another writer came first."""
        for _ in range(TRIES):
            try:
                return do()
            except Conflict:
                continue
        raise Conflict(f"{what} is changed by too many at once")

    def bind(self, credential: str) -> None:
        """Let a credential (`vendor/…`) find this sandbox."""
        self.shared.bind(credential, self.id)

    def tell(self, kind: str, thing: Any) -> None:
        """Tell all who listen what has happened, once it is written."""
        self.shared.afterwards(partial(self._tell, kind, thing))

    def _tell(self, kind: str, thing: Any) -> None:
        for listener in self._listeners:
            listener(self.id, kind, thing)
