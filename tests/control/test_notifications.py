"""The e-mails that a vendor would have sent can be read."""

from __future__ import annotations

import json

import requests

from tests.conftest import WAIT, Control
from tests.receiver import Receiver
from tests.sending import send


def notifications(control: Control, query: str = "") -> dict[str, object]:
    return dict(control.call("GET", f"/sandboxes/{control.id}/notifications{query}", 200))


def test_notice_of_a_finished_fax_is_listed(control: Control) -> None:
    data = {
        "from_number": "12125550100",
        "to_number": "15005550002",
        "document": {"url": "http://127.0.0.1:9/gone.pdf"},
        "notifications": {"email": {"send_to": "anna@example.com"}},
    }
    credentials = control.credentials("kazoo")
    requests.put(
        f"{control.base_url('kazoo')}/v2/accounts/{credentials['account']}/faxes",
        data=json.dumps({"data": data}),
        headers={"X-Auth-Token": credentials["X-Auth-Token"]},
        timeout=WAIT,
    ).raise_for_status()
    assert notifications(control) == {"notifications": [], "next": None, "dropped": 0}
    control.advance()
    [fax] = control.faxes()
    [notice] = notifications(control)["notifications"]  # type: ignore[misc]
    assert notice == {
        "id": 1,
        "at": fax["finished_at"],
        "vendor": "kazoo",
        "fax": fax["id"],
        "kind": "email",
        "to": ["anna@example.com"],
        "event": "outbound_fax_error",
        "subject": notice["subject"],
    }
    assert notice["subject"].startswith("Fax to +15005550002 failed: could not ")


def test_webhook_given_up_is_told_by_email(server: Control, receiver: Receiver) -> None:
    control = server.create(webhooks={"mfax": {"outbound": receiver.url}})
    receiver.answer(500, times=None)
    send(control, "mfax")
    control.advance()
    [notice] = notifications(control, "?vendor=mfax")["notifications"]  # type: ignore[misc]
    assert (notice["kind"], notice["attempts"], notice["error"]) == ("email", 8, "HTTP 500")
    assert notifications(control, "?vendor=kazoo")["notifications"] == []


def test_unknown_sandbox_has_no_notifications(control: Control) -> None:
    said = control.call("GET", "/sandboxes/nobody/notifications", 404)
    assert said == {"error": {"code": "not_found", "message": "no sandbox nobody"}}
