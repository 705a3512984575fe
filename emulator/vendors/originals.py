"""Whole bodies of requests, so that what the journal cuts short can be said again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from flask import Request

from emulator.core.storage.store import SPARE, SandboxStore

MOST = 2**20
"""Bytes of a body that is kept: what is longer is all document, and the fax has that."""
NOT_KEPT = ""


def keep_original(store: SandboxStore, asked: Request, shown: str | Mapping[str, Any]) -> str | None:
    """Keep a request's body when `shown` is not all of it; no document makes room for it.

    Returns its digest, None when nothing was left out, NOT_KEPT when it is too long.
    """
    if not asked.content_length:
        return None
    if asked.content_length > MOST:
        return NOT_KEPT
    content: bytes | None = asked.__dict__.get("_cached_data")
    if content is None:
        content = _read_again(asked)
    if isinstance(shown, str) and shown.encode("utf-8", "replace") == content:
        return None
    digest = SPARE + hashlib.sha256(content).hexdigest()
    store.put_blob(digest, content)
    return digest


def _read_again(asked: Request) -> bytes:
    """Read what a form's parser, or nobody, has read: the server holds a body until it is answered."""
    stream = asked.environ["wsgi.input"]
    stream.seek(0)
    return bytes(stream.read(asked.content_length))
