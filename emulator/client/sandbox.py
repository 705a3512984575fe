"""A sandbox of a running server: its faxes, its clock, its journals, its scenarios."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, cast

from emulator.client.connection import LONG, PATIENCE, Connection
from emulator.client.submission import CALL_HEADER, Document, Submitted, client_of, perform, submit
from emulator.client.things import (
    Entry,
    Fax,
    Request,
    Webhook,
    entry_of,
    fax_of,
    request_of,
    webhook_of,
)
from emulator.core.dialect.client import Account, Ask, Order
from emulator.core.sandboxes.sandbox import Sandbox as World

JSON = dict[str, Any]
YAML = "application/yaml"


class Sandbox:
    """One world of a server; `data` is what the server said of it when it was read."""

    def __init__(self, connection: Connection, data: JSON) -> None:
        self.connection = connection
        self.data = data
        self.id = str(data["id"])

    def __repr__(self) -> str:
        return f"<sandbox {self.id} at {self.connection.url}>"

    @property
    def seed(self) -> str:
        return str(self.data["seed"])

    @property
    def vendors(self) -> list[str]:
        """Give the names of the vendors."""
        return list(self.data["vendors"])

    def base_url(self, vendor: str) -> str:
        """Give what stands before the vendor's own paths."""
        return str(self.data["vendors"][vendor]["base_url"])

    def credentials(self, vendor: str) -> dict[str, str]:
        """Give what this sandbox is found by."""
        return dict(self.data["vendors"][vendor]["credentials"])

    def link_token(self, vendor: str) -> str:
        """Give what the vendor's links carry that serve without credentials."""
        keys = {name: self.credentials(name) for name in self.vendors}
        world = World(id=self.id, name=self.id, seed=self.seed, credentials=keys, created_at=0.0)
        return world.link_token(vendor)

    def account(self, vendor: str) -> Account:
        """Give both, as a vendor's client takes them."""
        return Account(self.base_url(vendor), self.credentials(vendor))

    def call(
        self, method: str, path: str, json: Any = None, *, patience: float = PATIENCE, **query: Any
    ) -> Any:
        """Call a path below this sandbox's own; raise Refusal or Unreachable."""
        place = f"/sandboxes/{self.id}{path}"
        return self.connection.call(method, place, json=json, query=query, patience=patience)

    # faxes
    def faxes(self, *, most: int | None = None, **filters: Any) -> list[Fax]:
        """List the faxes that fit, newest first; `sender` is from, `wait="5s"` holds the answer for one."""
        if "sender" in filters:
            filters["from"] = filters.pop("sender")
        rows = self.connection.rows(f"/sandboxes/{self.id}/faxes", "faxes", filters, most)
        return [fax_of(row) for row in rows]

    def fax(self, fax_id: str) -> Fax:
        """Read a fax by its neutral id, like fax-1."""
        return fax_of(self.call("GET", f"/faxes/{fax_id}"))

    def cancel(self, fax_id: str) -> Fax:
        """Cancel a fax as a user of the vendor's portal would."""
        return fax_of(self.call("POST", f"/faxes/{fax_id}/cancel"))

    def document(self, fax_id: str, form: str = "pdf", page: int = 1) -> bytes:
        """Give a fax's document as the receiver sees it: pdf, tiff, png (of one page) or text."""
        path = f"/sandboxes/{self.id}/faxes/{fax_id}/document"
        return self.connection.raw("GET", path, query={"format": form, "page": page}).content

    def send(
        self,
        vendor: str,
        to: str,
        *,
        document: Document | None = None,
        pages: int = 1,
        sender: str | None = None,
        max_attempts: int | None = None,
        mark: str | None = None,
    ) -> Submitted:
        """Send a fax through the vendor's own API: a document, or one of so many pages.

        `mark` goes along in a header and finds the call in the journal. A call that is refused or cut is an
        answer too.
        """
        order = Order(self.account(vendor), to, document or Document.of_pages(pages), sender, max_attempts)
        return self.perform(vendor, client_of(vendor).send(order), mark)

    def perform(self, vendor: str, ask: Ask, mark: str | None = None) -> Submitted:
        """Make a call of a vendor's API; what it comes to knows the fax that it was about."""
        mark = mark or uuid.uuid4().hex
        sent = submit(self.connection.session, vendor, ask, mark)
        return sent.known_as(self._made_by(vendor, mark))

    def read_status(self, fax: Fax, mark: str | None = None) -> int:
        """Read a fax's status through the vendor's own API; give the HTTP status."""
        ask = client_of(fax.vendor).status(self.account(fax.vendor), fax.vendor_id)
        return perform(self.connection.session, ask, mark or uuid.uuid4().hex).status_code

    def _made_by(self, vendor: str, mark: str) -> str | None:
        recent = self.connection.rows(
            f"/sandboxes/{self.id}/requests", "requests", {"vendor": vendor}, most=50
        )
        found = (row for row in recent if row["headers"].get(CALL_HEADER) == mark)
        return next((row["matched"]["fax"] for row in found), None)

    def receive(
        self,
        vendor: str,
        to: str,
        sender: str,
        *,
        pages: int | None = None,
        document: bytes | None = None,
        csid: str | None = None,
        scenario: str | Mapping[str, Any] | None = None,
    ) -> Fax:
        """Let somebody fax us; `scenario` is an outcome, a scenario's name, or one written out."""
        body = {
            "vendor": vendor,
            "to": to,
            "from": sender,
            "pages": pages,
            "csid": csid,
            "scenario": scenario,
            "document": None if document is None else base64.b64encode(document).decode(),
        }
        given = {name: value for name, value in body.items() if value is not None}
        return fax_of(self.call("POST", "/inbound", given))

    # time
    def clock(self, **change: Any) -> JSON:
        """Read the clock, or change its mode, speed or present."""
        return cast(JSON, self.call("PATCH" if change else "GET", "/clock", change or None))

    def advance(
        self, by: str | float | None = None, *, to: str | None = None, until: Any = None
    ) -> list[Entry]:
        """Play everything for a while (`"5m"`), up to an instant, or until idle; give what happened."""
        target = {
            name: value for name, value in (("by", by), ("to", to), ("until", until)) if value is not None
        }
        said = self.call("POST", "/clock/advance", target or {"until": "idle"}, patience=LONG)
        return [entry_of(each) for each in said["timeline"]]

    def settle(self) -> list[Entry]:
        """Play everything until nothing is left to happen; give what happened."""
        return self.advance(until="idle")

    # journals
    def webhooks(self, *, most: int | None = None, **filters: Any) -> list[Webhook]:
        """List the deliveries, newest first."""
        path = f"/sandboxes/{self.id}/webhooks"
        return [webhook_of(row) for row in self.connection.rows(path, "webhooks", filters, most)]

    def redeliver(self, delivery_id: str) -> Webhook:
        """Send a webhook once more."""
        return webhook_of(self.call("POST", f"/webhooks/{delivery_id}/replay", patience=LONG))

    def requests(self, *, most: int | None = None, **filters: Any) -> list[Request]:
        """List the vendor calls, newest first."""
        path = f"/sandboxes/{self.id}/requests"
        return [request_of(row) for row in self.connection.rows(path, "requests", filters, most)]

    # scenarios and settings
    def scenarios(self) -> JSON:
        """Give the standing rules, the queue, and what files and magic numbers offer."""
        return cast(JSON, self.call("GET", "/scenarios", limit=1000))

    def add_scenarios(
        self, given: str | Mapping[str, Any] | Sequence[Any], *, once: bool = False
    ) -> list[JSON]:
        """Add standing rules, or with `once` one-shots for the next faxes; from plain data or YAML text."""
        path = f"/sandboxes/{self.id}/scenarios{'/next' if once else ''}"
        if isinstance(given, str):
            said = self.connection.call("POST", path, data=given, headers={"Content-Type": YAML})
        else:
            said = self.connection.call("POST", path, json=given)
        return list(said["scenarios"])

    def clear_scenarios(self) -> None:
        """Forget the standing rules and the queue."""
        self.call("DELETE", "/scenarios")

    def settings(self, vendor: str, **changes: Any) -> JSON:
        """Read what the vendor's portal would set, or change it."""
        return cast(JSON, self.call("PATCH" if changes else "GET", f"/vendors/{vendor}", changes or None))

    def reset(self) -> None:
        """Forget faxes, journals and queued scenarios."""
        self.call("POST", "/reset")

    def delete(self) -> None:
        """Remove the sandbox."""
        self.call("DELETE", "")

    def snapshot(self) -> JSON:
        """Give everything of the sandbox as one document."""
        return cast(JSON, self.call("GET", "/snapshot", patience=LONG))

    def load(self, snapshot: Mapping[str, Any]) -> None:
        """Put a snapshot in place of everything."""
        self.call("POST", "/snapshot", dict(snapshot), patience=LONG)
