"""A sandbox's faxes as a file to keep."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, abort, current_app

from emulator.web.place import Place, in_sandbox, origin

Export = Callable[[str, str], str]
"""Writes the file, from the server's origin and the sandbox's id."""


@in_sandbox
def export(here: Place, name: str) -> Response:
    known = current_app.extensions["export"]
    if name not in known:
        abort(404, f"no export {name}; there are {', '.join(known)}")
    answer = Response(known[name](origin(), here.id), content_type="text/plain; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{here.id}-{name}"'
    return answer


ROUTES = (("/sandboxes/<sandbox>/export/<name>", export),)
