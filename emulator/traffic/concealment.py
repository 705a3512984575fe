"""Texts made unrecognisable: by what they are where that is known, else by how they look."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from urllib.parse import urlsplit

from emulator.core.dialect.recorded import Sense
from emulator.traffic.pseudonyms import MADE, Pseudonyms
from emulator.vendors import all_vendors

Conceal = Callable[[str], str]
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_NUMBER = re.compile(r"(?<!\w)\+?(?:\(\d{1,4}\)|\d{1,15})(?:[ .-]?(?:\(\d{1,4}\)|\d{2,12}))*(?!\w)")
_INSTANT = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?|\d{1,2}/\d{1,2}/\d{4}"
)
_FIGURE = re.compile(r"-?\d{1,4}|-?\d{1,9}\.\d{1,16}|true|false|null|yes|no|on|off", re.IGNORECASE)
_URL = re.compile(r"https?://\S+", re.IGNORECASE)
_IDLIKE = re.compile(r"(?=[^ ]*\d)[\w.~+/=:@-]{5,}")
_NOBODYS = (".test", ".example", ".invalid")
"""Hosts that nobody has."""
_LONG = re.compile(r"(?<![\w-])(?=[\w-]*\d)[\w-]{12,}(?![\w-])")
_SHORT = 4
"""Letters of what is hidden wherever it stands in a sentence; shorter ones stand there by chance."""
_BOTH_SIDES = re.compile(r"^[0-9]{6}-")
_PLAIN = re.compile(r"[\w.,:;/+%-]{0,40}")


@cache
def _steps() -> frozenset[str]:
    """The steps of all vendors' paths."""
    paths = (each.path for vendor in all_vendors().values() for each in vendor.endpoints)
    return frozenset(step for path in paths for step in path.split("/") if "<" not in step) | {"v1"}


class Concealer:
    """Conceals texts, each by the same pseudonym all along; what people wrote also within sentences."""

    def __init__(self, names: Pseudonyms) -> None:
        self.names = names
        self._spoken: dict[str, str] = {}
        """What people have written, and keys: hidden wherever it stands in a sentence."""
        make = names
        self.senses: Mapping[Sense, Conceal] = {
            Sense.id: self.id,
            Sense.secret: self.hidden(make.secret),
            **dict.fromkeys((Sense.to, Sense.sender, Sense.number), self.number),
            Sense.personal: self.hidden(make.personal),
            Sense.mail: self.hidden(make.mail),
            Sense.url: self.url,
            Sense.hook: self.url,
            Sense.file: self.hidden(make.file),
            Sense.said: self.sentence,
            Sense.state: self.sentence,
            Sense.code: self.sentence,
            **dict.fromkeys(
                (Sense.instant, Sense.seconds, Sense.money, Sense.pages, Sense.sent, Sense.figure),
                self.plain,
            ),
            Sense.word: self.plain,
            Sense.whatever: make.secret,
        }

        self._within: tuple[tuple[re.Pattern[str], Conceal], ...] = (
            (_URL, self.url),
            (_MAIL, make.mail),
            (_NUMBER, lambda text: text if _INSTANT.match(text) else make.number(text)),
            (_LONG, self.id),
        )

    def unknown(self, value: str) -> str:
        """Hide a text of which only its looks are known; figures and instants stay."""
        if not value or _INSTANT.fullmatch(value) or _FIGURE.fullmatch(value) or MADE.fullmatch(value):
            return value
        kinds: tuple[tuple[re.Pattern[str], Conceal], ...] = (
            (_URL, self.url), (_MAIL, self.names.mail), (_NUMBER, self.names.number), (_IDLIKE, self.id),
        )  # fmt: skip
        made = next((make for form, make in kinds if form.fullmatch(value)), self.hidden(self.names.text))
        return made(value)

    def number(self, value: str) -> str:
        """Hide a number, or several between commas; a name in its place is one of somebody."""
        if any(map(str.isalpha, value)):
            return self.hidden(self.names.personal)(value)
        return ",".join(map(self.names.number, value.split(",")))

    def plain(self, value: str) -> str:
        """Leave a short word, a figure or an instant as it is."""
        short = _PLAIN.fullmatch(value) and not re.search(r"\d{7}", re.sub(r"[ -]", "", value))
        return value if short or _INSTANT.fullmatch(value) else self.unknown(value)

    def sentence(self, value: str) -> str:
        """Leave the vendor's words, and hide in them whatever is somebody's."""
        hidden: list[str] = []
        for secret in sorted(self._spoken, key=len, reverse=True):
            if secret in value:
                made = self._spoken[secret]
                hidden.append(made)
                value = re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", made.replace("\\", r"\\"), value)
        for form, make in self._within:
            value = form.sub(lambda found, make=make: _unless(found[0], hidden, make), value)  # type: ignore[misc]
        return value

    def id(self, value: str) -> str:
        """Hide an id, or several between commas; a month before it stays."""
        before = _BOTH_SIDES.match(value)
        if before and len(value) > 16:
            return before[0] + self.names.id(value[before.end() :])
        return ",".join(map(self.names.id, value.split(","))) if "," in value else self.names.id(value)

    def hidden(self, make: Conceal) -> Conceal:
        """Let what is hidden be hidden in sentences too."""

        def hide(value: str) -> str:
            made = make(value)
            if len(value) >= _SHORT and made != value:
                self._spoken[value] = made
            return made

        return hide

    # addresses
    def host(self, host: str) -> str:
        """Keep a vendor's host, without its port; another one is hidden."""
        known = {each for vendor in all_vendors().values() for each in vendor.hosts}
        name = host.partition(":")[0].lower()
        if name in known or not name or name.endswith(_NOBODYS):
            return name
        return self.names.known.setdefault(
            f"host:{name}", self.names.text(name).replace("text-", "host-") + ".test"
        )

    def url(self, value: str) -> str:
        """Hide a URL: its host where it is no vendor's, and all that leads somewhere."""
        try:
            parts = urlsplit(value)
        except ValueError:
            return self.names.text(value)
        if not parts.netloc:
            return self.unknown(value) if not value.startswith("/") else self.loose(value)
        host, query = self.host(parts.netloc.rpartition("@")[2]), "?query" if parts.query else ""
        return f"{parts.scheme}://{host}{self.loose(parts.path)}{query}"

    def loose(self, path: str) -> str:
        """Hide a path that leads to no endpoint."""
        return "/".join(map(self._step, path.split("/")))

    def _step(self, step: str) -> str:
        if not step or step in _steps():
            return step
        if "." in step:
            return self.names.file(step)
        return self.id(step) if _IDLIKE.fullmatch(step) else self.names.text(step)


def _unless(text: str, hidden: list[str], make: Callable[[str], str]) -> str:
    """Hide a text, unless it is a pseudonym already."""
    if any(text in each or each in text for each in hidden):
        return text
    hidden.append(made := make(text))
    return made
