"""The configuration: flags, then LOCALFAX_… variables, then a TOML file, then these defaults."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from emulator.core.sandbox import FASTEST

PORT = 8329
"""8-FAX on a telephone's keys."""

_TIME = re.compile(r"(\d{1,10}(?:\.\d{1,6})?)\s*([smhd]?)")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}

ON, OFF = ("1", "true", "yes", "on"), ("0", "false", "no", "off")

BOUNDS = {
    "port": (0, 65_535),
    "smtp_port": (0, 65_535),
    "workers": (1, 64),
    "threads": (1, 1000),
    "journal": (1, 1_000_000),
    "journal_mb": (1, 1_000_000),
    "documents_mb": (1, 1_000_000),
}
"""Least and most of each setting that is a number."""

BESIDE = ("url", "sandbox", "config", "command", "report", "upstream", "within")
"""What else there is a LOCALFAX_ variable for."""
_PREFIX = "LOCALFAX_"
_ALIKE = 0.8
"""How alike two words are to be taken for one another; 1 is equal."""

CHOICES = {"log": ("text", "json", "off")}
"""The words that a setting takes, where it takes no others."""


@dataclass(frozen=True)
class Config:
    """Everything that `localfax serve` can be told; each field is a flag and a LOCALFAX_ variable too.

    `speed` is virtual seconds a real second for the default sandbox, None for max. `threads` answer calls,
    `journal` is entries kept per journal, `journal_mb` and `documents_mb` megabytes of journals and of
    documents kept in all.
    """

    host: str = "127.0.0.1"
    port: int = PORT
    speed: float | None = 20.0
    seed: str | None = None
    store: str = "memory"
    workers: int = 1
    threads: int = 48
    vendor_ports: bool = False
    smtp_port: int | None = None
    """Port of the mail server of email to fax, 0 for any free one; without it there is none."""
    scenarios: tuple[str, ...] = ()
    """Directories of scenario files."""
    tls: bool = False
    tls_cert: str | None = None
    tls_key: str | None = None
    """A certificate of one's own, with what leads to its authority, and its key, as PEM files."""
    tls_ca: str | None = None
    """A further file to write the authority's certificate to."""
    ca_dir: str | None = None
    """The folder of the authority, which is kept; without it one in the user's data folder."""
    intercept_host: tuple[str, ...] = ()
    """Further hosts that vendors answer for, each HOST=VENDOR."""
    any_credentials: bool = False
    """Whether credentials that open no sandbox open the default one."""
    profile: tuple[str, ...] = ()
    """Profiles and switches, like ifax=live and kazoo.live_status=true, of each sandbox that sets none."""
    webhook: tuple[str, ...] = ()
    """Where vendors post, outbound and inbound: URL for all of them, VENDOR=URL for one; of each sandbox that
    names no webhook of that vendor."""
    overlay: tuple[str, ...] = ()
    """Files of what real accounts were seen to answer otherwise; of each sandbox that has no overlay."""
    allow_host: tuple[str, ...] = ()
    """Further names that clients may call this server by."""
    allow_origin: tuple[str, ...] = ()
    """Origins whose pages may call a vendor that lets browsers call it, beside those of this machine."""
    allow_target: tuple[str, ...] = ()
    """Hosts that webhooks and fetches may go to although the policy would refuse their address."""
    allow_egress: bool = False
    expire: float | None = 86_400.0
    """Real seconds after which a sandbox that nobody uses is removed, except the default one; None: never."""
    log: str = "text"
    """What `serve` prints of each request and webhook: text, json, or off for nothing."""
    journal: int = 1000
    journal_mb: int = 32
    documents_mb: int = 512

    def with_texts(self, texts: Mapping[str, Any]) -> Config:
        """Copy it with the texts or values given by field name; raise ValueError naming what is wrong."""
        known = {each.name: each for each in fields(self)}
        changes: dict[str, Any] = {}
        for name, value in texts.items():
            if name not in known:
                meant = _nearest(name, known)
                said = f"; did you mean {meant}? Known" if meant else "; known"
                raise ValueError(f"unknown setting {name!r}{said} are {', '.join(known)}")
            changes[name] = _value(name, getattr(Config, name), value)
        return replace(self, **changes)


