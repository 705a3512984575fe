"""The facts as data, and a world in which each of them can be reached."""

from __future__ import annotations

import smtplib
from functools import cache
from typing import Any

import yaml

from tests.conftest import FIXTURES
from tests.receiver import Receiver
from tests.vendors.kazoo.conftest import NUMBER, Kazoo
from tests.vendors.kazoo.test_auth import digest


@cache
def facts() -> Any:
    return yaml.safe_load((FIXTURES / "kazoo" / "facts.yaml").read_text(encoding="utf-8"))


def rows(table: str) -> list[Any]:
    return list(facts()[table])


def ids_of(table: str) -> list[str]:
    return [str(row["id"]) for row in rows(table)]


class World:
    """An account with one of each thing, and the values of the paths' names."""

    def __init__(self, kazoo: Kazoo, port: int, receiver: Receiver, document: bytes) -> None:
        self.kazoo = kazoo
        receiver.answer(200, body=document, times=None)
        self.url = f"{receiver.url}/fax.pdf"
        received = kazoo.receive()["vendor_view"]["id"]
        sent = kazoo.sent(document)["id"]
        self.live = kazoo.receive()["vendor_view"]["id"]
        self.job = kazoo.put("/faxes", self.example())["id"]
        faxbox = kazoo.put("/faxboxes", {"name": "Box"})
        self.faxbox = faxbox["id"]
        with smtplib.SMTP("127.0.0.1", port, timeout=20) as mail:
            mail.helo("me")
            mail.mail("me@acme.test")
            assert mail.rcpt(f"nobody@{faxbox['smtp_email_address']}")[0] == 550
        self.attempt = kazoo.get("/faxes/smtplog")["data"][0]["id"]
        hook = {"name": "Hook", "uri": receiver.url, "hook": "inbound_fax"}
        self.webhook = kazoo.put("/webhooks", hook)["id"]
        self.folders = {"outbox": sent, "inbox": received, "incoming": self.live}

    def example(self) -> dict[str, Any]:
        data = next(row for row in rows("samples") if row["id"] == "create")["request"]["data"]
        return {**data, "document": {"url": self.url, "method": "get"}}

    def path(self, endpoint: Any) -> str:
        folder = next((name for name in self.folders if f"/{name}/" in endpoint["path"]), "outbox")
        return str(endpoint["path"]).format(
            ACCOUNT_ID=self.kazoo.account,
            FAX_JOB_ID=self.job,
            FAX_ID=self.folders[folder],
            ATTEMPT_ID=self.attempt,
            AUTH_TOKEN=self.kazoo.token,
            FAXBOX_ID=self.faxbox,
            WEBHOOK_ID=self.webhook,
        )

    def body(self, endpoint: str) -> Any:
        data = {
            "create": self.example(),
            "create-alias": self.example(),
            "outbox-resubmit": {},
            "inbox-forward": {"to_number": NUMBER},
            "user-auth": {
                "credentials": digest(self.kazoo), "account_name": self.kazoo.credentials["account_name"]
            },
            "api-auth": {"api_key": self.kazoo.credentials["api_key"]},
            "faxbox-create": {"name": "Another"},
            "faxbox-update": {"name": "Changed"},
            "webhook-create": {"name": "Hook", "uri": "http://x.test", "hook": "outbound_fax"},
        }.get(endpoint)  # fmt: skip
        action = {"outbox-resubmit": "resubmit", "inbox-forward": "forward"}.get(endpoint)
        if data is None:
            return None
        return {"data": data, **({"action": action} if action else {})}
