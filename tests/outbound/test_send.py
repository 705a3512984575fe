from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from emulator.core.message import Encoding, FilePart, Message, Reply, Trouble
from emulator.outbound.http_client import HttpClient
from tests.receiver import Part, Receiver


def no_file(digest: str) -> bytes:
    raise KeyError(digest)


def post(client: HttpClient, url: str, **options: Any) -> Reply:
    return client.send(Message(url, fields=(("a", 1),)), no_file, **options)


def test_a_message_arrives_as_it_was_meant_and_the_reply_comes_back(
    client: HttpClient, receiver: Receiver
) -> None:
    receiver.answer(202, "ja ж", headers={"X-Got": "it"})
    message = Message(
        f"{receiver.url}/hook?k=v",
        encoding=Encoding.json,
        fields=(("jobId", 7), ("text", "é")),
        headers=(("x-event", "done"),),
        auth="user:pass",
    )
    reply = client.send(message, no_file)
    assert (reply.status, reply.body, reply.error) == (202, "ja ж", None)
    assert reply.headers == (("X-Got", "it"), ("Content-Length", "5"))
    assert 0 < reply.elapsed < 5
    (received,) = receiver.requests
    assert (received.method, received.path, received.query) == ("POST", "/hook", "k=v")
    assert received.json() == {"jobId": 7, "text": "é"}
    assert received.auth == "user:pass"
    assert received.header("Host") == f"127.0.0.1:{receiver.port}"
    assert received.header("X-Event") == "done"
    assert received.header("User-Agent") == "localfax"
    assert received.header("Content-Length") == str(len(received.body))


def test_a_multipart_message_carries_files_by_digest(client: HttpClient, receiver: Receiver) -> None:
    message = Message(
        receiver.url,
        encoding=Encoding.multipart,
        fields=(("data", "{}"),),
        files=(FilePart("attachment", "fax ж.pdf", "application/pdf", "d"),),
    )
    assert client.send(message, {"d": b"%PDF-\x00\r\n--"}.__getitem__).status == 200
    assert receiver.requests[0].parts() == [
        Part("data", None, None, b"{}"),
        Part("attachment", "fax ж.pdf", "application/pdf", b"%PDF-\x00\r\n--"),
    ]


def test_a_query_message_is_a_get_without_a_body(client: HttpClient, receiver: Receiver) -> None:
    message = Message(f"{receiver.url}/x", method="GET", encoding=Encoding.query, fields=(("to", "+1 2"),))
    assert client.send(message, no_file).status == 200
    (received,) = receiver.requests
    assert (received.method, received.parameters(), received.body) == ("GET", [("to", "+1 2")], b"")


def test_an_empty_post_says_that_it_is_empty(client: HttpClient, receiver: Receiver) -> None:
    assert client.send(Message(receiver.url), no_file).status == 200
    assert receiver.requests[0].header("Content-Length") == "0"


def test_a_gone_file_is_a_bad_message_and_nothing_is_sent(client: HttpClient, receiver: Receiver) -> None:
    message = Message(receiver.url, encoding=Encoding.multipart, files=(FilePart("f", "f", "a/b", "gone"),))
    assert client.send(message, no_file).error is Trouble.bad_message
    assert receiver.connections == 0


@pytest.mark.parametrize(
    "message",
    [
        Message("", headers=(("X", "a\r\nX-Evil: 1"),)),
        Message("", headers=(("X-Evil: 1\r\nX", "a"),)),
        Message("", headers=(("ж", "a"),)),
        Message("", headers=(("", "a"),)),
        Message("", method="GET / HTTP/1.1\r\nX:"),
    ],
)
def test_what_cannot_be_written_as_http_is_not_sent(
    client: HttpClient, receiver: Receiver, message: Message
) -> None:
    broken = Message(receiver.url, method=message.method, headers=message.headers)
    assert client.send(broken, no_file).error is Trouble.bad_message
    assert receiver.requests == []


def test_a_caller_cannot_change_the_framing(client: HttpClient, receiver: Receiver) -> None:
    headers = (("content-length", "0"), ("Transfer-Encoding", "chunked"), ("Connection", "close"))
    message = Message(receiver.url, fields=(("a", 1),), headers=headers)
    assert client.send(message, no_file).status == 200
    (received,) = receiver.requests
    assert received.body == b"a=1"
    assert received.header("Transfer-Encoding") is None
    assert received.header("Connection") is None


def test_header_text_beyond_latin_1_is_sent_as_utf_8(client: HttpClient, receiver: Receiver) -> None:
    assert client.send(Message(receiver.url, headers=(("X", "ж\ud800"),)), no_file).status == 200
    assert (receiver.requests[0].header("X") or "").encode("latin-1").decode() == "ж?"


