"""Keys that are not ours: somebody's own account's, which no journal is to show.

A request with the key of a sandbox is shown as it came. That of any other may hold the key of a real account,
so what stands where keys stand is found by its name, and masked wherever it is repeated: `…f3a9`. Of a short
one a fifth is shown: `…g` for `wrong`.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any
from urllib.parse import quote, quote_plus, unquote_plus

_NAMES = r"(?:x[-_])?(?:access|auth|base|test)?[-_]?(?:api)?[-_]?(?:token|key|secret|password|credentials)"
_HEADERS = re.compile(rf"(?:proxy-)?authorization|cookie|{_NAMES}", re.IGNORECASE)
_FIELDS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf'"{_NAMES}"\s{{0,9}}:\s{{0,9}}"((?:[^"\\]|\\.){{1,1000}})"',  # JSON
        rf"(?:^|[?&]){_NAMES}=([^&\s]{{1,1000}})",  # a query, or a form as one
        rf'name="{_NAMES}"\r\n(?:[^\r\n]{{1,99}}\r\n){{0,9}}\r\n([^\r\n]{{1,1000}})',  # a form in parts
    )
)
_SHORTEST = 4
_MOST = 20
"""Keys of one request that are looked for."""
_ENDS_SHOWN = 16
"""Characters of a key of which the last four are shown, to know it by."""


class Mask:
    """Masks the keys that a request brings, wherever they stand."""

    def __init__(self, headers: Iterable[tuple[str, str]], *texts: str) -> None:
        found: dict[str, None] = {}
        for name, value in headers:
            if _HEADERS.fullmatch(name):
                found |= dict.fromkeys(_in_header(value))
        for text in texts:
            for pattern in _FIELDS:
                found |= {each[1]: None for each in islice(pattern.finditer(text), _MOST)}
        keys = islice((key for key in found if len(key) >= _SHORTEST), _MOST)
        written = {form: _shown(key) for key in keys for form in _forms(key)}
        self._shown = dict(sorted(written.items(), key=lambda each: -len(each[0])))

    def text(self, text: str) -> str:
        """Mask them in a text."""
        for key, shown in self._shown.items():
            text = text.replace(key, shown)
        return text

    def content(self, content: bytes) -> bytes:
        """Mask them in bytes."""
        for key, shown in self._shown.items():
            content = content.replace(key.encode("utf-8", "replace"), shown.encode())
        return content

    def value(self, value: Any) -> Any:
        """Mask them in plain data."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {self.text(str(name)): self.value(each) for name, each in value.items()}
        return [self.value(each) for each in value] if isinstance(value, list | tuple) else value


def _in_header(value: str) -> Iterable[str]:
    """The keys of a header's value: that of `Basic` as it was sent, and both its parts."""
    scheme, space, rest = value.strip().partition(" ")
    yield rest.strip() if space else scheme
    if scheme.lower() == "basic":
        try:
            yield from b64decode(rest + "==").decode().split(":")
        except ValueError:
            return


def _forms(key: str) -> Iterable[str]:
    plain = unquote_plus(key)
    return key, plain, quote(plain, safe=""), quote_plus(plain)


def _shown(key: str) -> str:
    shown = 4 if len(key) >= _ENDS_SHOWN else len(key) // 5
    return f"…{key[len(key) - shown :]}"
