"""The document of a fax: cover page, files and fetched documents, joined as one PDF."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import Response, jsonify

from emulator import documents
from emulator.core.dialect.vendor import Moment, Upload
from emulator.core.faxes.fax import Source, Submission
from emulator.core.instants import iso
from emulator.core.message import Fetch
from emulator.core.world import World
from emulator.documents import Inspection, Unreadable
from emulator.vendors.dialect import context
from emulator.vendors.mfax.account import national, switch
from emulator.vendors.mfax.errors import invalid
from emulator.vendors.mfax.tables import MOST_FILES, MOST_URLS, NO_FILES

_LONGEST_NAME = 255
FETCH_SECONDS = 30.0
"""Real seconds for all documents of a fax together."""

DEFAULT_ID = "00000000-0000-0000-0000-000000000000"
PREVIEWS = "https://storage.googleapis.com/drenfax-storage/coverpages"

# The tokens and their order are documented; the words around them follow the reference's sample.
DEFAULT_TEMPLATE = """Fax Transmission


To: ${tokens.recipientName}
From: ${tokens.senderName}

Fax: ${tokens.recipientFax}
Fax: ${tokens.callerId}

RE: ${tokens.subject}
Date: ${tokens.date}

Pages: ${tokens.pages}


Comments: ${tokens.notes}
"""

_TOKEN = re.compile(r"\$\{tokens\.(\w{1,40})\}")
_LONGEST = 20_000


def compose(
    world: World, wanted: Mapping[str, Any], files: Sequence[tuple[str, bytes]], to: Sequence[str]
) -> Submission:
    """Make what a call sends, to nobody yet; a file that cannot be faxed makes a fax that fails later.

    It is sent by the call's own caller id, else by that of the user's settings: the first number that the
    account owns. The detail `parts` names the documents that stand before what `source` will fetch.
    """
    urls = wanted["attachmentUrls"]
    if wanted["fileIds"]:
        raise invalid("fileIds: File not found.")
    if len(urls) > MOST_URLS:
        raise invalid(f"attachmentUrls: at most {MOST_URLS} documents are fetched.")
    if len(files) > MOST_FILES:
        raise invalid(f"attachments: at most {MOST_FILES} files are sent.")
    if not (files or urls or wanted["coverPage"]):
        raise invalid(NO_FILES)
    name = files[0][0][:_LONGEST_NAME] if files else None
    numbers = context().settings.numbers
    sender = wanted.get("callerId") or (national(numbers[0]) if numbers else "")
    letter = Submission("mfax", "", sender, document_name=name, details={"parts": []})
    try:
        parts = [documents.to_pdf(content) for _, content in files]
        if wanted["coverPage"]:
            parts.insert(0, _cover(world, {**wanted, "callerId": sender}, parts, to))
        if urls:
            return _fetch_later(world, letter, parts, urls)
        upload = Upload.of(world.keep(documents.merge(parts)))
    except Unreadable as unreadable:
        # The file that cannot be faxed is kept, so that it can be looked at.
        kept = (world.keep(content) for _, content in files)
        digest = next((each.digest for each in kept if each.problem is not None), None)
        upload = Upload(digest, problem=unreadable.problem.value)
    return replace(letter, document=upload.digest, pages=upload.pages, problem=upload.problem)


def _fetch_later(world: World, letter: Submission, parts: Sequence[bytes], urls: Sequence[str]) -> Submission:
    kept = [world.keep(part) for part in parts]
    first, *more = (Fetch(url, deadline=FETCH_SECONDS / len(urls)) for url in urls)
    return replace(
        letter,
        document_name=letter.document_name or urls[0].rpartition("/")[2][:_LONGEST_NAME] or None,
        pages=sum(each.pages for each in kept),
        source=Source(first, more=tuple(more)),
        details={"parts": [each.digest for each in kept]},
    )


def render(world: World, wanted: Mapping[str, Any], files: Sequence[tuple[str, bytes]]) -> bytes:
    """Make the PDF that would be sent; raise InvalidInputError when there is none."""
    letter = compose(world, {**wanted, "attachmentUrls": [], "fileIds": []}, files, ())
    content = world.blob(letter.document)
    if letter.problem or content is None:
        raise invalid(f"The file cannot be rendered: {letter.problem}.")
    return content


def assemble(moment: Moment, contents: Sequence[bytes]) -> Inspection:
    """Join the fetched documents behind the parts that came with the call."""
    world = moment.world
    first = (world.blob(digest) for digest in moment.fax.details["parts"])
    try:
        parts = [part for part in first if part is not None]
        return world.keep(documents.merge([*parts, *map(documents.to_pdf, contents)]))
    except Unreadable as unreadable:
        return replace(world.keep(contents[0]), pages=0, problem=unreadable.problem)


def _cover(world: World, wanted: Mapping[str, Any], parts: Sequence[bytes], to: Sequence[str]) -> bytes:
    names = ("recipientName", "senderName", "subject", "notes", "callerId")
    tokens = {name: wanted.get(name, "") for name in names}
    tokens |= {
        "recipientFax": ", ".join(to[:3]) + (", …" if len(to) > 3 else ""),
        "date": iso(world.now)[:10],
        "pages": str(1 + sum(documents.inspect(part).pages for part in parts)),
    }
    return _print_cover(_template(wanted.get("coverPageId")), tokens)


# cover pages
def list_cover_pages() -> Response:
    """List the cover pages, as a bare array."""
    return jsonify(_cover_pages())


def _cover_pages() -> list[dict[str, Any]]:
    """The default cover page, then those of the profile switch."""
    own = switch(context().settings, "cover_pages")
    given = [page for page in own if isinstance(page, Mapping)] if isinstance(own, (list, tuple)) else []
    own_texts = ([str(page.get(name, "")) for name in ("uuid", "name", "template")] for page in given)
    return [
        {
            "uuid": uuid,
            "name": name,
            "template": template,
            "accountId": None,
            "userId": None,
            "isPublic": True,
            "previewLink": f"{PREVIEWS}/{uuid}.png",
        }
        for uuid, name, template in ((DEFAULT_ID, "Default", DEFAULT_TEMPLATE), *own_texts)
    ]


def _template(uuid: str | None) -> str:
    for page in _cover_pages():
        if page["uuid"].lower() == (uuid or DEFAULT_ID):
            return str(page["template"])
    raise invalid("coverPageId: Cover page not found.")


def _print_cover(text: str, tokens: Mapping[str, str]) -> bytes:
    """Fill a template and print it as a one-page PDF; what does not fit on the page is cut off."""
    filled = _TOKEN.sub(lambda token: tokens.get(token[1], ""), text)[:_LONGEST]
    clean = "".join(each if each.isprintable() or each in "\n\t" else " " for each in filled) or " "
    printed = documents.to_pdf(clean.encode("utf-8", "replace"))
    return printed if documents.inspect(printed).pages == 1 else documents.select_pages(printed, ["1"])
