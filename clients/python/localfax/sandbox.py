"""A sandbox of a running server: its faxes, its clock, its journals, its scenarios."""

from __future__ import annotations

import base64
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypedDict, cast

from localfax.asking import Account, Ask, Order
from localfax.connection import LONG, PATIENCE, Connection
from localfax.submission import (
    OUR_NUMBER,
    Document,
    Submitted,
    client_of,
    perform,
    submit,
)
from localfax.things import (
    JSON,
    Entry,
    Fax,
    Request,
    Webhook,
    entry_of,
    fax_of,
    request_of,
    webhook_of,
)

if TYPE_CHECKING:
    from typing_extensions import Unpack

_YAML = "application/yaml"


_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z0-9]+|[A-Z]+")


def to_snake_case(name: str) -> str:
    """Write a credential's name in lower case: X-Auth-Token is x_auth_token, APIKey api_key."""
    return "_".join(_WORD.findall(name)).lower()


def _without_none(values: Mapping[str, Any]) -> JSON:
    return {name: value for name, value in values.items() if value is not None}


class SendOptions(TypedDict, total=False):
    """What may be said of a fax to send; without a document it is one of so many pages."""

    document: Document | bytes | None
    pages: int
    sender: str | None
    max_attempts: int | None


class ReceiveOptions(TypedDict, total=False):
    """What may be said of a fax that somebody sends us."""

    document: bytes | None
    pages: int | None
    csid: str | None
    scenario: str | Mapping[str, Any] | None
    force: bool | None


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
        return list(self.data["vendors"])

    def base_url(self, vendor: str) -> str:
        """What stands before the vendor's own paths."""
        return str(self._vendor(vendor)["base_url"])

    def credentials(self, vendor: str) -> dict[str, str]:
        """What this sandbox is found by, by the vendor's own names."""
        return dict(self._vendor(vendor)["credentials"])

    def _vendor(self, name: str) -> JSON:
        vendors: Mapping[str, JSON] = self.data["vendors"]
        if name not in vendors:
            raise ValueError(f"no vendor {name!r}; there are {', '.join(vendors)}")
        return vendors[name]

    @property
    def environ(self) -> dict[str, str]:
        """What an application needs to find this sandbox, as environment variables.

        LOCALFAX_URL, LOCALFAX_SANDBOX, and for each vendor the likes of LOCALFAX_IFAX_BASE_URL and
        LOCALFAX_IFAX_ACCESS_TOKEN.
        """
        found = {"LOCALFAX_URL": self.connection.url, "LOCALFAX_SANDBOX": self.id}
        for vendor in self.vendors:
            own = {"base_url": self.base_url(vendor), **self.credentials(vendor)}
            prefix = f"LOCALFAX_{vendor.upper()}"
            found |= {f"{prefix}_{to_snake_case(name).upper()}": value for name, value in own.items()}
        return found

    def account(self, vendor: str) -> Account:
        """Base URL and credentials, as a vendor's client takes them."""
        return Account(self.base_url(vendor), self.credentials(vendor))

    def call(
        self, method: str, path: str, json: Any = None, *, patience: float = PATIENCE, **query: Any
    ) -> Any:
        """Request a path below this sandbox's own and read its JSON; raise Refusal or Unreachable."""
        place = f"/sandboxes/{self.id}{path}"
        return self.connection.ask(method, place, json=json, query=query, patience=patience)

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
        """Read a fax's document as the receiver sees it: pdf, tiff, png (of one page) or text."""
        path = f"/sandboxes/{self.id}/faxes/{fax_id}/document"
        return self.connection.raw("GET", path, query={"format": form, "page": page}).content

    def send(
        self, vendor: str, to: str, *, mark: str | None = None, **options: Unpack[SendOptions]
    ) -> Submitted:
        """Send a fax through the vendor's own API: a document, or one of so many pages.

        `mark` goes along in a header and finds the request in the journal. One that is refused or cut is an
        answer too.
        """
        document = Document.of(options.get("document"), options.get("pages", 1))
        sender, max_attempts = options.get("sender"), options.get("max_attempts")
        order = Order(self.account(vendor), to, document, sender, max_attempts)
        return self.perform(vendor, client_of(vendor).send(order), mark)

    def perform(self, vendor: str, ask: Ask, mark: str | None = None) -> Submitted:
        """Make a request to a vendor's API; what it comes to knows the fax that it was about."""
        mark = mark or uuid.uuid4().hex
        sent = submit(self.connection.session, vendor, ask, mark)
        return replace(sent, fax=self._made_by(vendor, mark))

    def read_status(self, fax: Fax, mark: str | None = None) -> int:
        """Read a fax's status through the vendor's own API; return the HTTP status."""
        ask = client_of(fax.vendor).status(self.account(fax.vendor), fax.vendor_id)
        return perform(self.connection.session, ask, mark or uuid.uuid4().hex).status_code

    def _made_by(self, vendor: str, mark: str) -> str | None:
        recent = self.connection.rows(
            f"/sandboxes/{self.id}/requests", "requests", {"vendor": vendor}, most=50
        )
        found = (row for row in recent if mark in row["headers"].values())
        return next((row["matched"]["fax"] for row in found), None)

    def receive(self, vendor: str, to: str | None, sender: str, **options: Unpack[ReceiveOptions]) -> Fax:
        """Let somebody fax us, at the account's first number if none is named.

        `scenario` is an outcome, a scenario's name, or one written out; `force` lets a number ring that the
        account does not have.
        """
        called = to or next(iter(self.settings(vendor)["numbers"]), OUR_NUMBER)
        body: JSON = {"vendor": vendor, "to": called, "from": sender, **options}
        if (document := options.get("document")) is not None:
            body["document"] = base64.b64encode(document).decode()
        return fax_of(self.call("POST", "/inbound", _without_none(body)))

    # time
    def clock(self, **change: Any) -> JSON:
        """Read the clock, or change its mode, speed or present."""
        return cast(JSON, self.call("PATCH" if change else "GET", "/clock", change or None))

    def advance(
        self, by: str | float | None = None, *, to: str | None = None, until: Any = None
    ) -> list[Entry]:
        """Play everything for a while (`"5m"`), up to an instant, or until idle; return what happened."""
        target = _without_none({"by": by, "to": to, "until": until})
        said = self.call("POST", "/clock/advance", target or {"until": "idle"}, patience=LONG)
        return [entry_of(each) for each in said["timeline"]]

    def settle(self) -> list[Entry]:
        """Play everything until nothing is left to happen; return what happened."""
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
        """List the requests to the vendors, newest first; `wait="5s"` holds the answer for one."""
        path = f"/sandboxes/{self.id}/requests"
        return [request_of(row) for row in self.connection.rows(path, "requests", filters, most)]

    # scenarios and settings
    def scenarios(self) -> JSON:
        """Read the standing rules, the queue, and what files and magic numbers offer."""
        return cast(JSON, self.call("GET", "/scenarios", limit=1000))

    def add_scenarios(
        self, given: str | Mapping[str, Any] | Sequence[Any], *, once: bool = False
    ) -> list[JSON]:
        """Add standing rules, or with `once` one-shots for the next faxes; from plain data or _YAML text."""
        path = f"/sandboxes/{self.id}/scenarios{'/next' if once else ''}"
        if isinstance(given, str):
            said = self.connection.ask("POST", path, data=given, headers={"Content-Type": _YAML})
        else:
            said = self.connection.ask("POST", path, json=given)
        return list(said["scenarios"])

    def clear_scenarios(self) -> None:
        """Forget the standing rules and the queue."""
        self.call("DELETE", "/scenarios")

    def settings(self, vendor: str, **changes: Any) -> JSON:
        """Read what the vendor's portal would set, or change it."""
        self._vendor(vendor)
        return cast(JSON, self.call("PATCH" if changes else "GET", f"/vendors/{vendor}", changes or None))

    def reset(self) -> None:
        """Forget faxes, journals and queued scenarios."""
        self.call("POST", "/reset")

    def delete(self) -> None:
        """Remove the sandbox."""
        self.call("DELETE", "")

    def snapshot(self) -> JSON:
        """Export everything of the sandbox as one document."""
        return cast(JSON, self.call("GET", "/snapshot", patience=LONG))

    def load(self, snapshot: Mapping[str, Any]) -> None:
        """Put a snapshot in place of everything."""
        self.call("POST", "/snapshot", dict(snapshot), patience=LONG)
