"""The document of a fax: its recipient's cover page, files and fetched documents, joined as one PDF."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from emulator import documents
from emulator.core.dialect.moment import Moment, Upload
from emulator.core.faxes.fax import Fax, Source, Submission
from emulator.core.instants import iso
from emulator.core.message import Fetch, Fetched
from emulator.core.world import World
from emulator.documents import Inspection, Unreadable
from emulator.vendors.dialect import context
from emulator.vendors.forms import base_name
from emulator.vendors.mfax.account import TAGS, national
from emulator.vendors.mfax.cover import find_template, print_cover
from emulator.vendors.mfax.errors import invalid
from emulator.vendors.mfax.parameters import SentFile
from emulator.vendors.mfax.tables import MOST_FILES, MOST_URLS, NO_FILES

_LONGEST_NAME = 255
FETCH_SECONDS = 30.0
"""Real seconds for all documents of a fax together."""

TEXTS = ("recipientName", "senderName", "subject", "notes", "callerId")
"""What a call says for its cover pages, as the fax's details keep it."""


_SHARED = (*TEXTS, "cf", "tags", "webhookId", "parts")

RESOLUTIONS = {"image": "fine"}
"""optimizeFax to resolution; text and auto are standard (assumed)."""


@dataclass(frozen=True)
class Letter:
    """What a call sends, to nobody yet: a submission without its recipient.

    With a cover page, its `template` stands before `parts`, PDFs, anew for each recipient; without one the
    submission has its document already. The detail `parts` names what stands before what `source` will fetch.
    """

    submission: Submission
    template: str | None = None
    parts: Sequence[bytes] = ()
    joined: dict[bytes, Upload] = field(default_factory=dict)
    """What was put together already, by its cover page: not every template says who the recipient is."""


def _compose(world: World, wanted: Mapping[str, Any], files: Sequence[SentFile]) -> Letter:
    """Make what a call sends; a file that cannot be faxed makes a fax that fails later.

    It is sent by the call's own caller id, else by that of the user's settings: the first number that the
    account owns.
    """
    _check(wanted, files)
    template = find_template(wanted.get("coverPageId")) if wanted["coverPage"] else None
    numbers, urls = context().settings.numbers, wanted["attachmentUrls"]
    sender = wanted.get("callerId") or (national(numbers[0]) if numbers else "")
    name = files[0][0] if files else base_name(Fetch(urls[0]).name) if urls else ""
    said = {text: wanted.get(text) or None for text in TEXTS}
    details: dict[str, Any] = {**said, "callerId": sender, "parts": []}
    made = Submission("mfax", "", sender, document_name=name[:_LONGEST_NAME] or None, details=details)
    try:
        parts = [documents.to_pdf(each.content, name=each.name, declared=each.kind) for each in files]
    except Unreadable as unreadable:
        upload = _keep_wrong(world, files, unreadable)
        return Letter(replace(made, document=upload.digest, problem=upload.problem))
    letter = Letter(replace(made, source=_source(urls)), template, parts)
    return letter if template is not None else replace(letter, submission=_complete(world, letter))


def order(world: World, wanted: Mapping[str, Any], files: Sequence[SentFile]) -> Letter:
    """Make what a call sends, to nobody yet; raise InvalidInputError when there is nothing to send."""
    letter = _compose(world, wanted, files)
    details = {
        **letter.submission.details,
        "cf": wanted["cf"],
        "tags": _known_tags(world, wanted["tags"]),
        "webhookId": wanted.get("webhookId"),
        "scheduledDate": wanted["scheduledDate"],
    }
    resolution = RESOLUTIONS.get(wanted["optimizeFax"], "standard")
    made = replace(letter.submission, send_at=wanted["scheduledDate"], resolution=resolution, details=details)
    return replace(letter, submission=made)


def _known_tags(world: World, wanted: Sequence[str]) -> list[str]:
    """The tags that there are, each once: the reference's own example names one that is none (documented)."""
    found = (TAGS.find(world, tag) for tag in wanted)
    return list(dict.fromkeys(tag.id for tag in found if tag is not None))


def _check(wanted: Mapping[str, Any], files: Sequence[SentFile]) -> None:
    urls = wanted["attachmentUrls"]
    if wanted["fileIds"]:
        raise invalid("fileIds: File not found.")
    if len(urls) > MOST_URLS:
        raise invalid(f"attachmentUrls: at most {MOST_URLS} documents are fetched.")
    if len(files) > MOST_FILES:
        raise invalid(f"attachments: at most {MOST_FILES} files are sent.")
    if not (files or urls or wanted["coverPage"]):
        raise invalid(NO_FILES)


