"""Bodies and forms, as forgiving as what vendors run: a part's head in an old code page is read, and no form
is said.

Clients on Windows name a file in their code page, not in UTF-8. Werkzeug would then take nothing of the
whole form, and the vendor would blame a number that is there. They also name it with its path, whose
backslashes mean themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from io import BytesIO
from typing import IO, Any

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.utils import cached_property

from emulator.vendors.notes import present

URLENCODED, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
FIELDS = 10_000
"""Fields or parts of one form."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_BLANK = re.compile(rb"\r?\n\r?\n")
_PATH = re.compile(rb'filename="[^"\r\n]*\\')
_BACKSLASH = re.compile(rb'\\(?!")')


class Forms(FormDataParser):
    """Reads forms. One that cannot be read holds nothing, and the journal says why."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.silent = False

    def parse(self, stream: IO[bytes], mimetype: str, *args: Any, **kwargs: Any) -> Any:
        if mimetype == URLENCODED:
            stream = _bounded(stream)
        elif mimetype == MULTIPART:
            stream = _with_paths(stream, *args)
        try:
            return self._read(stream, mimetype, *args, **kwargs)
        except ValueError as wrong:
            note(f"the form cannot be read: {_said(wrong)}")
            return stream, self.cls(), self.cls()

    def _read(self, stream: IO[bytes], mimetype: str, *args: Any, **kwargs: Any) -> Any:
        """Read a form; raise ValueError for one that is none."""
        try:
            return super().parse(stream, mimetype, *args, **kwargs)
        except (ValueError, RequestEntityTooLarge) as wrong:
            # Werkzeug before 3 calls a text that is no UTF-8 too large.
            cause = wrong if isinstance(wrong, ValueError) else wrong.__cause__
            if not isinstance(cause, ValueError):
                note(f"the form cannot be read: more than {FIELDS} parts, or too long a field")
                raise
            if not isinstance(cause, UnicodeDecodeError) or not stream.seekable():
                raise cause from None
        stream.seek(0)
        return super().parse(BytesIO(_as_utf8(stream.read(), mimetype, *args)), mimetype, *args, **kwargs)


class WholeRequest(Request):
    """A request whose body the server has received whole before it is answered.

    Its limits stand here and not in the app's settings, where Flask looks for them only since 3.1.
    """

    max_content_length: int | None = None
    """Bytes of a body at most."""

    form_data_parser_class = Forms
    max_form_memory_size = 128 * 2**20
    """Bytes of a plain form field: a base64 document of 50 MB must pass."""
    max_form_parts = FIELDS

    def _get_file_stream(self, *args: Any, **kwargs: Any) -> IO[bytes]:
        """Keep a file in memory, where the body is: nobody closes what a broken form leaves on disk."""
        return BytesIO()

    @cached_property
    def stream(self) -> IO[bytes]:
        environ = self.environ
        if not environ.get("wsgi.input_terminated"):
            return super().stream
        most = self.max_content_length
        if most is not None and int(environ.get("CONTENT_LENGTH") or 0) > most:
            raise RequestEntityTooLarge
        body: IO[bytes] = environ["wsgi.input"]
        return body


def base_name(name: str) -> str:
    """Take the last part of a file's name, without any path, as PHP and others do; control letters go."""
    return _CONTROL.sub("", re.split(r"[/\\]", name)[-1]).strip()


def note(trouble: str) -> None:
    """Have the journal say what is wrong with the request's body."""
    if (notes := present.get(None)) is not None and notes.trouble is None:
        notes.trouble = trouble


def decode(text: bytes) -> str:
    """Read text that should be UTF-8; what is none is taken as Latin-1, in which anything can be read."""
    try:
        return text.decode()
    except UnicodeDecodeError:
        return text.decode("latin-1")


def _as_utf8(body: bytes, mimetype: str, length: int | None, options: dict[str, str]) -> bytes:
    """Write the heads of the parts anew in UTF-8, or all of a form that has no parts."""
    if mimetype != MULTIPART:
        return decode(body).encode()
    return _with_heads(lambda head: decode(head).encode(), body, options["boundary"])


def _with_paths(stream: IO[bytes], length: int | None, options: dict[str, str]) -> IO[bytes]:
    """The body of a form whose file names keep their backslashes, which only before a quotation mark is one
    more than a letter of the name (as PHP reads it, inferred): clients on Windows send C:\\a.pdf as it is.
    """
    if "boundary" not in options or not stream.seekable():
        return stream
    content = stream.read()
    if _PATH.search(content):
        return BytesIO(_with_heads(partial(_BACKSLASH.sub, rb"\\\\"), content, options["boundary"]))
    stream.seek(0)
    return stream


def _with_heads(change: Callable[[bytes], bytes], body: bytes, boundary: str) -> bytes:
    """Change the head of each part."""
    line = b"--" + boundary.encode()
    first, *parts = body.split(line)
    heads = [(part, _BLANK.search(part)) for part in parts]
    return line.join(
        [first, *(change(part[: end.start()]) + part[end.start() :] if end else part for part, end in heads)]
    )


def _bounded(stream: IO[bytes]) -> IO[bytes]:
    """The body of a form, once it is known to have no more fields than a form in parts may have."""
    content = stream.read()
    if content.count(b"&") >= FIELDS:
        note(f"the form cannot be read: more than {FIELDS} fields")
        raise RequestEntityTooLarge
    return BytesIO(content)


_WORDS = {"boundary": "it names no boundary", "beyond": "it has no closing boundary"}
"""What is wrong, by a word of what Werkzeug says."""


def _said(wrong: ValueError) -> str:
    text = str(wrong)
    return next((words for word, words in _WORDS.items() if word in text), text)
