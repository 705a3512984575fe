"""Leads what a Python process opens to the vendors' hosts to Localfax, whatever library opens it.

Most libraries read the proxy from the environment; some have to be told (aiohttp), some cannot (http.client,
urllib3, a socket). So a vendor's name is never looked up here: it has an address that nobody has, and who
connects to that is connected to the proxy, which was asked for the host before the caller gets the socket.

Nothing but the standard library, of Python 3.8 on: this runs inside of other people's programs.
"""

from __future__ import annotations

import errno
import socket
import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.util import find_spec

TYPE_CHECKING = False
if TYPE_CHECKING:  # `typing` would be imported by every program that runs here
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

_STAND_IN = "127.83.29.{}"
_SECONDS = 10.0
_LONGEST = 2**16
_NONE = object()


class Redirection:
    """Patches this process until `remove`.

    `proxy` is the `host:port` of the server; `authority` is a file of what signs its certificates, which any
    TLS that is for one of the hosts then trusts, whatever authorities its client has chosen.
    """

    def __init__(self, hosts: Sequence[str], proxy: str, authority: str = "") -> None:
        host, _, port = proxy.rpartition(":")
        self.proxy = host.strip("[]"), int(port)
        self.addresses = {name: _STAND_IN.format(number) for number, name in enumerate(hosts, 1)}
        self._names = {address: name for name, address in self.addresses.items()}
        self._undo: list[Callable[[], object]] = []
        self._authority = authority
        calls = {"ssl": self._ssl, "aiohttp.client": self._aiohttp, "uvloop": self._uvloop}
        self._finder = _AfterImport(calls)

    def install(self) -> None:
        """Patch sockets now, and some libraries when, or after, they are imported."""
        self._patch(socket, "getaddrinfo", self._look_up(socket.getaddrinfo))
        self._patch(socket, "gethostbyname", self._by_name(socket.gethostbyname))
        self._patch(socket.socket, "connect", self._connect(socket.socket.connect))
        self._patch(socket.socket, "connect_ex", self._connect_ex(socket.socket.connect_ex))
        self._finder.begin()

    def remove(self) -> None:
        """Put everything back."""
        self._finder.end()
        while self._undo:
            self._undo.pop()()

    def _patch(self, owner: Any, name: str, patched: Any) -> None:
        own = owner.__dict__.get(name, _NONE)
        setattr(owner, name, patched)
        if own is _NONE:
            self._undo.append(lambda: delattr(owner, name))
        else:
            self._undo.append(lambda: setattr(owner, name, own))

    # names and addresses
    def host_of(self, address: Any) -> str | None:
        """The vendor's host that an address of `connect` stands for, if it does."""
        if not isinstance(address, tuple) or len(address) < 2 or not isinstance(address[0], str):
            return None
        return self._names.get(address[0]) or self.plain(address[0])

    def plain(self, host: Any) -> str | None:
        """A vendor's host as it stands in our list; None for any other."""
        if isinstance(host, (bytes, bytearray)):
            host = bytes(host).decode("latin-1")
        name = host.rstrip(".").lower() if isinstance(host, str) else ""
        return name if name in self.addresses else None

    def _look_up(self, real: Any) -> Any:
        def getaddrinfo(
            host: Any, port: Any, family: int = 0, type: int = 0, proto: int = 0, flags: int = 0
        ) -> Any:
            name = self.plain(host)
            if name is None or family not in (0, socket.AF_INET):
                if name is not None:
                    raise socket.gaierror(socket.EAI_NONAME, f"{name} has no such address under Localfax")
                return real(host, port, family, type, proto, flags)
            return real(self.addresses[name], port, socket.AF_INET, type, proto, flags)

        return getaddrinfo

    def _by_name(self, real: Any) -> Any:
        def gethostbyname(host: Any) -> Any:
            name = self.plain(host)
            return real(host) if name is None else self.addresses[name]

        return gethostbyname

    # sockets
    def _connect(self, real: Any) -> Any:
        def connect(sock: socket.socket, address: Any) -> None:
            host = self.host_of(address) if sock.type == socket.SOCK_STREAM else None
            if host is None:
                real(sock, address)
                return
            patience = sock.gettimeout()
            sock.settimeout(_SECONDS)
            try:
                real(sock, self.proxy)
                if address[1] != 80:
                    _ask(sock, f"{host}:{address[1]}")
            finally:
                sock.settimeout(patience)

        return connect

    def _connect_ex(self, real: Any) -> Any:
        def connect_ex(sock: socket.socket, address: Any) -> Any:
            if self.host_of(address) is None:
                return real(sock, address)
            try:
                sock.connect(address)
            except OSError as wrong:
                return wrong.errno or errno.ECONNREFUSED
            return 0

        return connect_ex

    # libraries that must be told
    def _aiohttp(self, module: Any) -> None:
        real = module.ClientSession.__init__

        def init(session: Any, *args: Any, **options: Any) -> None:
            options.setdefault("trust_env", True)
            real(session, *args, **options)

        self._patch(module.ClientSession, "__init__", init)

    def _uvloop(self, module: Any) -> None:
        real = module.Loop.getaddrinfo

        async def getaddrinfo(loop: Any, host: Any, port: Any, **options: Any) -> Any:
            name = self.plain(host)
            return await real(loop, host if name is None else self.addresses[name], port, **options)

        opens = module.Loop.create_connection

        async def create_connection(
            loop: Any, factory: Any, host: Any = None, port: Any = None, **options: Any
        ) -> Any:
            name = self.host_of((host, port)) if options.get("sock") is None else None
            if name is None:
                return await opens(loop, factory, host, port, **options)
            if options.get("ssl"):
                options.setdefault("server_hostname", name)
            for unwanted in ("family", "proto", "flags", "local_addr", "happy_eyeballs_delay", "interleave"):
                options.pop(unwanted, None)
            sock = socket.socket()
            sock.setblocking(False)
            sock.connect((name, port))
            return await opens(loop, factory, **{**options, "sock": sock})

        self._patch(module.Loop, "getaddrinfo", getaddrinfo)
        self._patch(module.Loop, "create_connection", create_connection)

    def _ssl(self, module: Any) -> None:
        def patched(real: Any, place: int) -> Any:
            def wrap(context: Any, *given: Any, **options: Any) -> Any:
                name = options.get("server_hostname") or (given[place] if len(given) > place else None)
                if self._authority and self.plain(name) is not None:
                    context.load_verify_locations(self._authority)
                return real(context, *given, **options)

            return wrap

        context = module.SSLContext
        self._patch(context, "wrap_socket", patched(context.wrap_socket, 4))
        self._patch(context, "wrap_bio", patched(context.wrap_bio, 3))


