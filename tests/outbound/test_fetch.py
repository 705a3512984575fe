from __future__ import annotations

import gzip
import tracemalloc
import zlib
from collections.abc import Callable

import pytest

from emulator.core.message import Fetch, Fetched, FetchFailed, Trouble
from emulator.outbound.http_client import HttpClient
from emulator.outbound.policy import OutboundPolicy
from tests.receiver import Receiver

PDF = b"%PDF-1.7\n\x00\xff"


def failure(client: HttpClient, fetch: Fetch) -> tuple[Trouble, int | None]:
    with pytest.raises(FetchFailed) as failed:
        client.fetch(fetch)
    return failed.value.reason, failed.value.status


def test_a_document_comes_with_its_media_type(client: HttpClient, receiver: Receiver) -> None:
    receiver.answer(200, PDF, headers={"Content-Type": "Application/PDF; name=x"})
    assert client.fetch(Fetch(f"{receiver.url}/a b.pdf?c=d")) == Fetched(200, "application/pdf", PDF)
    (received,) = receiver.requests
    assert (received.method, received.path, received.query, received.body) == (
        "GET",
        "/a%20b.pdf",
        "c=d",
        b"",
    )


def test_a_media_type_that_is_not_said_is_empty(client: HttpClient, receiver: Receiver) -> None:
    assert client.fetch(Fetch(receiver.url)) == Fetched(200, "", b"")


def test_a_fetch_may_post(client: HttpClient, receiver: Receiver) -> None:
    fetch = Fetch(receiver.url, "POST", (("Content-Type", "text/x"), ("X-Key", "1")), '{"ж":1}')
    assert client.fetch(fetch).status == 200
    (received,) = receiver.requests
    assert (received.method, received.body) == ("POST", '{"ж":1}'.encode())
    assert (received.header("Content-Type"), received.header("X-Key")) == ("text/x", "1")


def test_credentials_in_the_url_become_basic_auth_and_stay_on_their_host(
    client: HttpClient, receiver: Receiver
) -> None:
    with Receiver() as other:
        receiver.answer(302, headers={"Location": "/moved"})
        receiver.answer(302, headers={"Location": f"{other.url}/away"})
        assert client.fetch(Fetch(f"http://user:p%40ss@127.0.0.1:{receiver.port}/")).status == 200
        assert [each.auth for each in receiver.requests] == ["user:p@ss", "user:p@ss"]
        assert [each.auth for each in other.requests] == [None]


def test_secrets_in_headers_do_not_follow_a_redirect_to_another_host(
    client: HttpClient, receiver: Receiver
) -> None:
    headers = (("Authorization", "Bearer x"), ("Cookie", "y"), ("Host", "fax.example"), ("X-Other", "z"))
    with Receiver() as other:
        receiver.answer(302, headers={"Location": other.url})
        client.fetch(Fetch(receiver.url, headers=headers))
        (first,), (second,) = receiver.requests, other.requests
    names = ("Authorization", "Cookie", "Host", "X-Other")
    assert [first.header(name) for name in names] == ["Bearer x", "y", "fax.example", "z"]
    assert [second.header(name) for name in names] == [None, None, f"127.0.0.1:{other.port}", "z"]


def test_redirects_are_followed_to_the_document(client: HttpClient, receiver: Receiver) -> None:
    receiver.answer(301, headers={"Location": "/b/c?d"}).answer(308, headers={"Location": "../ж"})
    receiver.answer(200, PDF, headers={"Content-Type": "application/pdf"})
    assert client.fetch(Fetch(f"{receiver.url}/a", redirects=2)).content == PDF
    assert [each.path for each in receiver.requests] == ["/a", "/b/c", "/%D0%B6"]


def test_too_many_redirects_are_refused(client: HttpClient, receiver: Receiver) -> None:
    receiver.answer(302, headers={"Location": "/"}, times=None)
    assert failure(client, Fetch(receiver.url, redirects=3)) == (Trouble.too_many_redirects, 302)
    assert len(receiver.requests) == 4