def load(
    flags: Mapping[str, Any], file: str | None = None, environ: Mapping[str, str] = os.environ
) -> Config:
    """Put the sources together in their order of weight: flags, LOCALFAX_ variables, the TOML file.

    The file may be named by LOCALFAX_CONFIG too. Raises ValueError for what cannot be taken, with the file
    or the variable that says it, and for a variable that is nearly one of these; OSError for the file.
    """
    config = Config()
    file = file or environ.get("LOCALFAX_CONFIG")
    if file:
        with _blaming(file):
            config = config.with_texts(tomllib.loads(Path(file).read_text(encoding="utf-8")))
    for name, text in _variables(environ).items():
        with _blaming(f"LOCALFAX_{name.upper()}"):
            config = config.with_texts({name: text})
    return config.with_texts({name: value for name, value in flags.items() if value is not None})


def _variables(environ: Mapping[str, str]) -> dict[str, str]:
    names = {each.name for each in fields(Config)}
    known = {f"{_PREFIX}{name.upper()}" for name in (*names, *BESIDE)}
    for variable in environ:
        if variable.startswith(_PREFIX) and variable not in known and (meant := _nearest(variable, known)):
            raise ValueError(f"the variable {variable} is none of Localfax's; did you mean {meant}?")
    return {
        name: environ[f"{_PREFIX}{name.upper()}"] for name in names if f"{_PREFIX}{name.upper()}" in environ
    }


@contextmanager
def _blaming(source: str) -> Iterator[None]:
    try:
        yield
    except ValueError as wrong:
        raise ValueError(f"{source}: {wrong}") from None


def _nearest(word: str, known: Iterable[str]) -> str | None:
    """Find the word that was meant: its letters in another order, or most of it."""
    from difflib import get_close_matches

    bare = {each.removeprefix(_PREFIX): each for each in known}
    given = word.removeprefix(_PREFIX)
    turned = [each for each in bare if sorted(each) == sorted(given)]
    return next((bare[each] for each in turned or get_close_matches(given, bare, 1, _ALIKE)), None)


def _value(name: str, default: Any, value: Any) -> Any:
    if name == "speed":
        return parse_speed(value)
    if name == "expire":
        return parse_expire(value)
    if isinstance(default, tuple):
        return _texts(name, value)
    if isinstance(default, bool):
        return _switch(name, value)
    if isinstance(default, int) or name in BOUNDS:
        return _number(name, value)
    if not isinstance(value, str):
        raise ValueError(f"{name} must be text, not {value!r}")
    if value not in CHOICES.get(name, (value,)):
        raise ValueError(f"{name} must be one of {', '.join(CHOICES[name])}, not {value!r}")
    return value


def _texts(name: str, value: Any) -> tuple[str, ...]:
    texts = value.split(",") if isinstance(value, str) else value
    if not isinstance(texts, (list, tuple)) or not all(isinstance(text, str) for text in texts):
        raise ValueError(f"{name} must be texts, a list or separated by commas, not {value!r}")
    return tuple(text.strip() for text in texts if text.strip())


def _switch(name: str, value: Any) -> bool:
    text = str(value).lower()
    if text not in (*ON, *OFF):
        raise ValueError(f"{name} must be true or false, not {value!r}")
    return text in ON


def _number(name: str, value: Any) -> int:
    least, most = BOUNDS[name]
    try:
        number = int(value) if isinstance(value, str) else value
    except ValueError:
        number = None
    if not isinstance(number, int) or isinstance(number, bool) or not least <= number <= most:
        raise ValueError(f"{name} must be a whole number from {least} to {most:,}, not {value!r}")
    return number


def parse_speed(value: Any) -> float | None:
    """Read a clock's speed: a number from 0 up, or `max` (None)."""
    if value is None or value == "max":
        return None
    try:
        speed = float(value)
    except (TypeError, ValueError, OverflowError):
        speed = -1.0
    if isinstance(value, bool) or not 0 <= speed <= FASTEST:
        raise ValueError(f"speed must be a number from 0 to {FASTEST:,.0f} or max, not {value!r}")
    return speed


def parse_expire(value: Any) -> float | None:
    """Read a time: seconds, or text like 90m, 24h, 7d; `off` is None. At least a minute."""
    if value in (None, "off"):
        return None
    found = _TIME.fullmatch(str(value).strip()) if isinstance(value, (int, float, str)) else None
    seconds = float(found[1]) * _UNITS[found[2] or "s"] if found else 0.0
    if isinstance(value, bool) or not 60 <= seconds <= 1e9:
        raise ValueError(f"expire must be a time of a minute or more, like 90m or 24h, or off, not {value!r}")
    return seconds
