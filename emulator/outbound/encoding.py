"""Messages as bytes: form, JSON, multipart and query encodings."""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import urldefrag, urlencode

from urllib3.fields import RequestField
from urllib3.filepost import encode_multipart_formdata

from emulator.core.message import JSON, Encoding, Message, Pairs

Load = Callable[[str], bytes]
Encoded = tuple[Pairs, bytes, str]


def encode_message(message: Message, load: Load) -> Encoded:
    """Write a message as headers, body and URL; `load` gives a file's content by its digest.

    Text that is not valid Unicode is sent with question marks. Raises only what `load` raises.
    """
    kind, body, url = _ENCODERS[message.encoding](message, load)
    defaults = {"Content-Type": kind} if kind else {}
    if message.auth is not None:
        defaults["Authorization"] = basic(message.auth)
    said = {name.lower() for name, _ in message.headers}
    kept = tuple(pair for pair in defaults.items() if pair[0].lower() not in said)
    return (*kept, *message.headers), body, url


def basic(credentials: str) -> str:
    """Write `user:password` as the value of an Authorization header."""
    return "Basic " + b64encode(credentials.encode("utf-8", "replace")).decode()


def flatten(name: str, value: JSON) -> Iterator[tuple[str, str]]:
    """Spell a nested value as form fields: lists `name[]`, objects `name[key]`; None is empty."""
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from flatten(f"{name}[{key}]", each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from flatten(f"{name}[]", each)
    else:
        yield name, _text(value)


def _text(value: JSON) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _flat(message: Message) -> list[tuple[str, str]]:
    return [pair for name, value in message.fields for pair in flatten(name, value)]


def _urlencoded(message: Message) -> str:
    return urlencode(_flat(message), errors="replace")


def _form(message: Message, load: Load) -> tuple[str, bytes, str]:
    return "application/x-www-form-urlencoded", _urlencoded(message).encode(), message.url


def _query(message: Message, load: Load) -> tuple[str, bytes, str]:
    url, _ = urldefrag(message.url)
    query = _urlencoded(message)
    joint = "" if not query or url.endswith(("?", "&")) else "&" if "?" in url else "?"
    return "", b"", url + joint + query


def _json(message: Message, load: Load) -> tuple[str, bytes, str]:
    text = json.dumps(dict(message.fields), ensure_ascii=False, separators=(",", ":"))
    return "application/json", text.encode("utf-8", "replace"), message.url


def _multipart(message: Message, load: Load) -> tuple[str, bytes, str]:
    fields = _flat(message)
    # The same message is the same bytes on every try, and no content can hold a digest of itself.
    told = repr((fields, message.files)).encode("utf-8", "backslashreplace")
    boundary = "----" + hashlib.sha256(told).hexdigest()[:32]
    parts = [_part(name, value.encode("utf-8", "replace")) for name, value in fields]
    parts += [_part(each.name, load(each.digest), each.filename, each.media_type) for each in message.files]
    body, kind = encode_multipart_formdata(parts, boundary)
    return kind, body, message.url


def _part(name: str, content: bytes, filename: str | None = None, media_type: str = "") -> RequestField:
    part = RequestField(_whole(name), content, None if filename is None else _whole(filename))
    part.make_multipart(content_type="".join(filter(str.isprintable, media_type)))
    return part


def _whole(text: str) -> str:
    """Put question marks where text is not valid Unicode."""
    return text.encode("utf-8", "replace").decode()


_ENCODERS: Mapping[Encoding, Callable[[Message, Load], tuple[str, bytes, str]]] = {
    Encoding.form: _form,
    Encoding.query: _query,
    Encoding.json: _json,
    Encoding.multipart: _multipart,
}