def test_where_no_redirects_are_followed_a_redirect_is_a_bad_status(
    client: HttpClient, receiver: Receiver
) -> None:
    receiver.answer(302, headers={"Location": "/b"})
    assert failure(client, Fetch(receiver.url, redirects=0)) == (Trouble.bad_status, 302)
    assert len(receiver.requests) == 1


@pytest.mark.parametrize("status", [300, 304, 401, 403, 404, 500, 503])
def test_what_is_not_a_success_is_a_bad_status(client: HttpClient, receiver: Receiver, status: int) -> None:
    receiver.answer(status, b"x" * 200_000 if status > 304 else b"")
    assert failure(client, Fetch(receiver.url)) == (Trouble.bad_status, status)


def test_forbidden_addresses_are_not_fetched(client: HttpClient, receiver: Receiver) -> None:
    receiver.answer(302, headers={"Location": "http://169.254.169.254/latest/meta-data/"})
    assert failure(client, Fetch("http://169.254.169.254/")) == (Trouble.refused, None)
    assert failure(client, Fetch(receiver.url)) == (Trouble.refused, None)
    assert failure(client, Fetch("file:///etc/passwd")) == (Trouble.bad_url, None)
    assert failure(HttpClient(OutboundPolicy(private=False)), Fetch("http://10.0.0.1/")) == (
        Trouble.refused,
        None,
    )


def test_a_document_of_exactly_the_limit_is_whole_and_one_byte_more_is_too_large(
    client: HttpClient, receiver: Receiver
) -> None:
    receiver.answer(200, b"x" * 1000).answer(200, b"x" * 1001)
    assert client.fetch(Fetch(receiver.url, max_bytes=1000)).content == b"x" * 1000
    assert failure(client, Fetch(receiver.url, max_bytes=1000)) == (Trouble.too_large, 200)


@pytest.mark.parametrize("rounds", [1, 2])
def test_a_compressed_bomb_is_stopped_at_the_limit(
    client: HttpClient, receiver: Receiver, rounds: int
) -> None:
    content = bytes(40_000_000)
    for _ in range(rounds):
        content = gzip.compress(content, 6)
    receiver.answer(200, content, headers={"Content-Encoding": ", ".join(["gzip"] * rounds)})
    tracemalloc.start()
    try:
        assert failure(client, Fetch(receiver.url, max_bytes=1_000_000)) == (Trouble.too_large, 200)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 6_000_000


@pytest.mark.parametrize(("coding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
def test_a_compressed_document_is_unpacked(
    client: HttpClient, receiver: Receiver, coding: str, pack: Callable[[bytes], bytes]
) -> None:
    receiver.answer(200, pack(PDF * 10_000), headers={"Content-Encoding": coding})
    assert client.fetch(Fetch(receiver.url)).content == PDF * 10_000


@pytest.mark.parametrize(
    ("behaviour", "trouble", "status"),
    [
        ("hang", Trouble.timeout, None),
        ("drip_head", Trouble.timeout, None),
        ("drip", Trouble.timeout, 200),
        ("drop", Trouble.unreachable, None),
        ("cut", Trouble.bad_reply, 200),
    ],
)
def test_a_peer_that_does_not_finish_gives_no_document(
    client: HttpClient, receiver: Receiver, behaviour: str, trouble: Trouble, status: int | None
) -> None:
    receiver.answer(200, PDF * 1000, behaviour=behaviour)
    assert failure(client, Fetch(receiver.url, deadline=0.25)) == (trouble, status)


def test_a_failure_reads_as_its_word_and_status() -> None:
    assert str(FetchFailed(Trouble.bad_status, 404)) == "bad_status, HTTP 404"
    assert str(FetchFailed(Trouble.refused)) == "refused"


def test_the_body_of_a_refusal_is_not_read_to_its_end(client: HttpClient, receiver: Receiver) -> None:
    receiver.answer(raw=b"HTTP/1.1 404 Not Found\r\nContent-Length: 9000000\r\n\r\n" + b"x" * 70_000)
    assert failure(client, Fetch(receiver.url)) == (Trouble.bad_status, 404)
