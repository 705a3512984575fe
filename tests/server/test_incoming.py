"""What is kept of bytes that came in."""

from __future__ import annotations

import pytest

from emulator.server.body import Memory
from emulator.server.environ import base_environ
from emulator.server.head import Refusal
from emulator.server.incoming import Incoming
from tests.server.calling import HOST


def test_bodies_that_come_with_their_heads_are_counted():
    memory = Memory()
    incoming = Incoming(base_environ("http", ("127.0.0.1", 80), "", {}), memory)
    incoming.add(b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 200000\r\n\r\n" + b"x" * 200_000)
    request = incoming.next()
    assert (request.environ["wsgi.input"].read(), memory.used) == (b"x" * 200_000, 200_000)
    request.body.close()
    assert memory.used == 0


def test_a_refusal_that_is_kept_holds_nothing_of_what_came():
    incoming = Incoming(base_environ("http", ("127.0.0.1", 80), "", {}), Memory())
    incoming.add(b"GET / HTTP/1.1\r\nno header\r\n\r\n" + b"x" * 200_000)
    with pytest.raises(Refusal) as caught:
        incoming.next()
    kept = incoming.refuse(caught.value)
    assert (kept.__traceback__, kept.__context__) == (None, None)
