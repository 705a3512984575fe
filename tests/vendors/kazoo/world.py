"""An account in which everything that the facts name can be reached, at known instants."""

from __future__ import annotations

import re
from typing import Any

from tests.receiver import Receiver
from tests.vendors.kazoo.client import NUMBER, Kazoo, digest
from tests.vendors.kazoo.facts import rows
from tests.vendors.kazoo.letters import refused

BEGINNING = "2016-03-28T19:02:53Z"
"""The instant of the vendor's own examples, 63626410973 in Gregorian seconds."""
SENDER = "12125550123"


class World:
    """An account with one of each thing; `place` is the path under which its faxes were sent and are read.

    `values` are the words in braces of the facts' paths and bodies.
    """

    def __init__(
        self, kazoo: Kazoo, port: int, receiver: Receiver, document: bytes, place: str, *, modern: bool
    ) -> None:
        self.kazoo, self.place, self.receiver = kazoo, place, receiver
        if modern:
            kazoo.modernise()
        receiver.answer(200, body=document, times=None)
        faxbox = kazoo.put("/faxboxes", {"name": "Box", "caller_id": NUMBER})
        self.values = {
            "ACCOUNT_ID": kazoo.account,
            "ACCOUNT_DB": "%2F".join(("account", kazoo.account[:2], kazoo.account[2:4], kazoo.account[4:])),
            "AUTH_TOKEN": kazoo.token,
            "API_KEY": kazoo.credentials["api_key"],
            "ACCOUNT_NAME": kazoo.credentials["account_name"],
            "REALM": kazoo.credentials["account_realm"],
            "HOOK": f"{receiver.url}/hook",
            "FAXBOX_ID": faxbox["id"],
            "MAIL_DOMAIN": faxbox["smtp_email_address"],
            "EVENT": "outbound_fax",
        }
        self.values["WEBHOOK_ID"] = kazoo.put("/webhooks", self.data("webhook-create"))["id"]
        self._fill(document, port)

    def _fill(self, document: bytes, port: int) -> None:
        kazoo = self.kazoo
        received = kazoo.receive()
        kazoo.control.advance()
        self.receiver.wait(1)
        owner = kazoo.get(f"/faxes/inbox/{received}")["data"]["owner_id"]
        self.values |= {"RECEIVED_ID": received, "RECEIVED_JOB": received[7:], "OWNER_ID": owner}
        kazoo.base = f"{kazoo.root}/{self.owner}"
        sent = kazoo.sent(document)["id"]
        live = kazoo.receive()
        kazoo.control.advance(by=20)
        self.refuse_mail(port)
        job = kazoo.put("/faxes", self.data("create"))["id"]
        kazoo.base = f"{kazoo.root}/accounts/{kazoo.account}"
        [attempt] = kazoo.get("/faxes/smtplog")["data"]
        self.values |= {"SENT_ID": sent, "SENT_JOB": sent[7:], "LIVE_ID": live, "LIVE_JOB": live[7:]}
        self.values |= {"FAX_JOB_ID": job, "ATTEMPT_ID": attempt["id"]}
        self.folders = {"outbox": sent, "inbox": received, "incoming": live}

    @property
    def owner(self) -> str:
        """The path below which the account's faxes stand here."""
        return {
            "accounts": "accounts/{ACCOUNT_ID}",
            "own": "account",
            "faxboxes": "accounts/{ACCOUNT_ID}/faxboxes/{FAXBOX_ID}",
            "users": "accounts/{ACCOUNT_ID}/users/{OWNER_ID}",
        }[self.place].format(**self.values)

    def refuse_mail(self, port: int) -> None:
        """Write to the faxbox at an address that is no number."""
        assert refused(port, f"nobody@{self.values['MAIL_DOMAIN']}", b"x") == (550, "invalid address")

    def url(self, endpoint: Any) -> str:
        """Give the URL of an endpoint's row."""
        path = endpoint["path"].replace("/v2/accounts/{ACCOUNT_ID}", f"/v2/{self.owner}")
        origin = self.kazoo.root.removesuffix("/v2")
        return origin + str(path).format(**self.values, FAX_ID=self.fax_of(endpoint))

    def fax_of(self, endpoint: Any) -> str:
        """Give the id of a fax in the folder that an endpoint's path names."""
        folder = next((name for name in self.folders if f"/{name}/" in endpoint["path"]), "outbox")
        return self.folders[folder]

    def data(self, endpoint: str) -> Any:
        """Give what is sent to an endpoint, None when it takes nothing."""
        create = next(row for row in rows("samples") if row["id"] == "create")["request"]["data"]
        hook = {"name": "Hook", "uri": self.values["HOOK"]}
        return {
            "create": create,
            "create-alias": create,
            "outbox-resubmit": {},
            "inbox-forward": {"to_number": NUMBER},
            "user-auth": {
                "credentials": digest(self.kazoo), "account_name": self.kazoo.credentials["account_name"]
            },
            "api-auth": {"api_key": self.kazoo.credentials["api_key"]},
            "faxbox-create": {"name": "Another"},
            "faxbox-update": {"name": "Replaced"},
            "faxbox-change": {"retries": 3},
            "webhook-create": hook | self._hook("inbound"),
            "webhook-update": hook | self._hook("outbound"),
            "webhook-change": {"retries": 3},
            "webhook-enable": {"re-enable": True},
        }.get(endpoint)  # fmt: skip

    def _hook(self, direction: str) -> dict[str, Any]:
        event = f"{direction}_fax"
        if not self.kazoo.modern:
            return {"hook": event}
        return {"hook": "notifications", "custom_data": {"type": event}}

    def envelope(self, endpoint: str) -> Any:
        """Give the body that is sent to an endpoint, None when it takes none."""
        data = self.data(endpoint)
        action = {"outbox-resubmit": "resubmit", "inbox-forward": "forward"}.get(endpoint)
        if data is None:
            return None
        return {"data": data, **({"action": action} if action else {})}

    def filled(self, value: Any, **more: str) -> Any:
        """Give a body of the facts with its words in braces replaced."""
        if isinstance(value, dict):
            return {self.filled(key, **more): self.filled(each, **more) for key, each in value.items()}
        if isinstance(value, list):
            return [self.filled(each, **more) for each in value]
        if not isinstance(value, str):
            return value
        words = self.values | more
        return re.sub(r"\{([A-Z_]+)\}", lambda found: words[found[1]], value)
