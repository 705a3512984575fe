"""Pseudonyms: the same for the same thing all through one recording, and not to be turned back.

Each is made with a salt that is thrown away with the recording's end. It looks like what it stands for: an id
has as many digits, a number is one that can be dialled and is nobody's.
"""

from __future__ import annotations

import hmac
import re
import secrets
import string
from collections.abc import Callable
from hashlib import sha256
from random import Random

_AREAS = re.findall(
    r"\d{3}",
    """
    201 202 203 205 206 207 208 209 210 212 213 214 215 216 217 218 219 224 225 228 229 231 234 239
    240 248 251 252 253 254 256 260 262 267 269 270 276 281 301 302 303 304 305 307 308 309 310 312
    313 314 315 316 317 318 319 320 321 323 325 330 334 336 337 339 346 347 351 352 360 361 401 402
    404 405 406 407 408 409 410 412 413 414 415 417 419 423 424 425 430 432 434 435 440 443 469 478
    479 480 484 501 502 503 504 505 507 508 509 510
    """,
)
"""Area codes in use: with 555-01xx behind them they make numbers that nobody has."""
_NORTH_AMERICAN = re.compile(r"1?([2-9]\d{2}[2-9]\d{6})")
_LEAST_NUMBER, _LEAST_ID = 7, 6
_TURNS = 1000
"""Tries for a pseudonym that is not given yet."""
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
MADE = re.compile(r"(?:text|name)-[0-9a-f]{8}|[0-9a-f]{8}@example\.test|file-[0-9a-f]{8}(?:\.\w{1,5})?")
"""What a pseudonym of something that people have written looks like."""


class Pseudonyms:
    """Makes the pseudonyms of one recording; `known` gives those made so far."""

    def __init__(self, salt: bytes | None = None) -> None:
        self._salt = salt or secrets.token_bytes(32)
        self.known: dict[str, str] = {}
        self._given: set[str] = set()

    def digest(self, content: bytes) -> str:
        """A digest of a document that tells equal ones, but not which."""
        return hmac.new(self._salt, content, sha256).hexdigest()[:24]

    def id(self, value: str) -> str:
        """An id that looks alike; short numbers stay, as they tell nothing."""
        if (len(value) < _LEAST_ID and not any(map(str.isalpha, value))) or not any(map(str.isalnum, value)):
            return value
        return self._once(value, lambda bits: _alike(value, bits))

    def secret(self, value: str) -> str:
        """A key that looks alike, however short."""
        return self._once(value, lambda bits: _alike(value, bits)) if value else value

    def number(self, value: str) -> str:
        """A number that can be dialled and is nobody's, written as this one is."""
        digits = re.sub(r"\D", "", value)
        if len(digits) < _LEAST_NUMBER:
            return value
        found = _NORTH_AMERICAN.fullmatch(digits)
        core = found[1] if found else re.sub(r"\A(011|00)(?=\d{9})", "", digits)
        made = self._once(f"tel:{core}", lambda bits: _nobodys(core, bits) if found else _abroad(core, bits))
        return _rewritten(value, digits[: len(digits) - len(core)] + made)

    def personal(self, value: str) -> str:
        """A word in place of what somebody has written."""
        return self._named("name", value)

    def text(self, value: str) -> str:
        """A word in place of a text of which nothing is known."""
        return self._named("text", value)

    def mail(self, value: str) -> str:
        """A mail address that is nobody's."""
        return (
            self._once(value.lower(), lambda bits: f"{bits:064x}"[:8] + "@example.test") if value else value
        )

    def file(self, value: str) -> str:
        """A file's name with the ending that it had."""
        ending = re.search(r"\.\w{1,5}\Z", value)
        return self._once(
            value, lambda bits: f"file-{bits:064x}"[:13] + (ending[0].lower() if ending else "")
        )

    def _named(self, kind: str, value: str) -> str:
        if not value.strip() or MADE.fullmatch(value):
            return value
        return self._once(value, lambda bits: f"{kind}-" + f"{bits:064x}"[:8])

    def _once(self, value: str, make: Callable[[int], str]) -> str:
        if value in self.known:
            return self.known[value]
        found = value
        for turn in range(_TURNS):
            bits = int.from_bytes(
                hmac.new(self._salt, f"{turn}/{value}".encode("utf-8", "backslashreplace"), sha256).digest(),
                "big",
            )
            found = make(bits)
            if found not in self._given:
                break
        self.known[value] = found
        self._given.add(found)
        return found


def _alike(value: str, bits: int) -> str:
    """Put another letter or digit in place of each; a number stays as long and a UUID stays one."""
    chance = Random(bits)
    hexadecimal = (
        re.fullmatch(r"[0-9a-fA-F-]+", value) is not None and re.search("[a-fA-F]", value) is not None
    )
    text = "".join(_other(chance, sign, hexadecimal) for sign in value)
    if value[0] in "123456789" and text[0] == "0":
        text = "1" + text[1:]
    return f"{text[:14]}4{text[15:19]}a{text[20:]}" if _UUID.fullmatch(value) else text


def _other(chance: Random, sign: str, hexadecimal: bool) -> str:
    choices = _choices(sign, hexadecimal)
    return chance.choice(choices) if choices else sign


def _choices(sign: str, hexadecimal: bool) -> str:
    if sign.isascii() and sign.isdigit():
        return string.digits
    if sign.isascii() and sign.islower():
        return "abcdef" if hexadecimal else string.ascii_lowercase
    if sign.isascii() and sign.isupper():
        return "ABCDEF" if hexadecimal else string.ascii_uppercase
    return string.ascii_lowercase if sign.isalpha() else ""


def _nobodys(core: str, bits: int) -> str:
    place = bits % (len(_AREAS) * 100)
    return f"{_AREAS[place // 100]}55501{place % 100:02d}"


def _abroad(core: str, bits: int) -> str:
    """Keep the beginning, which names a country, and change what follows."""
    kept = core[:4]
    return kept + f"{bits % 10 ** (len(core) - len(kept)):0{len(core) - len(kept)}d}"


def _rewritten(value: str, digits: str) -> str:
    given = iter(digits)
    return "".join(next(given) if sign.isdigit() else sign for sign in value)
