"""Whole bodies of vendor calls, kept as documents are: what the journal cuts short can be said again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from flask import Request

from emulator.core.store import Store

MOST_REFUSED = 2**20
"""Bytes of a body of a refused call: whoever is refused must not push out other people's documents."""
NOT_KEPT = ""


def keep_original(
    store: Store, sandbox_id: str, asked: Request, shown: str | Mapping[str, Any], *, accepted: bool
) -> str | None:
    """Keep a call's body when `shown` is not all of it; give its digest, None when nothing was left out."""
    if not asked.content_length:
        return None
    if not accepted and asked.content_length > MOST_REFUSED:
        return NOT_KEPT
    content: bytes | None = asked.__dict__.get("_cached_data")
    if content is None:
        content = _read_again(asked)
    if isinstance(shown, str) and shown.encode("utf-8", "replace") == content:
        return None
    digest = hashlib.sha256(content).hexdigest()
    store.put_blob(sandbox_id, digest, content)
    return digest


def _read_again(asked: Request) -> bytes:
    """Read what a form's parser, or nobody, has read: the server holds a body until it is answered."""
    stream = asked.environ["wsgi.input"]
    stream.seek(0)
    return bytes(stream.read(asked.content_length))