def _keep_wrong(world: World, files: Sequence[SentFile], unreadable: Unreadable) -> Upload:
    """Keep the file that cannot be faxed, so that it can be looked at."""
    for each in files:
        kept = world.keep(each.content)
        if kept.problem or documents.label_problem(each.content, each.name, each.kind):
            return Upload(kept.digest, problem=unreadable.problem.value)
    return Upload(None, problem=unreadable.problem.value)


def _source(urls: Sequence[str]) -> Source | None:
    if not urls:
        return None
    first, *more = (Fetch(url, deadline=FETCH_SECONDS / len(urls)) for url in urls)
    return Source(first, more=tuple(more))


def _complete(world: World, letter: Letter, cover: bytes = b"") -> Submission:
    """Put its document on a letter, or, while some of it lies elsewhere, what stands before that."""
    made, parts = letter.submission, [*([cover] if cover else ()), *letter.parts]
    if made.source is not None:
        kept = [world.keep(part) for part in parts]
        details = {**made.details, "parts": [each.digest for each in kept]}
        return replace(made, pages=sum(each.pages for each in kept), details=details)
    upload = letter.joined.get(cover) or letter.joined.setdefault(cover, _join(world, parts))
    return replace(made, document=upload.digest, pages=upload.pages, problem=upload.problem)


def _join(world: World, parts: Sequence[bytes]) -> Upload:
    try:
        return Upload.of(world.keep(documents.merge(parts)))
    except Unreadable as unreadable:
        return Upload(None, problem=unreadable.problem.value)


def address(world: World, letter: Letter, number: str, name: str = "") -> Submission:
    """Make the letter one to a recipient, a number in E.164 and perhaps a name: its cover page says so."""
    made = letter.submission
    details = {
        **made.details,
        "recipientName": name or made.details["recipientName"],
        "cover": letter.template,
    }
    named = replace(letter, submission=replace(made, to=number, details=details))
    if letter.template is None:
        return named.submission
    following = sum(documents.inspect(part).pages for part in letter.parts)
    cover = print_cover(letter.template, _tokens(world, named), following)
    details["coverPages"] = documents.inspect(cover).pages
    return _complete(world, named, cover)


def _tokens(world: World, letter: Letter) -> dict[str, str]:
    """What a cover page may show; its date is the day on which the fax is sent."""
    made, now = letter.submission, world.now
    return {
        **{text: made.details[text] or "" for text in TEXTS},
        "recipientFax": made.to,
        "date": iso(max(made.send_at or now, now))[:10],
    }


def _compose_again(world: World, fax: Fax, made: Submission) -> Letter:
    """Make what sends the document of an earlier fax once more; its cover page will be written anew."""
    template = None if made.problem else fax.details.get("cover")
    if template is None:
        return Letter(made)
    if made.source is not None:
        kept = [world.blob(digest) for digest in fax.details["parts"][1:]]
    else:
        content = world.blob(fax.document) or b""
        own = fax.details.get("coverPages", 1)
        kept = [documents.select_pages(content, [f"{own + 1}-{fax.pages}"])] if fax.pages > own else []
    return Letter(made, template, [part for part in kept if part is not None])


def order_again(world: World, fax: Fax, wanted: Mapping[str, Any]) -> Letter:
    """Make what sends a fax once more, to nobody yet, at its own date unless the call names another."""
    unfetched = fax.source.forget() if fax.source and fax.document is None else None
    if fax.document and world.blob(fax.document) is None:
        raise invalid(NO_FILES)
    date = wanted.get("scheduledDate", fax.details.get("scheduledDate"))
    made = Submission(
        "mfax",
        "",
        fax.details["callerId"],
        document=fax.document,
        document_name=fax.document_name,
        source=unfetched,
        pages=fax.pages,
        problem=None if unfetched else fax.problem,
        resolution=fax.resolution,
        send_at=date,
        details={**{name: fax.details[name] for name in _SHARED}, "scheduledDate": date},
    )
    return _compose_again(world, fax, made)


def render(world: World, wanted: Mapping[str, Any], files: Sequence[SentFile]) -> bytes:
    """Make the PDF that would be sent; raise InvalidInputError when there is none."""
    letter = address(world, _compose(world, {**wanted, "attachmentUrls": [], "fileIds": []}, files), "")
    content = world.blob(letter.document)
    if letter.problem or content is None:
        raise invalid(f"The file cannot be rendered: {letter.problem}.")
    return content


def assemble(moment: Moment, got: Sequence[Fetched]) -> Inspection:
    """Join the fetched documents behind the parts that came with the call."""
    world = moment.world
    first = (world.blob(digest) for digest in moment.fax.details["parts"])
    try:
        parts = [part for part in first if part is not None]
        more = (documents.to_pdf(each.content, name=each.name, declared=each.media_type) for each in got)
        return world.keep(documents.merge([*parts, *more]))
    except Unreadable as unreadable:
        return replace(world.keep(got[0].content), pages=0, problem=unreadable.problem)
