"""A fax's file in base64, as a whole or in chunks."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from flask import Response

from emulator.core.faxes.fax import Fax
from emulator.vendors.dialect import Call
from emulator.vendors.ifax.answers import Failure, success
from emulator.vendors.ifax.body import body
from emulator.vendors.ifax.codes import TEXTS
from emulator.vendors.ifax.store import pdf_of
from emulator.vendors.ifax.tables import CHUNK


def download_of(here: Call, fax: Fax, wanted: Mapping[str, Any], *, missing: int) -> Response:
    """Answer with the base64 itself as `data` (observed), or with one chunk of it (assumed).

    Raises Failure: `missing` without a file, 12131 for an empty chunkNumber, 12133 for one too high.
    """
    content = b64encode(pdf_of(here, fax, missing)).decode()
    if "chunkNumber" not in body():
        return success(TEXTS[12132], content)
    if "chunk" not in wanted:
        raise Failure(12131)
    count, number = -(-len(content) // CHUNK), int(wanted["chunk"])
    if number >= count:
        raise Failure(12133)
    piece = content[number * CHUNK : (number + 1) * CHUNK]
    return success(TEXTS[12132], {"chunkNumber": number, "chunkCount": count, "chunk": piece})
