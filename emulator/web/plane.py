"""The control plane as the page reads it: the same answers that any client gets, without a socket between."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote

from flask import abort, request
from werkzeug.test import EnvironBuilder, run_wsgi_app

ROOT = "/_localfax"

WSGI = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Plane:
    """Reads the control plane while the page answers a call; what that refuses, the page refuses too."""

    def __init__(self, control: WSGI) -> None:
        self._control = control

    def read(self, path: str, **query: Any) -> Any:
        """Give the JSON answer of GET `/_localfax{path}`; leave out of the query what is None or empty."""
        given = {name: value for name, value in query.items() if value not in (None, "")}
        asked = EnvironBuilder(quote(ROOT + path), base_url=request.host_url, query_string=given)
        pieces, status, _ = run_wsgi_app(self._control, asked.get_environ())
        answer = json.loads(b"".join(pieces))
        if (code := int(status[:3])) >= 400:
            abort(code, answer["error"]["message"])
        return answer
