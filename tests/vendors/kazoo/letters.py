"""Mails to a faxbox, and what becomes of them in the account."""

from __future__ import annotations

import re
import smtplib
from email.message import EmailMessage
from typing import Any

import pytest

from tests.conftest import WAIT
from tests.vendors.kazoo.client import Kazoo, login
from tests.vendors.kazoo.ends import month

TO = "18884732963"
FROM = "me@acme.test"


def mail(*files: tuple[bytes, str, str], subject: str = "Report") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["Subject"] = FROM, subject
    message.set_content("See the file.")
    for content, kind, name in files:
        main, _, sub = kind.partition("/")
        message.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return message


def post(port: int, to: str | list[str], content: bytes, sender: str = FROM) -> dict[str, tuple[int, bytes]]:
    with smtplib.SMTP("127.0.0.1", port, timeout=WAIT) as client:
        return client.sendmail(sender, to, content)


def faxbox(kazoo: Kazoo, **more: Any) -> Any:
    """Make a faxbox that takes mail from us."""
    usual = {"name": "Box", "caller_id": "12125550100", "smtp_permission_list": [FROM]}
    return kazoo.put("/faxboxes", usual | more)


def filled(box: Any) -> dict[str, Any]:
    """Give what the job of a mail has from its faxbox and the mail."""
    return {
        "fax_identity_name": "Kazoo Fax Printer",
        "faxbox_id": box["id"],
        "from_name": "Kazoo Fax Printer",
        "from_number": "12125550100",
        "retries": box["retries"],
        "subject": "Report",
    }


def entry_of(kazoo: Kazoo, domain: str, box: str | None, **more: Any) -> dict[str, Any]:
    """Give an entry of the SMTP log: of a mail that was refused unless it is told otherwise."""
    owner = login(kazoo)["data"]["owner_id"] if box else None
    entry = {
        "account_id": kazoo.account,
        "content_type": None,
        "created": kazoo.now(),
        "errors": [],
        "faxbox_domain": domain,
        "faxbox_id": box,
        "faxbox_owner_email": None,
        "faxbox_owner_id": owner,
        "faxdoc_db": None,
        "faxdoc_id": None,
        "filename": None,
        "from": FROM,
        "original_number": TO,
        "to": f"{TO}@{domain}",
        "translated_number": f"+{TO}",
    }
    return {**entry, **more}


def compare_log(kazoo: Kazoo, *entries: dict[str, Any], path: str = "") -> None:
    """Compare the whole log, list and details, with entries from the newest to the oldest."""
    told = kazoo.get(f"{path}/faxes/smtplog")
    assert told["data"] == [
        {
            "id": row["id"], "from": entry["from"], "to": entry["to"], "created": entry["created"],
            "error": next(iter(entry["errors"]), None),
        }
        for row, entry in zip(told["data"], entries, strict=True)
    ]  # fmt: skip
    for row, entry in zip(told["data"], entries, strict=True):
        assert re.fullmatch(rf"{month(kazoo)}-[0-9a-f]{{32}}", row["id"])
        assert kazoo.get(f"{path}/faxes/smtplog/{row['id']}")["data"] == {**entry, "id": row["id"]}


def refused(port: int, to: str, content: bytes, sender: str = FROM) -> tuple[int, str]:
    with pytest.raises((smtplib.SMTPDataError, smtplib.SMTPRecipientsRefused)) as caught:
        post(port, to, content, sender)
    wrong = caught.value
    code, text = next(iter(wrong.recipients.values())) if hasattr(wrong, "recipients") else wrong.args
    return code, text.decode()


def logged(kazoo: Kazoo) -> list[str]:
    return [entry["error"] for entry in kazoo.get("/faxes/smtplog")["data"]]
