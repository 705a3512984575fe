"""Tunnels carry bytes both ways, and leave nothing when they end."""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from emulator.app import App
from emulator.config import Config
from emulator.hosts import Hosts
from emulator.server.http_server import bind, in_process
from tests.conftest import WAIT
from tests.server.proxy.proxied import Proxied


def test_a_tunnel_carries_much_both_ways_and_ends_with_either_side(
    tmp_path: Path, new_loop: Callable[[], asyncio.AbstractEventLoop]
) -> None:
    app = App(Config(seed="proxy", ca_dir=str(tmp_path)))
    with ExitStack() as stack:
        proxy = Proxied(stack.enter_context(in_process(app, new_loop=new_loop)), tmp_path)
        stack.callback(app.close)
        listening = stack.enter_context(bind("127.0.0.1", 0))
        port, much = listening.getsockname()[1], b"0123456789abcdef" * 2**17
        status, _, client = proxy.connect(f"127.0.0.1:{port}")
        assert status == 200
        there = stack.enter_context(listening.accept()[0])
        stack.enter_context(client)
        for sender, taker in ((client, there), (there, client)):
            sender.settimeout(WAIT)
            taker.settimeout(WAIT)
            got, left = b"", memoryview(much)
            while len(got) < len(much):
                left = left[sender.send(left[: 2**16]) :] if left else left
                got += taker.recv(2**18)
            assert got == much
        client.shutdown(socket.SHUT_WR)
        assert there.recv(1) == b""
        there.sendall(b"still")
        assert client.recv(5) == b"still"
        there.close()
        assert client.recv(1) == b""


def descriptors() -> int:
    """Count what this process has open."""
    found = 0
    for number in range(500):
        with suppress(OSError):
            os.fstat(number)
            found += 1
    return found


def test_nothing_is_left_of_a_tunnel_whose_sides_have_both_ended(proxy: Proxied) -> None:
    listening = bind("127.0.0.1", 0)
    target, before = f"127.0.0.1:{listening.getsockname()[1]}", descriptors()
    for _ in range(20):
        client = proxy.connect(target)[2]
        there = listening.accept()[0]
        for sender, taker in ((client, there), (there, client)):
            sender.shutdown(socket.SHUT_WR)
            assert taker.recv(1) == b""
        client.close()
        there.close()
    deadline = time.monotonic() + WAIT
    while descriptors() > before + 5 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert descriptors() <= before + 5
    listening.close()


def test_who_says_something_and_hangs_up_at_once_is_heard(proxy: Proxied) -> None:
    with bind("127.0.0.1", 0) as listening:
        for said in (b"", b"busy") * 10:
            with ThreadPoolExecutor(1) as pool:
                connecting = pool.submit(proxy.connect, f"127.0.0.1:{listening.getsockname()[1]}")
                with listening.accept()[0] as there:
                    there.sendall(said)
                with connecting.result()[2] as client:
                    assert client.recv(10) == said
                    assert not said or client.recv(10) == b""


def test_an_open_tunnel_does_not_hold_the_end_of_the_server(
    tmp_path: Path, new_loop: Callable[[], asyncio.AbstractEventLoop]
) -> None:
    app = App(Config(seed="proxy", ca_dir=str(tmp_path)))
    with ExitStack() as stack:
        listening = stack.enter_context(bind("127.0.0.1", 0))
        with in_process(app, new_loop=new_loop) as served:
            proxy = Proxied(served, tmp_path)
            clients = [
                stack.enter_context(proxy.connect(target)[2])
                for target in (f"127.0.0.1:{listening.getsockname()[1]}", "fax.to:443", "fax.to:80")
            ]
            stack.enter_context(listening.accept()[0])
        for client in clients:
            with suppress(ConnectionResetError):
                assert client.recv(1) == b""
        app.close()


def test_within_tls_of_the_port_itself_a_tunnel_is_had_too(
    tmp_path: Path, new_loop: Callable[[], asyncio.AbstractEventLoop]
) -> None:
    app = App(Config(seed="proxy", ca_dir=str(tmp_path)))
    authority = Hosts(app.config, app.vendors).authority
    trusting = ssl.create_default_context(cadata=authority.certificate().decode())
    with in_process(app, tls=authority.context(), new_loop=new_loop) as served:
        raw = socket.create_connection(("127.0.0.1", served.port), timeout=WAIT)
        outer = trusting.wrap_socket(raw, server_hostname="localhost")
        outer.sendall(b"CONNECT fax.to:443 HTTP/1.1\r\nHost: fax.to:443\r\n\r\n")
        assert outer.recv(100).startswith(b"HTTP/1.1 200 ")
        there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
        inner = trusting.wrap_bio(back, there, server_hostname="fax.to")

        def play(step: Callable[[], Any]) -> Any:
            while True:
                try:
                    done = step()
                    outer.sendall(there.read()) if there.pending else None
                    return done
                except ssl.SSLWantReadError:
                    outer.sendall(there.read())
                    back.write(outer.recv(2**16))

        play(inner.do_handshake)
        play(lambda: inner.write(b"GET /x HTTP/1.1\r\nHost: fax.to\r\nConnection: close\r\n\r\n"))
        assert play(lambda: inner.read(2**16)).startswith(b"HTTP/1.1 ")
        outer.close()
    app.close()


def test_who_does_not_trust_the_authority_leaves_no_connection(
    proxy: Proxied,
) -> None:
    for say in (b"GET / HTTP/1.1\r\nHost: fax.to\r\n\r\n", b"\x16\x03\x01\x00\x05hello", b""):
        _, _, client = proxy.connect("fax.to:443")
        with client:
            client.sendall(say)
            client.shutdown(socket.SHUT_WR)
            while True:
                try:
                    if not client.recv(2**16):
                        break
                except ConnectionResetError:
                    break
