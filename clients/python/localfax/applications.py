"""The application under test, asked without a port: WSGI as it is, ASGI in an event loop of its own."""

from __future__ import annotations

import asyncio
import inspect
import sys
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes

from localfax.received import Received

_PATIENCE = 30.0
"""Real seconds that an ASGI application may take to start, or to end."""


@dataclass(frozen=True)
class AppAnswer:
    """What an application answered."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


AppCall = Callable[[Received], AppAnswer]


@contextmanager
def open_application(app: Any) -> Iterator[AppCall]:
    """Make one function of a WSGI or ASGI application; that of ASGI is started and ended with the block.

    What the application raises is printed, and answered as a server would, with 500.
    """
    called = app if inspect.isfunction(app) or inspect.ismethod(app) else type(app).__call__
    if not inspect.iscoroutinefunction(called):
        yield lambda received: _safely(lambda: _ask_wsgi(app, received))
        return
    with _Loop() as loop, _Lifespan(app, loop):
        yield lambda received: _safely(lambda: loop.run(_ask_asgi(app, received)))


def _safely(ask: Callable[[], AppAnswer]) -> AppAnswer:
    try:
        return ask()
    except Exception:
        traceback.print_exc()
        return AppAnswer(500)


def _ask_wsgi(app: Callable[..., Iterable[bytes]], received: Received) -> AppAnswer:
    said: list[Any] = []
    pieces: list[bytes] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        said[:] = [status, headers]
        return pieces.append

    body = app(_environ(received), start_response)
    try:
        pieces += body
    finally:
        getattr(body, "close", lambda: None)()
    return AppAnswer(int(said[0].split(" ")[0]), tuple(said[1]), b"".join(pieces))


def _environ(received: Received) -> dict[str, Any]:
    environ: dict[str, Any] = {
        "REQUEST_METHOD": received.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(received.path).decode("latin-1"),
        "QUERY_STRING": received.query,
        "SERVER_NAME": _host(received),
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_LENGTH": str(len(received.body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(received.body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in received.headers:
        key = name.upper().replace("-", "_")
        key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
        environ[key] = f"{environ[key]},{value}" if key.startswith("HTTP_") and key in environ else value
    return environ


def _host(received: Received) -> str:
    return (received.header("Host") or "localhost").partition(":")[0]


async def _ask_asgi(app: Any, received: Received) -> AppAnswer:
    events = [{"type": "http.request", "body": received.body, "more_body": False}]
    started: dict[str, Any] = {"status": 500}
    pieces: list[bytes] = []

    async def receive() -> dict[str, Any]:
        return events.pop(0) if events else {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            started.update(message)
        elif message["type"] == "http.response.body":
            pieces.append(message.get("body", b""))

    await app(_scope(received), receive, send)
    pairs = ((name.decode("latin-1"), value.decode("latin-1")) for name, value in started.get("headers", ()))
    return AppAnswer(int(started["status"]), tuple(pairs), b"".join(pieces))


def _scope(received: Received) -> dict[str, Any]:
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": received.method,
        "scheme": "http",
        "path": unquote_to_bytes(received.path).decode("utf-8", "replace"),
        "raw_path": received.path.encode("latin-1", "replace"),
        "query_string": received.query.encode("latin-1", "replace"),
        "root_path": "",
        "headers": [
            (name.lower().encode("latin-1"), value.encode("latin-1", "replace"))
            for name, value in received.headers
        ],
        "client": ("127.0.0.1", 0),
        "server": (_host(received), 80),
    }


class _Loop:
    """An event loop in a thread of its own, for as long as the block lasts."""

    def __enter__(self) -> _Loop:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="application")
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def run(self, work: Any, timeout: float | None = None) -> Any:
        """Do asynchronous work to its end."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout)


class _Lifespan:
    """An ASGI application's start and end; one that knows neither goes without."""

    def __init__(self, app: Any, loop: _Loop) -> None:
        self._app, self._loop = app, loop

    def __enter__(self) -> None:
        said = self._loop.run(self._start(), _PATIENCE)
        if said["type"] == "lifespan.startup.failed":
            raise RuntimeError(f"the application did not start: {said.get('message', '')}")

    def __exit__(self, *error: object) -> None:
        self._loop.run(self._end(), _PATIENCE)

    async def _start(self) -> dict[str, Any]:
        self._told: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._said: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}, "state": {}}
        self._life = asyncio.ensure_future(self._app(scope, self._told.get, self._said.put))
        await self._told.put({"type": "lifespan.startup"})
        return await self._next() or {"type": "none"}

    async def _end(self) -> None:
        if not self._life.done():
            await self._told.put({"type": "lifespan.shutdown"})
            await self._next()
            self._life.cancel()
        await asyncio.gather(self._life, return_exceptions=True)

    async def _next(self) -> dict[str, Any] | None:
        """Wait for what the application says, or until it has ended; one that knows no lifespan raises."""
        saying = asyncio.ensure_future(self._said.get())
        await asyncio.wait({saying, self._life}, return_when=asyncio.FIRST_COMPLETED)
        if saying.done():
            return saying.result()
        saying.cancel()
        return None
