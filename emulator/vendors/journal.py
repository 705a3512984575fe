"""What the journal keeps of a request that a vendor has answered."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Mapping
from functools import partial
from itertools import chain
from typing import Any

from flask import Request, Response

from emulator.core.dialect.vendor import Vendor
from emulator.core.engine.engine import Engine
from emulator.core.engine.sandboxes import DEFAULT
from emulator.core.faxes.plan import HttpFault
from emulator.core.request_body import HEADERS_KEY, Header, read_headers, sent_headers
from emulator.core.secrets import Mask
from emulator.core.storage.journals import LateEntry
from emulator.core.storage.store import SPARE, SandboxStore
from emulator.vendors.cut import BODY_KEPT, FIELD_KEPT, Cut
from emulator.vendors.json_answer import VendorAnswer
from emulator.vendors.notes import Notes

MOST_KEPT = 2**20
"""Bytes of a body that is kept whole beside: what is longer is all document, and the fax has that."""
NOT_KEPT = ""
UNAUTHORIZED = 401

FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")

NOTHING = Mask(())
"""Masks nothing: the keys of sandboxes are nobody's secret."""
_USUAL = 800
"""Bytes of an entry but for the request's headers and the bodies, about."""


def log(
    vendor: Vendor,
    engine: Engine,
    notes: Notes,
    answer: Response,
    *,
    fault: HttpFault | None,
    scenario: str | None,
) -> None:
    """Log the request in its sandbox's journal; one that found no sandbox goes to the default one's.

    Most entries are never read: headers and the answer are kept as they are until somebody does.
    """
    asked, own = notes.request, notes.context
    world = own.world if own else engine.world(DEFAULT)
    made = [fax.id for _, fax in notes.accepted]
    cut, status = Cut(), answer.status_code
    headers = asked.environ.get(HEADERS_KEY) or list(sent_headers(asked.environ))
    refused = status == UNAUTHORIZED and fault is None  # the account is ours, the key may not be
    mask = NOTHING if own and not notes.foreign and not refused else _new_mask(asked, headers)
    body, original = _body(world.store, asked, cut, mask)
    real_at = engine.real()
    known = {
        "at": world.clock.now(real_at),
        "real_at": real_at,
        "vendor": vendor.name,
        "method": asked.method,
        "path": cut.text("path", mask.text(asked.path)),
        "endpoint": asked.endpoint,
        "fax": notes.fax or (made[0] if made else None),
        "made": made,
        "scenario": scenario,
        "fault": fault and fault.given,
        "trouble": notes.trouble,
        "stranger": own is None and notes.stranger,
        "original": original,
        "status": status,
        "refused": status >= 400 or notes.declined,
        "seconds": round(time.perf_counter() - notes.begun, 6),
    }
    answered = dict(answer.rows if isinstance(answer, VendorAnswer) else answer.headers)
    content = _content(answer, answered.get("Content-Type", ""), cut)
    size = _USUAL + len(content) + (BODY_KEPT if isinstance(body, Mapping) else len(body))
    size += sum(map(len, chain.from_iterable(headers)))
    late = partial(_rest, mask, cut, asked.query_string, headers, body, answered, content)
    entry = LateEntry(known, late, size)
    world.store.log("requests", entry)
    world.tell("request", entry)


def _rest(
    mask: Mask,
    cut: Cut,
    query: bytes,
    headers: Iterable[Header],
    body: bytes | str | Mapping[str, Any],
    answered: Mapping[str, str],
    content: bytes,
) -> Mapping[str, Any]:
    """What nobody asks for before the entry is read."""
    cut = Cut(dict(cut.left_out))
    return {
        "query": cut.text("query", mask.text(query.decode("utf-8", "replace"))),
        "headers": cut.headers(mask.value(_join(read_headers(headers)))),
        "body": body.decode() if isinstance(body, bytes) else body,
        "answer_headers": mask.value(answered),
        "answer": mask.content(content).decode("utf-8", "replace"),
        "cut": cut.left_out,
    }


def _join(headers: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """The headers by name; one that was sent twice has both values, as if it were a list."""
    found: dict[str, str] = {}
    for name, value in headers:
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found


def _new_mask(asked: Request, headers: Iterable[Header]) -> Mask:
    """Make what hides the keys of a request that has none of a sandbox's."""
    content = asked.__dict__.get("_cached_data")
    content = _read_again(asked, MOST_KEPT) if content is None else content[:MOST_KEPT]
    query = asked.query_string.decode("utf-8", "replace")
    return Mask(read_headers(headers), query, content.decode("utf-8", "replace"))


def _body(
    store: SandboxStore, asked: Request, cut: Cut, mask: Mask
) -> tuple[bytes | str | Mapping[str, Any], str | None]:
    """What is shown of a request's body, and where the whole of it is kept when that is more.

    Bytes, when they are no more than ASCII.
    """
    content: bytes = mask.content(asked.__dict__.get("_cached_data", b""))
    if "form" in asked.__dict__ and asked.mimetype in FORMS:
        fields: Mapping[str, Any] = mask.value(_fields(asked, cut))
        return fields, keep_original(store, asked, fields, mask)
    if content and len(content) <= BODY_KEPT and content.isascii():
        return content, None
    shown = content[:BODY_KEPT].decode("utf-8", "replace")
    if content and len(content) <= BODY_KEPT and "\ufffd" not in shown:
        return shown, None
    cut.note("body", len(content) - BODY_KEPT)
    return shown, keep_original(store, asked, shown, mask)


def _fields(asked: Request, cut: Cut) -> Mapping[str, Any]:
    fields = {
        cut.text("body", name or "", FIELD_KEPT): [cut.text("body", value, FIELD_KEPT) for value in values]
        for name, values in cut.first(asked.form.lists())
    }
    files = [[name, file.filename, file.mimetype] for name, file in cut.first(asked.files.items(multi=True))]
    return {"fields": fields, "files": files}


def _content(answer: Response, kind: str, cut: Cut) -> bytes:
    """What is shown of an answer: the beginning of a text, of all else its type and size."""
    content = answer.plain if isinstance(answer, VendorAnswer) else None
    if content is None and (answer.direct_passthrough or answer.is_streamed):
        return b""
    if kind.startswith(("application/json", "text/")):
        content = answer.get_data() if content is None else content
        if len(content) <= BODY_KEPT:
            return content
        cut.note("answer", len(content) - BODY_KEPT)
        return content[:BODY_KEPT]
    return f"<{answer.mimetype}, {answer.calculate_content_length()} bytes>".encode()


def keep_original(
    store: SandboxStore, asked: Request, shown: str | Mapping[str, Any], mask: Mask = NOTHING
) -> str | None:
    """Keep a request's body when `shown` is not all of it; no document makes room for it.

    Returns its digest, None when nothing was left out, NOT_KEPT when it is too long.
    """
    if not asked.content_length:
        return None
    if asked.content_length > MOST_KEPT:
        return NOT_KEPT
    content: bytes | None = asked.__dict__.get("_cached_data")
    if content is None:
        content = _read_again(asked, asked.content_length)
    content = mask.content(content)
    if isinstance(shown, str) and shown.encode("utf-8", "replace") == content:
        return None
    digest = SPARE + hashlib.sha256(content).hexdigest()
    store.put_blob(digest, content)
    return digest


def _read_again(asked: Request, most: int) -> bytes:
    """Read what a form's parser, or nobody, has read: the server holds a body until it is answered."""
    if not asked.content_length:
        return b""
    stream = asked.environ["wsgi.input"]
    stream.seek(0)
    return bytes(stream.read(min(most, asked.content_length)))
