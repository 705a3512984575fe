"""Messages as bytes: form, JSON, multipart and query encodings."""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import quote_plus, urldefrag

from emulator.core.message import JSON, Encoding, FilePart, Message, Pairs

Load = Callable[[str], bytes]
Encoded = tuple[Pairs, bytes, str]


def encode(message: Message, load: Load) -> Encoded:
    """Give headers, body and URL of a message; `load` gives a file's content by digest.

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
    """Give the Authorization header of `user:password`."""
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
    return "&".join(
        f"{quote_plus(name, errors='replace')}={quote_plus(value, errors='replace')}"
        for name, value in _flat(message)
    )


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
    boundary = _boundary(fields, message.files)
    parts = [_part(_disposition(name), value.encode("utf-8", "replace")) for name, value in fields]
    parts += [_part(_file_head(each), load(each.digest)) for each in message.files]
    body = b"".join(b"--%b\r\n%b\r\n" % (boundary, part) for part in parts) + b"--%b--\r\n" % boundary
    return f"multipart/form-data; boundary={boundary.decode()}", body, message.url


def _boundary(fields: list[tuple[str, str]], files: tuple[FilePart, ...]) -> bytes:
    # The same message is the same bytes on every try, and no content can hold a digest of itself.
    content = repr((fields, files)).encode("utf-8", "backslashreplace")
    return b"----" + hashlib.sha256(content).hexdigest()[:32].encode()


def _part(head: str, content: bytes) -> bytes:
    return head.encode("utf-8", "replace") + b"\r\n\r\n" + content


def _disposition(name: str) -> str:
    return f'Content-Disposition: form-data; name="{_quoted(name)}"'


def _file_head(file: FilePart) -> str:
    kind = "".join(each for each in file.media_type if each.isprintable())
    return f'{_disposition(file.name)}; filename="{_quoted(file.filename)}"\r\nContent-Type: {kind}'


def _quoted(text: str) -> str:
    """Escape a name as browsers do (WHATWG HTML, multipart/form-data encoding algorithm)."""
    return text.replace("\n", "%0A").replace("\r", "%0D").replace('"', "%22")


_ENCODERS: Mapping[Encoding, Callable[[Message, Load], tuple[str, bytes, str]]] = {
    Encoding.form: _form,
    Encoding.query: _query,
    Encoding.json: _json,
    Encoding.multipart: _multipart,
}
