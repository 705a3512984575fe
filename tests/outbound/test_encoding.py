from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import pytest

from emulator.core.message import Encoding, FilePart, Message
from emulator.outbound.encoding import encode_message

NESTED: tuple[tuple[str, Any], ...] = (
    ("id", 12),
    ("ok", True),
    ("off", False),
    ("none", None),
    ("to", ["+1", "b&c"]),
    ("fax", {"pages": 2, "codes": [{"n": 1.5}], "empty": []}),
    ("text", "é ~*/"),
)


def nothing(digest: str) -> bytes:
    raise AssertionError(f"{digest} was not to be loaded")


def test_form_fields_are_urlencoded_in_order_with_php_brackets() -> None:
    headers, body, url = encode_message(Message("http://h/x?y=1#z", fields=NESTED), nothing)
    assert url == "http://h/x?y=1#z"
    assert headers == (("Content-Type", "application/x-www-form-urlencoded"),)
    assert body == (
        b"id=12&ok=true&off=false&none=&to%5B%5D=%2B1&to%5B%5D=b%26c&fax%5Bpages%5D=2"
        b"&fax%5Bcodes%5D%5B%5D%5Bn%5D=1.5&text=%C3%A9+~%2A%2F"
    )


def test_json_is_compact_in_order_and_not_escaped() -> None:
    headers, body, _ = encode_message(Message("http://h", encoding=Encoding.json, fields=NESTED), nothing)
    assert headers == (("Content-Type", "application/json"),)
    assert body.decode() == (
        '{"id":12,"ok":true,"off":false,"none":null,"to":["+1","b&c"],'
        '"fax":{"pages":2,"codes":[{"n":1.5}],"empty":[]},"text":"é ~*/"}'
    )


@pytest.mark.parametrize(
    ("url", "sent"),
    [
        ("http://h/x", "http://h/x?a=1&b+c=d%3De"),
        ("http://h/x?", "http://h/x?a=1&b+c=d%3De"),
        ("http://h/x?k=v#f", "http://h/x?k=v&a=1&b+c=d%3De"),
        ("http://h/x?k=v&", "http://h/x?k=v&a=1&b+c=d%3De"),
    ],
)
def test_query_fields_join_what_the_url_has(url: str, sent: str) -> None:
    fields = (("a", 1), ("b c", "d=e"))
    message = Message(url, method="GET", encoding=Encoding.query, fields=fields)
    assert encode_message(message, nothing) == ((), b"", sent)


def test_a_query_without_fields_leaves_the_url_alone() -> None:
    message = Message("http://h/x?k=v", method="GET", encoding=Encoding.query)
    assert encode_message(message, nothing) == ((), b"", "http://h/x?k=v")


def test_multipart_has_text_parts_then_files_and_the_same_bytes_each_time() -> None:
    message = Message(
        "http://h",
        encoding=Encoding.multipart,
        fields=(("data", '{"id":"1"}'), ("to", ["a", "b"]), ('q"\r\n', None)),
        files=(FilePart("file", 'факс "1".pdf', "application/pdf", "d1"),),
    )
    headers, body, _ = encode_message(message, {"d1": b"%PDF-\r\n\x00"}.__getitem__)
    ((name, kind),) = headers
    boundary = kind.removeprefix("multipart/form-data; boundary=")
    assert (name, len(boundary)) == ("Content-Type", 36)
    assert body.decode() == (
        f'--{boundary}\r\nContent-Disposition: form-data; name="data"\r\n\r\n{{"id":"1"}}\r\n'
        f'--{boundary}\r\nContent-Disposition: form-data; name="to[]"\r\n\r\na\r\n'
        f'--{boundary}\r\nContent-Disposition: form-data; name="to[]"\r\n\r\nb\r\n'
        f'--{boundary}\r\nContent-Disposition: form-data; name="q%22%0D%0A"\r\n\r\n\r\n'
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="факс %221%22.pdf"\r\n'
        f"Content-Type: application/pdf\r\n\r\n%PDF-\r\n\x00\r\n--{boundary}--\r\n"
    )
    assert encode_message(message, {"d1": b"%PDF-\r\n\x00"}.__getitem__)[1] == body


def test_a_media_type_cannot_add_a_header() -> None:
    file = FilePart("f", "n", "text/plain\r\nX-Evil: 1", "d")
    message = Message("http://h", encoding=Encoding.multipart, files=(file,))
    _, body, _ = encode_message(message, lambda digest: b"")
    assert b"\r\nContent-Type: text/plainX-Evil: 1\r\n" in body


def test_auth_becomes_basic_and_explicit_headers_replace_what_would_be_set() -> None:
    message = Message("http://h", auth="user:pä:ss", headers=(("X-Event", "done"),))
    assert encode_message(message, nothing)[0] == (
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("Authorization", "Basic dXNlcjpww6Q6c3M="),
        ("X-Event", "done"),
    )
    own = Message("http://h", auth="a:b", headers=(("authorization", "Bearer x"), ("content-type", "text/x")))
    assert encode_message(own, nothing)[0] == (("authorization", "Bearer x"), ("content-type", "text/x"))


@pytest.mark.parametrize("encoding", list(Encoding))
def test_broken_unicode_is_sent_with_question_marks(encoding: Encoding) -> None:
    message = Message("http://h", encoding=encoding, fields=(("a\ud800", "b\udfff"),), auth="u\ud800:p")
    _, body, url = encode_message(message, nothing)
    assert b"?" in body or b"%3F" in body or "a%3F=b%3F" in url


def test_a_message_is_json_able() -> None:
    message = Message("http://h", fields=NESTED, files=(FilePart("a", "b", "c", "d"),), auth="u:p")
    assert json.loads(json.dumps(asdict(message)))["fields"][4] == ["to", ["+1", "b&c"]]
