"""What a sandbox holds after a run, as parts of a report: ladders, requests, webhooks, drawn pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from emulator.reports import Exchange, Folded, Picture, Pictures, Pre, ReportPart
from emulator.reports.texts import form, message
from localfax import Fax, Refusal, Request, Sandbox, Webhook
from localfax.ladder import ladders
from localfax.things import Post

_OF_A_FAX = 3
"""Pages of one fax that are drawn."""
_OF_A_SANDBOX = 6
"""Pages of all faxes of a sandbox that are drawn."""
_MOST_EXCHANGES = 100
"""Requests, tries of webhooks, and webhooks not sent, that are told whole of one sandbox."""
_MOST_LINES = 2000
"""Faxes whose lives are told of one sandbox, and refused requests that have a line: the newest."""


@dataclass
class Album:
    """Pages as pictures, no more than `left` for a whole report."""

    left: int = 120

    def draw(self, sandbox: Sandbox, faxes: Sequence[Fax]) -> Iterator[Picture]:
        """Draw the first pages of each fax that has a document."""
        wanted = [
            (fax.id, page)
            for fax in faxes
            if fax.data["document"]["digest"]
            for page in range(1, min(fax.pages, _OF_A_FAX) + 1)
        ]
        for fax_id, page in wanted[: min(self.left, _OF_A_SANDBOX)]:
            self.left -= 1
            with suppress(Refusal):  # it was let go, or has nothing to show
                yield Picture(f"{fax_id}, page {page}", sandbox.document(fax_id, "png", page))


def is_refused(request: Request) -> bool:
    """Tell whether a request got nothing that it asked for, or met no endpoint."""
    return request.status >= 400 or request.endpoint is None


def tell(
    sandbox: Sandbox,
    faxes: Sequence[Fax],
    requests: Sequence[Request],
    webhooks: Sequence[Webhook],
    album: Album,
) -> tuple[ReportPart, ...]:
    """Tell of a sandbox; requests and webhooks come newest first, all are told in the order of time."""
    newest = sorted(faxes, key=lambda each: int(each.id.rpartition("-")[2]))[-_MOST_LINES:]
    refused = [repr(each) for each in reversed(requests) if is_refused(each)]
    asked = [_request(each) for each in reversed(requests[:_MOST_EXCHANGES])]
    posted = [_try(each, post) for each in reversed(webhooks) for post in each.attempts][-_MOST_EXCHANGES:]
    unsent = [_unsent(each) for each in reversed(webhooks) if not each.attempts][-_MOST_EXCHANGES:]
    pictures = list(album.draw(sandbox, faxes))
    parts: tuple[tuple[bool, ReportPart], ...] = (
        (True, Pre(ladders(newest) or "No fax was made.", _title("Faxes", newest, faxes))),
        (bool(refused), Pre("\n".join(refused[-_MOST_LINES:]), "Requests that were refused")),
        (bool(pictures), Pictures(pictures, "Pages")),
        (bool(asked), Folded(_title(_count(len(requests), "request"), asked, requests), asked)),
        (bool(webhooks), Folded(_count(len(webhooks), "webhook"), [*posted, *unsent])),
    )
    return tuple(part for there, part in parts if there)


def _title(title: str, told: Sequence[object], there: Sequence[object]) -> str:
    return title if len(told) == len(there) else f"{title}: the newest {len(told):,}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _request(each: Request) -> ReportPart:
    query = f"?{each.query}" if each.query else ""
    near = f"  {'; '.join(each.near_misses)}" if each.near_misses else ""
    title = f"{each.at}  {each.vendor} {each.method} {each.path}: {each.status}{near}"
    asked = message(f"{each.method} {each.path}{query}", each.headers, form(each.body))
    return Exchange(title, asked, message(str(each.status), each.data["answer_headers"], each.answer))


def _try(webhook: Webhook, post: Post) -> ReportPart:
    said = str(post.status or post.error)
    title = f"{post.at}  {webhook.event} of {webhook.fax}, try {post.number}: {said} <- {post.url}"
    return Exchange(title, _message(webhook), message(said, post.headers, post.body))


def _unsent(webhook: Webhook) -> ReportPart:
    return Exchange(f"{webhook.event} of {webhook.fax}: {webhook.state}, not sent", _message(webhook), "")


def _message(webhook: Webhook) -> str:
    head = f"{webhook.method} {webhook.url}"
    return message(head, webhook.data["request"]["headers"], dict(webhook.fields))
