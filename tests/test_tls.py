"""HTTPS with an authority of our own, as the installed command serves it."""

from __future__ import annotations

import re
import signal
import ssl
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from emulator.app import App
from emulator.serve import bind, in_process
from emulator.tls import Authority, front
from tests.conftest import WAIT, Control
from tests.sending import send


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[str, Path, str]]:
    """Run `localfax serve --tls` on a free port; give its origin, the authority's file, what it printed."""
    ca = tmp_path / "ca.pem"
    command = [
        Path(sys.executable).with_name("localfax"),
        "serve",
        "--port",
        "0",
        "--tls",
        "--tls-ca",
        str(ca),
    ]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parent.parent
    ) as process:
        assert process.stdout is not None
        printed = ""
        while "/etc/hosts" not in printed or not printed.endswith("fax.to\n"):
            line = process.stdout.readline()
            assert line, printed
            printed += line
        origin = re.search(r"https://127\.0\.0\.1:\d+", printed)
        assert origin, printed
        yield origin[0], ca, printed
        process.send_signal(signal.SIGTERM)
        process.stdout.read()
        assert process.wait(WAIT) == 0


def test_client_that_trusts_the_authority_is_served(served: tuple[str, Path, str]) -> None:
    origin, ca, printed = served
    sandbox = requests.get(f"{origin}/_localfax/sandboxes/default", verify=str(ca), timeout=WAIT).json()
    assert sandbox["vendors"]["ifax"]["base_url"] == f"{origin}/ifax"
    hosts = ["api.openfax.com", "apps.hostedpbx.ie", "api.ifaxapp.com", "api.documo.com", "fax.to"]
    assert all(re.search(rf"127\.0\.0\.1 .*\b{re.escape(host)}\b", printed) for host in hosts)
    assert str(ca) in printed


def test_client_that_does_not_trust_it_goes_away(served: tuple[str, Path, str]) -> None:
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(f"{served[0]}/_localfax/health", timeout=WAIT)
    assert (
        requests.get(f"{served[0]}/_localfax/health", verify=str(served[1]), timeout=WAIT).status_code == 200
    )


def test_vendor_is_found_by_its_own_host_over_tls(app: App, tmp_path: Path) -> None:
    authority = Authority(["api.ifaxapp.com"])
    authority.write(tmp_path / "ca.pem")
    trusting = ssl.create_default_context(cafile=tmp_path / "ca.pem")
    listening = bind("127.0.0.1", 0)
    with in_process(app) as plain, front(listening, authority.context(), plain.port):
        import http.client
        import socket

        raw = socket.create_connection(listening.getsockname(), timeout=WAIT)
        connection = http.client.HTTPConnection("api.ifaxapp.com")
        connection.sock = trusting.wrap_socket(raw, server_hostname="api.ifaxapp.com")
        connection.request("POST", "/v1/customer/fax-status", b"{}", {"accessToken": "ifax-test-key"})
        answer = connection.getresponse()
        assert (answer.status, answer.getheader("Content-Type")) == (200, "application/json")
        assert b'"status":' in answer.read()
        connection.close()


def test_large_bodies_and_cut_connections_pass_through(
    app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = Authority([])
    authority.write(tmp_path / "ca.pem")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "ca.pem"))
    listening = bind("127.0.0.1", 0)
    as_https = lambda environ, start: app({**environ, "wsgi.url_scheme": "https"}, start)  # noqa: E731
    with in_process(as_https) as plain, front(listening, authority.context(), plain.port):
        control = Control(f"https://127.0.0.1:{listening.getsockname()[1]}").create()
        with pytest.raises(requests.ConnectionError):
            send(control, "ifax", "+15005550022")
        form = {
            "document": b64encode(b"a\f" * 4 + b" " * 3_000_000).decode(),
            "vendor": "ifax",
            "to": "1",
            "from": "2",
        }
        fax = control.call("POST", f"/sandboxes/{control.id}/inbound", 201, json=form)
        assert fax["pages"]["total"] > 1
        assert [each["scenario"] for each in control.faxes()] == [None, "magic-22"]
