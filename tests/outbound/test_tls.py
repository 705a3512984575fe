from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from emulator.core.message import Fetch, Message, Reply, Trouble
from emulator.outbound.http_client import HttpClient
from emulator.outbound.policy import OutboundPolicy
from tests.receiver import Receiver


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def trusting(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> HttpClient:
    ca_file: Path = tmp_path_factory.mktemp("tls") / "ca.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    return HttpClient(OutboundPolicy(), ca_file=ca_file)


@pytest.fixture
def names() -> list[str | None]:
    """The names that clients asked for by SNI."""
    return []


@pytest.fixture
def secure(authority: trustme.CA, names: list[str | None]) -> Iterator[Receiver]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    context.sni_callback = lambda _, name, __: names.append(name)
    with Receiver(tls=context) as running:
        yield running


def post(client: HttpClient, url: str, timeout: float | None = None) -> Reply:
    return client.send(Message(url, fields=(("a", 1),)), lambda digest: b"", timeout=timeout)


def test_a_certificate_of_the_given_authority_is_trusted(
    trusting: HttpClient, secure: Receiver, names: list[str | None]
) -> None:
    assert post(trusting, f"https://localhost:{secure.port}/x").status == 200
    assert names == ["localhost"]
    assert secure.requests[0].header("Host") == f"localhost:{secure.port}"
    assert secure.requests[0].body == b"a=1"


def test_a_certificate_of_an_unknown_authority_is_trouble(client: HttpClient, secure: Receiver) -> None:
    assert post(client, f"https://localhost:{secure.port}/").error is Trouble.tls
    assert secure.requests == []


def test_a_certificate_for_another_name_is_trouble(trusting: HttpClient, secure: Receiver) -> None:
    assert post(trusting, f"https://127.0.0.1:{secure.port}/").error is Trouble.tls
    assert secure.requests == []


def test_a_peer_that_speaks_no_tls_is_trouble(trusting: HttpClient, receiver: Receiver) -> None:
    assert post(trusting, f"https://localhost:{receiver.port}/").error is Trouble.tls


@pytest.mark.parametrize("behaviour", ["hang", "drip", "drip_head"])
def test_the_deadline_holds_over_tls(trusting: HttpClient, secure: Receiver, behaviour: str) -> None:
    secure.answer(200, b"x" * 10_000, behaviour=behaviour)
    reply = post(trusting, f"https://localhost:{secure.port}/", timeout=0.3)
    assert reply.error is Trouble.timeout


def test_documents_are_fetched_over_tls(trusting: HttpClient, secure: Receiver) -> None:
    secure.answer(200, b"x" * 300_000)
    assert len(trusting.fetch(Fetch(f"https://localhost:{secure.port}/")).content) == 300_000


def test_a_redirect_from_https_to_http_carries_no_credentials(
    trusting: HttpClient, secure: Receiver, receiver: Receiver
) -> None:
    secure.answer(302, headers={"Location": receiver.url})
    trusting.fetch(Fetch(f"https://u:p@localhost:{secure.port}/"))
    assert (secure.requests[0].auth, receiver.requests[0].auth) == ("u:p", None)
