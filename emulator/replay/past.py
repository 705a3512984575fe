"""What a snapshot tells of a sandbox's past: how it began, its journals, its faxes in their order."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from typing import Any

from emulator.core.faxes.fax import Fax
from emulator.core.storage.codec import decode
from emulator.core.storage.journals import NO_VENDOR
from localfax.things import JSON


class Past:
    """The past of one sandbox.

    `places` counts its faxes from 1, as they were made: those too that were deleted, but that a request makes
    anew.
    """

    def __init__(self, snapshot: JSON) -> None:
        self.snapshot = snapshot
        journals = snapshot["journals"]
        self.requests: list[JSON] = [
            each for each in journals.get("requests", []) if each["vendor"] != NO_VENDOR
        ]
        self.acts: list[JSON] = journals.get("acts", [])
        self.dropped: Mapping[str, int] = snapshot["dropped"]
        begun = journals.get("beginning", [])
        self.beginning: Mapping[str, JSON] = begun[-1]["vendors"] if begun else {}
        rows = (each for each in snapshot["items"] if each["kind"] == Fax.kind)
        made = (decode(Fax, {name: part for name, part in row.items() if name != "kind"}) for row in rows)
        self.faxes = sorted(made, key=lambda fax: fax.sequence)
        self._by_id = {fax.id: fax for fax in self.faxes}
        self.places = {fax_id: place for place, fax_id in enumerate(self._every(), start=1)}

    def fax(self, fax_id: str) -> Fax:
        """Find a fax by its id; raise KeyError."""
        return self._by_id[fax_id]

    def _every(self) -> list[str]:
        again = (
            each for request in self.requests if self.content(request) is not None for each in request["made"]
        )
        return sorted({*self._by_id, *again}, key=lambda each: int(each.rpartition("-")[2]))

    def holds(self, fax_id: str) -> bool:
        """Tell whether the sandbox still has a fax."""
        return fax_id in self._by_id

    @property
    def now(self) -> float:
        """The virtual instant at which the sandbox stands."""
        return next(float(each["base"]) for each in self.snapshot["items"] if each["kind"] == "clock")

    @property
    def waits(self) -> bool:
        """Whether anything is still to happen."""
        rows = self.snapshot["items"]
        posts = any(each["kind"] == "delivery" and each.get("due_at") for each in rows)
        return posts or not all(fax.final for fax in self.faxes)

    @property
    def hooks(self) -> list[str]:
        """The URLs to which the settings send webhooks, those of the beginning first."""
        changes = [*self.beginning.values(), *(act.get("change", {}) for act in self.acts)]
        given = [change.get("webhooks", {}) for change in changes]
        sides = (hook for both in given for hook in (both.values() if isinstance(both, Mapping) else [both]))
        urls = (hook.get("url") if isinstance(hook, Mapping) else hook for hook in sides)
        return [url for url in urls if url]

    def content(self, request: Mapping[str, Any]) -> bytes | None:
        """Find the whole body of a request; None when it was too much to keep."""
        digest = request.get("original")
        if digest is None:
            return request["body"].encode() if isinstance(request["body"], str) else b""
        kept = self.snapshot["documents"].get(digest)
        return None if kept is None else base64.b64decode(kept)

    @property
    def cut(self) -> list[JSON]:
        """The requests whose bodies are not kept whole."""
        return [each for each in self.requests if self.content(each) is None]

    def document(self, fax: Fax) -> str | None:
        """Find a fax's document in base 64, if it has one that is still kept."""
        found: str | None = self.snapshot["documents"].get(fax.document or "")
        return found

    def list_made(self, request: Mapping[str, Any]) -> list[Fax]:
        """List the faxes that a request made."""
        return [self.fax(each) for each in request["made"] if self.holds(each)]

    def list_untold(self) -> Iterator[tuple[Fax, float]]:
        """List the faxes that no journal tells of, with the real instant at which the next was told of."""
        told = {
            each: request["real_at"]
            for request in self.requests
            if self.content(request) is not None
            for each in request["made"]
        }
        told |= {act["fax"]: act["real_at"] for act in self.acts if act["act"] == "receive_fax"}
        following = float("inf")
        for fax in reversed(self.faxes):
            if fax.id not in told:
                yield fax, following
            following = told.get(fax.id, following)
