"""Requests that nobody answers: no vendor's path, no page, no control plane. They are told what was meant."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from emulator.core.dialect.vendor import Vendor
from emulator.core.engine.engine import Engine
from emulator.core.engine.sandboxes import DEFAULT
from emulator.core.request_body import sent_headers
from emulator.core.secrets import Mask
from emulator.core.storage.journals import NO_VENDOR
from emulator.watch.near import find_meant, say_meant

_LONGEST = 300
"""Characters of a path that are told."""
_BODY_KEPT = 4096

Environ = dict[str, Any]


class Lost:
    """Answers such a request with 404 and a vendor's nearest path, and logs it in the default sandbox."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        begun = time.perf_counter()
        path = environ.get("PATH_INFO", "").encode("latin-1").decode("utf-8", "replace")
        behind = path[1:].partition("/")[2]
        found = find_meant(self._engine.vendors.values(), (path, f"/{behind}"))
        meant = found and found[1:]
        message = _say(path, meant)
        error = {"code": "not_found", "message": message, "did_you_mean": meant[1] if meant else None}
        body = json.dumps({"error": error}).encode()
        self._log(environ, path, message, body.decode(), begun)
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        start_response("404 Not Found", headers)
        return [body]

    def _log(self, environ: Environ, path: str, message: str, answer: str, begun: float) -> None:
        world = self._engine.world(DEFAULT)
        sent = environ["wsgi.input"].read(_BODY_KEPT) if environ.get("wsgi.input_terminated") else b""
        query = environ.get("QUERY_STRING", "")[:_BODY_KEPT]
        mask = Mask(sent_headers(environ), query, sent.decode("utf-8", "replace"))
        entry: Mapping[str, Any] = {
            "at": world.now,
            "real_at": self._engine.real(),
            "vendor": NO_VENDOR,
            "method": environ["REQUEST_METHOD"],
            "path": path[:_BODY_KEPT],
            "query": mask.text(query),
            "endpoint": None,
            "fax": None,
            "made": [],
            "scenario": None,
            "fault": None,
            "trouble": message,
            "stranger": True,
            "headers": mask.value(dict(sent_headers(environ))),
            "body": mask.text(sent.decode("utf-8", "replace")),
            "original": None,
            "status": 404,
            "refused": True,
            "answer_headers": {"Content-Type": "application/json"},
            "answer": answer,
            "cut": {},
            "seconds": round(time.perf_counter() - begun, 6),
        }
        world.store.log("requests", entry)
        world.tell("request", entry)


def _say(path: str, meant: tuple[Vendor, str] | None) -> str:
    if meant is None:
        return f"nobody answers {path[:_LONGEST]}: GET /_localfax/sandboxes tells where each vendor is"
    return say_meant(*meant)
