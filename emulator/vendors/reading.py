"""What requests carry, read alike for every vendor: base64, Basic credentials, fields of a schema.

What cannot be read raises ValueError; each vendor says that in its own words.
"""

from __future__ import annotations

import binascii
from functools import cache

from marshmallow import Schema


def read_base64(text: str, *, padded: bool = True) -> bytes:
    """Read strict base64 in whatever lines it comes; with `padded` False its end may lack its padding."""
    try:
        return binascii.a2b_base64(text, strict_mode=True)
    except ValueError:
        bare = "".join(text.split())
        if not padded:
            bare = bare.rstrip("=")
            bare += "=" * (-len(bare) % 4)
        return binascii.a2b_base64(bare, strict_mode=True)


def read_basic(value: str) -> tuple[str, str]:
    """Both sides of the colon in the credentials of a Basic `Authorization`."""
    name, _, password = binascii.a2b_base64(value, strict_mode=True).decode().partition(":")
    return name, password


@cache
def schema_of(kind: type[Schema]) -> Schema:
    """Make a schema once: that copies every field, and loading leaves it as it is."""
    return kind()