def _ask(sock: socket.socket, target: str) -> None:
    """Ask the proxy for a tunnel; raise ConnectionRefusedError with what it says against it."""
    sock.sendall(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
    head = b""
    while not head.endswith(b"\r\n\r\n") and len(head) < _LONGEST:
        piece = sock.recv(1)
        if not piece:
            break
        head += piece
    if b" 200 " not in head.partition(b"\r\n")[0]:
        raise ConnectionRefusedError(
            111, f"Localfax: {head.partition(chr(13).encode())[0].decode('latin-1')}"
        )


class _AfterImport(MetaPathFinder):
    """Calls a function with each of some modules as soon as it is imported, at once if it is already."""

    def __init__(self, calls: Mapping[str, Callable[[Any], None]]) -> None:
        self._calls = calls
        self._busy: set[str] = set()

    def begin(self) -> None:
        for name, call in self._calls.items():
            if name in sys.modules:
                call(sys.modules[name])
        sys.meta_path.insert(0, self)

    def end(self) -> None:
        sys.meta_path[:] = [each for each in sys.meta_path if each is not self]

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> Any:
        if fullname not in self._calls or fullname in self._busy:
            return None
        self._busy.add(fullname)
        try:
            spec = find_spec(fullname)
        finally:
            self._busy.discard(fullname)
        if spec is not None and spec.loader is not None and hasattr(spec.loader, "exec_module"):
            spec.loader = _Watched(spec.loader, self._calls[fullname])
        return spec


class _Watched(Loader):
    """A module's own loader, and a call behind it."""

    def __init__(self, real: Any, call: Callable[[Any], None]) -> None:
        self._real = real
        self._call = call

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def create_module(self, spec: Any) -> Any:
        return self._real.create_module(spec)

    def exec_module(self, module: Any) -> None:
        self._real.exec_module(module)
        self._call(module)
