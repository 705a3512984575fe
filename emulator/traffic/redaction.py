"""Everything by which somebody could be recognised goes out of an exchange before it is written.

What stays is what a vendor's tables know: words, codes, figures, instants, the names of keys. Everything else
is replaced, so that what nobody thought of is hidden and not shown.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from emulator.core.dialect.recorded import Sense
from emulator.core.message import Pairs
from emulator.core.paths import last_key
from emulator.traffic.body import NOTHING, Mark, Part, Payload, decode_document, mark_document
from emulator.traffic.concealment import Concealer
from emulator.traffic.endpoints import find_endpoint
from emulator.traffic.exchange import Exchange, Spoken
from emulator.traffic.headers import DROPPED, PLAIN
from emulator.traffic.look import Look, nested_json, side_of
from emulator.traffic.pseudonyms import Pseudonyms
from emulator.vendors import all_vendors

_KEY = re.compile(r"[A-Za-z_][\w .\[\]-]{0,50}")
_SMALL, _SHORT_TEXT = 10_000, 200
"""Whole numbers below the one tell nothing of anybody; texts longer than the other are hidden whole."""


class Redactor:
    """Redacts the exchanges of one recording, each thing to the same pseudonym all along."""

    def __init__(self, names: Pseudonyms | None = None) -> None:
        self.names = names or Pseudonyms()
        self._conceal = Concealer(self.names)

    def exchange(self, given: Exchange) -> Exchange:
        """Redact an exchange of a vendor, or a webhook; bodies that nest without end are left out."""
        try:
            return self._exchange(given)
        except RecursionError:
            asked, answered = (replace(side, body=NOTHING) for side in (given.asked, given.answered))
            return self._exchange(replace(given, asked=asked, answered=answered))

    def _exchange(self, given: Exchange) -> Exchange:
        vendor = all_vendors()[given.vendor]
        endpoint, parameters = find_endpoint(vendor, given.method, given.path)
        if given.webhook:
            endpoint, parameters = side_of(vendor, given.asked.body), {}
        look = Look(vendor, endpoint, webhook=given.webhook)
        asked = self._side(given.asked, look.asking())
        return replace(
            given,
            host=self._conceal.host(given.host),
            path=self._path(given.path, parameters, look.asking()),
            query=self._pairs(given.query, look.asking()),
            asked=asked,
            answered=self._side(given.answered, look),
        )

    def _side(self, side: Spoken, look: Look) -> Spoken:
        headers = tuple(
            (name, self._header(name.lower(), value, look))
            for name, value in side.headers
            if name.lower() not in DROPPED
        )
        return Spoken(headers, self._body(side.body, look))

    def _header(self, name: str, value: str, look: Look) -> str:
        if name in PLAIN:
            return value
        if name == "authorization":
            scheme, space, key = value.partition(" ")
            return (
                f"{scheme} {self._conceal.hidden(self.names.secret)(key)}"
                if space
                else self.names.secret(value)
            )
        if "cookie" in name or "token" in name or "key" in name or "signature" in name:
            return self._conceal.hidden(self.names.secret)(value)
        return self._text(name, value, look, above="")

    def _body(self, body: Payload, look: Look) -> Payload:
        if body.kind == "json":
            return replace(body, data=self.data(body.data, look))
        if body.kind in ("form", "multipart"):
            kind = body.media_type.partition(";")[0]
            return replace(body, media_type=kind, data=[self._part(each, look) for each in body.data])
        if body.kind == "file":
            return replace(body, data=mark_document(body.data, self.names.digest, body.media_type))
        if body.kind == "text":
            short = len(body.data) < _SHORT_TEXT
            return replace(body, data=(self._conceal.sentence if short else self.names.text)(body.data))
        return body

    def _part(self, part: Part, look: Look) -> Part:
        key, above = last_key(part.name)
        if isinstance(part.value, bytes):
            value: Any = mark_document(part.value, self.names.digest, part.media_type)
            filename = self._conceal.senses[Sense.file](part.filename) if part.filename else part.filename
            return replace(part, value=value, filename=filename)
        if isinstance(part.value, str):
            return replace(part, value=self._text(key, part.value, look, above=above))
        return replace(part, value=self.data(part.value, look))

    def data(self, data: Any, look: Look, key: str = "", above: str = "") -> Any:
        """Redact JSON data, every value by the sense of its key."""
        if isinstance(data, (dict, list)) and look.sense(key, above) is Sense.personal:
            return self._hide_all(data)
        if isinstance(data, dict):
            return {self._key(name): self.data(value, look, name, key) for name, value in data.items()}
        if isinstance(data, list):
            return [self.data(each, look, key, above) for each in data]
        if isinstance(data, str):
            return self._text(key, data, look, above=above)
        if isinstance(data, int) and not isinstance(data, bool):
            return self._whole(key, data, look, above)
        return data

    def _hide_all(self, data: Any) -> Any:
        """Hide everything in what is somebody's own: its keys too, whatever they mean elsewhere."""
        if isinstance(data, dict):
            hide = self._conceal.hidden(self.names.text)
            return {hide(str(name)): self._hide_all(value) for name, value in data.items()}
        if isinstance(data, list):
            return [self._hide_all(each) for each in data]
        if isinstance(data, (int, float)) and not isinstance(data, bool):
            return int(self.names.id(str(int(data))))
        return self._conceal.hidden(self.names.personal)(data) if isinstance(data, str) else data

    def _key(self, name: str) -> str:
        """Hide a key that is a value: some answers list things by number or id."""
        return name if _KEY.fullmatch(name) else self._conceal.unknown(name)

    def _whole(self, key: str, value: int, look: Look, above: str) -> int:
        sense = look.sense(key, above)
        if sense is None:
            return value if abs(value) < _SMALL or _is_instant(value) else int(self.names.id(str(value)))
        if sense in (Sense.id, Sense.secret, Sense.to, Sense.sender, Sense.number):
            return int(self._conceal.senses[sense](str(value)))
        return value

    def _text(self, key: str, value: str, look: Look, *, above: str) -> str:
        if Mark.read(value) is not None or value in look.words:
            return value
        sense = look.sense(key, above)
        if (content := decode_document(value, told=sense is Sense.document)) is not None:
            return mark_document(content, self.names.digest)
        if value[:1] in "{[" and (data := nested_json(value)) is not None:
            return json.dumps(self.data(data, look, key, above), separators=(",", ":"))
        return (
            self._conceal.unknown(value)
            if sense is None
            else self._conceal.senses.get(sense, self._conceal.unknown)(value)
        )

    def _path(self, path: str, parameters: Mapping[str, str], look: Look) -> str:
        if look.webhook or look.endpoint is None:
            return (
                self._conceal.loose(path)
                if not look.webhook
                else "/" + "/".join(["hook"] * bool(path.strip("/")))
            )
        hidden = {value: self._text(name, value, look, above="") for name, value in parameters.items()}
        return "/".join(hidden.get(unquote(step), step) for step in path.split("/"))

    def _pairs(self, pairs: Pairs, look: Look) -> Pairs:
        return tuple(
            (name, self._text(last_key(name)[0], value, look, above=last_key(name)[1]))
            for name, value in pairs
        )


def _is_instant(value: int) -> bool:
    """Tell whether a whole number may be seconds since 1970, or since the year 0, of these years."""
    return 1.4e9 < value < 2.2e9 or 6.36e10 < value < 6.44e10