def test_a_truncated_message_is_a_well_formed_request_with_less_in_it(
    client: HttpClient, receiver: Receiver
) -> None:
    message = Message(receiver.url, encoding=Encoding.json, fields=(("jobId", 7),))
    assert client.send(message, no_file, truncate=6).status == 200
    assert receiver.requests[0].body == b'{"jobI'


@pytest.mark.parametrize("status", [200, 204, 304, 404, 410, 500, 599])
def test_any_status_is_a_reply(client: HttpClient, receiver: Receiver, status: int) -> None:
    receiver.answer(status)
    reply = post(client, receiver.url)
    assert (reply.status, reply.error, reply.body) == (status, None, "")


def test_only_the_beginning_of_a_reply_is_kept(client: HttpClient, receiver: Receiver) -> None:
    receiver.answer(500, b"\xff" + b"x" * 1_000_000, headers={"X-Long": "y" * 5000})
    reply = post(client, receiver.url)
    assert reply.status == 500
    assert reply.body == "\N{REPLACEMENT CHARACTER}" + "x" * 4095
    assert dict(reply.headers)["X-Long"] == "y" * 1024


def test_a_redirect_is_a_reply_unless_following_is_asked_for(client: HttpClient, receiver: Receiver) -> None:
    receiver.answer(302, headers={"Location": "/other"}, times=None, path="/hook")
    assert post(client, f"{receiver.url}/hook").status == 302
    assert [each.path for each in receiver.requests] == ["/hook"]
    assert post(client, f"{receiver.url}/hook", redirects=1).status == 200
    assert [(each.method, each.path, each.body) for each in receiver.requests[1:]] == [
        ("POST", "/hook", b"a=1"),
        ("GET", "/other", b""),
    ]


def test_a_307_keeps_method_and_body(client: HttpClient, receiver: Receiver) -> None:
    receiver.answer(307, headers={"Location": "/other"})
    assert post(client, f"{receiver.url}/hook", redirects=1).status == 200
    last = receiver.requests[-1]
    assert (last.method, last.path, last.form()) == ("POST", "/other", [("a", "1")])


def test_proxies_and_netrc_of_the_environment_are_not_used(
    client: HttpClient, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login who password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    with Receiver() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        assert post(client, receiver.url).status == 200
        assert proxy.connections == 0
    assert receiver.requests[0].auth is None


def test_a_burst_shares_connections_and_leaves_none_behind(client: HttpClient, receiver: Receiver) -> None:
    receiver.answer(behaviour="hang", path="/slow")
    with ThreadPoolExecutor(1) as background:
        slow = background.submit(post, client, f"{receiver.url}/slow")
        receiver.wait(1)
        assert [post(client, receiver.url).status for _ in range(5)] == [200] * 5
        assert receiver.connections == 2
        receiver.release()
        assert slow.result().status == 200
    receiver.wait_for_connections(0)


def test_a_connection_that_the_receiver_closed_is_not_used_again(
    client: HttpClient, receiver: Receiver
) -> None:
    receiver.answer(behaviour="hang", path="/slow")
    receiver.answer(behaviour="close", times=3)
    with ThreadPoolExecutor(1) as background:
        slow = background.submit(post, client, f"{receiver.url}/slow")
        receiver.wait(1)
        for _ in range(4):
            assert post(client, receiver.url).status == 200
            receiver.wait_for_connections(1 if len(receiver.requests) < 5 else 2)
        receiver.release()
        assert slow.result().status == 200
    assert len(receiver.requests) == 5


def test_many_threads_lose_and_repeat_nothing(client: HttpClient, receiver: Receiver) -> None:
    def send(number: int) -> int | None:
        return client.send(Message(receiver.url, fields=(("n", number),)), no_file).status

    with ThreadPoolExecutor(8) as senders:
        assert list(senders.map(send, range(200))) == [200] * 200
    assert sorted(int(each.form()[0][1]) for each in receiver.requests) == list(range(200))
    receiver.wait_for_connections(0)


def test_slow_receivers_do_not_hold_up_a_fast_one(client: HttpClient, receiver: Receiver) -> None:
    receiver.answer(behaviour="hang", path="/slow", times=None)
    with ThreadPoolExecutor(8) as senders:
        slow = [senders.submit(post, client, f"{receiver.url}/slow") for _ in range(7)]
        receiver.wait(7)
        assert post(client, receiver.url).status == 200
        assert not any(each.done() for each in slow)
        receiver.release()
        assert [each.result().status for each in slow] == [200] * 7


def test_no_thread_is_started_by_sending(client: HttpClient, receiver: Receiver) -> None:
    before = {each for each in threading.enumerate() if "process_request" not in each.name}
    post(client, receiver.url)
    assert {each for each in threading.enumerate() if "process_request" not in each.name} == before
