"""Header names in the journal: as the client sent them, in whatever case."""

from __future__ import annotations

import http.client
from urllib.parse import urlsplit

from tests.conftest import WAIT, Control


def test_the_journal_shows_header_names_as_they_were_sent(control: Control) -> None:
    where = urlsplit(control.url)
    connection = http.client.HTTPConnection(str(where.hostname), where.port, timeout=WAIT)
    sent = {
        "accessToken": control.credentials("ifax")["accessToken"],
        "X-CUSTOM-thing": "one",
        "x-lower": "two",
        "content-type": "application/json",
    }
    try:
        connection.putrequest("POST", "/ifax/v1/customer/fax-lists", skip_accept_encoding=True)
        for name, value in sent.items():
            connection.putheader(name, value)
        connection.putheader("x-lower", "three")
        connection.putheader("Content-Length", "2")
        connection.endheaders(b"{}")
        assert connection.getresponse().status == 200
    finally:
        connection.close()
    [call] = control.call("GET", f"/sandboxes/{control.id}/requests", 200)["requests"]
    shown = {name: value for name, value in call["headers"].items() if name != "Host"}
    assert shown == {**sent, "x-lower": "two, three", "Content-Length": "2"}
