"""A vendor's sample line, written for a sandbox and read into the request that a browser can make."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from emulator.core.vendor import Vendor

SAMPLE_NUMBER = "12125550123"
"""The number that every vendor's sample sends to."""
BLANK = "{number}"
"""Stands for the digits of the number in what `browser_request` gives."""
BOUNDARY = "localfax-page"
_OPTION = re.compile(r";(type|filename)=([^;]*)$")


def sample(vendor: Vendor, access: Mapping[str, Any]) -> str:
    """Give the line that sends a fax at a vendor of a sandbox."""
    return vendor.sample.format(base=access["base_url"], **access["credentials"])


def browser_request(line: str) -> dict[str, Any]:
    """Read a sample's line as method, url, headers and body, with BLANK in place of the number's digits."""
    piped, _, command = line.rpartition("| ")
    content = shlex.split(piped)[-1] if piped else ""
    words = iter(shlex.split(command.replace(SAMPLE_NUMBER, BLANK))[1:])
    found: dict[str, Any] = {"method": None, "url": "", "headers": {}, "data": [], "parts": []}
    for word in words:
        if word in _OPTIONS:
            _OPTIONS[word](found, next(words))
        elif not word.startswith("-"):
            found["url"] = word
    return _whole(found, content)


def _header(found: dict[str, Any], text: str) -> None:
    name, _, value = text.partition(":")
    found["headers"][name] = value.strip()


def _encoded(found: dict[str, Any], text: str) -> None:
    name, _, value = text.partition("=")
    found["data"].append(f"{name}={quote(value, safe='')}")


_OPTIONS: dict[str, Any] = {
    "-X": lambda found, text: found.update(method=text),
    "-H": _header,
    "-d": lambda found, text: found["data"].append(text),
    "--data-urlencode": _encoded,
    "-F": lambda found, text: found["parts"].append(text),
}


def _whole(found: Mapping[str, Any], content: str) -> dict[str, Any]:
    headers, body = dict(found["headers"]), "&".join(found["data"])
    if found["parts"]:
        headers["Content-Type"] = f"multipart/form-data; boundary={BOUNDARY}"
        body = "".join(_part(part, content) for part in found["parts"]) + f"--{BOUNDARY}--\r\n"
    else:
        headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
    return {"method": found["method"] or "POST", "url": found["url"], "headers": headers, "body": body}


def _part(text: str, content: str) -> str:
    name, _, value = text.partition("=")
    options = {}
    while option := _OPTION.search(value):
        options[option[1]] = option[2]
        value = value[: option.start()]
    file = f'; filename="{options["filename"]}"' if "filename" in options else ""
    kind = f"Content-Type: {options['type']}\r\n" if "type" in options else ""
    shown = content if value == "@-" else value
    return f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n{kind}\r\n{shown}\r\n'
