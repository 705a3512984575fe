"""What the journal keeps of each request to a vendor."""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from flask import Request, Response, g, request

from emulator.core.dialect.vendor import Vendor
from emulator.core.engine.engine import Engine
from emulator.core.engine.sandboxes import DEFAULT
from emulator.core.faxes.plan import HttpFault
from emulator.core.storage.store import SandboxStore
from emulator.vendors.originals import keep_original

BODY_KEPT = 4096
"""Bytes of a request's and of an answer's body that the journal keeps."""

FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")


def log(
    vendor: Vendor, engine: Engine, answer: Response, *, fault: HttpFault | None, scenario: str | None
) -> None:
    """Log the request in its sandbox's journal; one that found no sandbox goes to the default one's."""
    # Taken out of their proxies once: every request passes here, and each look through a proxy has its price.
    asked: Request = request._get_current_object()  # type: ignore[attr-defined]
    noted = g._get_current_object()
    own = noted.get("context")
    world = own.world if own else engine.world(DEFAULT)
    made = [fax.id for _, fax in noted.get("accepted", ())]
    body, original = _body(world.store, asked)
    entry: Mapping[str, Any] = {
        "at": world.now,
        "real_at": engine.real(),
        "vendor": vendor.name,
        "method": asked.method,
        "path": asked.path,
        "query": asked.query_string.decode("utf-8", "replace")[:BODY_KEPT],
        "endpoint": asked.endpoint,
        "fax": noted.get("fax") or (made[0] if made else None),
        "made": made,
        "scenario": scenario,
        "fault": fault and fault.given,
        "stranger": own is None and "stranger" in noted,
        "headers": {name: value for key, value in asked.environ.items() if (name := _header(key))},
        "body": body,
        "original": original,
        "status": answer.status_code,
        "answer_headers": dict(iter(answer.headers)),
        "answer": _answer_body(answer),
        "seconds": round(time.perf_counter() - noted.get("begun", time.perf_counter()), 6),
    }
    world.store.log("requests", entry)
    world.tell("request", entry)


@lru_cache(maxsize=100)
def _header(key: str) -> str | None:
    """The header that a WSGI environ has under this key."""
    bare = key in ("CONTENT_TYPE", "CONTENT_LENGTH")
    return key.removeprefix("HTTP_").replace("_", "-").title() if bare or key.startswith("HTTP_") else None


def _body(store: SandboxStore, asked: Request) -> tuple[str | Mapping[str, Any], str | None]:
    """What is shown of a request's body, and where the whole of it is kept when that is more."""
    content: bytes = asked.__dict__.get("_cached_data", b"")
    shown: str | Mapping[str, Any] = content[:BODY_KEPT].decode("utf-8", "replace")
    if "form" in asked.__dict__ and asked.mimetype in FORMS:
        shown = _fields(asked)
    elif content and len(content) <= BODY_KEPT and "\ufffd" not in shown:
        return shown, None
    return shown, keep_original(store, asked, shown)


def _fields(asked: Request) -> Mapping[str, Any]:
    fields = {name: [value[:200] for value in values] for name, values in asked.form.lists()}
    files = [[name, file.filename, file.mimetype] for name, file in asked.files.items(multi=True)]
    return {"fields": fields, "files": files}


def _answer_body(answer: Response) -> str:
    if answer.direct_passthrough or answer.is_streamed:
        return ""
    if answer.headers.get("Content-Type", "").startswith(("text/", "application/json")):
        return answer.get_data()[:BODY_KEPT].decode("utf-8", "replace")
    return f"<{answer.mimetype}, {answer.calculate_content_length()} bytes>"
