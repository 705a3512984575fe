"""How an application gets in: addresses, credentials, a first fax in any language; what a portal sets."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import abort, render_template, request

from emulator.core.dialect.vendor import Vendor
from emulator.web.again import DOCUMENT, Again, FormField, FormFile, Pieces
from emulator.web.languages import LANGUAGES
from emulator.web.place import JSON, Place, in_sandbox, origin, plane, vendors
from localfax.asking import Account, Ask, Document, Order

_ENVIRONMENT = "env"
TABS = {**{name: title for name, (title, _) in LANGUAGES.items()}, _ENVIRONMENT: ".env"}
"""By the word in an address, the ways in which the first fax is told."""

_CONTENT = b"%PDF-stands-in"
_ENCODED = b64encode(_CONTENT).decode()
"""Stand where the document goes."""
_TO = "+12125550123"
_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z0-9]+|[A-Z]+")


@in_sandbox
def connect(here: Place) -> str:
    language = request.args.get("as", "curl")
    if language not in TABS:
        abort(404, f"no language {language}; there are {', '.join(TABS)}")
    access = here.sandbox["vendors"]
    return render_template(
        "connect.html",
        language=language,
        tabs=TABS,
        samples={name: _sample(each, access[name], language) for name, each in vendors().items()},
        environment=_environment(here) if language == _ENVIRONMENT else "",
        settings={name: plane().read(f"{here.root}/vendors/{name}") for name in access},
        vendors=vendors(),
    )


def _sample(vendor: Vendor, access: JSON, language: str) -> str:
    """Write what sends a first fax."""
    if language == "curl" or vendor.client is None:
        return vendor.sample.format(base=access["base_url"], **access["credentials"])
    if language == _ENVIRONMENT:
        return ""
    order = Order(Account(access["base_url"], access["credentials"]), _TO, Document(DOCUMENT, "", _CONTENT))
    return LANGUAGES[language][1](read_ask(vendor.client.send(order)), f"{origin()}/pages/1.pdf")


def read_ask(ask: Ask) -> Again:
    """Read a vendor's smallest submit as a request that can be made."""
    url = f"{ask.url}?{urlencode(ask.query)}" if ask.query else ask.url
    headers = tuple(ask.headers.items())
    if ask.json is not None:
        text = json.dumps(ask.json, indent=1)
        return Again(ask.method, url, (*headers, ("Content-Type", "application/json")), _split(text))
    fields = [FormField(name, _split(value)) for name, value in (ask.form or {}).items()]
    files = []
    for name, (filename, content, media_type) in ask.files:
        if content == _CONTENT:
            files.append(FormFile(name, filename or DOCUMENT))
        else:
            fields.append(FormField(name, (str(content),), media_type))
    return Again(ask.method, url, headers, None, tuple(fields), tuple(files), bool(ask.files))


def _split(text: str) -> Pieces:
    pieces: list[str | None] = []
    for place, piece in enumerate(text.split(_ENCODED)):
        pieces += [None] if place else []
        pieces += [piece] if piece else []
    return tuple(pieces)


def _environment(here: Place) -> str:
    """Write the variables that the command line and the clients read."""
    found: dict[str, Any] = {"LOCALFAX_URL": origin(), "LOCALFAX_SANDBOX": here.id}
    for vendor, access in here.sandbox["vendors"].items():
        own: Mapping[str, str] = {"base_url": access["base_url"], **access["credentials"]}
        words = {name: "_".join(_WORD.findall(name)).upper() for name in own}
        found |= {f"LOCALFAX_{vendor.upper()}_{words[name]}": value for name, value in own.items()}
    return "\n".join(f"{name}={value}" for name, value in found.items())


ROUTES = (("/sandboxes/<sandbox>/connect", connect),)
