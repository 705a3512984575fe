"""The yardstick, a bare Flask application: `python -m tests.bench.bare SERVER PORT THREADS`."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from flask import Flask


class Bare(Flask):
    """A route that does nothing and one that waits a second."""

    def __init__(self) -> None:
        super().__init__("bare")
        self.add_url_rule("/bare", view_func=lambda: {"status": 1, "message": "ok"}, methods=["GET", "POST"])
        self.add_url_rule("/slow", "slow", lambda: time.sleep(1) or {"status": 1})

    def close(self) -> None:
        """Let go of nothing."""


def _localfax(port: int, threads: int) -> None:
    from emulator.server.process import serve

    serve(lambda others: Bare(), "127.0.0.1", port, threads=threads)


def _waitress(port: int, threads: int) -> None:
    from waitress import serve

    serve(Bare(), listen=f"127.0.0.1:{port}", threads=threads, _quiet=True)


def _granian(port: int, threads: int) -> None:
    from granian import Granian
    from granian.constants import Interfaces

    target = f"{__spec__.name}:Bare" if __spec__ else "tests.bench.bare:Bare"
    Granian(
        target,
        port=port,
        interface=Interfaces.WSGI,
        factory=True,
        blocking_threads=threads,
        log_enabled=False,
    ).serve()


def _werkzeug(port: int, threads: int) -> None:
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Quiet(WSGIRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_request(self, *_: object) -> None:
            pass

    make_server("127.0.0.1", port, Bare(), threaded=True, request_handler=Quiet).serve_forever()


SERVERS: dict[str, Callable[[int, int], None]] = {
    "localfax": _localfax,
    "waitress": _waitress,
    "granian": _granian,
    "werkzeug": _werkzeug,
}

if __name__ == "__main__":
    SERVERS[sys.argv[1]](int(sys.argv[2]), int(sys.argv[3]))
