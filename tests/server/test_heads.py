"""Heads of requests against h11, a second opinion: what is taken here, it takes too, and reads the same."""

from __future__ import annotations

import h11
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.server.head import Head, Refusal, read_head

METHODS = st.sampled_from([b"GET", b"POST", b"PUT", b"DELETE", b"OPTIONS", b"HEAD", b"get", b"G T", b""])
TARGETS = st.sampled_from([b"/", b"/a?b=c", b"/%zz", b"*", b"http://a/b", b"/a b", b"", b"/\xc3\xa9", b"//"])
VERSIONS = st.sampled_from(
    [b"HTTP/1.1", b"HTTP/1.0", b"HTTP/1.2", b"HTTP/2.0", b"http/1.1", b"HTTP/1.10", b""]
)
NAMES = st.one_of(
    st.sampled_from([b"Content-Length", b"Transfer-Encoding", b"Host", b"Connection", b"Expect", b"Upgrade"]),
    st.sampled_from(
        [b"X", b"content_length", b"Content-Length ", b" X", b"", b"X\0", b"\xffX", b"X(", b"TE"]
    ),
)
VALUES = st.one_of(
    st.sampled_from([b"5", b"0", b"+5", b"5, 5", b"005", b"5 ", b"chunked", b"Chunked", b"chunked, chunked"]),
    st.sampled_from(
        [b"gzip", b"a.example", b"close", b"100-continue", b"h2c", b"\xff", b"a\0b", b"a\rb", b""]
    ),
    st.binary(max_size=8),
)
ENDS = st.sampled_from([b"\r\n"] * 9 + [b"\n", b"\r", b"\r\n "])
HEADERS = st.lists(st.tuples(NAMES, st.sampled_from([b": ", b":", b" : ", b":\t"]), VALUES, ENDS), max_size=5)


@st.composite
def heads(draw: st.DrawFn) -> bytes:
    """Make a head of parts that are right, nearly right and wrong."""
    line = b" ".join((draw(METHODS), draw(TARGETS), draw(VERSIONS)))
    usual = [(b"Host", b": ", b"localhost", b"\r\n")] if draw(st.booleans()) else []
    headers = b"".join(b"".join(each) for each in [*usual, *draw(HEADERS)])
    return line + draw(ENDS) + headers + b"\r\n"


def read(data: bytes) -> Head | None:
    end = data.find(b"\r\n\r\n") + 4
    try:
        return read_head(data[:end]) if end >= 4 else None
    except Refusal:
        return None


@settings(max_examples=400, deadline=None)
@given(heads())
def test_what_is_taken_h11_takes_and_reads_the_same(data: bytes):
    head = read(data)
    if head is None or not data.isascii():
        return
    parser = h11.Connection(h11.SERVER)
    parser.receive_data(data)
    event = parser.next_event()
    assert isinstance(event, h11.Request)
    assert (event.method.decode(), event.target) == (head.method, head.target)
    assert event.http_version.decode() == head.version
    ours = [(name.lower(), value.strip(b" \t")) for name, value in head.headers]
    assert [(name, value.strip(b" \t")) for name, value in event.headers] == [
        (name, value.lower() if name == b"transfer-encoding" else value) for name, value in ours
    ]
    lengths = [value for name, value in event.headers if name == b"content-length"]
    chunked = any(name == b"transfer-encoding" for name, _ in event.headers)
    assert head.length == (None if chunked else int(lengths[0]) if lengths else 0)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes):
    head = read(data + b"\r\n\r\n")
    assert head is None or head.version in ("1.0", "1.1")
