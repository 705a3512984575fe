"""What each id, key and address of a recording is called in the world in which it is played."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from emulator.comparison.history import Chronicle
from emulator.core.dialect.recorded import Sense
from emulator.core.message import Pairs
from emulator.core.paths import last_key
from emulator.traffic.body import Part, Payload
from emulator.traffic.endpoints import find_endpoint
from emulator.traffic.exchange import Exchange

_WITHOUT = frozenset({"accept-encoding", "cookie", "content-type"})
"""Headers that are not sent again: the type of a body is told anew."""


class Mapper:
    """Maps recorded things to the sandbox's own; learns ids from what is answered."""

    def __init__(self, history: Chronicle, credentials: Mapping[str, str], receiver: str) -> None:
        self.history = history
        self.receiver = receiver
        self.ids: dict[str, str] = {}
        self.keys = {
            value: credentials[name] for value, name in history.keys.own.items() if name in credentials
        }

    def pair(self, recorded: Any, ours: Any) -> bool:
        """Note that two ids stand for the same; tell whether they may."""
        theirs, mine = self.history.bare(recorded), self.history.bare(ours)
        return self.ids.setdefault(theirs, mine) == mine

    def value(self, text: str) -> str:
        """The sandbox's own text for a recorded one, if it has one."""
        if (own := self.ids.get(text) or self.keys.get(text)) is not None:
            return own
        bare = self.history.bare(text)
        if bare != text and bare in self.ids:
            return text.removesuffix(bare) + self.ids[bare]
        return ",".join(map(self.value, text.split(","))) if "," in text else text

    # a request
    def path(self, each: Exchange) -> str:
        """The path of a request, with the sandbox's ids."""
        return "/".join(map(self.value, each.path.split("/")))

    def query(self, each: Exchange) -> Pairs:
        """The query of a request."""
        return tuple((name, str(self._by_sense(name, value, each))) for name, value in each.query)

    def headers(self, each: Exchange) -> dict[str, str]:
        """The headers of a request; of one that came twice the last."""
        found = {}
        for name, value in each.asked.headers:
            if name.lower() in _WITHOUT:
                continue
            scheme, space, key = value.partition(" ")
            found[name] = (
                f"{scheme} {self.value(key)}"
                if space and name.lower() == "authorization"
                else self.value(value)
            )
        return found

    def body(self, each: Exchange) -> Payload:
        """The body of a request."""
        body = each.asked.body
        if body.kind == "json":
            return replace(body, data=self._data(body.data, each))
        if body.kind in ("form", "multipart"):
            return replace(body, data=[self._part(part, each) for part in body.data])
        return body

    def _part(self, part: Part, each: Exchange) -> Part:
        if isinstance(part.value, str):
            return replace(part, value=self._by_sense(part.name, part.value, each))
        return part if isinstance(part.value, bytes) else replace(part, value=self._data(part.value, each))

    def _data(self, data: Any, each: Exchange, key: str = "") -> Any:
        if isinstance(data, dict):
            return {name: self._data(value, each, name) for name, value in data.items()}
        if isinstance(data, list):
            return [self._data(value, each, key) for value in data]
        return self._by_sense(key, data, each)

    def _by_sense(self, key: str, value: Any, each: Exchange) -> Any:
        if value is None or isinstance(value, (bool, float)):
            return value
        name, above = last_key(key)
        endpoint = find_endpoint(self.history.vendor, each.method, each.path)[0]
        sense = self.history.recorded.sense(endpoint, above, name, asked=True)
        if sense in (Sense.url, Sense.hook) and isinstance(value, str):
            return re.sub(r"^https?://[^/\s]*", self.receiver, value)
        own = self.value(str(value))
        return (
            int(own)
            if isinstance(value, int) and re.fullmatch(r"-?\d+", own)
            else own
            if own != str(value)
            else value
        )
