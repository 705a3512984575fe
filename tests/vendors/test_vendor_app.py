"""The lean Flask app against Flask itself: the same answers, whatever is asked."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, Response, abort, g, jsonify, request, url_for
from werkzeug.exceptions import HTTPException

from emulator.vendors import vendor_app
from emulator.vendors.vendor_app import HERE, VendorApp

ASKED = (
    ("GET", "/plain"),
    ("GET", "/plain/"),
    ("HEAD", "/plain"),
    ("POST", "/plain"),
    ("GET", "/of/a%20b"),
    ("DELETE", "/of/a"),
    ("GET", "/nowhere"),
    ("GET", "/empty"),
    ("GET", "/moved"),
    ("GET", "/refused"),
    ("GET", "/stopped"),
    ("GET", "/broken"),
    ("GET", "/pieces"),
    ("GET", "/text"),
    ("GET", "/where"),
)


class Broken(Exception):
    """What a view raises."""


def make(kind: type[Flask]) -> Any:
    app = kind("sample", static_folder=None, root_path=HERE)
    app.url_map.strict_slashes = False
    views: dict[str, Any] = {
        "/plain": lambda: jsonify(asked=request.method, begun=g.begun),
        "/of/<name>": lambda name: {"name": name},
        "/empty": lambda: ("", 204),
        "/moved": lambda: Response(status=302, headers={"Location": "/plain"}),
        "/refused": lambda: abort(409, "no"),
        "/stopped": lambda: "never seen",
        "/broken": _break,
        "/pieces": lambda: Response(iter(["a", "b"])),
        "/text": lambda: Response("é", 201, {"X-One": "1"}),
        "/where": lambda: url_for("/of/<name>", name="a b"),
    }
    for path, view in views.items():
        app.add_url_rule(path, path, view, methods=["GET"], provide_automatic_options=False)
    app.before_request(_begin)
    app.after_request(_finish)
    app.register_error_handler(HTTPException, lambda wrong: (f"HTTP {wrong.code}", wrong.code))
    app.register_error_handler(Broken, lambda wrong: ({"broken": str(wrong)}, 500))
    return app.test_client()


def _break() -> None:
    raise Broken("in two")


def _begin() -> Any:
    g.begun = True
    return Response("stopped", 403) if request.path == "/stopped" else None


def _finish(answer: Response) -> Response:
    answer.headers["X-Finished"] = str(g.begun)
    return answer


@pytest.mark.parametrize(("method", "path"), ASKED)
def test_it_answers_as_flask_does(method: str, path: str):
    lean, whole = (make(kind).open(path, method=method) for kind in (VendorApp, Flask))
    assert (lean.status, lean.data) == (whole.status, whole.data)
    assert sorted(lean.headers) == sorted(whole.headers)


def test_this_flask_has_the_contexts_that_the_lean_way_needs():
    assert vendor_app._contexts is not None
