"""The control plane: what a test, a person or the web page may do to the emulator itself, at /_localfax."""

from __future__ import annotations

from flask import Flask

from emulator.control.acts import add_journal
from emulator.control.answers import BODY_LIMIT, Program, add_errors, unpack
from emulator.control.openapi import SERVED
from emulator.control.route import ROOT
from emulator.control.routes import ROUTES

__all__ = ["create_app"]


def create_app(program: Program) -> Flask:
    """Make the control plane's Flask app over a running program."""
    flask = Flask("localfax.control", static_folder=None, root_path=__path__[0])
    flask.config["MAX_CONTENT_LENGTH"] = BODY_LIMIT
    flask.json.sort_keys = False  # type: ignore[attr-defined]
    flask.extensions |= {"localfax": program, SERVED: ROUTES}
    for route in ROUTES:
        flask.add_url_rule(
            ROOT + route.path, route.name, route.view, methods=[route.method], provide_automatic_options=False
        )
    flask.before_request(unpack)
    add_errors(flask)
    add_journal(flask)
    return flask
