"""A sandbox of this server's own process, written as files to keep: faxes, ladders, a recording."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from requests.adapters import BaseAdapter
from requests.models import PreparedRequest, Response
from werkzeug.test import EnvironBuilder, run_wsgi_app

from emulator.replay.recording import write_recording
from localfax import Localfax, Sandbox
from localfax.ladder import ladders

WSGI = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class WithoutSocket(BaseAdapter):
    """Has requests answered by an application, without a socket between."""

    def __init__(self, application: WSGI) -> None:
        super().__init__()
        self._application = application

    def send(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Response:
        body = request.body.encode() if isinstance(request.body, str) else request.body
        headers = list(request.headers.items())
        sent = EnvironBuilder(request.url or "", method=request.method or "GET", headers=headers, data=body)
        pieces, status, given = run_wsgi_app(self._application, sent.get_environ())
        answer = Response()
        answer.status_code, answer._content = int(status[:3]), b"".join(pieces)
        answer.headers.update(given.items())
        answer.request, answer.url = request, request.url or ""
        return answer

    def close(self) -> None:
        """Nothing is open."""


@contextmanager
def open_sandbox(application: WSGI, origin: str, sandbox_id: str) -> Iterator[Sandbox]:
    """Turn to a sandbox of an application that answers at this origin."""
    with Localfax(origin) as server:
        server.connection.session.mount("http", WithoutSocket(application))
        yield server.sandbox(sandbox_id)


def write_faxes(sandbox: Sandbox) -> str:
    return json.dumps([fax.data for fax in sandbox.faxes()], indent=1, ensure_ascii=False)


WRITERS: dict[str, Callable[[Sandbox], str]] = {
    "faxes.json": write_faxes,
    "ladders.txt": lambda sandbox: ladders(sandbox.faxes()) + "\n",
    "recording.yaml": lambda sandbox: write_recording(sandbox, sandbox.id),
}
"""By the file's name, what writes it."""
