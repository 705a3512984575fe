"""From what a client, a mail or an older fax says to a job in the queue."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from emulator import documents
from emulator.core.dialect.vendor import Moment
from emulator.core.engine.living import LivingWorld
from emulator.core.errors import Refused
from emulator.core.faxes.fax import Fax, Source
from emulator.core.faxes.numbers import normalise
from emulator.core.faxes.plan import HttpFault
from emulator.core.faxes.submission import Submission
from emulator.core.message import Fetch, Pairs
from emulator.core.sandboxes.sandbox import Settings
from emulator.core.world import World
from emulator.vendors.kazoo import folders
from emulator.vendors.kazoo.body import FILE_TYPES
from emulator.vendors.kazoo.envelope import invalid
from emulator.vendors.kazoo.results import UNTRIED
from emulator.vendors.kazoo.schemas import FaxSchema, load
from emulator.vendors.kazoo.tables import NOT_OWNED
from emulator.vendors.kazoo.visit import File, is_modern

NO_NUMBER = {"required": {"message": "add a valid number to send the fax to"}}
NO_DOCUMENT = {"required": {"message": "add document url or upload a document"}}
PDF, TIFF = "application/pdf", "image/tiff"
FETCH_TYPE = "text/plain"
"""Type of a posted fetch's body when the client names none (observed)."""

DIALLABLE = re.compile(r"^(\+?1)?\d{10}$|^\+[2-9]\d{7,}$|^011\d*$|^00\d*$", re.ASCII)
"""Observed: the default of a system setting, applied after normalising."""
LONGEST_NUMBER = 64
_NOISE = re.compile(r"[\s\-().]")
_BARE = re.compile(r"[2-9]\d{7,}", re.ASCII)


@dataclass(frozen=True)
class Paper:
    """The document of a job: the PDF that is sent and, where it came in another form, the file as it came."""

    document: str | None = None
    pages: int = 0
    problem: str | None = None
    original: str | None = None
    name: str | None = None


def take(world: World, file: File) -> Paper:
    """Keep a file, as it came and as PDF; one that cannot be sent makes the job fail later."""
    kept = world.keep(file.content)
    if kept.problem is not None or kept.media_type == PDF:
        return Paper(kept.digest, kept.pages, kept.problem and kept.problem.value, name=file.name)
    if file.kind in FILE_TYPES and kept.media_type != TIFF:
        # Parts are told apart by their own type (observed); that the converter then fails is assumed.
        return Paper(kept.digest, 0, documents.Problem.broken.value, name=file.name)
    try:
        pdf = world.keep(documents.to_pdf(file.content))
    except documents.Unreadable as wrong:
        return Paper(kept.digest, 0, wrong.problem.value, name=file.name)
    # A TIFF is given back as it came; of what else was taken only the pages are known afterwards.
    original = kept.digest if kept.media_type == TIFF else None
    return Paper(pdf.digest, pdf.pages, pdf.problem and pdf.problem.value, original, file.name)


def assemble(moment: Moment, contents: Sequence[bytes]) -> documents.Document:
    """Keep a fetched document as the PDF that is sent."""
    content = moment.world.blob(take(moment.world, File(contents[0])).document)
    return documents.inspect(content if content is not None else contents[0])


def diallable(text: str) -> bool:
    """Tell whether a number can be dialled; ten digits are North American, other bare ones get their plus."""
    plain = _NOISE.sub("", text[: LONGEST_NUMBER + 1])
    if len(plain) > LONGEST_NUMBER:
        return False
    if _BARE.fullmatch(plain) and len(plain) != 10:
        plain = f"+{plain}"
    return DIALLABLE.fullmatch(plain) is not None


def checked(data: Mapping[str, Any], *, has_file: bool) -> dict[str, Any]:
    """Check what a client wants sent and set what is the system's; raise KazooError."""
    doc = load(FaxSchema, dict(data))
    errors = {} if diallable(doc["to_number"]) else {"document.to_number": NO_NUMBER}
    if not has_file and "document" not in doc:
        errors["document.url"] = NO_DOCUMENT
    if errors:
        raise invalid(errors)
    doc |= {"attempts": 0, "tx_result": dict(UNTRIED)}
    doc.setdefault("fax_timezone", "undefined")
    return doc


def send(
    world: LivingWorld,
    doc: Mapping[str, Any],
    paper: Paper | None,
    *,
    user: str | None = None,
    attached: bool = False,
    bound: bool = False,
) -> Fax:
    """Queue a checked document as a new job.

    `attached` says that its file has just come with it, `bound` that its client has said how many tries.
    """
    settings = world.settings("kazoo")
    if settings.restricts(doc["to_number"]):
        raise Refused(HttpFault(refusal="restricted"))
    owned = _owned(settings, normalise(doc["from_number"]))
    paper = paper or Paper()
    details = _details(world, settings, doc)
    details |= {"user": user, "attached": attached, "original": paper.original}
    # A caller id of somebody else fails before anything is fetched, so such a job has no source.
    fetched = owned and paper.document is None
    return world.submit(
        Submission(
            vendor="kazoo",
            vendor_id=details["job"],
            to=doc["to_number"],
            sender=doc["from_number"],
            document=paper.document,
            document_name=paper.name,
            source=Source(fetch_of(doc["document"])) if fetched else None,
            pages=paper.pages,
            problem=paper.problem if owned else NOT_OWNED,
            resolution="fine",
            max_attempts=max(1, doc["retries"]) if bound or doc["retries"] > 1 else None,
            details=details,
            folders=folders.lists(folders.OUTGOING, details["faxbox"], user),
        ),
    )


def _details(world: LivingWorld, settings: Settings, doc: Mapping[str, Any]) -> dict[str, Any]:
    """Give what Kazoo keeps of a new job beside what every fax has."""
    faxbox = doc.get("faxbox_id")
    return {
        "job": world.ids.hex("kazoo/job", world.next("kazoo/job")),
        "doc": doc,
        "faxbox": faxbox if isinstance(faxbox, str) else None,
        "modern": is_modern(settings.profile),
        "notifications": doc.get("notifications", {}),
    }


def _owned(settings: Settings, sender: str) -> bool:
    return not settings.numbers or sender in map(normalise, settings.numbers)


def fetch_of(document: Mapping[str, Any]) -> Fetch:
    """Give the request by which a document is fetched, with the headers that its client wants."""
    posted = document.get("method") == "post"
    headers: Pairs = tuple(
        (header, document[key])
        for key, header in (("host", "Host"), ("referer", "Referer"))
        if document.get(key)
    )
    if not posted:
        return Fetch(document["url"], headers=headers)
    kind = document.get("content_type") or FETCH_TYPE
    return Fetch(document["url"], "POST", (*headers, ("Content-Type", kind)), document.get("content", ""))
