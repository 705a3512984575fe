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
    made, query = [fax.id for _, fax in notes.accepted], asked.query_string
    cut = Cut()
    headers = asked.environ.get(HEADERS_KEY) or list(sent_headers(asked.environ))
    refused = answer.status_code == UNAUTHORIZED and fault is None  # the account is ours, the key may not be
    mask = NOTHING if own and not notes.foreign and not refused else _new_mask(asked, headers)
    body, original = _body(world.store, asked, cut, mask)
    known = {
        "at": world.now,
        "real_at": engine.real(),
        "vendor": vendor.name,
        "method": asked.method,
        "path": cut.text("path", mask.text(asked.path)),
        "query": cut.text("query", mask.text(query.decode("utf-8", "replace"))) if query else "",
        "endpoint": asked.endpoint,
        "fax": notes.fax or (made[0] if made else None),
        "made": made,
        "scenario": scenario,
        "fault": fault and fault.given,
        "trouble": notes.trouble,
        "stranger": own is None and notes.stranger,
        "body": body,
        "original": original,
        "status": answer.status_code,
        "refused": answer.status_code >= 400 or notes.declined,
        "seconds": round(time.perf_counter() - notes.begun, 6),
    }
    answered = list(answer.headers)
    content = mask.content(_content(answer, cut))
    size = _USUAL + len(content) + (len(body) if isinstance(body, str) else BODY_KEPT)
    size += sum(map(len, chain.from_iterable(headers)))
    entry = LateEntry(known, partial(_rest, cut.left_out, headers, answered, content, mask), size)
    world.store.log("requests", entry)
    world.tell("request", entry)


def _rest(
    left_out: Mapping[str, int],
    headers: Iterable[Header],
    answered: Iterable[tuple[str, str]],
    content: bytes,
    mask: Mask,
) -> Mapping[str, Any]:
    cut = Cut(dict(left_out))
    return {
        "headers": cut.headers(mask.value(_join(read_headers(headers)))),
        "answer_headers": mask.value(dict(answered)),
        "answer": content.decode("utf-8", "replace"),
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
) -> tuple[str | Mapping[str, Any], str | None]:
    """What is shown of a request's body, and where the whole of it is kept when that is more."""
    content: bytes = mask.content(asked.__dict__.get("_cached_data", b""))
    shown: str | Mapping[str, Any] = content[:BODY_KEPT].decode("utf-8", "replace")
    if "form" in asked.__dict__ and asked.mimetype in FORMS:
        shown = mask.value(_fields(asked, cut))
    elif content and len(content) <= BODY_KEPT and "\ufffd" not in shown:
        return shown, None
    else:
        cut.note("body", len(content) - BODY_KEPT)
    return shown, keep_original(store, asked, shown, mask)


def _fields(asked: Request, cut: Cut) -> Mapping[str, Any]:
    fields = {
        cut.text("body", name or "", FIELD_KEPT): [cut.text("body", value, FIELD_KEPT) for value in values]
        for name, values in cut.first(asked.form.lists())
    }
    files = [[name, file.filename, file.mimetype] for name, file in cut.first(asked.files.items(multi=True))]
    return {"fields": fields, "files": files}


def _content(answer: Response, cut: Cut) -> bytes:
    """What is shown of an answer: the beginning of a text, of all else its type and size."""
    content = getattr(answer, "plain", None)
    if content is None and (answer.direct_passthrough or answer.is_streamed):
        return b""
    if answer.headers.get("Content-Type", "").startswith(("application/json", "text/")):
        content = answer.get_data() if content is None else content
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
