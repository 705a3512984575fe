"""The webhooks of a playback as they went over the wire, each with the instants of its tries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from emulator.comparison.echo import document_of
from emulator.core.message import Encoding, FilePart, Message
from emulator.outbound.encoding import encode_message
from emulator.traffic.body import Mark, read_body
from emulator.traffic.exchange import Spoken
from localfax import Sandbox


@dataclass(frozen=True)
class Posted:
    """A webhook of ours: the event, what was said, how, and when it was tried."""

    event: str
    method: str
    said: Spoken
    tries: tuple[float, ...]
    fax: str | None


def list_posted(sandbox: Sandbox, vendor: str) -> list[Posted]:
    """List the webhooks of a vendor, oldest first."""
    rows = [each.data for each in reversed(sandbox.webhooks()) if each.data["vendor"] == vendor]
    pages = {fax.id: fax.pages for fax in sandbox.faxes()}
    return [_posted(row, pages.get(row["fax"], 1)) for row in rows]


def _posted(row: dict[str, Any], pages: int) -> Posted:
    asked = row["request"]
    message = Message(
        asked["url"],
        asked["method"],
        Encoding(asked["encoding"]),
        tuple(asked["fields"].items()),
        tuple(FilePart(each["name"], each["filename"], each["type"], "") for each in asked["files"]),
        tuple(asked["headers"].items()),
        asked["auth"],
    )
    drawn = document_of(Mark("", max(1, pages), "application/pdf"))
    headers, body, url = encode_message(message, lambda digest: drawn)
    kind = next((value for name, value in headers if name.lower() == "content-type"), "")
    content = read_body(body, kind)
    if message.encoding is Encoding.query:
        content = read_body(url.partition("?")[2].encode(), "application/x-www-form-urlencoded")
    tries = tuple(datetime.fromisoformat(each["at"]).timestamp() for each in row["attempts"])
    return Posted(row["event"], message.method, Spoken(headers, content), tries, row["fax"])
