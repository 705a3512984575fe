"""HTTPS with an authority of our own, as the installed command serves it."""

from __future__ import annotations

import http.client
import re
import signal
import socket
import ssl
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import requests
import trustme

from emulator.app import App
from emulator.cli.encryption import Encryption, open_encryption
from emulator.config import Config
from emulator.server.authority import Authority
from emulator.server.http_server import in_process
from emulator.vendors import all_vendors
from tests.cli.conftest import run_command
from tests.conftest import WAIT, Control
from tests.sending import send

HOSTS = {host: vendor.name for vendor in all_vendors().values() for host in vendor.hosts}
"""The hosts that clients have built in, and whose they are."""


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
        "--ca-dir",
        str(tmp_path / "kept"),
    ]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
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
    lines = [line.split() for line in printed.splitlines() if line.strip().startswith("127.0.0.1 ")]
    assert sorted(host for line in lines for host in line[1:]) == sorted(HOSTS)
    assert str(ca) in printed


def test_client_that_does_not_trust_it_goes_away(served: tuple[str, Path, str]) -> None:
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(f"{served[0]}/_localfax/health", timeout=WAIT)
    assert (
        requests.get(f"{served[0]}/_localfax/health", verify=str(served[1]), timeout=WAIT).status_code == 200
    )


def test_vendor_is_found_by_its_own_host_over_tls(app: App, tmp_path: Path) -> None:
    authority = Authority(tmp_path / "kept", ["api.ifaxapp.com"])
    (tmp_path / "ca.pem").write_bytes(authority.certificate())
    trusting = ssl.create_default_context(cafile=tmp_path / "ca.pem")
    with in_process(app, tls=authority.context()) as served:
        raw = socket.create_connection(("127.0.0.1", served.port), timeout=WAIT)
        connection = http.client.HTTPConnection("api.ifaxapp.com")
        connection.sock = trusting.wrap_socket(raw, server_hostname="api.ifaxapp.com")
        connection.request("POST", "/v1/customer/fax-status", b"{}", {"accessToken": "ifax-test-key"})
        answer = connection.getresponse()
        assert (answer.status, answer.getheader("Content-Type")) == (200, "application/json")
        assert b'"status":' in answer.read()
        connection.close()


def test_client_with_a_built_in_host_works_unchanged(
    app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names lead to this machine as lines of a hosts file would have it; only the port is not 443."""
    asked, ca = socket.getaddrinfo, tmp_path / "ca.pem"
    as_in_hosts = lambda host, *rest, **more: asked("127.0.0.1" if host in HOSTS else host, *rest, **more)  # noqa: E731
    monkeypatch.setattr(socket, "getaddrinfo", as_in_hosts)
    authority = Authority(tmp_path / "kept", HOSTS)
    ca.write_bytes(authority.certificate())
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(ca))
    with in_process(app, tls=authority.context()) as served:
        for host, vendor in HOSTS.items():
            url = f"https://{host}:{served.port}/called-as/{host}"
            requests.get(url, timeout=WAIT)
            journal = Control(served.url).call("GET", "/sandboxes/default/requests?limit=1", 200)
            [call] = journal["requests"]
            assert (call["vendor"], call["path"]) == (vendor, f"/called-as/{host}")


def test_server_ends_at_once_though_a_client_keeps_its_connection(app: App, tmp_path: Path) -> None:
    authority = Authority(tmp_path / "kept", [])
    (tmp_path / "ca.pem").write_bytes(authority.certificate())
    trusting = ssl.create_default_context(cafile=tmp_path / "ca.pem")
    with in_process(app, tls=authority.context()) as served:
        raw = socket.create_connection(("127.0.0.1", served.port), timeout=WAIT)
        kept = trusting.wrap_socket(raw, server_hostname="localhost")
        kept.sendall(b"GET /_localfax/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert kept.recv(2**16).startswith(b"HTTP/1.1 200 OK")
    with suppress(ConnectionResetError):
        assert kept.recv(1) == b""
    kept.close()


def test_large_bodies_and_cut_connections_pass_through(
    app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = Authority(tmp_path / "kept", [])
    (tmp_path / "ca.pem").write_bytes(authority.certificate())
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "ca.pem"))
    with in_process(app, tls=authority.context()) as served:
        control = Control(served.url).create()
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


def agrees(encryption: Encryption, trusted: Path, host: str) -> bool:
    """Shake hands in memory."""
    client = ssl.create_default_context(cafile=trusted)
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    asking = client.wrap_bio(back, there, server_hostname=host)
    answering = encryption.context.wrap_bio(there, back, server_side=True)
    for side in (asking, answering, asking, answering):
        with suppress(ssl.SSLWantReadError):
            side.do_handshake()
    return asking.version() in ("TLSv1.2", "TLSv1.3")


def test_the_kept_authority_is_used_and_nothing_is_written_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    kept = Config(tls=True, ca_dir=str(tmp_path / "kept"), allow_host=("fax.corp.example",))
    first, again = open_encryption(kept), open_encryption(kept)
    assert first is not None
    assert again is not None
    assert first.trusted == again.trusted
    assert Path(first.trusted or "").parent == tmp_path / "kept"
    assert agrees(again, Path(first.trusted or ""), "fax.corp.example")
    assert [each.name for each in tmp_path.iterdir()] == ["kept"]
    assert open_encryption(Config()) is None


def test_a_certificate_of_one_s_own_is_served(tmp_path: Path) -> None:
    authority = trustme.CA()
    made = authority.issue_cert("fax.corp.example")
    authority.cert_pem.write_to_path(tmp_path / "trusted.pem")
    made.cert_chain_pems[0].write_to_path(tmp_path / "own.pem")
    made.private_key_pem.write_to_path(tmp_path / "own.key")
    made.private_key_and_cert_chain_pem.write_to_path(tmp_path / "both.pem")
    for own in (
        Config(tls_cert=str(tmp_path / "own.pem"), tls_key=str(tmp_path / "own.key")),
        Config(tls_cert=str(tmp_path / "both.pem")),
    ):
        encryption = open_encryption(own)
        assert encryption is not None
        assert encryption.trusted is None
        assert encryption.trusting("curl -s x") == "curl -s x"
        assert agrees(encryption, tmp_path / "trusted.pem", "fax.corp.example")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--tls-key", "own.key"], 2, "--tls-key needs --tls-cert"),
        (["--tls-cert", "nowhere.pem"], 1, "cannot read nowhere.pem or its key: No such file or directory"),
        (["--tls-cert", __file__], 1, "no certificate with its key"),
        (["--tls", "--ca-dir", "/dev/null/x"], 1, "name another with --ca-dir"),
    ],
)
def test_what_cannot_be_used_is_named(words: list[str], code: int, said: str) -> None:
    done = run_command("serve", "--port", "0", *words)
    assert (done.returncode, said in done.stderr) == (code, True), done.stderr
