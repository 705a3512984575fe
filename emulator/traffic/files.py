"""Recordings as files: which kind one is, whose exchanges it holds, and all of them redacted and in order."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from emulator.traffic.cassette import read_cassette
from emulator.traffic.endpoints import find_endpoint, vendor_of_host
from emulator.traffic.exchange import Exchange
from emulator.traffic.har import read_har
from emulator.traffic.redaction import Redactor
from emulator.vendors import all_vendors

MOST_BYTES = 500_000_000


class NoRecording(ValueError):
    """A file that holds no traffic with a vendor; its text begins with the file's name."""


@dataclass(frozen=True)
class Recording:
    """What was recorded with one vendor, in the order of time. `others` were with nobody who is known here.

    `day` is that of the first exchange, `digest` the beginning of a SHA-256 of the files.
    """

    vendor: str
    exchanges: tuple[Exchange, ...]
    files: tuple[str, ...]
    digest: str
    others: int = 0

    @property
    def day(self) -> str:
        return datetime.fromtimestamp(self.exchanges[0].at, UTC).date().isoformat()


def read_recordings(paths: Sequence[Path], vendor: str | None = None) -> list[Recording]:
    """Read files, one recording for each vendor in them; raise NoRecording or OSError.

    `vendor` is whose those are that nothing else tells of. Everything is redacted, whoever wrote it.
    """
    found: list[Exchange] = []
    digest = hashlib.sha256()
    for path in paths:
        content = _content(path)
        digest.update(content)
        found += _exchanges(path, content)
    told = [_attributed(each, vendor) for each in found]
    known = sorted((each for each in told if each.vendor), key=lambda each: each.at)
    if not known:
        way = "name the vendor with --vendor" if found else "it holds no exchange"
        raise NoRecording(f"{', '.join(map(str, paths))}: nothing in it is with a vendor; {way}")
    redactor, files = Redactor(), tuple(map(str, paths))
    named = [name for name in all_vendors() if any(each.vendor == name for each in known)]
    redacted = [redactor.exchange(each) for each in known]
    return [
        Recording(
            name,
            tuple(each for each in redacted if each.vendor == name),
            files,
            digest.hexdigest()[:16],
            len(told) - len(known),
        )
        for name in named
    ]


def _content(path: Path) -> bytes:
    if path.stat().st_size > MOST_BYTES:
        raise NoRecording(f"{path}: longer than {MOST_BYTES:,} bytes")
    return path.read_bytes()


def _exchanges(path: Path, content: bytes) -> Iterable[Exchange]:
    data = _data(path, content)
    try:
        if isinstance(data, Mapping) and "log" in data:
            return list(read_har(data, path.name))
        if isinstance(data, Mapping) and isinstance(data.get("interactions"), list):
            return list(read_cassette(data, path.name))
    except ValueError as wrong:
        raise NoRecording(f"{path}: {wrong}") from None
    raise NoRecording(f"{path}: neither a HAR file nor a cassette of vcrpy")


def _data(path: Path, content: bytes) -> Any:
    text = content.decode("utf-8-sig", "replace")
    try:
        data = json.loads(text)
        halves = "\\ud" in text.lower()  # of characters, which nothing can write
        return json.loads(json.dumps(data, ensure_ascii=False).encode("utf-8", "replace")) if halves else data
    except RecursionError:
        raise NoRecording(f"{path}: nested too deeply") from None
    except ValueError:
        pass
    import yaml

    try:
        return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (yaml.YAMLError, RecursionError) as wrong:
        raise NoRecording(f"{path}: neither JSON nor YAML: {str(wrong).splitlines()[0]}") from None


def _attributed(given: Exchange, vendor: str | None) -> Exchange:
    """Say whose an exchange is: by its own word, by its host, by the prefix of its path, else the one named.

    What is posted elsewhere than to a vendor while one is named is that vendor's webhook, if its path is none
    of the vendor's.
    """
    if given.vendor in all_vendors():
        return given
    if (found := vendor_of_host(given.host)) is not None:
        return replace(given, vendor=found.name)
    first, _, rest = given.path.lstrip("/").partition("/")
    if first in all_vendors():
        return replace(given, vendor=first, path=f"/{rest}")
    if vendor is None:
        return replace(given, vendor="")
    endpoint, _ = find_endpoint(all_vendors()[vendor], given.method, given.path)
    return replace(given, vendor=vendor, webhook=endpoint is None and given.method in ("POST", "PUT"))
