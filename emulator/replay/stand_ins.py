"""What the replay's own server stands in for: who took the webhooks, and where documents were fetched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from emulator.core.message import Trouble
from emulator.core.storage.codec import decode
from emulator.core.webhooks.delivery import Delivery, Post
from emulator.replay.names import RECEIVER
from localfax.things import JSON

_OUT_OF_REACH = frozenset({Trouble.refused, Trouble.bad_url, Trouble.unresolved, Trouble.bad_message})
"""What nobody was asked for: such an address stays as it is."""
_TOLD = frozenset({"location", "retry-after"})
"""Headers of a webhook's answer that change what is done next."""


@dataclass(frozen=True)
class StandIns:
    """Places on the replay's own server, by the URLs that they stand for, and what it answers there."""

    aliases: Mapping[str, str]
    answers: list[JSON]


def find_stand_ins(snapshot: Mapping[str, Any], urls: Iterable[str]) -> StandIns:
    """Find whom a sandbox dealt with; `urls` are where its settings send webhooks."""
    rows = [each for each in snapshot["items"] if each["kind"] == Delivery.kind]
    deliveries = [
        decode(Delivery, {name: part for name, part in row.items() if name != "kind"}) for row in rows
    ]
    gone = {_origin(each.message.url) for each in deliveries if _out_of_reach(each)}
    known = dict.fromkeys(_origin(url) for url in (*urls, *(each.message.url for each in deliveries)))
    origins = [origin for origin in known if origin not in gone]
    aliases = {origin: RECEIVER + (f"/{place}" if place else "") for place, origin in enumerate(origins)}
    fetches = [each for each in snapshot["journals"].get("fetches", ()) if each["error"] not in _OUT_OF_REACH]
    places = {url: place for place, url in enumerate(dict.fromkeys(each["url"] for each in fetches), start=1)}
    lying = {url: f"/documents/{place}/{_file(url)}" for url, place in places.items()}
    answers = [_document(lying[each["url"]], each, snapshot["documents"]) for each in fetches]
    aliases |= {url: RECEIVER + path for url, path in lying.items()}
    return StandIns(aliases, [*_answers(deliveries, aliases), *answers])


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _file(url: str) -> str:
    return PurePosixPath(urlsplit(url).path).name or "document"


def _out_of_reach(delivery: Delivery) -> bool:
    return any(post.reply.error in _OUT_OF_REACH for post in delivery.attempts)


def _document(path: str, fetch: Mapping[str, Any], documents: Mapping[str, str]) -> JSON:
    if fetch["digest"] in documents:
        headers = {"Content-Type": fetch["media_type"]} if fetch["media_type"] else {}
        return {"path": path, "headers": headers, "base64": documents[fetch["digest"]]}
    if fetch["error"] == Trouble.bad_status:
        return {"path": path, "status": fetch["status"]}
    return {"path": path, "drop": True}


def _answers(deliveries: list[Delivery], aliases: Mapping[str, str]) -> list[JSON]:
    """List the answers to webhooks, path by path, up to the last that is not the usual empty 200."""
    posts = [(_path(each.message.url, aliases), post) for each in deliveries for post in each.attempts]
    posts.sort(key=lambda each: (each[0], each[1].at, each[1].real_at))
    found: list[JSON] = []
    for path, group in groupby(posts, key=lambda each: each[0]):
        answers = [{"path": path, **_answer(post)} for _, post in group if path]
        while answers and answers[-1] == {"path": path, "status": 200}:
            answers.pop()
        found += answers
    return found


def _path(url: str, aliases: Mapping[str, str]) -> str:
    alias = aliases.get(_origin(url))
    return "" if alias is None else alias.removeprefix(RECEIVER) + (urlsplit(url).path or "/")


def _answer(post: Post) -> JSON:
    if post.reply.status is None:
        return {"drop": True}
    headers = {name: value for name, value in post.reply.headers if name.lower() in _TOLD}
    return {"status": post.reply.status} | ({"headers": headers} if headers else {})
